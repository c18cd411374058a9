//go:build rehearsal && unix

package rehearsal

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// rehearseLeaving goes on without CDKTF: the plan of the exported stack, with the state of the deployment, is empty.
func rehearseLeaving(t *testing.T, w *workspace) string {
	_, err := w.make(t, "hcl")
	require.NoError(t, err)
	directory := filepath.Join(w.directory, "cdktf.out", "hcl", w.name())
	run := func(arguments ...string) string {
		output, err := w.command(t, 10*time.Minute, directory, testkit.TerraformBinary(), arguments...).CombinedOutput()
		require.NoError(t, err, "%s", output)
		return string(output)
	}
	run("init", "-input=false", "-no-color")
	planned := run("plan", "-input=false", "-no-color", "-detailed-exitcode", "-parallelism="+parallelism)
	assert.Contains(t, planned, "No changes.")
	assert.NotContains(t, planned, "Warning")
	return "no changes"
}
