package providerlock

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var aws = Requirement{Source: "hashicorp/aws", Version: "~> 5.99", Environment: "prod"}

// rerun is what the messages say to do.
const rerun = "run make lock ENVIRONMENT=prod"

const locked = `# Kept.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "~> 5.99"
  hashes = [
    "h1:one=",
    "zh:two",
  ]
}
`

// place writes the lock file of the working directory, unless it is empty, and one beside the JSON, and returns what
// Place leaves there.
func place(t *testing.T, project, stack, binary string) (placed, warning string, err error) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("stack", 0o700))
	for name, text := range map[string]string{File: project, filepath.Join("stack", File): stack} {
		if text != "" {
			require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		}
	}
	warning, err = Place(".", "stack", binary, aws)
	data, readErr := os.ReadFile(filepath.Join("stack", File))
	require.True(t, readErr == nil || os.IsNotExist(readErr), readErr)
	return string(data), warning, err
}

func TestPlaceCopiesTheProjectsFile(t *testing.T) {
	for _, binary := range []string{"", "terraform", "/usr/local/bin/terraform"} {
		placed, warning, err := place(t, locked, "", binary)
		require.NoError(t, err)
		assert.Empty(t, warning)
		assert.Equal(t, locked, placed)
	}
}

func TestPlaceCopiesTheBinarysProviderAlone(t *testing.T) {
	tofus := strings.NewReplacer("terraform.io", "opentofu.org", "one", "other", "# Kept.\n\n", "\n").Replace(locked)
	placed, warning, err := place(t, locked+tofus, "", "terraform")
	require.NoError(t, err)
	assert.Empty(t, warning)
	assert.Equal(t, locked, placed)
	placed, warning, err = place(t, locked+tofus, "", "tofu")
	require.NoError(t, err)
	assert.Empty(t, warning)
	assert.Equal(t, "# Kept.\n"+tofus, placed)
}

func TestPlaceKeepsTheChecksumThatInitAdded(t *testing.T) {
	more := strings.Replace(locked, `"h1:one=",`, `"h1:one=", "h1:own=",`, 1)
	placed, _, err := place(t, locked, more, "")
	require.NoError(t, err)
	assert.Equal(t, more, placed)

	for name, other := range map[string]string{
		"another version":   strings.Replace(more, "5.100.0", "5.99.1", 1),
		"a checksum less":   strings.Replace(locked, `"zh:two",`, "", 1),
		"another provider":  strings.Replace(more, "hashicorp/aws", "hashicorp/random", 1),
		"not a lock file":   "provider {",
		"another's":         strings.Replace(more, "terraform.io", "opentofu.org", 1),
		"an empty provider": `provider "registry.terraform.io/hashicorp/aws" {}`,
	} {
		placed, _, err := place(t, locked, other, "")
		require.NoError(t, err, name)
		assert.Equal(t, locked, placed, name)
	}
}

func TestPlaceSaysWhatIsNotPinned(t *testing.T) {
	for _, test := range []struct{ name, project, binary, want string }{
		{"no file", "", "", ".terraform.lock.hcl: no such file, so the provider hashicorp/aws is not pinned; run " +
			"make lock ENVIRONMENT=prod"},
		{"no entry", "# Nothing.\n", "terraform",
			".terraform.lock.hcl has no entry for registry.terraform.io/hashicorp/aws, which is not pinned; run " +
				"make lock ENVIRONMENT=prod"},
		{"OpenTofu has a registry of its own", locked, "/usr/local/bin/tofu",
			".terraform.lock.hcl has no entry for registry.opentofu.org/hashicorp/aws, which is not pinned; run " +
				"make lock ENVIRONMENT=prod TERRAFORM=/usr/local/bin/tofu"},
	} {
		_, warning, err := place(t, test.project, "", test.binary)
		require.NoError(t, err, test.name)
		assert.Equal(t, test.want, warning, test.name)
	}
}

