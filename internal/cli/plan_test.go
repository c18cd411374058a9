package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// TestPlans reviews a plan, recognizes it, and looks for drift in it.
func TestPlans(t *testing.T) {
	const changed = `{"format_version": "1.2", "configuration": {}, "resource_changes": [{"address": "aws_vpc.v",
		"mode": "managed", "type": "aws_vpc", "change": {"actions": ["create"], "after": {"password": "hunter2"}}}]}`
	const nothing = `{"format_version": "1.2", "configuration": {}}`
	t.Chdir(configured(t, project()))
	put := func(plan string, arguments ...string) testkit.Result {
		var out, errs strings.Builder
		code := Run(arguments, func(string) (string, bool) { return "", false }, strings.NewReader(plan), &out, &errs)
		return testkit.Result{Code: code, Stdout: out.String(), Stderr: errs.String()}
	}

	result := put(changed, "review", "review.md")
	assert.Regexp(t, "^review.md: 1 to create\nnext: make apply ENVIRONMENT=dev REVIEWED=[0-9a-f]{64}\n$",
		result.Stdout)
	fingerprint := strings.TrimSpace(result.Stdout[strings.LastIndex(result.Stdout, "=")+1:])
	text := testkit.ReadFile(t, "review.md")
	assert.Contains(t, text, fingerprint)
	assert.NotContains(t, text, "hunter2")
	assert.Equal(t, testkit.Result{Stdout: "review.md: no resource changes\n"}, put(nothing, "review", "review.md"))

	assert.Equal(t, testkit.Result{}, put(changed, "reviewed", fingerprint))
	result = put(strings.Replace(changed, "hunter2", "hunter3", 1), "reviewed", fingerprint)
	assert.Equal(t, failure, result.Code)
	assert.Regexp(t, `^securebaseline: the plan has changed since it was reviewed \(1 to create\): its fingerprint is `+
		`[0-9a-f]{64}, not `+fingerprint+`; nothing is applied, make review ENVIRONMENT=dev again\n$`, result.Stderr)

	assert.Equal(t, testkit.Result{Code: failure, Stderr: "securebaseline: AWS is not as the configuration of dev " +
		"says: 1 to create, see drift.md\n"}, put(changed, "drift", "drift.md"))
	assert.Contains(t, testkit.ReadFile(t, "drift.md"), "`aws_vpc.v`")
	assert.Equal(t, testkit.Result{Stdout: "drift.md: AWS is as the configuration of dev says\n"},
		put(nothing, "drift", "drift.md"))

	require.NoError(t, os.Remove("review.md"))
	for _, arguments := range [][]string{{"review", "review.md"}, {"reviewed", fingerprint}, {"drift", "none.md"}} {
		assert.Equal(t, testkit.Result{Code: failure, Stderr: "securebaseline: the plan cannot be read: standard " +
			"input must be a saved plan as terraform show -json prints it\n"}, put("", arguments...))
	}
	assert.NoFileExists(t, "review.md")
	assert.NoFileExists(t, "none.md")
}
