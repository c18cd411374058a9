package forkbindings

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsbindings/assembly"
)

func TestCopy(t *testing.T) {
	checkout, target := t.TempDir(), filepath.Join(t.TempDir(), "new")
	for name, text := range map[string]string{
		".gitignore": "/ignored\n", "committed/a": "1", "removed": "1", "ignored": "1", "new": "1",
	} {
		write(t, filepath.Join(checkout, name), text)
	}
	for _, arguments := range [][]string{{"init", "--quiet"}, {"add", "committed", "removed"}} {
		require.NoError(t, exec.Command("git", append([]string{"-C", checkout}, arguments...)...).Run())
	}
	require.NoError(t, os.Remove(filepath.Join(checkout, "removed")))
	require.NoError(t, Copy(t.Context(), checkout, target))
	assert.Equal(t, "1", read(t, filepath.Join(target, "committed", "a")))
	entries, err := os.ReadDir(target)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	assert.Equal(t, []string{".gitignore", "committed", "new"}, names)

	assert.EqualError(t, Copy(t.Context(), checkout, target),
		"DIR = \""+target+"\": must be empty, or not exist: nothing in it is overwritten")
}

func TestRequire(t *testing.T) {
	goMod := filepath.Join(t.TempDir(), "go.mod")
	write(t, goMod, "module x\n\ngo 1.26\n\nrequire (\n"+
		"\t"+oldLibrary+" v0.21.0\n\t"+oldProvider+" "+path.Base(oldProvider)+".65.1\n"+
		"\texample.com/other v1.0.0\n)\n\nreplace "+oldLibrary+" => ./old\n")
	library := Module{Path: "example.com/owner/library/kit", Version: "v0.24.0", Folder: "kit"}
	require.NoError(t, Require(goMod, library))
	assert.Equal(t, "module x\n\ngo 1.26\n\nrequire (\n\texample.com/other v1.0.0\n"+
		"\texample.com/owner/library/kit v0.24.0\n)\n\nreplace example.com/owner/library/kit => ./bindings/kit\n",
		read(t, goMod))
}

func TestPruneKeepsWhatIsImported(t *testing.T) {
	project, stock, pruned := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, filepath.Join(project, "a.go"), "package a\n\nimport _ \""+oldProvider+"/kmskey\"\n")
	for name, text := range map[string]string{
		assembly.File: `{"name": "@x/aws", "readme": {}, "submodules": {
			"@x/aws.kmsKey": {"symbolId": "src/kms-key/index:"}, "@x/aws.vpc": {"symbolId": "src/vpc/index:"}},
			"types": {"@x/aws.kmsKey.KmsKey": {"docs": {"summary": "A key."}}, "@x/aws.vpc.Vpc": {}}}`,
		"package.json": `{"version": "25.7.0"}`, "LICENSE": "text",
		"lib/kms-key/index.js": "1;", "lib/vpc/index.js": "2;",
	} {
		write(t, filepath.Join(stock, name), text)
	}
	kept, of, err := prune(project, stock, pruned)
	require.NoError(t, err)
	assert.Equal(t, [2]int{1, 2}, [2]int{kept, of})
	assert.Equal(t, `{"name":"@x/aws","readme":{},"submodules":{"@x/aws.kmsKey":{"symbolId":"src/kms-key/index:"}},`+
		`"types":{"@x/aws.kmsKey.KmsKey":{"docs":{"summary":"A key."}}}}`,
		read(t, filepath.Join(pruned, assembly.File)))
	assert.Equal(t, "1;", read(t, filepath.Join(pruned, "lib", "kms-key", "index.js")))
	assert.NoDirExists(t, filepath.Join(pruned, "lib", "vpc"))
	assert.Contains(t, read(t, filepath.Join(pruned, "lib", "index.js")), `exports.kmsKey = require("./kms-key");`)
	assert.FileExists(t, filepath.Join(pruned, "LICENSE"))

	write(t, filepath.Join(project, "b.go"), "package a\n\nimport _ \""+oldProvider+"/gone\"\n")
	_, _, err = prune(project, stock, t.TempDir())
	assert.EqualError(t, err, `the npm package has no submodule for the Go package "gone"`)
}

func TestSame(t *testing.T) {
	stack := func(version, resources string) []byte {
		return fmt.Appendf(nil, `{"//": {"metadata": {"version": %q, "stackName": "x"}}, "resource": %s}`, version,
			resources)
	}
	versions, err := Same(stack("1", `{"route": []}`), stack("2", "{\"route\": [\n]}"))
	require.NoError(t, err)
	assert.Equal(t, [2]string{"1", "2"}, versions)
	for _, other := range []string{`{}`, `{"route": null}`, `{"route": [1]}`, `{"route": [], "more": 1}`} {
		_, err = Same(stack("1", `{"route": []}`), stack("1", other))
		assert.ErrorContains(t, err, "the JSON differs", other)
	}
	_, err = Same([]byte(`{}`), stack("1", `{}`))
	assert.EqualError(t, err, "the JSON has no version at //.metadata.version")
}

// The bindings, the CLI and the schema that "make provider6" reads are of the same release.
func TestPins(t *testing.T) {
	type manifest struct{ DevDependencies map[string]string }
	var bindings, cli manifest
	decode(t, filepath.Join(root, ".ci", "bindings", "package.json"), &bindings)
	decode(t, filepath.Join(root, ".ci", "cdktn", "package.json"), &cli)
	pins := bindings.DevDependencies
	require.Contains(t, pins, "jsii-pacmak")
	assert.Equal(t, cli.DevDependencies["cdktn-cli"], pins[npmLibrary])
	var schema struct{ Package string }
	decode(t, filepath.Join(root, "internal", "provider6", "schema.json"), &schema)
	assert.Equal(t, schema.Package, npmProvider+"@"+pins[npmProvider])

	var lock struct {
		Packages map[string]lockedPackage
	}
	decode(t, filepath.Join(root, ".ci", "bindings", "package-lock.json"), &lock)
	for name, version := range pins {
		assert.Regexp(t, regexp.MustCompile(`^\d+\.\d+\.\d+$`), version, name)
		assert.Equal(t, version, lock.Packages["node_modules/"+name].Version, name)
	}
	for name, locked := range lock.Packages {
		assert.Empty(t, locked.Resolved, "%s: any registry may serve it", name)
		assert.True(t, name == "" || locked.InBundle || locked.Integrity != "", "%s has no checksum", name)
	}
}

type lockedPackage struct {
	Version, Resolved, Integrity string
	InBundle                     bool // it comes within another
}

func decode(t *testing.T, path string, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(read(t, path)), into), path)
}