func TestPlaceRefusesAStaleFile(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"too old": {"5.100.0", "5.98.0",
			`registry.terraform.io/hashicorp/aws = "5.98.0": must be ~> 5.99, which the stack requires; ` + rerun},
		"too new": {"5.100.0", "6.0.0",
			`registry.terraform.io/hashicorp/aws = "6.0.0": must be ~> 5.99, which the stack requires; ` + rerun},
		"no version": {"5.100.0", "new",
			`registry.terraform.io/hashicorp/aws = "new": must be ~> 5.99, which the stack requires; ` + rerun},
		"no checksums": {"hashes = [\n    \"h1:one=\",\n    \"zh:two\",\n  ]", "",
			`registry.terraform.io/hashicorp/aws = "5.100.0": must have checksums; ` + rerun},
		"not HCL": {"{", "", `Invalid block definition`},
	} {
		text := strings.Replace(locked, test.old, test.new, 1)
		require.NotEqual(t, locked, text)
		placed, _, err := place(t, text, "", "")
		require.Error(t, err, name)
		assert.Contains(t, err.Error(), test.want, name)
		assert.Contains(t, err.Error(), File, name)
		assert.NotContains(t, err.Error(), "\n", name)
		assert.Empty(t, placed, name)
	}
}

// TestEachMajorVersionHasAnEntry moves one environment to the next major version of the provider, and leaves another.
func TestEachMajorVersionHasAnEntry(t *testing.T) {
	t.Chdir(t.TempDir())
	next := strings.NewReplacer("# Kept.\n", "", "5.100.0", "6.66.0", "~> 5.99", "~> 6.0", "one", "six").Replace(locked)
	require.NoError(t, os.WriteFile(File, []byte(locked), 0o600))
	moved := Requirement{Source: "hashicorp/aws", Version: "~> 6.0", Environment: "dev"}
	_, err := Place(".", t.TempDir(), "", moved)
	assert.EqualError(t, err, `.terraform.lock.hcl: registry.terraform.io/hashicorp/aws = "5.100.0": must be ~> 6.0, `+
		"which the stack requires; run make lock ENVIRONMENT=dev")

	for _, version := range []string{"6.66.0", "6.67.0"} { // the second run replaces what the first one has pinned
		written := filepath.Join(t.TempDir(), File)
		pinned := strings.Replace(next, "6.66.0", version, 1)
		require.NoError(t, os.WriteFile(written, []byte(pinned), 0o600))
		require.NoError(t, Merge(".", written))
		merged, err := os.ReadFile(File)
		require.NoError(t, err)
		assert.Equal(t, locked+pinned, string(merged))
		for want, required := range map[string]Requirement{strings.TrimPrefix(pinned, "\n"): moved, locked: aws} {
			stack := t.TempDir()
			for range 2 { // what is there already is of that version alone
				warning, err := Place(".", stack, "", required)
				require.NoError(t, err)
				assert.Empty(t, warning)
				placed, err := os.ReadFile(filepath.Join(stack, File))
				require.NoError(t, err)
				const comment = "# Kept.\n\n"
				assert.Equal(t, strings.TrimPrefix(want, comment), strings.TrimPrefix(string(placed), comment))
			}
		}
	}
}

func TestMergeReplacesOnlyWhatWasWritten(t *testing.T) {
	project, written := t.TempDir(), filepath.Join(t.TempDir(), File)
	other := strings.NewReplacer("# Kept.\n", "", "terraform.io", "opentofu.org", "one", "other").Replace(locked)
	require.NoError(t, os.WriteFile(filepath.Join(project, File), []byte(locked+other), 0o600))
	fresh := strings.NewReplacer("# Kept.", "# Made by a machine.", "5.100.0", "5.101.0", "one",
		"three").Replace(locked)
	require.NoError(t, os.WriteFile(written, []byte(fresh), 0o600))

	require.NoError(t, Merge(project, written))
	merged, err := os.ReadFile(filepath.Join(project, File))
	require.NoError(t, err)
	assert.Equal(t, "# Kept.\n"+other+strings.Replace(fresh, "# Made by a machine.\n", "", 1), string(merged))

	empty := t.TempDir()
	require.NoError(t, Merge(empty, written), "the first time there is no file yet")
	_, err = Place(empty, t.TempDir(), "", aws)
	assert.NoError(t, err)
	assert.Error(t, Merge(project, filepath.Join(empty, "none")))
}
