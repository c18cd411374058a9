package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/providerlock"
	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
)

// TestWithoutAHome runs the program where the home directory cannot be used, as in a container.
func TestWithoutAHome(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program again and again, which make test does")
	}
	t.Parallel()
	usual := runOf(t, "dev").directory
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, home := range map[string]string{
		"no home": "", "a home that cannot be made": filepath.Join(file, "home"), "a home below /proc": "/proc/nowhere",
	} {
		t.Run(name, func(t *testing.T) {
			directory, result := execute(t, project(), "HOME="+home)
			require.Zero(t, result.Code, result.Stderr)
			assertSameStack(t, usual, directory)
		})
	}
}

// TestWhereNothingCanBeWritten expects one line that says what to set.
func TestWhereNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, test := range map[string]struct{ variable, want string }{
		"no temporary directory": {"TMPDIR=" + nowhere,
			"securebaseline: synthesis: cannot write to the temporary directory: stat " + nowhere +
				": no such file or directory; set TMPDIR to a directory that can be written and has 10 MB of space\n"},
		"an output directory that cannot be made": {"CDKTF_OUTDIR=" + filepath.Join(file, "out"),
			"securebaseline: cannot write to " + filepath.Join(file, "out") +
				": not a directory; set CDKTF_OUTDIR to a directory that can be written\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, result := execute(t, project(), test.variable)
			assert.Equal(t, testkit.Result{Code: failure, Stderr: test.want}, result)
		})
		t.Run(name+", and only a check", func(t *testing.T) {
			command := exec.Command(binary, "check")
			command.Dir, command.Env = filepath.Join("..", ".."), append(os.Environ(), test.variable)
			assert.Equal(t, testkit.Result{}, testkit.Run(t, command))
		})
	}
}

func TestOnAFullDisk(t *testing.T) {
	t.Parallel()
	directory, full := configured(t, project()), t.TempDir()
	// A file system of its own, in a mount namespace that ends with the shell.
	sandbox := []string{"unshare", "--user", "--map-root-user", "--mount"}
	if err := exec.Command(sandbox[0],
		append(sandbox[1:], "mount", "-t", "tmpfs", "tmpfs", full)...).Run(); err != nil {
		t.Skip("needs a Linux on which users may make namespaces")
	}
	shell := fmt.Sprintf("mount -t tmpfs -o size=64k tmpfs %s && cd %s && TMPDIR=%s exec %s", full, directory, full,
		binary)
	command := exec.Command(sandbox[0], append(sandbox[1:], "sh", "-c", shell)...)
	command.Env = append(os.Environ(), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1")
	result := testkit.Run(t, command)
	assert.NotZero(t, result.Code)
	assert.Regexp(t, `^securebaseline: synthesis: no space left in `+full+` or .+: set TMPDIR to a directory .+\n$`,
		result.Stderr)
}

// TestOutputDirectoryMayBeAnywhere also shows that synthesis needs no other program than Node.js.
func TestOutputDirectoryMayBeAnywhere(t *testing.T) {
	t.Parallel()
	elsewhere := filepath.Join(t.TempDir(), "to", "be", "made")
	directory, result := execute(t, project(), "CDKTF_OUTDIR="+elsewhere, "PATH="+nodeAlone(t))
	require.Zero(t, result.Code, result.Stderr)
	stack := filepath.Join(elsewhere, "stacks", "baseline-dev")
	assert.True(t, strings.HasPrefix(result.Stdout, filepath.Join(stack, template.File)+": "))
	assert.NoDirExists(t, filepath.Join(directory, "cdktf.out"))

	written, err := template.Read(stack)
	require.NoError(t, err)
	backend := written.Terraform["backend"].(map[string]any)["local"].(map[string]any)
	assert.Equal(t, filepath.Join(directory, "terraform.baseline-dev.tfstate"),
		filepath.Join(stack, backend["path"].(string)), "the state stays beside cdktf.json")
}

func TestProviderIsPinned(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program again and again, which make test does")
	}
	t.Parallel()
	lock := testkit.ReadFile(t, "..", "..", providerlock.File)
	run := func(lock string, variables ...string) (stack string, result testkit.Result) {
		t.Helper()
		directory := configured(t, project())
		if lock != "" {
			require.NoError(t, os.WriteFile(filepath.Join(directory, providerlock.File), []byte(lock), 0o600))
		}
		return filepath.Join(directory, "cdktf.out", "stacks", "baseline-dev"), runIn(t, directory, variables)
	}
	for name, registry := range map[string]string{
		"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org",
	} {
		stack, result := run(lock, providerlock.BinaryVariable+"="+name)
		assert.Zero(t, result.Code)
		assert.Empty(t, result.Stderr)
		assert.Contains(t, testkit.ReadFile(t, stack, providerlock.File), registry)
	}
	_, result := run("")
	assert.Zero(t, result.Code)
	assert.Equal(t, "securebaseline: .terraform.lock.hcl: no such file, so the provider hashicorp/aws is not pinned; "+
		"run make lock ENVIRONMENT=dev\n", result.Stderr)
	_, result = run(strings.ReplaceAll(lock, "5.100.0", "4.0.0"))
	assert.Equal(t, failure, result.Code)
	assert.Equal(t, `securebaseline: .terraform.lock.hcl: registry.terraform.io/hashicorp/aws = "4.0.0": `+
		"must be ~> 5.99, which the stack requires; run make lock ENVIRONMENT=dev\n", result.Stderr)
}
