//go:build rehearsal && unix

package rehearsal

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// lifetime returns a context that ends when the test binary receives a signal, or shortly before its time is over. Then
// everything that was started ends first. A second signal ends the binary at once.
func lifetime(t *testing.T) context.Context {
	t.Helper()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	t.Cleanup(stop)
	context.AfterFunc(ctx, stop)
	if deadline, limited := t.Deadline(); limited {
		bounded, cancel := context.WithDeadline(ctx, deadline.Add(-time.Minute))
		t.Cleanup(cancel)
		return bounded
	}
	return ctx
}

// bounded is a command that is killed with all that it started when the time is over, the test ends or is interrupted.
func bounded(t *testing.T, ctx context.Context, limit time.Duration, name string, arguments ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, limit)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, name, arguments...)
	command.Env = testkit.PlainEnvironment()
	// A group of its own, so that an interrupt from the keyboard comes to the rehearsal alone, which then ends the
	// rest.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return killTree(command.Process.Pid) }
	command.WaitDelay = 10 * time.Second
	return command
}

// killTree kills a process and its descendants by their ids. A process group would not do: the CLI gives Terraform one
// of its own.
func killTree(root int) error {
	tree := []int{root}
	for listed := 0; listed < len(tree); {
		// Who is stopped starts nothing more, so the list is complete when it stops growing.
		for _, pid := range tree[listed:] {
			_ = syscall.Kill(pid, syscall.SIGSTOP)
		}
		listed = len(tree)
		table, err := exec.Command("ps", "-A", "-o", "pid=", "-o", "ppid=").Output()
		if err != nil {
			_ = syscall.Kill(root, syscall.SIGKILL)
			return fmt.Errorf("ps: %w", err)
		}
		for line := range strings.Lines(string(table)) {
			var pid, parent int
			if _, err := fmt.Sscan(line, &pid, &parent); err == nil && slices.Contains(tree, parent) &&
				!slices.Contains(tree, pid) {
				tree = append(tree, pid)
			}
		}
	}
	for _, pid := range tree {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return nil
}

// startPython starts a server of the emulator directory and returns its address. It ends with its test, and also when
// the test is killed: it lives no longer than its standard input is open.
func startPython(t *testing.T, python, script string, arguments []string, variables ...string) string {
	t.Helper()
	command := exec.Command(python, append([]string{filepath.Join("emulator", script)}, arguments...)...)
	command.Env = append(append(testkit.PlainEnvironment(), "PYTHONDONTWRITEBYTECODE=1"), variables...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var complaints bytes.Buffer
	command.Stderr = &complaints
	input, err := command.StdinPipe()
	require.NoError(t, err)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		input.Close()
		ended := time.AfterFunc(5*time.Second, func() { command.Process.Kill() })
		_ = command.Wait()
		ended.Stop()
		if t.Failed() {
			t.Logf("%s said at last:\n%s", script, last(complaints.Bytes()))
		}
	})
	hurry := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
	lines := bufio.NewReader(output)
	line, err := lines.ReadBytes('\n')
	hurry.Stop()
	require.NoError(t, err, "%s did not start", script)
	var ready struct{ Port int }
	require.NoError(t, json.Unmarshal(line, &ready))
	// What is not read would fill the pipe and stop the emulator.
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return fmt.Sprintf("http://127.0.0.1:%d", ready.Port)
}

// last is the end of what a program said.
func last(output []byte) []byte { return output[max(0, len(output)-8000):] }

// emulatorPython returns a Python that has exactly the packages of requirements.txt, each checked by its hash. They are
// installed once, into the project's cache; other requirements get another directory.
func emulatorPython(t *testing.T, ctx context.Context) string {
	t.Helper()
	requirements, err := filepath.Abs(filepath.Join("emulator", "requirements.txt"))
	require.NoError(t, err)
	data, err := os.ReadFile(requirements)
	require.NoError(t, err)
	sum := sha256.Sum256(data)
	directory := filepath.Join(testkit.Root(t), ".cache", "emulator", hex.EncodeToString(sum[:6]))
	python := filepath.Join(directory, "bin", "python")
	installed := filepath.Join(directory, "installed") // the last thing written: a half-made directory does not count
	if _, err := os.Stat(installed); err == nil && exec.Command(python, "-c", "").Run() == nil {
		return python
	}
	for _, arguments := range [][]string{
		{"python3", "-m", "venv", "--clear", directory},
		{python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--only-binary=:all:",
			"--require-hashes", "-r", requirements},
	} {
		output, err := bounded(t, ctx, 5*time.Minute, arguments[0], arguments[1:]...).CombinedOutput()
		require.NoError(t, err, "%s: %s", strings.Join(arguments[:3], " "), last(output))
	}
	require.NoError(t, os.WriteFile(installed, nil, 0o600))
	return python
}
