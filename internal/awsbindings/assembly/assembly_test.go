package assembly

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parsed(t *testing.T, text string) *Description {
	t.Helper()
	description, err := Parse([]byte(text))
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
	needed, err := description.Closure([]string{"vpcflow"})
	require.NoError(t, err)
	assert.Equal(t, []Submodule{{"shared", "shared"}, {"vpcFlow", "vpc-flow"}}, needed)

	description.KeepOnly(needed)
	require.NoError(t, description.StripDocs())
	encoded, err := description.Encode()
	require.NoError(t, err)
	assert.Equal(t, `{"name":"@cdktf/provider-x",`+
		`"submodules":{"@cdktf/provider-x.shared":{"symbolId":"src/shared/index:"},`+
		`"@cdktf/provider-x.vpcFlow":{"symbolId":"src/vpc-flow/index:"}},`+
		`"types":{"@cdktf/provider-x.shared.Shape":{"kind":"enum"},"@cdktf/provider-x.vpcFlow.VpcFlow":{"properties":`+
		`[{"name":"docs","type":{"fqn":"@cdktf/provider-x.shared.Shape"}}]}},"version":"1.0.0"}`, string(encoded))
}

func TestDescriptionRefusesWhatItDoesNotKnow(t *testing.T) {
	_, err := parsed(t, threeSubmodules).Closure([]string{"vpcflow", "ghost"})
	assert.EqualError(t, err, `the npm package has no submodule for the Go package "ghost"`)
	moved := parsed(t, `{"name": "x", "submodules": {"x.a": {"symbolId": "elsewhere/a:"}}, "types": {}}`)
	_, err = moved.Closure([]string{"a"})
	assert.EqualError(t, err, `.jsii: submodule a: symbolId is "elsewhere/a:"; want src/FOLDER/index`)
}

func TestImportedPackagesIgnoreOtherModules(t *testing.T) {
	root, bindings := t.TempDir(), "example.com/aws/v1"
	for name, text := range map[string]string{
		"go.mod": "module x\n",
		"a.go":   "package x\nimport _ \"" + bindings + "/kmskey\"\n",
		"a_test.go": "package x\nimport _ \"" + bindings + "/vpc\"\nimport _ \"" + bindings +
			"/jsii\"\n",
		"deep/b.go":        "//go:build never\n\npackage deep\nimport _ \"" + bindings + "/subnet\"\n",
		"deep/other.txt":   "import",
		"testdata/c.go":    "package c\nimport _ \"" + bindings + "/lb\"\n",
		".cache/d.go":      "package d\nimport _ \"" + bindings + "/lb\"\n",
		"module/go.mod":    "module y\n",
		"module/e.go":      "package e\nimport _ \"" + bindings + "/lb\"\n",
		"cdktf.out/f.go":   "not Go at all",
		"deep/vpc/copy.go": "package vpc\nimport again \"" + bindings + "/vpc\"\nvar _ = again.X\n",
	} {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	imported, err := ImportedPackages(root, bindings)
	require.NoError(t, err)
	assert.Equal(t, []string{"kmskey", "subnet", "vpc"}, imported)
}
