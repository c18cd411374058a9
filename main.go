// Command securebaseline synthesizes the Terraform JSON of one environment, which the variable ENVIRONMENT names.
//
// The CDKTF CLI runs it without arguments, as cdktf.json says. By hand it ends with a report of what it made. With the
// argument "check" it only checks the configuration, with "report" it only reports, and with "lock FILE" it takes over a lock
// file that pins the provider.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/aws/jsii-runtime-go"

	"securebaseline/internal/config"
	"securebaseline/internal/providerlock"
	"securebaseline/internal/report"
	"securebaseline/stacks"
)

func main() {
	err := run(os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	jsii.Close()
	if err != nil {
		fmt.Fprintln(os.Stderr, "securebaseline: "+err.Error())
		os.Exit(1)
	}
}

func run(args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	command := "synthesize"
	if len(args) > 0 {
		command = args[0]
	}
	switch {
	case len(args) == 2 && command == "lock":
		return providerlock.Merge(".", args[1])
	case len(args) > 1 || len(args) == 1 && command != "check" && command != "report":
		return fmt.Errorf(`unknown arguments %q; allowed are none, to synthesize, "check", "report" or "lock FILE"`, args)
	}
	cfg, err := config.Load(".", getenv)
	if err != nil || command == "check" {
		return err
	}
	output := stacks.Output{Dir: getenv(stacks.OutputVariable), Project: "."}
	if output.Dir == "" {
		output.Dir = stacks.DefaultOutput
	}
	if command == "synthesize" {
		if err := synthesize(cfg, output, getenv(providerlock.BinaryVariable), stderr); err != nil {
			return err
		}
		if getenv(config.ContextVar) != "" {
			return nil // the CLI has its own way to tell
		}
	}
	return report.Write(stdout, output.Dir, stacks.Name(cfg.Environment), cfg)
}

// synthesize writes the stack, and beside it what pins the provider for the given binary.
func synthesize(cfg config.Config, output stacks.Output, binary string, stderr io.Writer) error {
	if err := stacks.Synthesize(cfg, output); err != nil {
		return err
	}
	unpinned, err := providerlock.Place(output.Project, output.Stack(cfg.Environment), binary, stacks.Provider())
	if unpinned != "" {
		fmt.Fprintln(stderr, "securebaseline: "+unpinned)
	}
	return err
}
