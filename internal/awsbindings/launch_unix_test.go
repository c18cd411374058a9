//go:build unix

package awsbindings

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsbindings/javascript"
)

// launched starts this test binary as a launcher, with a script in place of the runtime.
func launched(t *testing.T, program string, settings ...string) (command *exec.Cmd, directory string) {
	t.Helper()
	node, err := exec.LookPath("node")
	require.NoError(t, err)
	directory = filepath.Join(t.TempDir(), "jsii-runtime.1")
	require.NoError(t, os.MkdirAll(filepath.Join(directory, "lib"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "lib", "program.js"), []byte(program), 0o600))
	self, err := os.Executable()
	require.NoError(t, err)
	command = exec.Command(self, filepath.Join(directory, "bin", "jsii-runtime.js"))
	command.Env = append(os.Environ(), launchVariable+"="+node, "JSII_NODE="+self, "NODE_EXTRA_CA_CERTS=/nowhere",
		endOfLifeBanner+"=", cacheRootVariable+"="+t.TempDir())
	command.Env = append(command.Env, settings...)
	return command, directory
}

// The program speaks on descriptor 3, as the runtime does.
const speaking = `
const fs = require("fs");
const say = (line) => fs.writeSync(3, line + "\n");
const hear = () => {
  const chunk = Buffer.alloc(100);
  return chunk.toString("utf8", 0, fs.readSync(3, chunk, 0, 100, null));
};
`

func TestLauncherConnectsTheRuntimeWithItsClient(t *testing.T) {
	command, directory := launched(t, speaking+`
say(["JSII_NODE", "NODE_EXTRA_CA_CERTS", "`+launchVariable+`"].filter((name) => name in process.env).join());
const opened = fs.openSync(__filename);
say("file " + (opened > 3 && fs.readSync(opened, Buffer.alloc(9)) === 9));
fs.closeSync(opened);
say("answer to " + hear().trim());
console.log("told");
console.error("trouble");
process.exit(3);
`)
	input, err := command.StdinPipe()
	require.NoError(t, err)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	noise := new(strings.Builder)
	command.Stderr = noise
	require.NoError(t, command.Start())
	_, err = io.WriteString(input, "question\n")
	require.NoError(t, err)
	answers, err := io.ReadAll(output)
	require.NoError(t, err)
	assert.Equal(t, "\nfile true\nanswer to question\n", string(answers))
	assert.Error(t, command.Wait())
	assert.Equal(t, 3, command.ProcessState.ExitCode())
	assert.Equal(t, `{"stdout":"dG9sZAo="}`+"\n"+`{"stderr":"dHJvdWJsZQo="}`+"\n", noise.String())
	assert.NoDirExists(t, directory)
}

func TestRuntimeEndsWithItsClient(t *testing.T) {
	command, directory := launched(t, speaking+`process.exit(hear().length);`)
	assert.NoError(t, command.Run(), "the input is empty")
	assert.NoDirExists(t, directory)
}

// The client of jsii reports an abnormal exit if the error output ends before the launcher.
func TestLauncherEndsBeforeItsErrorOutput(t *testing.T) {
	ended := filepath.Join(t.TempDir(), "ended")
	command, _ := launched(t, `
const fs = require("fs");
setImmediate(() => {
  process.once("exit", () => {
    const start = Date.now();
    while (Date.now() - start < 200);
    fs.writeFileSync(`+"`"+ended+"`"+`, "");
  });
  process.exit(0);
});
`)
	reading, writing, err := os.Pipe()
	require.NoError(t, err)
	command.Stderr = writing
	require.NoError(t, command.Start())
	require.NoError(t, writing.Close())

	require.NoError(t, command.Wait())
	assert.NoFileExists(t, ended, "the launcher waits for the runtime")
	_, err = io.Copy(io.Discard, reading)
	require.NoError(t, err)
	assert.FileExists(t, ended, "the error output ends before the runtime")
}

