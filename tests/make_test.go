//go:build provider && unix

package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/providerlock"
)

// checkout is a copy of the project in which the user's own commands run.
type checkout string

// make runs a command of the Makefile, without credentials for AWS, with the given variables added or replaced.
func (c checkout) make(t *testing.T, target string, variables ...string) (stdout, stderr string, code int) {
	t.Helper()
	command := exec.Command("make", "--no-print-directory", target)
	command.Dir = string(c)
	command.Env = append(plainEnvironment(), "HOME="+string(c), "CI=", "ENVIRONMENT=dev", "AWS_EC2_METADATA_DISABLED=true", "NO_COLOR=1",
		"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1", "GOCACHE="+goEnv(t, "GOCACHE"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"))
	command.Env = append(command.Env, variables...)
	var out, errs strings.Builder
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		require.IsType(t, new(exec.ExitError), err)
	}
	return out.String(), errs.String(), command.ProcessState.ExitCode()
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	value, err := exec.Command("go", "env", name).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(value))
}

// configure replaces settings of the environment dev in the checkout's cdktf.json.
func (c checkout) configure(t *testing.T, replaced settings) {
	t.Helper()
	data, err := json.Marshal(edited(t, "dev", replaced))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(string(c), "cdktf.json"), data, 0o600))
}

func (c checkout) stack() string {
	return filepath.Join(string(c), "cdktf.out", "stacks", "baseline-dev")
}

// stub writes an executable that prints a line and fails.
func stub(t *testing.T, name, line string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\necho '"+line+"'\nexit 1\n"), 0o755))
	return path
}

// TestMake runs the commands of the Makefile where something is missing or in the way.
func TestMake(t *testing.T) {
	c := checkout(t.TempDir())
	copyProject(t, string(c))
	const hint = "AWS credentials are missing: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n"

	t.Run("says what is missing", func(t *testing.T) {
		for want, test := range map[string]struct{ target, variable string }{
			"Terraform 1.10 or newer is needed, but 1.5.7 is installed. Get it from https://":                     {"validate", "TERRAFORM=" + stub(t, "terraform", "Terraform v1.5.7")},
			"OpenTofu 1.10 or newer is needed, but 1.9.4 is installed. Get it from https://":                      {"plan", "TERRAFORM=" + stub(t, "tofu", "OpenTofu v1.9.4")},
			"Terraform 1.10 or newer is needed, but it is not installed or not on the PATH. Get it from https://": {"diff", "TERRAFORM=/nowhere/terraform"},
			"cannot write to /nowhere: set TMPDIR to a directory that can be written\n":                           {"json", "TMPDIR=/nowhere"},
			"cannot write to /dev/null/x: set CACHE and CDKTF_OUTDIR to directories that can be written\n":        {"json", "CACHE=/dev/null/x"},
			"nobody is there to approve; in a pipeline set CI=true and AUTO_APPROVE=true\n":                       {"deploy", "CI=true"},
		} {
			_, stderr, code := c.make(t, test.target, test.variable)
			assert.NotZero(t, code, test.variable)
			assert.True(t, strings.HasPrefix(stderr, want), stderr)
		}
	})
	t.Run("hints at credentials, also where the state needs them first", func(t *testing.T) {
		for _, backend := range []map[string]any{
			{"type": "local"}, {"type": "s3", "bucket": "acme-state", "region": region},
		} {
			require.NoError(t, os.RemoveAll(filepath.Join(string(c), "cdktf.out")))
			c.configure(t, settings{"backend": backend})
			for _, target := range []string{"plan", "diff"} {
				_, stderr, code := c.make(t, target)
				assert.NotZero(t, code)
				assert.Contains(t, stderr, hint, "%s with a %s state", target, backend["type"])
			}
		}
		c.configure(t, nil)
		require.NoError(t, os.RemoveAll(filepath.Join(string(c), "cdktf.out")))
	})
	t.Run("needs no home and looks at the JSON that it wrote", func(t *testing.T) {
		require.NoError(t, os.MkdirAll(c.stack(), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(c.stack(), "cdk.tf.json"), []byte("an older synthesis"), 0o600))
		elsewhere := filepath.Join(t.TempDir(), "out")
		stdout, stderr, code := c.make(t, "validate", "HOME=/proc/nowhere", "CDKTF_OUTDIR="+elsewhere)
		require.Zero(t, code, stderr)
		assert.Contains(t, stdout, "The configuration is valid.")
		assert.DirExists(t, filepath.Join(string(c), ".cache", "home"))
		assert.DirExists(t, filepath.Join(elsewhere, "stacks", "baseline-dev", ".terraform"))
	})
	t.Run("pins the provider anew", func(t *testing.T) {
		_, stderr, code := c.make(t, "validate")
		require.Zero(t, code, stderr)
		lock := filepath.Join(string(c), providerlock.File)
		pinned, err := os.ReadFile(lock)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(lock, []byte(strings.ReplaceAll(string(pinned), `"5.`, `"4.`)), 0o600))
		_, stderr, code = c.make(t, "validate")
		require.NotZero(t, code)
		require.Contains(t, stderr, "which the stack requires; run make lock")

		// Where a provider is installed looks like a mirror of it.
		platform := runtime.GOOS + "_" + runtime.GOARCH
		_, stderr, code = c.make(t, "lock", "MIRROR="+filepath.Join(c.stack(), ".terraform", "providers"), "PLATFORMS="+platform)
		require.Zero(t, code, stderr)
		stdout, stderr, code := c.make(t, "validate")
		require.Zero(t, code, stderr)
		assert.Empty(t, stderr)
		assert.Contains(t, stdout, "The configuration is valid.")
	})
}
