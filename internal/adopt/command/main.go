// Command adopt looks up in AWS what the stack in a directory declares and its Terraform state does not know, and
// writes import blocks beside it. It is a program of its own: the clients of AWS would make synthesis slower to build
// and to start.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"securebaseline/internal/adopt"
	"securebaseline/internal/template"
)

// limit bounds the whole command, whatever happens.
const limit = 30 * time.Minute

func main() {
	binary := flag.String("terraform", "terraform", "the executable of Terraform or OpenTofu")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: adopt [-terraform FILE] DIRECTORY-OF-STACK")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, flag.Arg(0), *binary); err != nil {
		fmt.Fprintln(os.Stderr, "adopt: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, directory, binary string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stack, err := template.Read(directory)
	if err != nil {
		return err
	}
	region, _ := stack.Place()
	if region == "" {
		return errors.New("the stack must name the region of its provider")
	}
	path, err := exec.LookPath(binary)
	if err != nil {
		return err
	}
	account, err := adopt.Open(ctx, region)
	if err != nil {
		return err
	}
	report, err := adopt.Stack{Directory: directory, Terraform: path}.Find(ctx, account)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, describe(report, directory))
	return err
}

// describe says what was found, and what happens next.
func describe(report adopt.Report, directory string) string {
	var text strings.Builder
	for _, address := range slices.Sorted(maps.Keys(report.Ambiguous)) {
		fmt.Fprintf(&text, "several could be %s, and none is imported: %s\n", address,
			strings.Join(report.Ambiguous[address], ", "))
	}
	if len(report.Imports) == 0 {
		fmt.Fprintf(&text, "nothing to adopt: of %d resources that are missing in the state, none was found in AWS\n",
			report.Missing)
		return text.String()
	}
	for _, one := range report.Imports {
		fmt.Fprintf(&text, "  %s <- %s\n", one.To, one.ID)
	}
	fmt.Fprintf(&text, "%d resources exist and are imported by the next deployment, by %s; %d more will be made\n",
		len(report.Imports), filepath.Join(directory, adopt.File), report.Missing)
	return text.String()
}
