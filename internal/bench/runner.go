package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"securebaseline/internal/awsbindings"
	"securebaseline/internal/bench/measure"
	"securebaseline/stacks"
)

// settling is a pause after each run. Node.js tidies up for a moment after a pruned one has ended.
const settling = 200 * time.Millisecond

// runner runs this program as a child that synthesizes, so that each measurement is one of a whole process.
type runner struct {
	environment string
	self        string
	directory   string
	ctx         context.Context
	cancel      context.CancelFunc
}

func newRunner(environment string) (*runner, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp("", "securebaseline-bench-")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	return &runner{environment: environment, self: self, directory: directory, ctx: ctx, cancel: cancel}, nil
}

func (r *runner) close() {
	r.cancel()
	os.RemoveAll(r.directory)
}

// measure measures both variants at one scale, in turns, so that a slow moment of the machine hits both.
func (r *runner) measure(rounds rounds) (measure.Result, error) {
	result := measure.Result{Copies: rounds.copies}
	// The first runs fill the caches, and are watched for memory, which would disturb the others.
	outputs := map[measure.Variant]string{}
	for _, variant := range measure.Variants {
		outputs[variant] = filepath.Join(r.directory, string(variant))
		if err := os.RemoveAll(outputs[variant]); err != nil {
			return result, err
		}
		if _, err := r.run(variant, rounds.copies, "", nil); err != nil {
			return result, err
		}
		var memory measure.Memory
		if _, err := r.run(variant, rounds.copies, "", &memory); err != nil {
			return result, err
		}
		result.Of(variant).Memory = memory.Peak
	}
	var err error
	if result.Resources, err = measure.SameJSON(outputs[measure.Stock], outputs[measure.Pruned]); err != nil {
		return result, err
	}

	if err := r.preparePeer(rounds.copies, outputs[measure.Pruned]); err != nil {
		return result, err
	}
	// Cold runs come last: writing and removing thousands of files keeps the disk busy for longer.
	for round := range rounds.warm {
		for _, variant := range turn(round) {
			took, err := r.run(variant, rounds.copies, "", nil)
			if err != nil {
				return result, err
			}
			result.Of(variant).Warm = append(result.Of(variant).Warm, took)
		}
		took, err := r.peer(rounds.copies)
		if err != nil {
			return result, err
		}
		result.Peer = append(result.Peer, took)
	}
	for round := range rounds.cold {
		for _, variant := range turn(round) {
			took, err := r.cold(variant, rounds.copies)
			if err != nil {
				return result, err
			}
			result.Of(variant).Cold = append(result.Of(variant).Cold, took)
		}
	}
	return result, nil
}

// preparePeer generates the peer from one stack, and checks that it writes the same.
func (r *runner) preparePeer(copies int, pruned string) error {
	if copies > 1 {
		return nil
	}
	stack := filepath.Join(pruned, "stacks", stacks.Name(r.environment))
	if err := preparePeer(stack); err != nil {
		return err
	}
	if _, err := r.peer(1); err != nil {
		return err
	}
	return samePeer(stack, filepath.Join(r.directory, "peer", "stacks", stacks.Name(r.environment)))
}

func (r *runner) peer(copies int) (time.Duration, error) {
	return r.time(exec.CommandContext(r.ctx, "node", filepath.Join(peerDirectory, "peer.js"), strconv.Itoa(copies),
		filepath.Join(r.directory, "peer"), stacks.Name(r.environment)), nil)
}

// turn is the order of the variants in a round: each is first in every second one.
func turn(round int) []measure.Variant {
	order := slices.Clone(measure.Variants)
	if round%2 == 1 {
		slices.Reverse(order)
	}
	return order
}

// cold runs with an empty package cache, as on a fresh machine. Files are in the memory of the operating system all
// the same.
func (r *runner) cold(variant measure.Variant, copies int) (time.Duration, error) {
	cache, err := os.MkdirTemp(r.directory, "cache-")
	if err != nil {
		return 0, err
	}
	took, err := r.run(variant, copies, cache, nil)
	return took, errors.Join(err, os.RemoveAll(cache))
}

func (r *runner) run(variant measure.Variant, copies int, cache string, memory *measure.Memory) (time.Duration, error) {
	command := exec.CommandContext(r.ctx, r.self, "-environment", r.environment, "-copies", strconv.Itoa(copies),
		"-directory", filepath.Join(r.directory, string(variant)))
	command.Env = append(os.Environ(), awsbindings.Variable+"="+string(variant))
	if cache != "" {
		command.Env = append(command.Env, "JSII_RUNTIME_PACKAGE_CACHE_ROOT="+cache)
	}
	took, err := r.time(command, memory)
	if err != nil {
		return 0, fmt.Errorf("with %s packages: %w", variant, err)
	}
	return took, nil
}

// time runs a command to its end.
func (r *runner) time(command *exec.Cmd, memory *measure.Memory) (time.Duration, error) {
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	start := time.Now()
	if err := command.Start(); err != nil {
		return 0, err
	}
	if memory != nil {
		defer memory.Watch(command.Process.Pid)()
	}
	err := command.Wait()
	took := time.Since(start)
	time.Sleep(settling)
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, strings.TrimSpace(output.String()))
	}
	return took, nil
}
