//go:build provider && unix

package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/providerlock"
	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
	"securebaseline/stacks"
)

// checkout is a copy of the project in which the user's own commands run.
type checkout string

// make runs a command of the Makefile, without credentials for AWS, with the given variables added or replaced.
func (c checkout) make(t *testing.T, target string, variables ...string) testkit.Result {
	t.Helper()
	return testkit.Run(t, c.command(t, target, variables...))
}

// command is make with such variables.
func (c checkout) command(t *testing.T, target string, variables ...string) *exec.Cmd {
	t.Helper()
	command := exec.Command("make", "--no-print-directory", target)
	command.Dir = string(c)
	command.Env = append(testkit.PlainEnvironment(), "HOME="+string(c), "CI=", "ENVIRONMENT=dev", "NO_COLOR=1",
		"AWS_EC2_METADATA_DISABLED=true", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1",
		"GOCACHE="+goEnv(t, "GOCACHE"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"))
	command.Env = append(command.Env, variables...)
	return command
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	value, err := exec.Command("go", "env", name).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(value))
}

// configure replaces settings of the environment dev in the checkout's cdktf.json.
func (c checkout) configure(t *testing.T, replaced testkit.Settings) {
	t.Helper()
	c.configureIn(t, "dev", replaced)
}

// configureIn is configure for any environment.
func (c checkout) configureIn(t *testing.T, environment string, replaced testkit.Settings) {
	t.Helper()
	data, err := json.Marshal(testkit.Edit(t, environment, replaced))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(string(c), "cdktf.json"), data, 0o600))
}

func (c checkout) stack() string {
	return filepath.Join(string(c), "cdktf.out", "stacks", "baseline-dev")
}

