// Command securebaseline synthesizes the Terraform JSON of one environment, which the variable ENVIRONMENT names.
//
// The CDKTF CLI runs it without arguments, as cdktf.json says. By hand it ends with a report of what it made. With the
// argument "check" it only checks the configuration, and with "report" it only reports.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/aws/jsii-runtime-go"

	"securebaseline/internal/config"
	"securebaseline/internal/report"
	"securebaseline/stacks"
)

func main() {
	err := run(os.Args[1:], os.Getenv, os.Stdout)
	jsii.Close()
	if err != nil {
		fmt.Fprintln(os.Stderr, "securebaseline: "+err.Error())
		os.Exit(1)
	}
}

func run(args []string, getenv func(string) string, stdout io.Writer) error {
	command := "synthesize"
	if len(args) > 0 {
		command = args[0]
	}
	if len(args) > 1 || len(args) == 1 && command != "check" && command != "report" {
		return fmt.Errorf(`unknown arguments %q; allowed are none, to synthesize, "check" or "report"`, args)
	}
	cfg, err := config.Load(".", getenv)
	if err != nil || command == "check" {
		return err
	}
	if command == "synthesize" {
		if err := stacks.Synthesize(cfg, ""); err != nil {
			return err
		}
		if getenv(config.ContextVar) != "" {
			return nil // the CLI has its own way to tell
		}
	}
	outDir := getenv("CDKTF_OUTDIR")
	if outDir == "" {
		outDir = "cdktf.out"
	}
	return report.Write(stdout, outDir, stacks.Name(cfg.Environment), cfg)
}