func TestRuntimeHoldsTheErrorOutputUntilTheLauncherHasGone(t *testing.T) {
	directory := t.TempDir()
	script, program := filepath.Join(directory, "launched.js"), filepath.Join(directory, "program.js")
	require.NoError(t, os.WriteFile(script, javascript.Launched, 0o600))
	require.NoError(t, os.WriteFile(program, []byte("process.exit(4)"), 0o600))
	ours, theirs, err := socketPair()
	require.NoError(t, err)
	reading, writing, err := os.Pipe()
	require.NoError(t, err)
	command := exec.Command("node", script, program, "")
	command.Stderr, command.ExtraFiles = writing, []*os.File{theirs}
	require.NoError(t, command.Start())
	require.NoError(t, errors.Join(writing.Close(), theirs.Close()))

	told := bufio.NewReader(ours)
	version, err := told.ReadString('\n')
	require.NoError(t, err)
	assert.Regexp(t, `^v\d+\.\d+\.\d+\n$`, version)
	code, err := told.ReadByte()
	require.NoError(t, err)
	assert.EqualValues(t, 4, code)
	require.NoError(t, reading.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	_, err = reading.Read(make([]byte, 1))
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded, "the error output has ended")
	require.NoError(t, ours.Close())
	require.NoError(t, reading.SetReadDeadline(time.Time{}))
	_, err = reading.Read(make([]byte, 1))
	assert.ErrorIs(t, err, io.EOF)
	assert.Error(t, command.Wait())
}

func TestCrashOfTheRuntimeIsReported(t *testing.T) {
	command, directory := launched(t, `process.kill(process.pid, "SIGKILL");`)
	noise, err := command.CombinedOutput()
	assert.Error(t, err)
	assert.Equal(t, "securebaseline: the runtime has ended: signal: killed\n", string(noise))
	assert.NoDirExists(t, directory)

	command, _ = launched(t, `throw new Error("out of luck");`)
	noise, err = command.CombinedOutput()
	assert.Error(t, err)
	assert.Equal(t, 1, command.ProcessState.ExitCode())
	assert.Contains(t, string(noise), "Error: out of luck\n    at ")
}

func TestLauncherSaysThatNodeIsTooOld(t *testing.T) {
	command, _ := launched(t, "")
	node := filepath.Join(t.TempDir(), "node")
	require.NoError(t, os.WriteFile(node, []byte("#!/bin/sh\nprintf 'v18.1.0\\n\\0' >&3\n"), 0o700))
	command.Env = append(command.Env, launchVariable+"="+node)
	command.Env = slices.DeleteFunc(command.Env, func(variable string) bool {
		return strings.HasPrefix(variable, endOfLifeBanner+"=") || strings.HasPrefix(variable, "CDKTF_CONTEXT_JSON=")
	})
	noise, err := command.CombinedOutput()
	assert.NoError(t, err)
	assert.Equal(t, "securebaseline: Node.js v18.1.0 gets no more fixes; use version 22 or newer\n", string(noise))
}

func TestCompiledCodeIsKept(t *testing.T) {
	for _, test := range []struct {
		value string
		kept  int
	}{{"", 1}, {"enabled", 1}, {"disabled", 0}} {
		t.Run(test.value, func(t *testing.T) {
			cache := t.TempDir()
			for range 2 {
				command, _ := launched(t, "process.exit(0)", cacheRootVariable+"="+cache, cacheVariable+"="+test.value)
				noise, err := command.CombinedOutput()
				assert.NoError(t, err)
				assert.Empty(t, string(noise))
			}
			kept, err := filepath.Glob(filepath.Join(cache, "jsii-runtime-*"))
			require.NoError(t, err)
			assert.Len(t, kept, test.kept)
		})
	}
}

func TestKeptCodeThatIsBrokenIsMadeAnew(t *testing.T) {
	cache := t.TempDir()
	run := func(program string) string {
		command, _ := launched(t, program, cacheRootVariable+"="+cache)
		noise, err := command.CombinedOutput()
		assert.NoError(t, err)
		return string(noise)
	}
	kept := func() string {
		files, err := filepath.Glob(filepath.Join(cache, "jsii-runtime-*"))
		require.NoError(t, err)
		require.Len(t, files, 1)
		return files[0]
	}
	const program = `require("fs").writeSync(1, "ran\n");`
	assert.Equal(t, "ran\n", run(program))
	whole, err := os.ReadFile(kept())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(kept(), whole[:len(whole)-1], 0o600))
	assert.Equal(t, "ran\n", run(program))
	again, err := os.ReadFile(kept())
	require.NoError(t, err)
	assert.Len(t, again, len(whole))
}

func TestLauncherSaysWhyItCannotStart(t *testing.T) {
	command, _ := launched(t, "", launchVariable+"=/nowhere/node")
	output, err := command.CombinedOutput()
	assert.Error(t, err)
	assert.Equal(t, "securebaseline: cannot start the runtime: fork/exec /nowhere/node: no such file or directory\n",
		string(output))
}
