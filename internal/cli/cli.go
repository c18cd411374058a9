// Package cli holds the commands of the program, a file for each.
package cli

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/aws/jsii-runtime-go"

	"securebaseline/internal/config"
	"securebaseline/stacks"
)

// Codes that Run returns.
const (
	success = 0
	failure = 1
	misuse  = 2 // of the command line
)

// command is what the program can be asked to do.
type command struct {
	name      string
	arguments string // as they are typed, one word for each; options are in brackets
	short     string // what it does, in a line
	run       func(p program, arguments []string) error
}

// commands lists the commands. The first one runs when none is named: the CDKTF CLI names none.
func commands() []command {
	return []command{
		{"synthesize", "", "write the Terraform JSON of the environment that ENVIRONMENT names, or of all (the " +
			"default)", synthesize},
		{"check", "", "check the configuration of all environments, and write nothing", check},
		{"environments", "", "list the environments that ENVIRONMENT names: one, or all with \"all\"",
			listEnvironments},
		{"summary", "", "summarize what the last synthesis wrote", summarize},
		{"teardown", "", "say what prevents the stack of the last synthesis, whose state is on standard input, " +
			"from being destroyed", checkTeardown},
		{"state", "", "fail if a state beside cdktf.json is no longer used by the configuration", checkState},
		{"known", "", "fail if the state on standard input is of another region, or has what must not be lost and " +
			"the last synthesis no longer has", checkKnown},
		{"move-state", "FILE", "move a state from a file to where the configuration keeps it", moveState},
		{"deploy-policy", "DIRECTORY", "write the IAM policies of a pipeline's roles for the last synthesis",
			writeDeployPolicy},
		{"bootstrap", "", "create what a pipeline needs in the account, for the last synthesis: state bucket, roles, " +
			"permissions boundary", bootstrap},
		{"review", "FILE", "write what the plan on standard input changes, with a fingerprint to apply it by",
			writeReview},
		{"reviewed", "FINGERPRINT", "fail unless the plan on standard input is the reviewed one", checkReviewed},
		{"drift", "FILE", "write how AWS differs from what the plan on standard input would make; fail if it does",
			writeDrift},
		{"diff", "[options]", "show what the last synthesis changes, and what it protects less than before", writeDiff},
		{"can", "AS DO ON WITH VIA",
			"say whether AS may do DO on ON in the stack of the last synthesis, and by which " +
				"statements; WITH holds condition keys, VIA an endpoint, and both may be empty", can},
		{"report", "DIRECTORY", "write the reports on the last synthesis for auditors; fail if a rule is broken",
			report},
		{"lock", "FILE", "pin the providers in a lock file that Terraform or OpenTofu has written", lock},
	}
}

// program is what a command may use of the process.
type program struct {
	lookup         func(variable string) (value string, set bool)
	stdin          io.Reader
	stdout, stderr io.Writer
}

// Run runs the command that the arguments name and returns the exit code of the program. lookup reads an environment
// variable, as os.LookupEnv does. What went wrong is written to stderr.
func Run(
	arguments []string, lookup func(string) (string, bool), stdin io.Reader, stdout, stderr io.Writer,
) int {
	p := program{lookup, stdin, stdout, stderr}
	chosen := commands()[0]
	if len(arguments) > 0 {
		var known bool
		if chosen, known = find(arguments[0]); !known {
			return p.usage(arguments[0])
		}
		arguments = arguments[1:]
	}
	if chosen.hasOptions() {
		return p.execute(chosen, arguments)
	}
	flags := flag.NewFlagSet(chosen.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(arguments); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, "usage: %s\n\n%s\n", chosen.line(), chosen.short)
		return success
	case err != nil:
		p.complain(err)
		return misuse
	case flags.NArg() != len(strings.Fields(chosen.arguments)):
		p.complain(errors.New("usage: " + chosen.line()))
		return misuse
	}
	return p.execute(chosen, flags.Args())
}

// hasOptions reports whether the command has options, which it reads itself.
func (c command) hasOptions() bool { return strings.HasPrefix(c.arguments, "[") }

// execute runs a command and returns the exit code of the program.
func (p program) execute(chosen command, arguments []string) int {
	err := chosen.run(p, arguments)
	jsii.Close()
	if err != nil {
		p.complain(err)
		if errors.As(err, new(optionError)) {
			return misuse
		}
		return failure
	}
	return success
}

func find(name string) (command, bool) {
	for _, one := range commands() {
		if one.name == name {
			return one, true
		}
	}
	return command{}, false
}

// line is how the command is typed.
func (c command) line() string {
	return strings.TrimSpace("securebaseline " + c.name + " " + c.arguments)
}

// usage lists the commands, on request, or after an unknown one.
func (p program) usage(typed string) int {
	var list strings.Builder
	for _, one := range commands() {
		fmt.Fprintf(&list, "  %-23s %s\n", strings.TrimSpace(one.name+" "+one.arguments), one.short)
	}
	switch typed {
	case "help", "-h", "-help", "--help":
		fmt.Fprintf(p.stdout, "usage: securebaseline [command]\n\n%s", list.String())
		return success
	}
	p.complain(fmt.Errorf("%q must be a command, one of:\n%s", typed, strings.TrimRight(list.String(), "\n")))
	return misuse
}

func (p program) complain(err error) { fmt.Fprintln(p.stderr, "securebaseline: "+err.Error()) }

// get is an environment variable, empty when it is not set.
func (p program) get(variable string) string {
	value, _ := p.lookup(variable)
	return value
}

// load returns the checked configuration of the chosen environment. A configuration from elsewhere is never silent.
func (p program) load() (config.Config, error) {
	cfg, err := config.Load(".", p.lookup)
	p.tellSource(cfg)
	return cfg, err
}

func (p program) tellSource(cfg config.Config) {
	if cfg.Source == config.ContextVar {
		p.complain(fmt.Errorf("configuration from %s, not from %s", config.ContextVar, config.File))
	}
}

// output is where stacks are written, by the variable of CDKTF.
func (p program) output() stacks.Output {
	return stacks.Output{Dir: cmp.Or(p.get(stacks.OutputVariable), stacks.DefaultOutput), Project: "."}
}
