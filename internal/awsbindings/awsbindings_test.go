package awsbindings

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	code := m.Run()
	jsii.Close() // the bindings prepare a client even if nobody uses it
	os.Exit(code)
}

func TestArchivesFitTheBindings(t *testing.T) {
	assert.Empty(t, mismatch(), "run make generate")
}

func TestMismatchNamesBothVersions(t *testing.T) {
	if compiledVersion(packages[0].initialize, packages[0].module) == unknown {
		t.Skip("a test cannot tell the version of bindings in a directory or a vendored module")
	}
	archive := packages[0].archive
	t.Cleanup(func() { packages[0].archive = archive })
	name, version := identity(archive)
	packages[0].archive = nil
	assert.Equal(t, "the pruned package  has version unknown, the bindings "+version, mismatch())
	assert.Equal(t, path.Base(packages[0].module), name)
}

func TestVersionIsUnknownOutsideTheModule(t *testing.T) {
	assert.Equal(t, "unknown", compiledVersion(func() {}, packages[0].module))
}

func TestChoice(t *testing.T) {
	for _, test := range []struct {
		value  string
		pruned bool
		fault  string
	}{
		{value: "", pruned: true},
		{value: "pruned", pruned: true},
		{value: "stock"},
		{value: "Stock", fault: `SECUREBASELINE_BINDINGS is "Stock"; allowed are "pruned", the default, and "stock"`},
	} {
		t.Run(test.value, func(t *testing.T) {
			t.Setenv(Variable, test.value)
			pruned, err := choice()
			assert.Equal(t, test.pruned, pruned)
			if test.fault == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, test.fault)
				assert.EqualError(t, Load(), test.fault)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	missing := errors.New("JsiiError: @jsii/kernel.Fault Type '@cdktf/provider-aws.vpc.Vpc' not found")
	assert.EqualError(t, Explain(missing), "the pruned package @cdktf/provider-aws lacks the type "+
		"@cdktf/provider-aws.vpc.Vpc, which is newly imported: run make generate")
	other := errors.New("Type 'cdktf.Nothing' not found")
	assert.Equal(t, other, Explain(other))
}

func TestSettingsAreTakenBack(t *testing.T) {
	t.Setenv("SECUREBASELINE_TEST_OLD", "before")
	restore := set([][2]string{{"SECUREBASELINE_TEST_OLD", "x"}, {"SECUREBASELINE_TEST_NEW", "x"}})
	assert.Equal(t, "x", os.Getenv("SECUREBASELINE_TEST_OLD"))
	assert.Equal(t, "x", os.Getenv("SECUREBASELINE_TEST_NEW"))
	restore()
	assert.Equal(t, "before", os.Getenv("SECUREBASELINE_TEST_OLD"))
	_, exists := os.LookupEnv("SECUREBASELINE_TEST_NEW")
	assert.False(t, exists)
}

func TestOldNodeIsNamed(t *testing.T) {
	for _, test := range []struct {
		name, version    string
		silenced, warned bool
		context          string
	}{
		{name: "old", version: "v20.20.2", warned: true},
		{name: "oldest supported", version: "v22.0.0"},
		{name: "new", version: "v24.11.1"},
		{name: "silenced by the user", version: "v20.20.2", silenced: true},
		{name: "under the CLI", version: "v20.20.2", context: "{}"},
		{name: "unknown", version: ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			withoutVariable(t, endOfLifeBanner)
			t.Setenv("CDKTF_CONTEXT_JSON", test.context)
			if test.silenced {
				t.Setenv(endOfLifeBanner, "20")
			}
			warning := nodeOf(test.version).warning()
			if test.warned {
				assert.Equal(t, "Node.js v20.20.2 gets no more fixes; use version 22 or newer", warning)
			} else {
				assert.Empty(t, warning)
			}
		})
	}
}

func TestBannersAreTurnedOffUnlessTheUserDecided(t *testing.T) {
	withoutVariable(t, endOfLifeBanner)
	assert.Contains(t, nodeOf("v20.20.2").quiet(), [2]string{endOfLifeBanner, "20"})
	t.Setenv(endOfLifeBanner, "")
	for _, setting := range nodeOf("v20.20.2").quiet() {
		assert.NotEqual(t, endOfLifeBanner, setting[0])
	}
}

func TestFindNode(t *testing.T) {
	t.Run("missing", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := findNode()
		assert.EqualError(t, err, "node is not installed or not on the PATH; CDKTF needs Node.js 20.9 or newer")
	})
	t.Run("chosen by the user", func(t *testing.T) {
		t.Setenv("JSII_NODE", "/nowhere/node")
		_, err := findNode()
		assert.EqualError(t, err,
			"/nowhere/node is not installed or not on the PATH; CDKTF needs Node.js 20.9 or newer")
	})
	t.Run("asked for its version", func(t *testing.T) {
		fake := filepath.Join(t.TempDir(), "node")
		require.NoError(t, os.WriteFile(fake, []byte("#!/bin/sh\necho $1 v18.1.0\n"), 0o700))
		t.Setenv("JSII_NODE", fake)
		found, err := findNode()
		require.NoError(t, err)
		assert.Equal(t, "--version v18.1.0", found.version())
	})
	t.Run("replaced by a runtime of the user", func(t *testing.T) {
		t.Setenv("JSII_RUNTIME", "runtime")
		t.Setenv("PATH", t.TempDir())
		found, err := findNode()
		require.NoError(t, err)
		assert.Empty(t, launcher(found))
		assert.Empty(t, found.warning())
	})
}

func nodeOf(version string) node {
	return node{path: "node", version: func() string { return version }}
}

func withoutVariable(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // puts it back afterwards
	require.NoError(t, os.Unsetenv(name))
}
