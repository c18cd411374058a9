//go:build rehearsal && unix

package tests

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
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// emulator is an AWS of one account in a process of its own.
type emulator struct {
	url string
	log string // path of the request log
}

// call is one request that the emulator answered. Times are of one clock, in nanoseconds.
type call struct {
	Began, Ended                 int64
	Service, Action, Path, Query string
	Status                       int
	Request, Response            string
}

func (c call) succeeded() bool { return c.Status >= 200 && c.Status < 300 }

// startEmulator serves an empty account on a free port of the loopback interface.
func startEmulator(t *testing.T, account string) emulator {
	t.Helper()
	log := filepath.Join(t.TempDir(), "requests.jsonl")
	return emulator{url: startPython(t, "emulator.py", []string{log}, "MOTO_ACCOUNT_ID="+account), log: log}
}

// startPython starts a server of the emulator folder and returns its address. It ends with its test, and also when the test
// is killed: it lives no longer than its standard input is open.
func startPython(t *testing.T, script string, arguments []string, variables ...string) string {
	t.Helper()
	command := exec.Command(emulatorPython(t), append([]string{filepath.Join("emulator", script)}, arguments...)...)
	command.Env = append(append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1"), variables...)
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
	})
	hurry := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
	lines := bufio.NewReader(output)
	line, err := lines.ReadBytes('\n')
	hurry.Stop()
	require.NoError(t, err, "the emulator did not start: %s", &complaints)
	var ready struct{ Port int }
	require.NoError(t, json.Unmarshal(line, &ready))
	// What is not read would fill the pipe and stop the emulator.
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return fmt.Sprintf("http://127.0.0.1:%d", ready.Port)
}

// calls reads what was asked of the emulator so far, in the order of the answers.
func (e emulator) calls(t *testing.T) []call {
	t.Helper()
	file, err := os.Open(e.log)
	require.NoError(t, err)
	defer file.Close()
	var calls []call
	for decoder := json.NewDecoder(file); ; {
		var one call
		err := decoder.Decode(&one)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return calls
		}
		require.NoError(t, err)
		calls = append(calls, one)
	}
}

var emulatorOnce sync.Mutex

// emulatorPython returns a Python that has exactly the packages of requirements.txt, each checked by its hash. They are
// installed once, into the project's cache; other requirements get another folder.
func emulatorPython(t *testing.T) string {
	t.Helper()
	emulatorOnce.Lock()
	defer emulatorOnce.Unlock()
	requirements, err := filepath.Abs(filepath.Join("emulator", "requirements.txt"))
	require.NoError(t, err)
	data, err := os.ReadFile(requirements)
	require.NoError(t, err)
	sum := sha256.Sum256(data)
	cache, err := filepath.Abs(filepath.Join("..", ".cache", "emulator"))
	require.NoError(t, err)
	folder := filepath.Join(cache, hex.EncodeToString(sum[:6]))
	python := filepath.Join(folder, "bin", "python")
	installed := filepath.Join(folder, "installed") // the last thing written: a half-made folder does not count
	if _, err := os.Stat(installed); err == nil {
		return python
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for _, arguments := range [][]string{
		{"python3", "-m", "venv", "--clear", folder},
		{python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--only-binary=:all:", "--require-hashes", "-r", requirements},
	} {
		output, err := exec.CommandContext(ctx, arguments[0], arguments[1:]...).CombinedOutput()
		require.NoError(t, err, "Python 3.11 or newer with venv is needed: %s", output)
	}
	require.NoError(t, os.WriteFile(installed, nil, 0o600))
	return python
}
