package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
	"securebaseline/internal/evidence/page"
	"securebaseline/internal/testkit"
)

// TestReport writes a report that is clean and holds the picture, one that is not clean for want of an exception, and
// none where the exceptions cannot be read.
func TestReport(t *testing.T) {
	t.Parallel()
	prod := copyOf(t, "prod")
	require.NoError(t, os.Mkdir(filepath.Join(prod, "out"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(prod, "out", page.Picture), []byte("<svg/>"), 0o600))
	result := ask(t, prod, "prod", "report", "out")
	count := len(evidence.Rules())
	assert.Equal(t,
		testkit.Result{Stdout: fmt.Sprintf("out: of %d rules, %d pass, 0 pass with exceptions, 0 fail, 0 have "+
			"nothing to look at\n", count, count)}, result)
	for _, name := range []string{"report.json", "report.sarif", "oscal.json"} {
		assert.True(t, json.Valid([]byte(testkit.ReadFile(t, prod, "out", name))), name)
	}
	assert.Contains(t, testkit.ReadFile(t, prod, "out", "report.html"), "data:image/svg")

	require.NoError(t, os.WriteFile(filepath.Join(prod, evidence.ExceptionsFile), []byte(`{"exceptions": [{}]}`),
		0o600))
	result = ask(t, prod, "prod", "report", "other")
	assert.Equal(t, failure, result.Code)
	assert.Contains(t, result.Stderr, `exceptions[0].rule = "": must be the id of a rule`)
	assert.NoDirExists(t, filepath.Join(prod, "other"))

	dev := copyOf(t, "dev")
	result = ask(t, dev, "dev", "report", "out")
	assert.Equal(t, failure, result.Code)
	assert.Contains(t, result.Stderr, "securebaseline: the report is not clean:\n  SB-ALM-02: high: ")
	assert.FileExists(t, filepath.Join(dev, "out", "report.sarif"))
	assert.NotContains(t, testkit.ReadFile(t, dev, "out", "report.html"), "<figure", "nobody has drawn it")
}

// TestCan asks once, and once so that nobody can answer.
func TestCan(t *testing.T) {
	t.Parallel()
	directory := copyOf(t, "prod")
	result := ask(t, directory, "prod", "can", "data-reader", "s3:GetObject", "data", "", "")
	assert.Zero(t, result.Code)
	assert.Contains(t, result.Stdout,
		"ALLOWED: acme-data-reader-prod (a role that has this policy alone), s3:GetObject on ")
	for variable, arguments := range map[string][]string{
		"AS": {"nobody", "s3:GetObject", "data", "", ""}, "DO": {"root", "s3", "data", "", ""},
		"ON": {"root", "s3:GetObject", "nothing", "", ""}, "WITH": {"root", "s3:GetObject", "data", "x", ""},
		"VIA": {"root", "s3:GetObject", "data", "", "x"},
	} {
		result = ask(t, directory, "prod", append([]string{"can"}, arguments...)...)
		assert.Equal(t, failure, result.Code)
		assert.Contains(t, result.Stderr, "securebaseline: "+variable+" = ")
		assert.Empty(t, result.Stdout)
	}
}
