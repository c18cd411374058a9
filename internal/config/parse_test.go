package config

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFaultyFiles reads each as cdktf.json by hand, and again as the CLI would: it hands over what JavaScript made of
// it.
func TestFaultyFiles(t *testing.T) {
	const shape = `context.baseline: must be an object with "defaults" and "environments"`
	for content, want := range map[string]string{
		"":    `cdktf.json: must be JSON; line 1, column 1: unexpected end of JSON input`,
		" \n": `cdktf.json: must be JSON; line 1, column 2: unexpected end of JSON input`,
		"{\n  \"context\": {,}\n}": `cdktf.json: must be JSON; line 2, column 15: invalid character ',' looking ` +
			`for beginning of object key string`,
		"{\n  \"ü\": 1,\n}": `cdktf.json: must be JSON; line 3, column 1: invalid character '}' looking ` +
			`for beginning of object key string`,
		`{"a": 1} {}`: `cdktf.json: must be JSON; line 1, column 10: invalid character '{' after ` +
			`top-level value`,
		`{"a": 1}x`: `cdktf.json: must be JSON; line 1, column 9: invalid character 'x' after ` +
			`top-level value`,
		`{"a": 01}`: `cdktf.json: must be JSON; line 1, column 8: invalid character '1' after ` +
			`object key:value pair`,
		`{"a": NaN}`: `cdktf.json: must be JSON; line 1, column 7: invalid character 'N' looking ` +
			`for beginning of value`,
		`{"a": "x` + "\n" + `"}`: `cdktf.json: must be JSON; line 1, column 9: invalid character '\n' in string ` +
			`literal`,
		"[]":   `cdktf.json = []: must be an object`,
		"null": `cdktf.json: must be an object`,
		"\ufeff{}": `cdktf.json: must begin without a byte order mark, which the CDKTF CLI cannot ` +
			`read; save it as plain UTF-8`,
		"{\"a\":\n \"ü\xff\"}":       `cdktf.json: must be UTF-8 text; line 2, column 4 has the byte 0xff`,
		"\xff\xfe{\x00}\x00":         `cdktf.json: must be UTF-8 text; line 1, column 1 has the byte 0xff`,
		"{\"a\": \"\xed\xa0\x80\"}":  `cdktf.json: must be UTF-8 text; line 1, column 8 has the byte 0xed`,
		"{}":                         shape,
		`{"context": 7}`:             shape,
		`{"context":{"baseline":7}}`: `context.baseline = 7: must be an object with "defaults" and "environments"`,

		`{"a": 1,` + "\n" + `  "a": 2}`: `a: must be given once; cdktf.json has it in line 1, column 2 and again ` +
			`in line 2, column 3`,
		`{"a": 1, "\u0061": 2}`: `a: must be given once; cdktf.json has it in line 1, column 2 and again ` +
			`in line 1, column 10`,
		`{"a": [{"b": {"c": 1, "c": 1}}]}`: `a[0].b.c: must be given once; cdktf.json has it in line 1, column 15 ` +
			`and again in line 1, column 23`,
		`{"a": 1, "a": 1, "a": 1}`: "a: must be given once; cdktf.json has it in line 1, column 2 and again in line " +
			"1, column 10\n" +
			"  a: must be given once; cdktf.json has it in line 1, column 2 and again in line 1, column 18",
		`{"a": {"x": {"a": 1}}, "b": {"x": 2}}`: shape,

		`{"a": 1e400}`: `a = 1e400: must be a number that fits into 64 bits; it is in line 1, column ` +
			`7 of cdktf.json`,
		`{"a": [0, -1e999]}`: `a[1] = -1e999: must be a number that fits into 64 bits; it is in line 1, ` +
			`column 11 of cdktf.json`,
		`{"a": 1e-400}`: `a = 1e-400: must be a number that fits into 64 bits; it is in line 1, ` +
			`column 7 of cdktf.json`,
		`{"a": 0e-400, "b": 0.0}`: shape,
		`{"a": 1.7e308}`:          shape,

		`{"a": "\ud800"}`: `a: must be of whole characters; \ud800 in line 1, column 7 of ` +
			`cdktf.json is half of one`,
		`{"a": "x\uDC00\ud83d"}`: `a: must be of whole characters; \uDC00 in line 1, column 7 of ` +
			`cdktf.json is half of one`,
		`{"a": "\ud83d\ud83d\ude00"}`: `a: must be of whole characters; \ud83d in line 1, column 7 of ` +
			`cdktf.json is half of one`,
		`{"a": "\\ud800"}`:                shape,
		`{"a": "\ud83d\ude00"}`:           shape,
		`{"a": "\ufffd` + "\ufffd" + `"}`: shape,
		`{"\ud800": 1}`: "\ufffd: must be of whole characters; \\ud800 in line 1, column 2 of " +
			"cdktf.json is half of one",
	} {
		want = "the configuration has 1 problem:\n  " + want
		if strings.Count(want, "\n") > 1 {
			want = strings.Replace(want, "1 problem", "2 problems", 1)
		}
		dir := projectDir(t, content)
		_, err := Load(dir, variables(nil))
		assert.EqualError(t, err, want, content)
		if !strings.Contains(want, shape) && !strings.Contains(want, "baseline = 7") {
			_, err := Load(dir, variables(map[string]string{ContextVar: valid}))
			assert.EqualError(t, err, want, "the same though the CLI has read it: %s", content)
		}
	}
}

