package tests

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pmezard/go-difflib/difflib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
	"securebaseline/stacks"
)

// TestGolden compares the whole stack of each environment with a file that a person has reviewed, and what production's
// account needs before a pipeline can deploy.
func TestGolden(t *testing.T) {
	require.False(t, *update && os.Getenv("CI") != "", "golden files are not rewritten in CI: review them first")
	for _, environment := range testkit.Environments() {
		t.Run(environment, func(t *testing.T) {
			assertGolden(t, stacks.Name(environment), testkit.SynthesizeJSON(t, testkit.Load(t, environment, nil)))
		})
	}
	t.Run("bootstrap", func(t *testing.T) {
		assertGolden(t, stacks.BootstrapName("prod"), testkit.BootstrapJSON(t, "prod",
			testkit.Settings{"pipeline.repository": repository}))
	})
}

// assertGolden compares a stack with its file, or rewrites the file.
func assertGolden(t *testing.T, stack string, data []byte) {
	t.Helper()
	got, err := template.Readable(data)
	require.NoError(t, err)
	path := filepath.Join("testdata", "golden", stack+".json")
	want, err := os.ReadFile(path)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	} else {
		require.NoError(t, err, "run make golden")
	}
	difference, err := difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
		A: difflib.SplitLines(string(want)), B: difflib.SplitLines(string(got)),
		FromFile: "golden", ToFile: "now", Context: 3,
	})
	require.NoError(t, err)
	assert.Empty(t, difference, "%s changed; review the change, then run make golden", path)
}
