//go:build unix

package awsbindings

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// launched starts this test binary as a launcher, with a shell script in place of Node.js.
func launched(t *testing.T, script string) (command *exec.Cmd, directory string) {
	t.Helper()
	node := filepath.Join(t.TempDir(), "node")
	require.NoError(t, os.WriteFile(node, []byte("#!/bin/sh\n"+script), 0o700))
	directory = filepath.Join(t.TempDir(), "jsii-runtime.1")
	require.NoError(t, os.MkdirAll(filepath.Join(directory, "bin"), 0o700))
	self, err := os.Executable()
	require.NoError(t, err)
	command = exec.Command(self, filepath.Join(directory, "bin", "jsii-runtime.js"))
	command.Env = append(os.Environ(), launchVariable+"="+node, "JSII_NODE="+self, "NODE_EXTRA_CA_CERTS=/nowhere")
	return command, directory
}

func TestLauncherCarriesMessagesBothWays(t *testing.T) {
	command, directory := launched(t, `
echo "$@ $JSII_NODE $NODE_EXTRA_CA_CERTS $`+launchVariable+`" >&3
read request <&3
echo "answer to $request" >&3
echo told
echo trouble >&2
exit 3
`)
	input, err := command.StdinPipe()
	require.NoError(t, err)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	errors, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())

	answers := bufio.NewReader(output)
	started, err := answers.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "--preserve-symlinks --no-deprecation "+filepath.Join(directory, "lib", "program.js")+"   \n",
		started)
	_, err = io.WriteString(input, "question\n")
	require.NoError(t, err)
	answer, err := answers.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "answer to question\n", answer)
	noise, err := io.ReadAll(errors)
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{`{"stdout":"dG9sZAo="}`, `{"stderr":"dHJvdWJsZQo="}`,
		"securebaseline: the runtime has ended: exit status 3"}, lines(noise))
	assert.Error(t, command.Wait())
	assert.Equal(t, 3, command.ProcessState.ExitCode())
	assert.DirExists(t, directory, "the client of jsii removes it")
}

// The client of jsii reports an abnormal exit if the error output ends before the launcher.
func TestLauncherEndsBeforeItsErrorOutput(t *testing.T) {
	ended := filepath.Join(t.TempDir(), "ended")
	command, directory := launched(t, `
read request <&3 && exit 1
sleep 0.2
touch `+ended+`
`)
	input, err := command.StdinPipe()
	require.NoError(t, err)
	reading, writing, err := os.Pipe()
	require.NoError(t, err)
	command.Stderr = writing
	require.NoError(t, command.Start())
	require.NoError(t, writing.Close())
	_, err = io.WriteString(input, exitRequest)
	require.NoError(t, err)

	require.NoError(t, command.Wait())
	assert.NoFileExists(t, ended, "the launcher waits for the runtime")
	assert.NoDirExists(t, directory)
	_, err = io.Copy(io.Discard, reading)
	require.NoError(t, err)
	assert.FileExists(t, ended, "the error output ends before the runtime")
}

func TestLauncherSaysWhyItCannotStart(t *testing.T) {
	command, _ := launched(t, "")
	command.Env = append(command.Env, launchVariable+"=/nowhere/node")
	output, err := command.CombinedOutput()
	assert.Error(t, err)
	assert.Equal(t, "securebaseline: cannot start the runtime: fork/exec /nowhere/node: no such file or directory\n",
		string(output))
}

func TestConsolePassesOnRemainingOutput(t *testing.T) {
	heard := filepath.Join(t.TempDir(), "stderr")
	file, err := os.Create(heard)
	require.NoError(t, err)
	stderr := os.Stderr
	os.Stderr = file
	t.Cleanup(func() { os.Stderr = stderr })

	console, writing, err := newConsole("stderr")
	require.NoError(t, err)
	close(console.done) // as if it had not come to passing on anything
	_, err = io.WriteString(writing, "last words")
	require.NoError(t, err)
	assert.True(t, console.finish())
	assert.False(t, console.finish())
	noise, err := os.ReadFile(heard)
	require.NoError(t, err)
	assert.Equal(t, `{"stderr":"bGFzdCB3b3Jkcw=="}`+"\n", string(noise))

	console, writing, err = newConsole("stderr")
	require.NoError(t, err)
	go console.pass()
	written, err := writing.Write(make([]byte, 60<<10))
	require.NoError(t, err)
	console.finish()
	noise, err = os.ReadFile(heard)
	require.NoError(t, err)
	assert.Greater(t, len(noise), written, "some of it was lost")
	require.NoError(t, writing.Close())
}

func lines(text []byte) []string {
	var found []string
	for line := range bytes.Lines(text) {
		found = append(found, string(bytes.TrimSpace(line)))
	}
	return found
}
