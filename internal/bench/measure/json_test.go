package measure

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func written(t *testing.T, stacks map[string]string) string {
	t.Helper()
	directory := t.TempDir()
	for name, text := range stacks {
		stack := filepath.Join(directory, "stacks", name)
		require.NoError(t, os.MkdirAll(stack, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(stack, "cdk.tf.json"), []byte(text), 0o600))
	}
	return directory
}

func TestSameJSON(t *testing.T) {
	two := map[string]string{"a": `{"resource": {"x": {"1": {}, "2": {}}}}`,
		"b": `{"resource": {"x": {"1": {}}, "y": {"1": {}}}}`}
	resources, err := SameJSON(written(t, two), written(t, two))
	require.NoError(t, err)
	assert.Equal(t, 4, resources)

	_, err = SameJSON(written(t, two), written(t, map[string]string{"a": two["a"], "b": two["b"] + " "}))
	assert.EqualError(t, err, "stack b: stock and pruned packages give different JSON")
	_, err = SameJSON(written(t, two), written(t, map[string]string{"a": two["a"]}))
	assert.EqualError(t, err, "stock packages gave 2 stacks, pruned ones 1")
	_, err = SameJSON(written(t, nil), written(t, nil))
	assert.EqualError(t, err, "stock packages gave 0 stacks, pruned ones 0")
}
