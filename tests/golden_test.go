package tests

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"securebaseline/stacks"
)

// TestGolden compares the whole stack of each environment with a file that a person has reviewed.
func TestGolden(t *testing.T) {
	require.False(t, *update && os.Getenv("CI") != "", "golden files are not rewritten in CI: review them first")
	for _, environment := range environments {
		t.Run(environment, func(t *testing.T) {
			data, _ := synthesize(t, load(t, environment, nil))
			got := readable(t, data)
			path := filepath.Join("testdata", "golden", stacks.Name(environment)+".json")
			want, err := os.ReadFile(path)
			if *update {
				require.NoError(t, os.WriteFile(path, got, 0o644))
			} else {
				require.NoError(t, err, "run make golden")
			}
			if difference := cmp.Diff(string(want), string(got)); difference != "" {
				t.Errorf("%s changed (- golden, + now); review the change, then run make golden:\n%s", path, difference)
			}
		})
	}
}

// readable turns synthesized JSON into what a reviewer reads: keys sorted, policies as objects, no CDKTF metadata.
func readable(t testing.TB, data []byte) []byte {
	t.Helper()
	var document any
	require.NoError(t, json.Unmarshal(data, &document))
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(expand(document)))
	return out.Bytes()
}

func expand(value any) any {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "//")
		for key := range value {
			value[key] = expand(value[key])
		}
	case []any:
		for i := range value {
			value[i] = expand(value[i])
		}
	case string:
		var policy map[string]any
		if json.Unmarshal([]byte(value), &policy) == nil && policy["Statement"] != nil {
			return policy
		}
	}
	return value
}
