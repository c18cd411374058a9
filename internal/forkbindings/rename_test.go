package forkbindings

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var root = filepath.Join("..", "..")

// elsewhere are names that the project uses neither before nor after a move.
var elsewhere = NewRenames("example.com/owner/library/kit", "example.com/maker/aws/v3")

func TestGo(t *testing.T) {
	before := `package x

import (
	"fmt"

	"` + oldProvider + `/vpc"
	aws "` + oldProvider + `/jsii"
	"` + oldLibrary + `"
)

var forbidden = []string{"` + oldProvider + `", "` + owner(oldProvider, 2) + `"}

// Keep is a comment.
var Keep, _, _ = cdktf.App{}, vpc.Vpc{}, aws.Initialize
`
	after, err := elsewhere.Go([]byte(before))
	require.NoError(t, err)
	assert.Equal(t, `package x

import (
	"fmt"

	aws "example.com/maker/aws/v3/jsii"
	"example.com/maker/aws/v3/vpc"
	`+packageName(oldLibrary)+` "example.com/owner/library/kit"
)

var forbidden = []string{"example.com/maker/aws/v3", "example.com/maker/"}

// Keep is a comment.
var Keep, _, _ = cdktf.App{}, vpc.Vpc{}, aws.Initialize
`, string(after))

	other := []byte("package  x\n")
	after, err = elsewhere.Go(other)
	require.NoError(t, err)
	assert.Equal(t, other, after, "a file without the names stays, even its layout")
	_, err = elsewhere.Go([]byte("no Go"))
	assert.Error(t, err)
}

func TestNamesStayInAProjectThatHasMoved(t *testing.T) {
	assert.True(t, NewRenames(oldLibrary, oldProvider).None())
	assert.False(t, elsewhere.None())
}

// Only then does a copy of the project compile that has moved.
func TestEveryImportOfBindingsIsRenamed(t *testing.T) {
	owners := map[string]string{owner(oldLibrary, 3): oldLibrary, owner(oldProvider, 2): oldProvider}
	imports := map[string]int{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && path != root &&
			(strings.HasPrefix(name, ".") || name == "node_modules" || name == "cdktf.out" || name == Directory) {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		result, err := elsewhere.Go(source)
		require.NoError(t, err, path)
		for _, imported := range importsOf(t, source) {
			for old, module := range owners {
				if strings.HasPrefix(imported, old) {
					assert.True(t, imported == module || strings.HasPrefix(imported, module+"/"),
						"%s imports %s: add its module to those that are renamed", path, imported)
					imports[module]++
				}
			}
		}
		for _, imported := range importsOf(t, result) {
			assert.False(t, strings.HasPrefix(imported, owner(oldLibrary, 3)), "%s imports %s", path, imported)
			assert.False(t, strings.HasPrefix(imported, owner(oldProvider, 2)), "%s imports %s", path, imported)
		}
		return nil
	}))
	assert.Greater(t, imports[oldLibrary], 10)
	assert.Greater(t, imports[oldProvider], 50)
}

func importsOf(t *testing.T, source []byte) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ImportsOnly)
	require.NoError(t, err)
	var paths []string
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		paths = append(paths, path)
	}
	return paths
}

func TestApply(t *testing.T) {
	project := t.TempDir()
	moved, other := "package a\n\nimport _ \""+oldLibrary+"\"\n", "package b\n"
	for name, text := range map[string]string{
		"a/a.go": moved, "b.go": other, "testdata/c.go": "no Go", Directory + "/d.go": moved, "e.md": oldLibrary,
	} {
		write(t, filepath.Join(project, name), text)
	}
	changed, err := elsewhere.Apply(project)
	require.NoError(t, err)
	assert.Equal(t, []string{"a/a.go"}, changed)
	assert.Equal(t, "package a\n\nimport _ \"example.com/owner/library/kit\"\n",
		read(t, filepath.Join(project, "a/a.go")))
	assert.Equal(t, moved, read(t, filepath.Join(project, Directory, "d.go")))

	write(t, filepath.Join(project, "f.go"), "no Go")
	_, err = elsewhere.Apply(project)
	assert.ErrorContains(t, err, "f.go: ")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
