package testkit

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TerraformBinary is the binary that the user has chosen, Terraform or OpenTofu.
func TerraformBinary() string { return cmp.Or(os.Getenv("TERRAFORM"), "terraform") }

// PlainEnvironment is the environment without what would lead the tools elsewhere: a profile or an endpoint of the
// user's, options of Terraform, a configuration for the program, and what make hands to a make that it starts.
func PlainEnvironment() []string {
	kept := []string{"TF_CLI_CONFIG_FILE"}
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		for _, prefix := range []string{"AWS_", "TF_", "CDKTF_", "MAKE", "MFLAGS"} {
			if strings.HasPrefix(name, prefix) && !slices.Contains(kept, name) {
				return true
			}
		}
		return false
	})
}

// WriteMirrorConfiguration writes a Terraform CLI configuration that installs providers from a directory and from
// nowhere else, and returns its path.
func WriteMirrorConfiguration(t testing.TB, directory string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "terraformrc")
	text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n "+
		" }\n}\n", directory)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// CopyProject copies the project into a directory, so that its commands can run there without leaving anything in the
// checkout. The packages of the CLI are those of the checkout.
func CopyProject(t testing.TB, directory string) {
	t.Helper()
	root := Root(t)
	generated := []string{".git", ".cache", "node_modules", "cdktf.out"}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case slices.Contains(generated, name) && entry.IsDir():
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(directory, name), 0o700)
		case !entry.Type().IsRegular() || strings.Contains(entry.Name(), ".tfstate"):
			return nil
		}
		return CopyFile(path, filepath.Join(directory, name))
	}))
	require.NoError(t, os.Symlink(filepath.Join(root, "node_modules"), filepath.Join(directory, "node_modules")))
	for _, installed := range []string{"cdktn", "scan"} {
		if name := filepath.Join(".cache", installed); exists(filepath.Join(root, name)) {
			require.NoError(t, os.MkdirAll(filepath.Join(directory, ".cache"), 0o700))
			require.NoError(t, os.Symlink(filepath.Join(root, name), filepath.Join(directory, name)))
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// CopyFile copies a file with its time, by which make knows that the CLI is installed.
func CopyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, data, info.Mode().Perm()|0o200); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}
