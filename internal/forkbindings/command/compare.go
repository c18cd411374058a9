package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"securebaseline/internal/forkbindings"
)

// variable chooses the npm packages of a program. Package awsbindings has it too, but importing that starts a client of
// jsii.
const variable = "SECUREBASELINE_BINDINGS"

// compare lets the programs of the checkout and of the copy synthesize every environment, the latter with both kinds of
// npm packages. Both run in the copy, because a stack names the place of a local state.
func compare(ctx context.Context, out io.Writer, checkout, target string) error {
	work, err := os.MkdirTemp("", "forkbindings-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	before, after := filepath.Join(work, "before"), filepath.Join(work, "after")
	if err := errors.Join(forkbindings.Build(ctx, checkout, before),
		forkbindings.Build(ctx, target, after)); err != nil {
		return err
	}
	want := filepath.Join(work, "want")
	if _, err := synthesize(ctx, before, target, "pruned", want); err != nil {
		return err
	}
	stacks, err := filepath.Glob(filepath.Join(want, "stacks", "*", "cdk.tf.json"))
	if err != nil || len(stacks) == 0 {
		return fmt.Errorf("%s: must write a stack", checkout)
	}
	for _, packages := range []string{"stock", "pruned"} {
		have := filepath.Join(work, packages)
		took, err := synthesize(ctx, after, target, packages, have)
		if err != nil {
			return err
		}
		var versions [2]string
		for _, stack := range stacks {
			if versions, err = same(stack, want, have); err != nil {
				return fmt.Errorf("%s: %w", filepath.Base(filepath.Dir(stack)), err)
			}
		}
		fmt.Fprintf(out, "the same JSON in %d stacks but for CDKTF's version, %s and %s; with %s packages, in %.1f s\n",
			len(stacks), versions[0], versions[1], packages, took.Seconds())
	}
	return nil
}

func same(stack, want, have string) (versions [2]string, err error) {
	name, err := filepath.Rel(want, stack)
	if err != nil {
		return versions, err
	}
	before, err := os.ReadFile(stack)
	if err != nil {
		return versions, err
	}
	after, err := os.ReadFile(filepath.Join(have, name))
	if err != nil {
		return versions, err
	}
	return forkbindings.Same(before, after)
}

// synthesize lets a program write the stacks of all environments of a project into a directory, with one kind of npm
// packages, and returns how long it took.
func synthesize(ctx context.Context, executable, project, packages, output string) (time.Duration, error) {
	command := exec.CommandContext(ctx, executable)
	command.Dir = project
	command.Env = append(os.Environ(), "ENVIRONMENT=all", "CDKTF_OUTDIR="+output, variable+"="+packages)
	began := time.Now()
	if text, err := command.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("synthesis in %s: %w\n%s", project, err, text)
	}
	return time.Since(began), nil
}
