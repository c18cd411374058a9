package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parsed(t *testing.T, text string) *description {
	t.Helper()
	description, err := parseDescription([]byte(text))
	require.NoError(t, err)
	return description
}

const threeSubmodules = `{
	"name": "@cdktf/provider-x", "readme": {"markdown": "long"}, "version": "1.0.0",
	"submodules": {
		"@cdktf/provider-x.vpcFlow": {"symbolId": "src/vpc-flow/index:", "readme": {}},
		"@cdktf/provider-x.shared": {"symbolId": "src/shared/index:"},
		"@cdktf/provider-x.other": {"symbolId": "src/other/index:"}
	},
	"types": {
		"@cdktf/provider-x.vpcFlow.VpcFlow": {
			"docs": {"summary": "text"}, "locationInModule": {"line": 1},
			"properties": [{"name": "docs", "docs": {}, "type": {"fqn": "@cdktf/provider-x.shared.Shape"}}]
		},
		"@cdktf/provider-x.shared.Shape": {"kind": "enum"},
		"@cdktf/provider-x.other.Other": {"base": "cdktf.TerraformResource"}
	}
}`

func TestDescriptionKeepsWhatTypesMention(t *testing.T) {
	description := parsed(t, threeSubmodules)
	needed, err := description.closure([]string{"vpcflow"})
	require.NoError(t, err)
	assert.Equal(t, []submodule{{"shared", "shared"}, {"vpcFlow", "vpc-flow"}}, needed)

	description.keepOnly(needed)
	encoded, err := description.encode()
	require.NoError(t, err)
	assert.Equal(t, `{"name":"@cdktf/provider-x",`+
		`"submodules":{"@cdktf/provider-x.shared":{"symbolId":"src/shared/index:"},`+
		`"@cdktf/provider-x.vpcFlow":{"symbolId":"src/vpc-flow/index:"}},`+
		`"types":{"@cdktf/provider-x.shared.Shape":{"kind":"enum"},"@cdktf/provider-x.vpcFlow.VpcFlow":{"properties":`+
		`[{"name":"docs","type":{"fqn":"@cdktf/provider-x.shared.Shape"}}]}},"version":"1.0.0"}`, string(encoded))
}

func TestDescriptionRefusesWhatItDoesNotKnow(t *testing.T) {
	_, err := parsed(t, threeSubmodules).closure([]string{"vpcflow", "ghost"})
	assert.EqualError(t, err, `the npm package has no submodule for the Go package "ghost"`)
	moved := parsed(t, `{"name": "x", "submodules": {"x.a": {"symbolId": "elsewhere/a:"}}, "types": {}}`)
	_, err = moved.closure([]string{"a"})
	assert.EqualError(t, err, `.jsii: submodule a: symbolId is "elsewhere/a:"; want src/FOLDER/index`)
}

func TestSourceMapIsCutOff(t *testing.T) {
	for _, test := range []struct{ script, want string }{
		{"a;\n//# sourceMappingURL=data:x", "a;\n"},
		{"a;\n//# sourceMappingURL=data:x\n", "a;\n"},
		{"a;\n//# sourceMappingURL=data:x\nb;\n", "a;\n//# sourceMappingURL=data:x\nb;\n"},
		{"a;\n", "a;\n"},
	} {
		assert.Equal(t, test.want, string(withoutSourceMap([]byte(test.script))))
	}
}

func TestArchiveFollowsFromItsFiles(t *testing.T) {
	content := npmPackage{"x@1.0.0",
		files{"package.json": []byte(`{}`), "LICENSE": []byte("text"), "lib/a.js": []byte("a;\n")}}
	first, second := filepath.Join(t.TempDir(), "1.tgz"), filepath.Join(t.TempDir(), "2.tgz")
	require.NoError(t, writeArchive(first, content))
	require.NoError(t, writeArchive(second, content))
	one, err := os.ReadFile(first)
	require.NoError(t, err)
	two, err := os.ReadFile(second)
	require.NoError(t, err)
	assert.Equal(t, one, two)

	compressed, err := gzip.NewReader(bytes.NewReader(one))
	require.NoError(t, err)
	assert.Equal(t, "x@1.0.0", compressed.Comment)
	header, err := tar.NewReader(compressed).Next()
	require.NoError(t, err)
	assert.Equal(t, "package/LICENSE 644 0 0 1985-10-26 08:15:00", fmt.Sprintf("%s %o %d %d %s",
		header.Name, header.Mode, header.Uid, header.Gid, header.ModTime.UTC().Format(time.DateTime)))

	back, err := readArchive(first)
	require.NoError(t, err)
	assert.Equal(t, content, back)
	assert.Empty(t, differences(back, content))
}

func TestDifferencesAreNamed(t *testing.T) {
	have := npmPackage{"x@1.0.0", files{"a": []byte("1"), "b": []byte("1")}}
	want := npmPackage{"x@2.0.0", files{"a": []byte("2"), "c": []byte("1")}}
	assert.Equal(t, []string{"it holds x@1.0.0, not x@2.0.0", "a differs", "c is missing", "b is superfluous"},
		differences(have, want))
}

func TestImportedPackagesIgnoreOtherModules(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module x\n",
		"a.go":   "package x\nimport _ \"" + providerModule + "/kmskey\"\n",
		"a_test.go": "package x\nimport _ \"" + providerModule + "/vpc\"\nimport _ \"" + providerModule +
			"/jsii\"\n",
		"deep/b.go":        "//go:build never\n\npackage deep\nimport _ \"" + providerModule + "/subnet\"\n",
		"deep/other.txt":   "import",
		"testdata/c.go":    "package c\nimport _ \"" + providerModule + "/lb\"\n",
		".cache/d.go":      "package d\nimport _ \"" + providerModule + "/lb\"\n",
		"module/go.mod":    "module y\n",
		"module/e.go":      "package e\nimport _ \"" + providerModule + "/lb\"\n",
		"cdktf.out/f.go":   "not Go at all",
		"deep/vpc/copy.go": "package vpc\nimport again \"" + providerModule + "/vpc\"\nvar _ = again.X\n",
	} {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	imported, err := importedPackages(root)
	require.NoError(t, err)
	assert.Equal(t, []string{"kmskey", "subnet", "vpc"}, imported)
}
