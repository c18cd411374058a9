package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"securebaseline/internal/diff"
	"securebaseline/internal/template"
	"securebaseline/stacks"
)

// goldenFiles is where the reviewed JSON of every environment is kept, a file for each.
const goldenFiles = "tests/testdata/golden"

// formats are those of a review.
var formats = []string{"text", "markdown", "json"}

// reviewOptions are what the command line of a review can say.
type reviewOptions struct{ against, plan, format, failOn string }

func (o *reviewOptions) define(flags *flag.FlagSet) {
	flags.StringVar(&o.against, "against", goldenFiles, "the JSON to compare with: a `file`, a directory that holds "+
		"that of the stack, or a Git revision, whose golden file is used")
	flags.StringVar(&o.plan, "plan", "", "review a plan instead: a `file` that terraform show -json wrote")
	flags.StringVar(&o.format, "format", formats[0], strings.Join(formats, ", "))
	flags.StringVar(&o.failOn, "fail-on", "", `"weakening": fail if anything is protected less than before`)
}

// optionError says what is wrong with an option.
type optionError struct{ error }

// parse reads the command line. It reports false where only help was asked for, which it has written.
func (o *reviewOptions) parse(p program, arguments []string) (wanted bool, err error) {
	flags := flag.NewFlagSet("diff", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	o.define(flags)
	switch err := flags.Parse(arguments); {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(p.stdout)
		chosen, _ := find("diff")
		fmt.Fprintf(p.stdout, "usage: %s\n\n%s\n\n", chosen.line(), chosen.short)
		flags.PrintDefaults()
		return false, nil
	case err != nil:
		return false, optionError{err}
	}
	if err := o.check(flags.Args()); err != nil {
		return false, optionError{err}
	}
	return true, nil
}

func (o *reviewOptions) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q: must be an option; -h lists them", rest[0])
	case !slices.Contains(formats, o.format):
		return fmt.Errorf("-format %q: must be one of %s", o.format, strings.Join(formats, ", "))
	case o.failOn != "" && o.failOn != "weakening":
		return fmt.Errorf(`-fail-on %q: must be "weakening"`, o.failOn)
	case o.plan != "" && o.against != goldenFiles:
		return errors.New("-plan and -against: must not both be given, because a plan holds both sides")
	}
	return nil
}

// writeDiff writes what changes between a reviewed stack and that of the last synthesis, or by a plan.
func writeDiff(p program, arguments []string) error {
	var options reviewOptions
	if wanted, err := options.parse(p, arguments); err != nil || !wanted {
		return err
	}
	reviewed, err := p.review(options)
	if err != nil {
		return err
	}
	text := ""
	switch options.format {
	case "text":
		text = reviewed.Text()
	case "markdown":
		text = reviewed.Markdown()
	case "json":
		if text, err = reviewed.JSON(); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprint(p.stdout, text); err != nil {
		return err
	}
	if n := len(reviewed.Weakenings()); options.failOn != "" && n > 0 {
		return fmt.Errorf("weakenings of %s: %d", reviewed.Stack, n)
	}
	return nil
}

func (p program) review(options reviewOptions) (diff.Review, error) {
	cfg, err := p.load()
	if err != nil {
		return diff.Review{}, err
	}
	name := stacks.Name(cfg.Environment)
	if options.plan != "" {
		data, err := os.ReadFile(options.plan)
		if err != nil {
			return diff.Review{}, err
		}
		if bytes.HasPrefix(data, []byte("PK")) {
			return diff.Review{}, fmt.Errorf("%s: must be JSON; write it by terraform show -json %[1]s", options.plan)
		}
		reviewed, err := diff.Plan(data)
		reviewed.Stack, reviewed.After = name, options.plan
		return reviewed, err
	}
	before, origin, err := reviewedJSON(options.against, name)
	if err != nil {
		return diff.Review{}, err
	}
	latest := filepath.Join(p.output().Stack(cfg.Environment), template.File)
	after, err := os.ReadFile(latest)
	if err != nil {
		return diff.Review{}, fmt.Errorf("%w; run make json ENVIRONMENT=%s", err, cfg.Environment)
	}
	reviewed, err := diff.Stacks(before, after)
	reviewed.Stack, reviewed.Before, reviewed.After = name, origin, latest
	return reviewed, err
}

// reviewedJSON returns the JSON of a stack from a file, from a directory, or from the golden file of a revision, and
// says where it comes from.
func reviewedJSON(from, stack string) (data []byte, origin string, err error) {
	info, err := os.Stat(from)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return goldenOf(from, stack)
	case err != nil:
		return nil, "", err
	case !info.IsDir():
		data, err = os.ReadFile(from)
		return data, from, err
	}
	candidates := []string{stack + ".json", template.File, filepath.Join("stacks", stack, template.File)}
	for _, candidate := range candidates {
		origin = filepath.Join(from, candidate)
		if data, err = os.ReadFile(origin); !errors.Is(err, fs.ErrNotExist) {
			return data, origin, err
		}
	}
	return nil, "", fmt.Errorf("%s: must hold one of %s", from, strings.Join(candidates, ", "))
}

// goldenOf returns the golden file of a stack at a revision of Git. A test holds it equal to what that revision
// synthesizes.
func goldenOf(revision, stack string) (data []byte, origin string, err error) {
	git := func(arguments ...string) ([]byte, error) {
		var complaint strings.Builder
		command := exec.Command("git", arguments...)
		command.Stderr = &complaint
		output, err := command.Output()
		if err != nil && complaint.Len() > 0 {
			err = errors.New(strings.TrimSpace(complaint.String()))
		}
		return output, err
	}
	commit, err := git("rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, "", fmt.Errorf("-against %q: must be a file, a directory or a revision of Git", revision)
	}
	// Relative to the directory, which may be below the top of a repository.
	file := path.Join(goldenFiles, stack+".json")
	id := strings.TrimSpace(string(commit))
	if data, err = git("show", id+":./"+file); err != nil {
		return nil, "", fmt.Errorf("-against %q: that revision must hold %s: %w", revision, file, err)
	}
	return data, fmt.Sprintf("%s at %s (%s)", file, revision, id[:min(12, len(id))]), nil
}
