package tests

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsbindings"
	"securebaseline/stacks"
)

// build compiles the program and returns its path.
func build(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "securebaseline")
	output, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput()
	require.NoError(t, err, string(output))
	return binary
}

// program runs the program in a folder that holds the given cdktf.json, with the given variables added or replaced.
func program(t testing.TB, binary, cdktf string, variables ...string) (folder, stdout, stderr string, code int) {
	t.Helper()
	folder = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "cdktf.json"), []byte(cdktf), 0o600))
	stdout, stderr, code = programIn(t, binary, folder, variables...)
	return folder, stdout, stderr, code
}

// programIn runs the program in a directory that is prepared.
func programIn(t testing.TB, binary, directory string, variables ...string) (stdout, stderr string, code int) {
	t.Helper()
	command := exec.Command(binary)
	command.Dir = directory
	command.Env = append(os.Environ(), variables...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	if exit, exited := err.(*exec.ExitError); exited {
		return out.String(), errs.String(), exit.ExitCode()
	}
	require.NoError(t, err)
	return out.String(), errs.String(), 0
}

func projectFile(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "cdktf.json"))
	require.NoError(t, err)
	return string(data)
}

func TestProgram(t *testing.T) {
	binary := build(t)
	file := projectFile(t)
	const written = "cdktf.out/stacks/baseline-dev/cdk.tf.json"

	t.Run("reports what it made, the same in every folder", func(t *testing.T) {
		first, stdout, stderr, code := program(t, binary, file)
		assert.NotContains(t, stderr, "end-of-life")
		assert.NotContains(t, stderr, "exited abnormally")
		require.Zero(t, code, stderr)
		assert.Regexp(t, `^`+written+`: [0-9]+ resources\n( +[0-9]+ [a-z0-9_]+\n)+`+
			`environment dev, profile ephemeral, region eu-central-1, account of the credentials \(set accountId to guard against the wrong one\)\n`+
			`next: make validate ENVIRONMENT=dev\n$`, stdout)
		assert.Contains(t, stdout, "\n     3 aws_kms_key\n")

		second, _, _, _ := program(t, binary, file)
		assert.True(t, read(t, first, written) == read(t, second, written))
	})

	t.Run("does the same when the CLI runs it", func(t *testing.T) {
		byHand, _, _, _ := program(t, binary, file)
		context := file[strings.Index(file, `"context":`)+len(`"context":`) : strings.LastIndex(file, "}")]
		byCLI, stdout, _, code := program(t, binary, "{}", "CDKTF_CONTEXT_JSON="+context)
		require.Zero(t, code)
		assert.Empty(t, stdout)
		assert.True(t, read(t, byHand, written) == read(t, byCLI, written))
	})

	t.Run("says that a configuration is not that of the file", func(t *testing.T) {
		context := file[strings.Index(file, `"context":`)+len(`"context":`) : strings.LastIndex(file, "}")]
		const said = "securebaseline: configuration from CDKTF_CONTEXT_JSON, not from cdktf.json\n"
		for given, want := range map[string]bool{context: false, strings.Replace(context, "cc-1234", "cc-4321", 1): true} {
			_, _, stderr, code := program(t, binary, file, "CDKTF_CONTEXT_JSON="+given)
			assert.Zero(t, code, stderr)
			assert.Equal(t, want, strings.Contains(stderr, said), stderr)
		}
	})

	t.Run("refuses an environment that was not given", func(t *testing.T) {
		directory, stdout, stderr, code := program(t, binary, file, "ENVIRONMENT=")
		assert.Equal(t, 1, code)
		assert.Empty(t, stdout)
		assert.Equal(t, "securebaseline: the configuration has 1 problem:\n"+
			`  ENVIRONMENT = "": must be one of dev, prod, staging; unset means dev`+"\n", stderr)
		assert.NoDirExists(t, filepath.Join(directory, "cdktf.out"))
	})

	t.Run("does the same with the stock bindings, in every environment", func(t *testing.T) {
		for _, environment := range environments {
			name := "cdktf.out/stacks/" + stacks.Name(environment) + "/cdk.tf.json"
			pruned, _, _, _ := program(t, binary, file, "ENVIRONMENT="+environment)
			stock, _, stderr, code := program(t, binary, file, "ENVIRONMENT="+environment, awsbindings.Variable+"=stock")
			require.Zero(t, code, stderr)
			assert.True(t, read(t, pruned, name) == read(t, stock, name), environment)
		}
	})

	t.Run("needs Node and nothing else on the PATH", func(t *testing.T) {
		node, err := exec.LookPath("node")
		require.NoError(t, err)
		only := t.TempDir()
		require.NoError(t, os.Symlink(node, filepath.Join(only, "node")))
		for _, environment := range environments {
			_, _, stderr, code := program(t, binary, file, "ENVIRONMENT="+environment, "PATH="+only)
			assert.Zero(t, code, stderr)
		}
	})

	t.Run("refuses an unknown choice of bindings", func(t *testing.T) {
		_, _, stderr, code := program(t, binary, file, awsbindings.Variable+"=small")
		assert.Equal(t, 1, code)
		assert.Equal(t, "securebaseline: synthesis: SECUREBASELINE_BINDINGS is \"small\"; allowed are \"pruned\", the default, and \"stock\"\n", stderr)
	})

	t.Run("refuses a bad configuration before Node starts", func(t *testing.T) {
		marker := filepath.Join(t.TempDir(), "node-was-started")
		fake := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(fake, "node"), []byte("#!/bin/sh\ntouch "+marker+"\nexit 1\n"), 0o755))
		broken := strings.Replace(file, `"eu-central-1"`, `"eu-cental-1"`, 1)
		folder, stdout, stderr, code := program(t, binary, broken, "PATH="+fake)
		assert.Equal(t, 1, code)
		assert.Empty(t, stdout)
		assert.Equal(t, "securebaseline: the configuration has 1 problem:\n"+
			`  context.baseline.defaults.region = "eu-cental-1": must be one of 44 values, see the schema; did you mean "eu-central-1"?`+"\n", stderr)
		assert.NoDirExists(t, filepath.Join(folder, "cdktf.out"))
		assert.NoFileExists(t, marker)
	})

	t.Run("says that Node is missing", func(t *testing.T) {
		folder, _, stderr, code := program(t, binary, file, "PATH="+t.TempDir())
		assert.Equal(t, 1, code)
		assert.Equal(t, "securebaseline: synthesis: node is not installed or not on the PATH; CDKTF needs Node.js 20.9 or newer\n", stderr)
		assert.NoDirExists(t, filepath.Join(folder, "cdktf.out"))
	})

	t.Run("keeps a failure of Node to itself", func(t *testing.T) {
		fake := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(fake, "node"), []byte("#!/bin/sh\nexit 3\n"), 0o755))
		_, _, stderr, code := program(t, binary, file, "PATH="+fake)
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, "securebaseline: synthesis: ")
		assert.NotContains(t, stderr, "goroutine")
	})
}

func read(t testing.TB, folder, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	return string(data)
}
