package provider6

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/template"
)

// TestAdviceFitsTheExtract looks every row of the tables up: what was removed is gone, and what is deprecated is there.
func TestAdviceFitsTheExtract(t *testing.T) {
	schema, err := Load()
	require.NoError(t, err)
	for _, table := range []struct {
		rows map[string]map[string]string
		gone bool
	}{{removed, true}, {deprecated, false}} {
		for kind, fields := range table.rows {
			require.Contains(t, schema.Types, kind)
			for path := range fields {
				assert.Equal(t, table.gone, schema.Types[kind].missing(strings.Split(path, ".")) != "", kind+"."+path)
			}
		}
	}
}

// TestForms reads every form that the JSON of a stack can have, against a small schema.
func TestForms(t *testing.T) {
	one := Fields{"a": {Use: Required}}
	schema := Schema{Version: "6.0.0", Types: map[string]Fields{
		"provider.aws": {"region": {Use: Optional}},
		"aws_x": {
			"arn": {Use: Computed}, "map": {Use: Optional}, "one": {Use: Optional, Once: true, Fields: one},
			"many": {Use: Optional, Fields: one},
		},
	}}
	for text, want := range map[string][]Kind{
		`{}`:                          nil,
		`{"one":{"a":1}}`:             nil,
		`{"one":[{"a":1}],"many":[]}`: nil,
		`{"many":{"a":1}}`:            nil,
		`{"many":[{"a":1},{"a":2}]}`:  nil,
		`{"map":"${aws_x.y}"}`:        nil,
		`{"many":"${var.blocks}"}`:    nil,
		`{"arn":null,"gone":null}`:    nil,
		`{"lifecycle":{"ignore_changes":"all"},"depends_on":["aws_y.z"],"count":2}`: nil,
		`{"map":{"a":"${aws_x.y.map.key}","b":"${aws_x.y[0].many[0].a}"}}`:          nil,
		`{"map":{"a":"$${aws_x.y.gone}"}}`:                                          nil,
		`{"one":{}}`:                                                                {MissingArgument},
		`{"many":[{"a":1},{"b":2}]}`:                                                {UnknownArgument, MissingArgument},
		`{"map":{"a":"${aws_x.y[\"k\"].gone}"}}`:                                    {UnknownAttribute},
		`{"map":{"a":"${join(\",\", [aws_x.y.one.b])}"}}`:                           {UnknownAttribute},
	} {
		stack, err := template.Parse([]byte(`{"provider":{"aws":[{"region":"r"}]},"resource":{"aws_x":{"y":` + text +
			`}}}`))
		require.NoError(t, err, text)
		var kinds []Kind
		for _, found := range schema.Check(stack) {
			kinds = append(kinds, found.Kind)
		}
		assert.Equal(t, want, kinds, text)
	}
	for _, place := range []string{`"output":{"o":{"value":"${aws_x.y.gone}"}}`, `"locals":{"l":["${aws_x.y.gone}"]}`} {
		stack, err := template.Parse([]byte(`{` + place + `,"resource":{"aws_x":{"y":{}},"random_id":{"r":{"a":1}}}}`))
		require.NoError(t, err)
		assert.Len(t, schema.Check(stack), 1, place)
	}

}
