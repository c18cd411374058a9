package writable

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDirectory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b")
	require.NoError(t, Directory(path))
	require.NoError(t, Directory(path))
	left, err := os.ReadDir(path)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestDirectoryThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	assert.EqualError(t, Directory(file), "not a directory")
	assert.EqualError(t, Directory(filepath.Join(file, "a")), "not a directory")
	if os.Geteuid() != 0 { // whom permissions do not stop
		locked := t.TempDir()
		require.NoError(t, os.Chmod(locked, 0o500))
		assert.EqualError(t, Directory(locked), "permission denied")
		assert.EqualError(t, Directory(filepath.Join(locked, "a")), "permission denied")
	}
}
