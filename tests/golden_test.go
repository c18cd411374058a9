package tests

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
	"securebaseline/internal/testkit/goldenfile"
	"securebaseline/stacks"
)

// TestGolden compares the whole stack of each environment with a file that a person has reviewed, and what production's
// account needs before a pipeline can deploy.
func TestGolden(t *testing.T) {
	for _, environment := range testkit.Environments() {
		t.Run(environment, func(t *testing.T) {
			assertGolden(t, stacks.Name(environment), testkit.JSON(t, environment, nil))
		})
	}
	t.Run("bootstrap", func(t *testing.T) {
		assertGolden(t, stacks.BootstrapName("prod"), testkit.BootstrapJSON(t, "prod", testkit.WithPipeline()))
	})
}

// assertGolden compares a stack with its file.
func assertGolden(t *testing.T, stack string, data []byte) {
	t.Helper()
	got, err := template.Readable(data)
	require.NoError(t, err)
	goldenfile.Assert(t, filepath.Join("testdata", "golden", stack+".json"), string(got))
}
