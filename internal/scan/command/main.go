// Command scan lets independent scanners look at the stack in a directory, and at a plan of it if there is one. It is a
// program of its own: what runs the programs of others has no place in the one that synthesizes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"securebaseline/internal/evidence"
	"securebaseline/internal/scan"
)

func main() {
	names := flag.String("scanners", "checkov", "the scanners, separated by blanks")
	hcl := flag.String("hcl", "", "the `directory` that holds the stack in Terraform's own syntax, for trivy")
	plan := flag.String("plan", "", "look at this `file` as well, which terraform show -json has written")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: scan [options] DIRECTORY-OF-STACK ENVIRONMENT")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*names, *hcl, *plan, flag.Arg(0), flag.Arg(1)); err != nil {
		fmt.Fprintln(os.Stderr, "scan: "+err.Error())
		os.Exit(1)
	}
}

func run(names, hcl, plan, directory, environment string) error {
	exceptions, err := evidence.ReadExceptions(evidence.ExceptionsFile)
	if err != nil {
		return err
	}
	chosen, err := scan.Choose(names)
	if err != nil {
		return err
	}
	var looks []scan.Look
	for _, scanner := range chosen {
		look, err := scanner.Stack(directory, hcl)
		if err != nil {
			return err
		}
		looks = append(looks, look)
		if plan == "" {
			continue
		}
		if look, err = scanner.Plan(plan); err != nil {
			return err
		}
		looks = append(looks, look)
	}
	report := scan.Judge(looks, exceptions, environment, time.Now())
	fmt.Print(report.Summary())
	if faults := report.Faults(); len(faults) > 0 {
		return errors.New("the scan of " + environment + " is not clean:\n  " + strings.Join(faults, "\n  "))
	}
	return nil
}
