package report

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
	"securebaseline/internal/testkit/goldenfile"
)

// TestEveryRuleNotices breaks a stack in one way after another. The rules that are named notice, and no other does.
// What was noticed is what reports name as the proofs of a rule.
func TestEveryRuleNotices(t *testing.T) {
	data := testkit.JSON(t, "prod", nil)
	names, proofs := map[string]bool{}, map[string][]string{}
	proven := 0
	for _, m := range mutations {
		require.NotContains(t, names, m.name)
		names[m.name] = true
		t.Run(m.name, func(t *testing.T) {
			rules := noticed(t, data, m.change)
			if len(rules) > 0 {
				proofs[m.name] = rules
			}
			if assert.Equal(t, m.rules, rules) {
				proven++
			}
			assert.Equal(t, m.rules, evidence.Proofs()[m.name], "run make golden")
			assert.Equal(t, evidence.ProofTest(m.name), t.Name(), "reports name the test")
		})
	}
	for _, rule := range evidence.Rules() {
		assert.True(t, slices.ContainsFunc(mutations, func(m mutationOf) bool {
			return slices.Contains(m.rules, rule.ID)
		}), "no mutation is for %s: %s", rule.ID, rule.Demand)
	}
	for name := range evidence.Proofs() {
		assert.Contains(t, names, name, "run make golden")
	}
	if goldenfile.Update(t) {
		require.Equal(t, len(mutations), proven, "proofs.json stays: it names only what tests prove")
		text, err := json.MarshalIndent(proofs, "", "  ")
		require.NoError(t, err)
		path := filepath.Join(testkit.Root(t), "internal", "evidence", "proofs.json")
		require.NoError(t, os.WriteFile(path, append(text, '\n'), 0o644))
	}
}

// TestFaultsAreTheSame breaks rules in several ways at once, and demands that each names the same one every time.
func TestFaultsAreTheSame(t *testing.T) {
	data := testkit.JSON(t, "prod", nil)
	broken := func(t *testing.T, resources map[string]any) {
		set("aws_db_parameter_group", "", "parameter", nil)(t, resources)
		set("aws_s3_bucket_policy", "data", "policy", `{"Version":"2012-10-17","Statement":[{"Sid":"X",`+
			`"Effect":"Allow","Action":"s3:*","Principal":"*","Resource":"*"}]}`)(t, resources)
	}
	stack := changed(t, data, broken)
	first, err := evidence.Findings(stack)
	require.NoError(t, err)
	for _, id := range []string{"SB-RDS-03", "SB-S3-02", "SB-S3-04", "SB-S3-09"} {
		require.True(t, slices.ContainsFunc(first[id], isFault), id)
	}
	assert.Contains(t, findingsOf(first, []string{"SB-S3-02"}), "it does not deny plain HTTP to arn:aws:iam::")
	for range 20 {
		again, err := evidence.Findings(stack)
		require.NoError(t, err)
		assert.Equal(t, first, again)
	}
}

func isFault(f evidence.Finding) bool { return f.Fault != "" }

// changed is a stack after a mutation of its JSON.
func changed(t *testing.T, data []byte, change mutation) *template.Template {
	t.Helper()
	var document map[string]any
	require.NoError(t, json.Unmarshal(data, &document))
	change(t, document["resource"].(map[string]any))
	text, err := json.Marshal(document)
	require.NoError(t, err)
	return testkit.Parse(t, text).Template
}

// noticed lists the rules that find a fault in a stack that is changed.
func noticed(t *testing.T, data []byte, change mutation) []string {
	t.Helper()
	findings, err := evidence.Findings(changed(t, data, change))
	require.NoError(t, err)
	var rules []string
	for _, id := range slices.Sorted(maps.Keys(findings)) {
		if slices.ContainsFunc(findings[id], isFault) {
			rules = append(rules, id)
		}
	}
	t.Log(findingsOf(findings, rules))
	return rules
}

// findingsOf lists what is wrong, by rule.
func findingsOf(all map[string][]evidence.Finding, rules []string) string {
	var text strings.Builder
	for _, id := range rules {
		for _, f := range all[id] {
			if f.Fault != "" {
				text.WriteString(id + " " + f.Address + ": " + f.Fault + "\n")
			}
		}
	}
	return text.String()
}
