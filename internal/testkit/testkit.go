// Package testkit is what the tests share: configurations made from the project's own cdktf.json, stacks synthesized
// from them, requests put to the policies in a stack, and copies of the project in which its commands run.
package testkit

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	// Account is the account of a test, also where a stack learns it only at plan.
	Account = "777788889999"
	// ForeignAccount is an account that has no business in the stack.
	ForeignAccount = "999900001111"
	// Region is the region of every environment of cdktf.json.
	Region = "eu-central-1"
	// ClosedAddress is the URL of a port where nothing answers.
	ClosedAddress = "http://127.0.0.1:1"
)

// Environments lists the environments of cdktf.json.
func Environments() []string { return []string{"dev", "staging", "prod"} }

// Zones names availability zones of Region by their letters.
func Zones(letters ...string) []string {
	names := make([]string, len(letters))
	for i, letter := range letters {
		names[i] = Region + letter
	}
	return names
}

// Root returns the directory of the project.
func Root(t testing.TB) string {
	t.Helper()
	directory, err := os.Getwd()
	require.NoError(t, err)
	for directory != filepath.Dir(directory) {
		if _, err := os.Stat(filepath.Join(directory, "cdktf.json")); err == nil {
			return directory
		}
		directory = filepath.Dir(directory)
	}
	require.Fail(t, "no cdktf.json above the working directory")
	return ""
}

// ReadFile returns the content of a file, whose path is joined from parts.
func ReadFile(t testing.TB, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(data)
}

// BuildProgram compiles the program and returns its path.
func BuildProgram(t testing.TB) string {
	t.Helper()
	return Build(t, ".")
}

// Build compiles the command in a directory of the project and returns its path.
func Build(t testing.TB, directory string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	output, err := exec.Command("go", "build", "-o", binary, filepath.Join(Root(t), directory)).CombinedOutput()
	require.NoError(t, err, string(output))
	return binary
}

// Result is what a program printed and returned.
type Result struct {
	Stdout, Stderr string
	Code           int
}

// Run runs a command to its end. That it fails is a result, too.
func Run(t testing.TB, command *exec.Cmd) Result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		require.IsType(t, new(exec.ExitError), err)
	}
	return Result{Stdout: stdout.String(), Stderr: stderr.String(), Code: command.ProcessState.ExitCode()}
}