// stackOf is the JSON of an environment's stack.
func (c checkout) stackOf(environment string) string {
	return filepath.Join(string(c), "cdktf.out", "stacks", stacks.Name(environment), template.File)
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
	t.Parallel()
	c := checkout(t.TempDir())
	testkit.CopyProject(t, string(c))
	const hint = "AWS credentials are missing: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n"

	t.Run("says what is missing", func(t *testing.T) {
		for _, test := range []struct{ target, variable, want string }{
			{"validate", "TERRAFORM=" + stub(t, "terraform", "Terraform v1.5.7"),
				"Terraform 1.10 or newer is needed, but 1.5.7 is installed. Get it from https://"},
			{"plan", "TERRAFORM=" + stub(t, "tofu", "OpenTofu v1.9.4"),
				"OpenTofu 1.10 or newer is needed, but 1.9.4 is installed. Get it from https://"},
			{"cdktf-diff", "TERRAFORM=/nowhere/terraform",
				"Terraform 1.10 or newer is needed, but it is not installed or not on the PATH. Get it from https://"},
			{"json", "TMPDIR=/nowhere",
				"cannot write to /nowhere: set TMPDIR to a directory that can be written\n"},
			{"json", "CACHE=/dev/null/x",
				"cannot write to /dev/null/x: set CACHE and CDKTF_OUTDIR to directories that can be written\n"},
			{"deploy", "CI=true",
				"nobody is there to approve; in a pipeline set CI=true and AUTO_APPROVE=true\n"},
		} {
			result := c.make(t, test.target, test.variable)
			assert.NotZero(t, result.Code, test.variable)
			assert.True(t, strings.HasPrefix(result.Stderr, test.want), result.Stderr)
		}
	})
	t.Run("hints at credentials, also where the state needs them first", func(t *testing.T) {
		for _, backend := range []map[string]any{
			{"type": "local"}, {"type": "s3", "bucket": "acme-state", "region": testkit.Region},
		} {
			require.NoError(t, os.RemoveAll(filepath.Join(string(c), "cdktf.out")))
			c.configure(t, testkit.Settings{"backend": backend})
			for _, target := range []string{"plan", "cdktf-diff", "adopt"} {
				result := c.make(t, target)
				assert.NotZero(t, result.Code)
				assert.Contains(t, result.Stderr, hint, "%s with a %s state", target, backend["type"])
			}
		}
		c.configure(t, nil)
		require.NoError(t, os.RemoveAll(filepath.Join(string(c), "cdktf.out")))
	})
	t.Run("reviews a change without credentials", func(t *testing.T) {
		assert.Contains(t, c.make(t, "diff").Stdout, "baseline-dev: no changes\n")
		c.configure(t, testkit.Settings{"logging.retentionDays": 1})
		result := c.make(t, "diff", "FORMAT=markdown", "FAIL_ON=weakening", "AGAINST=tests/testdata/golden/baseline-dev.json")
		assert.NotZero(t, result.Code)
		assert.True(t, strings.HasPrefix(result.Stdout, "<!-- securebaseline diff baseline-dev -->\n"), result.Stdout)
		assert.Contains(t, result.Stdout, "the log is kept for a shorter time")
		c.configure(t, nil)
	})
	t.Run("moves a state and overwrites none", func(t *testing.T) {
		const saved = "baseline-dev.saved.tfstate"
		state := func(serial int) string {
			return fmt.Sprintf(`{"version": 4, "terraform_version": "1.10.0", "serial": %d, "lineage": "a", "outputs": {},
				"resources": [{"mode": "managed", "type": "terraform_data", "name": "x",
				"provider": "provider[\"terraform.io/builtin/terraform\"]",
				"instances": [{"schema_version": 0, "attributes": {"id": "1"}}]}]}`, serial)
		}
		write := func(name, content string) {
			require.NoError(t, os.WriteFile(filepath.Join(string(c), name), []byte(content), 0o600))
		}
		local := stacks.LocalState("dev")
		write(saved, state(7))
		result := c.make(t, "move-state", "FROM="+saved)
		require.Zero(t, result.Code, result.Stderr)
		assert.Contains(t, result.Stdout, "the former file is kept as "+saved+".moved-7\n")
		assert.NoFileExists(t, filepath.Join(string(c), saved))
		moved, err := os.ReadFile(filepath.Join(string(c), local))
		require.NoError(t, err)
		assert.Contains(t, string(moved), `"lineage": "a"`)

		write(saved, state(8))
		result = c.make(t, "move-state", "FROM="+saved)
		assert.NotZero(t, result.Code)
		assert.Contains(t, result.Stderr, "there is a state with 1 resources already, number 7 of a; nothing is overwritten")
		write(saved, `{"resources": []}`)
		result = c.make(t, "move-state", "FROM="+saved)
		assert.Contains(t, result.Stderr, saved+": must be a state that Terraform has written")

		c.configure(t, testkit.Settings{"backend": map[string]any{"type": "s3", "bucket": "acme-state",
			"region": testkit.Region}})
		result = c.make(t, "plan")
		assert.NotZero(t, result.Code)
		assert.Contains(t, result.Stderr, local+" holds a state with 1 resources, but backend.type is not \"local\": a "+
			"plan would create them again; move it by make move-state FROM="+local)
		c.configure(t, nil)
		for _, name := range []string{local, saved, saved + ".moved-7", "cdktf.out"} {
			require.NoError(t, os.RemoveAll(filepath.Join(string(c), name)))
		}
	})
	t.Run("does nothing while the state cannot be read", func(t *testing.T) {
		unreadable := filepath.Join(t.TempDir(), "terraform")
		require.NoError(t, os.WriteFile(unreadable, []byte("#!/bin/sh\ncase \"$*\" in *'state pull'*) "+
			"echo 'Error: access denied' >&2; exit 1;; esac\nexec "+testkit.TerraformBinary()+" \"$@\"\n"), 0o755))
		for _, target := range []string{"plan", "destroy"} {
			result := c.make(t, target, "TERRAFORM="+unreadable, "CI=true", "AUTO_APPROVE=true")
			assert.NotZero(t, result.Code)
			assert.Contains(t, result.Stderr, "Error: access denied\nsecurebaseline: the state cannot be read, and "+
				"nothing is done without it: standard input must be a state that Terraform has written\n")
			assert.NotContains(t, result.Stdout, "Plan", target)
		}
	})
	t.Run("needs no home and looks at the JSON that it wrote", func(t *testing.T) {
		require.NoError(t, os.MkdirAll(c.stack(), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(c.stack(), "cdk.tf.json"), []byte("an older synthesis"), 0o600))
		elsewhere := filepath.Join(t.TempDir(), "out")
		result := c.make(t, "validate", "HOME=/proc/nowhere", "CDKTF_OUTDIR="+elsewhere)
		require.Zero(t, result.Code, result.Stderr)
		assert.Contains(t, result.Stdout, "The configuration is valid.")
		assert.DirExists(t, filepath.Join(string(c), ".cache", "home"))
		assert.DirExists(t, filepath.Join(elsewhere, "stacks", "baseline-dev", ".terraform"))
	})
	t.Run("synthesizes and validates all environments at once", func(t *testing.T) {
		alone := map[string][]byte{}
		for _, environment := range testkit.Environments() {
			require.Zero(t, c.make(t, "json", "ENVIRONMENT="+environment).Code)
			var err error
			alone[environment], err = os.ReadFile(c.stackOf(environment))
			require.NoError(t, err)
			require.NoError(t, os.Remove(c.stackOf(environment)))
		}
		result := c.make(t, "validate", "ENVIRONMENT=all")
		require.Zero(t, result.Code, result.Stderr)
		assert.Equal(t, 3, strings.Count(result.Stdout, "The configuration is valid."))
		for environment, want := range alone {
			together, err := os.ReadFile(c.stackOf(environment))
			require.NoError(t, err)
			assert.Equal(t, string(want), string(together), environment)
		}
		result = c.make(t, "json", "ENVIRONMENT=all")
		require.Zero(t, result.Code, result.Stderr)
		assert.Regexp(t, `(?s)^ENVIRONMENT +RESOURCES .*\ndev +[0-9]+ .*\nprod +[0-9]+ .*\nstaging +[0-9]+ .*`+
			`dev: WARNING: NOBODY IS TOLD.*next: make validate ENVIRONMENT=all\n$`, result.Stdout)
		result = c.make(t, "plan", "ENVIRONMENT=all")
		assert.NotZero(t, result.Code)
		assert.Contains(t, result.Stderr, `ENVIRONMENT = "all": must be one of dev, prod, staging`)
	})
	t.Run("pins the provider anew", func(t *testing.T) {
		result := c.make(t, "validate")
		require.Zero(t, result.Code, result.Stderr)
		lock := filepath.Join(string(c), providerlock.File)
		pinned, err := os.ReadFile(lock)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(lock, []byte(strings.ReplaceAll(string(pinned), `"5.`, `"4.`)), 0o600))
		result = c.make(t, "validate")
		require.NotZero(t, result.Code)
		require.Contains(t, result.Stderr, "which the stack requires; run make lock")

		// Where a provider is installed looks like a mirror of it.
		platform := runtime.GOOS + "_" + runtime.GOARCH
		result = c.make(t, "lock", "MIRROR="+filepath.Join(c.stack(), ".terraform", "providers"), "PLATFORMS="+platform)
		require.Zero(t, result.Code, result.Stderr)
		result = c.make(t, "validate")
		require.Zero(t, result.Code, result.Stderr)
		assert.Empty(t, result.Stderr)
		assert.Contains(t, result.Stdout, "The configuration is valid.")
	})
}
