package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// run runs a command in an empty directory and without any variable.
func run(t *testing.T, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	t.Chdir(t.TempDir())
	var out, errs strings.Builder
	code = Run(arguments, func(string) (string, bool) { return "", false }, strings.NewReader(""), &out,
		&errs)
	return out.String(), errs.String(), code
}

func TestHelp(t *testing.T) {
	for _, word := range []string{"help", "-h", "--help"} {
		stdout, stderr, code := run(t, word)
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		for _, one := range commands() {
			assert.Contains(t, stdout, "\n  "+one.name+" ")
			assert.Contains(t, stdout, one.short+"\n")
		}
	}
	for _, one := range commands() {
		stdout, stderr, code := run(t, one.name, "-h")
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		rest, begins := strings.CutPrefix(stdout, "usage: "+one.line()+"\n\n"+one.short+"\n")
		assert.True(t, begins, stdout)
		assert.Equal(t, one.hasOptions(), rest != "", "options are explained")
	}
}

func TestMisuse(t *testing.T) {
	for want, arguments := range map[string][]string{
		"securebaseline: \"synth\" must be a command, one of:\n  synthesize ": {"synth"},
		"securebaseline: usage: securebaseline check\n":                       {"check", "dev"},
		"securebaseline: usage: securebaseline lock FILE\n":                   {"lock"},
		"securebaseline: flag provided but not defined: -json\n":              {"summary", "-json"},
	} {
		stdout, stderr, code := run(t, arguments...)
		assert.Equal(t, misuse, code)
		assert.True(t, strings.HasPrefix(stderr, want), stderr)
		assert.Empty(t, stdout)
	}
}

func TestFailure(t *testing.T) {
	const noConfiguration = "securebaseline: the configuration has 1 problem:\n  cdktf.json: must be there; run " +
		"from the project's directory\n"
	for _, test := range []struct {
		arguments []string
		want      string
	}{
		{nil, noConfiguration},
		{[]string{"synthesize"}, noConfiguration},
		{[]string{"check"}, noConfiguration},
		{[]string{"environments"}, noConfiguration},
		{[]string{"summary"}, noConfiguration},
		{[]string{"teardown"}, noConfiguration},
		{[]string{"lock", "nothing"}, "securebaseline: open nothing: no such file or directory\n"},
	} {
		stdout, stderr, code := run(t, test.arguments...)
		assert.Equal(t, failure, code)
		assert.Equal(t, test.want, stderr)
		assert.Empty(t, stdout)
	}
}
