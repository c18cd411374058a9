package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/providerlock"
)

// TestUnkindMachines runs the program where nothing can be written to the places that it would choose, as in a container.
// It works all the same, or says in one line what to set.
func TestUnkindMachines(t *testing.T) {
	binary, file := build(t), projectFile(t)
	const written = "cdktf.out/stacks/baseline-dev/cdk.tf.json"
	normal, _, _, code := program(t, binary, file)
	require.Zero(t, code)
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	none := filepath.Join(t.TempDir(), "none")
	require.NoError(t, os.WriteFile(none, nil, 0o600))

	for name, variables := range map[string][]string{
		"no home":                    {"HOME="},
		"a home that cannot be made": {"HOME=" + filepath.Join(none, "home")},
		"a home below /proc":         {"HOME=/proc/nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			directory, _, stderr, code := program(t, binary, file, variables...)
			require.Zero(t, code, stderr)
			assert.True(t, read(t, normal, written) == read(t, directory, written))
		})
	}
	for name, test := range map[string]struct {
		variables []string
		want      string
	}{
		"no temporary directory": {[]string{"TMPDIR=" + nowhere}, "securebaseline: synthesis: cannot write to the temporary directory: " +
			"stat " + nowhere + ": no such file or directory; set TMPDIR to a directory that can be written and has 10 MB of space\n"},
		"an output directory that cannot be made": {[]string{"CDKTF_OUTDIR=" + filepath.Join(none, "out")},
			"securebaseline: cannot write to " + filepath.Join(none, "out") + ": not a directory; set CDKTF_OUTDIR to a directory that can be written\n"},
	} {
		t.Run(name, func(t *testing.T) {
			variables := append(test.variables, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1")
			_, stdout, stderr, code := program(t, binary, file, variables...)
			assert.Equal(t, 1, code)
			assert.Equal(t, test.want, stderr)
			assert.Empty(t, stdout)
		})
		t.Run(name+", and only a check", func(t *testing.T) {
			command := exec.Command(binary, "check")
			command.Dir, command.Env = "..", append(os.Environ(), test.variables...)
			output, err := command.CombinedOutput()
			assert.NoError(t, err)
			assert.Empty(t, string(output))
		})
	}
	t.Run("a full disk", func(t *testing.T) {
		full := t.TempDir()
		// A file system of its own, in a mount namespace that ends with the shell.
		shell := fmt.Sprintf("mount -t tmpfs -o size=64k tmpfs %s && cd %s && TMPDIR=%s exec %s", full, normal, full, binary)
		sandbox := []string{"unshare", "--user", "--map-root-user", "--mount"}
		if err := exec.Command(sandbox[0], append(sandbox[1:], "mount", "-t", "tmpfs", "tmpfs", full)...).Run(); err != nil {
			t.Skip("needs a Linux on which users may make namespaces")
		}
		command := exec.Command(sandbox[0], append(sandbox[1:], "sh", "-c", shell)...)
		command.Env = append(os.Environ(), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1")
		output, err := command.CombinedOutput()
		assert.Error(t, err)
		assert.Regexp(t, `^securebaseline: synthesis: no space left in `+full+` or .+: set TMPDIR to a directory .+\n$`, string(output))
	})
}

func TestOutputDirectoryMayBeAnywhere(t *testing.T) {
	binary, file := build(t), projectFile(t)
	elsewhere := filepath.Join(t.TempDir(), "made", "on", "the", "way")
	directory, stdout, stderr, code := program(t, binary, file, "CDKTF_OUTDIR="+elsewhere)
	require.Zero(t, code, stderr)
	stack := filepath.Join(elsewhere, "stacks", "baseline-dev")
	assert.True(t, strings.HasPrefix(stdout, filepath.Join(stack, "cdk.tf.json")+": "))
	assert.NoDirExists(t, filepath.Join(directory, "cdktf.out"))

	var document struct {
		Terraform struct {
			Backend struct{ Local struct{ Path string } }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(read(t, stack, "cdk.tf.json")), &document))
	assert.Equal(t, filepath.Join(directory, "terraform.baseline-dev.tfstate"), filepath.Join(stack, document.Terraform.Backend.Local.Path),
		"the state stays beside cdktf.json")
}

func TestProviderIsPinned(t *testing.T) {
	binary, file := build(t), projectFile(t)
	lock := read(t, "..", providerlock.File)
	run := func(text string, variables ...string) (stack, stderr string, code int) {
		t.Helper()
		directory := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(directory, "cdktf.json"), []byte(file), 0o600))
		if text != "" {
			require.NoError(t, os.WriteFile(filepath.Join(directory, providerlock.File), []byte(text), 0o600))
		}
		_, stderr, code = programIn(t, binary, directory, append(variables, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1")...)
		return filepath.Join(directory, "cdktf.out", "stacks", "baseline-dev"), stderr, code
	}
	for _, name := range []string{"terraform", "tofu"} {
		stack, stderr, code := run(lock, providerlock.BinaryVariable+"="+name)
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		assert.Contains(t, read(t, stack, providerlock.File), map[string]string{"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org"}[name])
	}
	_, stderr, code := run("")
	assert.Zero(t, code)
	assert.Equal(t, "securebaseline: .terraform.lock.hcl: no such file, so the provider hashicorp/aws is not pinned; run make lock\n", stderr)
	_, stderr, code = run(strings.ReplaceAll(lock, "5.100.0", "4.0.0"))
	assert.Equal(t, 1, code)
	assert.Equal(t, `securebaseline: .terraform.lock.hcl: registry.terraform.io/hashicorp/aws = "4.0.0": `+
		"must be ~> 5.99, which the stack requires; run make lock\n", stderr)
}
