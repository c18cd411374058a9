package hcl

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/template"
)

func bytesOf(files map[string]string) map[string][]byte {
	converted := map[string][]byte{}
	for name, content := range files {
		converted[name] = []byte(content)
	}
	return converted
}

// contents are the files of a directory, without the checksums of an export.
func contents(t *testing.T, directory string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	require.NoError(t, err)
	found := map[string]string{}
	for _, entry := range entries {
		if entry.Name() != sums {
			content, err := os.ReadFile(filepath.Join(directory, entry.Name()))
			require.NoError(t, err)
			found[entry.Name()] = string(content)
		}
	}
	return found
}

func TestWrite(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "new", "export")
	first := map[string]string{"kms.tf": "1", "s3.tf": "2", ".terraform.lock.hcl": "3"}
	require.NoError(t, Write(directory, bytesOf(first)))
	assert.Equal(t, first, contents(t, directory))

	own := filepath.Join(directory, "README.md")
	require.NoError(t, os.WriteFile(own, []byte("own"), 0o600))
	require.NoError(t, Write(directory, bytesOf(map[string]string{"kms.tf": "4", ".terraform.lock.hcl": "3"})))
	assert.Equal(t, map[string]string{"kms.tf": "4", ".terraform.lock.hcl": "3", "README.md": "own"},
		contents(t, directory), "what is no longer exported is gone, and what Terraform does not read stays")
}

func TestWriteOverwritesNothing(t *testing.T) {
	for name, want := range map[string]string{
		"kms.tf":              "was changed after its export",
		".terraform.lock.hcl": "was changed after its export",
		"stale.tf":            "was changed after its export",
		"s3.tf":               "is not of an export",
		"other.tf":            "is not of an export",
		"x.tf.json":           "is not of an export",
		"x.tofu":              "is not of an export",
		"terraform.tfvars":    "is not of an export",
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			require.NoError(t, Write(directory, bytesOf(map[string]string{"kms.tf": "1", "stale.tf": "2",
				".terraform.lock.hcl": "3"})))
			path := filepath.Join(directory, name)
			require.NoError(t, os.WriteFile(path, []byte("mine"), 0o600))
			before := contents(t, directory)
			err := Write(directory, bytesOf(map[string]string{"kms.tf": "4", "s3.tf": "5"}))
			assert.EqualError(t, err, path+" "+want+": move it away, or choose another directory")
			assert.Equal(t, before, contents(t, directory))
		})
	}
}

func TestWriteLeavesNothingBehind(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "export")
	require.Error(t, Write(directory, bytesOf(map[string]string{"kms.tf": "1", "no/such/directory.tf": "2"})))
	assert.NoDirExists(t, directory)

	require.NoError(t, Write(directory, bytesOf(map[string]string{"kms.tf": "1"})))
	require.NoError(t, os.WriteFile(filepath.Join(directory, sums), []byte("x  ../kms.tf\n"), 0o600))
	assert.ErrorContains(t, Write(directory, nil), "must hold checksums and names of files")
}

func TestKeepLocalState(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(root, "deep", "target"), 0o700))
	require.NoError(t, os.Symlink(filepath.Join(root, "deep", "target"), filepath.Join(root, "link")))
	for _, test := range []struct{ path, to, want string }{
		{"../../../x.tfstate", "out/hcl/dev", "../../../x.tfstate"},
		{"../../../x.tfstate", "elsewhere", "../x.tfstate"},
		{"../../../x.tfstate", "link", "../../x.tfstate"},
		{"/x.tfstate", "elsewhere", "/x.tfstate"},
	} {
		local := map[string]any{"path": test.path}
		stack := &template.Template{Terraform: map[string]any{"backend": map[string]any{"local": local}}}
		from := filepath.Join(root, "out", "stacks", "dev")
		require.NoError(t, KeepLocalState(stack, from, filepath.Join(root, test.to)))
		assert.Equal(t, test.want, local["path"], test.to)
	}
	assert.NoError(t, KeepLocalState(&template.Template{}, root, root), "another backend")
}
