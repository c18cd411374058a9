// Command github does the steps of a pipeline that need GitHub: see package github.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"securebaseline/internal/github"
)

// limit bounds the whole command, whatever happens.
const limit = 5 * time.Minute

// commands are the commands, with their arguments as they are typed.
var commands = map[string]struct {
	arguments string
	run       func(ctx context.Context, job github.Job, arguments []string) error
}{
	"comment": {"FILE", func(ctx context.Context, job github.Job, arguments []string) error {
		url, err := job.Comment(ctx, arguments[0])
		return say(err, "the comment is %s\n", url)
	}},
	"summary": {"FILE", func(_ context.Context, job github.Job, arguments []string) error {
		return job.Summary(arguments[0])
	}},
	"issue": {"FILE", func(ctx context.Context, job github.Job, arguments []string) error {
		done, err := job.Issue(ctx, arguments[0])
		return say(err, "the issue on drift: %s\n", done)
	}},
	"role": {"plan|deploy FILE", func(ctx context.Context, job github.Job, arguments []string) error {
		session, err := job.Take(ctx, github.Role(arguments[0]), os.Args[0], arguments[1])
		return say(err, "this job is %s\n", session)
	}},
	"credentials": {"ARN REGION", func(ctx context.Context, job github.Job, arguments []string) error {
		credentials, err := github.Assume(ctx, job.Get, arguments[0], arguments[1])
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(credentials)
	}},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "github: "+err.Error())
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if len(arguments) > 0 {
		chosen, known := commands[arguments[0]]
		if known && len(arguments)-1 == len(strings.Fields(chosen.arguments)) {
			return chosen.run(ctx, github.Job{Get: os.Getenv, Now: time.Now()}, arguments[1:])
		}
	}
	return errors.New("usage: github comment FILE | summary FILE | issue FILE | role plan|deploy FILE | " +
		"credentials ARN REGION")
}

func say(err error, format string, arguments ...any) error {
	if err == nil {
		fmt.Printf(format, arguments...)
	}
	return err
}
