// Package goldenfile compares texts with files that a person has reviewed. It imports nothing that synthesizes, so that
// the tests of readers stay small.
package goldenfile

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/pmezard/go-difflib/difflib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files; fails all the same when one changed")

// Update reports whether golden files are to be rewritten. In CI they never are: a person reviews them first.
func Update(t testing.TB) bool {
	t.Helper()
	require.False(t, *update && os.Getenv("CI") != "", "golden files are not rewritten in CI: review them first")
	return *update
}

// Assert compares a text with a golden file and shows the difference. Under -update it rewrites the file first.
func Assert(t testing.TB, path, text string) {
	t.Helper()
	want, err := os.ReadFile(path)
	if Update(t) {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	} else {
		require.NoError(t, err, "run make golden")
	}
	difference, err := difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
		A: difflib.SplitLines(string(want)), B: difflib.SplitLines(text), FromFile: "golden", ToFile: "now", Context: 3,
	})
	require.NoError(t, err)
	assert.Empty(t, difference, "%s changed; review the change, then run make golden", path)
}
