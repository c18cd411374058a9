package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
	"securebaseline/internal/testkit"
)

// TestPageEscapes puts markup wherever a stack and its exceptions have words of their own.
func TestPageEscapes(t *testing.T) {
	const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'`
	stack := testkit.Synthesize(t, "prod", testkit.Settings{"rds.multiAz": false})
	report := reportOn(t, stack, "prod", evidence.Exceptions{{Environment: "prod", Rule: "SB-RDS-06", Address: "*",
		Reason: "r", Owner: "o", Expires: "2027-01-01"}}, reported)
	plain := pageOf(t, report, "")
	encoded, err := json.Marshal(evil)
	require.NoError(t, err)

	// Every string of the report becomes worse, but for what the page tells cases by.
	var mutated evidence.Report
	text, err := json.Marshal(report)
	require.NoError(t, err)
	var object any
	require.NoError(t, json.Unmarshal(text, &object))
	text, err = json.Marshal(worse(object, evil))
	require.NoError(t, err)
	require.Contains(t, string(text), string(encoded[1:len(encoded)-1]))
	require.NoError(t, json.Unmarshal(text, &mutated))
	page := pageOf(t, mutated, "<svg><script>alert(3)</script></svg>")

	count := func(text []byte) map[string]int {
		names := map[string]int{}
		for _, node := range elements(t, text) {
			names[node.Data]++
			for _, attribute := range node.Attr {
				assert.NotContains(t, []string{"onerror", "onload"}, attribute.Key)
				assert.False(t, strings.HasPrefix(strings.ToLower(attribute.Val), "javascript:"))
			}
		}
		return names
	}
	assert.Equal(t, 1, count(page)["script"])
	assert.Equal(t, 1, count(page)["img"], "the picture")
	assert.Equal(t, 1, count(plain)["script"])
	assert.Zero(t, count(plain)["img"])
	assertTags(t, page)
	assert.Contains(t, string(page), "&lt;script&gt;alert(1)")

	// The same from the JSON of a stack.
	for _, r := range stack.Resources() {
		r.Attributes["description"] = evil
		if tags, tagged := r.Attributes["tags"].(map[string]any); tagged {
			tags[evil] = evil
		}
	}
	tampered, err := evidence.Make(stack.Template, "x", "prod", nil, reported)
	require.NoError(t, err)
	text = pageOf(t, tampered, "")
	assert.Equal(t, 1, count(text)["script"])
	assert.Contains(t, string(text), "&lt;script&gt;alert(1)")
}

// worse appends markup to every string of a value.
func worse(value any, markup string) any {
	switch value := value.(type) {
	case string:
		return value + markup
	case []any:
		for i := range value {
			value[i] = worse(value[i], markup)
		}
	case map[string]any:
		for key := range value {
			value[key] = worse(value[key], markup)
		}
	}
	return value
}
