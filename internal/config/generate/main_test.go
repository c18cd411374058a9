package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	files, err := generated(root)
	require.NoError(t, err)
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(root, path))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), "%s is stale: run make generate", path)
	}
}

func TestSectionNeedsItsMarkers(t *testing.T) {
	_, err := replaceSection([]byte("# Title\n"), "profiles", "x")
	assert.EqualError(t, err, `README.md has no section "profiles" between its markers`)
}