func TestFaultyContextOfTheCLI(t *testing.T) {
	for content, want := range map[string]string{
		"{": `CDKTF_CONTEXT_JSON: must be JSON; line 1, column 1: unexpected end of JSON input`,
		`{"baseline": {"environments": {"dev": {}, "dev": {}}}}`: `context.baseline.environments.dev: must be given ` +
			`once; ` +
			`CDKTF_CONTEXT_JSON has it in line 1, column 32 and again in line 1, column 43`,
		`[]`: `context.baseline: must be an object with "defaults" and "environments"`,
	} {
		_, err := Load(t.TempDir(), variables(map[string]string{ContextVar: content}))
		assert.EqualError(t, err, "the configuration has 1 problem:\n  "+want)
	}
}

// TestDuplicateAccountGuard is why duplicates are refused: the last one would win, and the guard be gone.
func TestDuplicateAccountGuard(t *testing.T) {
	twice := strings.Replace(valid, `"prod": {`, `"prod": {"profile": "production"}, "prod": {`, 1)
	_, err := Load(projectDir(t, file(twice)), variables(map[string]string{EnvironmentVar: "prod"}))
	require.Error(t, err)
	assert.Regexp(t, `^the configuration has 1 problem:\n  context\.baseline\.environments\.prod: must be given `+
		`once; cdktf\.json has it in line \d+, column 3 and again in line \d+, column 38$`, err.Error())
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, File)
	_, err := Load(dir, variables(nil))
	assert.EqualError(t, err,
		"the configuration has 1 problem:\n  "+path+": must be there; run from the project's directory")
	require.NoError(t, os.Mkdir(path, 0o700))
	_, err = Load(dir, variables(nil))
	assert.EqualError(t, err,
		"the configuration has 1 problem:\n  "+path+`: must be a readable file; opening it says "is a directory"`)
}

// TestParsedLikeJSON compares what is read with what encoding/json makes of it.
func TestParsedLikeJSON(t *testing.T) {
	value, problems := parse("x", "", []byte(` {"a": [1, -2.5e1, true, null, "\u00fc\n", {}, []], "b": {"c": ""}} `))
	require.Empty(t, problems)
	assert.Equal(t, map[string]any{
		"a": []any{1.0, -25.0, true, nil, "ü\n", map[string]any{}, []any{}}, "b": map[string]any{"c": ""},
	}, value)
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	_, problems = parse("x", "", []byte(deep))
	assert.Empty(t, problems)
	_, problems = parse("x", "", []byte(strings.Repeat("[", 20000)))
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].String(), "x: must be JSON; line 1, column 1000")
	value, _ = parse("x", "", []byte("1e400"))
	assert.Equal(t, math.Inf(1), value)
}
