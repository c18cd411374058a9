//go:build rehearsal && unix

package rehearsal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rename renames a construct in the code of a deployed stack, that of the buckets, and tells Terraform where its
// resources have moved, as tests/moved_test.go demands. Nothing is made anew.
func (w *workspace) rename(t *testing.T) string {
	former, before := w.template(t), w.state(t)
	w.edit(t, filepath.Join("stacks", "storage.go"), `purpose+"-bucket"`, `purpose+"-store"`)
	_, err := w.make(t, "json")
	require.NoError(t, err)
	renamed := w.template(t)

	var moved []string
	for _, resource := range former.All() {
		path := strings.Replace(resource.Path, "-bucket/", "-store/", 1)
		if path != resource.Path {
			moved = append(moved, fmt.Sprintf("map[string]any{%q: %q, %q: %q}", "from", resource.Address, "to",
				renamed.Address(t, resource.Type, path)))
		}
	}
	require.Greater(t, len(moved), 20)
	const removals = `b.stack.AddOverride(jsii.String("removed"), removed)`
	w.edit(t, filepath.Join("stacks", "upgrade.go"), removals, removals+"\n\tb.stack.AddOverride(jsii.String(\"moved\"), "+
		"[]any{"+strings.Join(moved, ", ")+"})")
	planned, err := w.make(t, "plan")
	require.NoError(t, err)
	assert.Contains(t, planned, "Plan: 0 to add, 0 to change, 0 to destroy.")
	_, err = w.make(t, "deploy")
	require.NoError(t, err)
	assertNoChanges(t, w)

	after := w.state(t)
	assert.Len(t, after, len(before))
	for _, bucket := range former.OfType("aws_s3_bucket") {
		path := strings.Replace(bucket.Path, "-bucket/", "-store/", 1)
		assert.Equal(t, before[bucket.Address]["id"], after[renamed.Address(t, "aws_s3_bucket", path)]["id"])
	}
	return fmt.Sprintf("%d resources moved, none made anew", len(moved))
}

// edit replaces a part of a file of the project.
func (w *workspace) edit(t *testing.T, file, part, by string) {
	t.Helper()
	path := filepath.Join(w.directory, file)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(data), part)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(data), part, by, 1)), 0o600))
}
