package main

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsbindings/assembly"
)

var root = filepath.Join("..", "..", "..")

func TestArchivesAreOfTheVersionsInGoMod(t *testing.T) {
	for _, archive := range archives {
		module, err := findModule(root, archive.module)
		require.NoError(t, err)
		have, err := readArchive(archive.path(root))
		require.NoError(t, err, "run make generate")
		_, version, _ := strings.Cut(strings.TrimPrefix(have.identity, "@"), "@")
		assert.Equal(t, module.Version, "v"+version, "%s is of another version than go.mod: run make generate",
			archive.file)
	}
}

func TestProviderArchiveHoldsWhatIsImported(t *testing.T) {
	for _, archive := range archives {
		if !archive.onlyImported {
			continue
		}
		imported, err := assembly.ImportedPackages(root, archive.module)
		require.NoError(t, err)
		require.NotEmpty(t, imported)
		have, err := readArchive(archive.path(root))
		require.NoError(t, err, "run make generate")
		description, err := assembly.Parse(have.files[assembly.File])
		require.NoError(t, err)
		needed, err := description.Closure(imported)
		assert.NoError(t, err, "%s lacks what is imported: run make generate", archive.file)
		all := maps.Clone(description.Submodules)
		description.KeepOnly(needed)
		maps.DeleteFunc(all, func(fqn string, _ json.RawMessage) bool { return description.Submodules[fqn] != nil })
		assert.Empty(t, slices.Sorted(maps.Keys(all)), "%s holds what nobody imports: run make generate", archive.file)
	}
}

// Files are compared and not archives: how well they are compressed depends on the version of Go.
func TestArchivesAreCurrent(t *testing.T) {
	if testing.Short() {
		t.Skip("reads npm packages of 360 MB, which make test does")
	}
	for _, archive := range archives {
		want, err := archive.prune(root)
		require.NoError(t, err)
		have, err := readArchive(archive.path(root))
		require.NoError(t, err, "run make generate")
		assert.Empty(t, differences(have, want), "%s is stale: run make generate", archive.file)
	}
}
