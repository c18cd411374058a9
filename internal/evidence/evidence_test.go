package evidence

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var ruleID = regexp.MustCompile(`^SB-(KMS|CT|LOG|ALM|SNS|S3|NET|RDS|IAM|ORD|TAG)-[0-9]{2}$`)

// TestRulesAreComplete demands of each rule what the report and the page show.
func TestRulesAreComplete(t *testing.T) {
	rules := Rules()
	assert.True(t, slices.IsSortedFunc(rules, func(a, b Rule) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	}), "in order, each id once")
	for _, rule := range rules {
		assert.Regexp(t, ruleID, rule.ID)
		assert.NotEmpty(t, rule.Demand, rule.ID)
		assert.NotRegexp(t, `[.|]$`, rule.Demand, rule.ID)
		assert.Regexp(t, `\.$`, rule.Reason, rule.ID)
		assert.Contains(t, sarifLevels, rule.Severity, rule.ID)
		assert.Contains(t, sarifScores, rule.Severity, rule.ID)
		assert.Regexp(t, `^https://[a-z.]+/[^ |]+$`, rule.Source, rule.ID)
		for _, c := range rule.Controls.Catalogs() {
			assert.True(t, slices.IsSortedFunc(c.IDs, Naturally), "%s, %s", rule.ID, c.Name)
			assert.NotNil(t, c.IDs, "%s, %s: null in report.json", rule.ID, c.Name)
		}
	}
}

func TestReferenceIsCurrent(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "controls.md"))
	require.NoError(t, err)
	assert.Equal(t, Reference(), string(page), "docs/controls.md is stale: run make generate")
}

func TestNaturally(t *testing.T) {
	ids := []string{"S3.10", "4.10", "SC-28", "S3.9", "4.9", "SC-7(10)", "SC-7", "SC-7(5)", "4.1", "10.2.1.1", "10.2.1"}
	slices.SortFunc(ids, Naturally)
	assert.Equal(t, []string{"4.1", "4.9", "4.10", "10.2.1", "10.2.1.1", "S3.9", "S3.10", "SC-7", "SC-7(5)", "SC-7(10)",
		"SC-28"}, ids)
}

func TestReadExceptions(t *testing.T) {
	path := filepath.Join(t.TempDir(), ExceptionsFile)
	none, err := ReadExceptions(path)
	require.NoError(t, err)
	assert.Empty(t, none)
	const good = `{"environment": "dev", "rule": "SB-RDS-06", "address": "aws_db_instance.*", "reason": "r",
		"owner": "o", "expires": "2027-11-30"}`
	for content, says := range map[string]string{
		`{"exceptions": [` + good + `]}`: "",
		`{"exceptions": [` + good + `, {"rule": "SB-RDS-60", "expires": "soon", "owner": " "}]}`: path + ":\n" +
			`exceptions[1].rule = "SB-RDS-60": must be the id of a rule, see docs/controls.md, or of a scanner, such ` +
			`as CKV_AWS_18; did you mean "SB-RDS-10"?` + "\n" +
			`exceptions[1].expires = "soon": must be a day, as in 2027-11-30` + "\n" +
			"exceptions[1].environment: must be the environment it holds in\n" +
			"exceptions[1].address: must be the address of a resource, in which * stands for any text\n" +
			"exceptions[1].reason: must be why the risk is accepted\n" +
			"exceptions[1].owner: must be who accepts it",
		`{"exceptions": [{"rules": "SB-RDS-06"}]}`: path + `: json: unknown field "rules"`,
		`{"exceptions": []} {}`:                    path + ": must hold one object and nothing behind it",
		`{`:                                        path + ": unexpected EOF",
	} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		read, err := ReadExceptions(path)
		if says == "" {
			require.NoError(t, err)
			assert.Len(t, read, 1)
		} else {
			assert.EqualError(t, err, says)
		}
	}
}

func TestScannerOf(t *testing.T) {
	for rule, want := range map[string]string{"CKV_AWS_18": "checkov", "CKV2_AWS_62": "checkov", "AWS-0089": "trivy",
		"AVD-AWS-0089": "", "CKV_AWS": "", "CKV_AWS_18 ": "", "": ""} {
		assert.Equal(t, want, ScannerOf(rule), rule)
	}
	for _, rule := range Rules() {
		assert.Empty(t, ScannerOf(rule.ID))
	}
}

func TestException(t *testing.T) {
	x := Exception{Rule: "SB-RDS-06", Address: "aws_db_instance.data*_1", Expires: "2026-11-30"}
	day := time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC)
	assert.False(t, x.expired(day), "the last day counts")
	assert.True(t, x.expired(day.Add(time.Hour)))
	for address, want := range map[string]bool{"aws_db_instance.database_1": true, "aws_db_instance.data_1": true,
		"aws_db_instance.database_12": false, "aws_db_instanceXdatabase_1": false} {
		assert.Equal(t, want, x.covers("SB-RDS-06", address), address)
	}
	assert.False(t, x.covers("SB-RDS-05", "aws_db_instance.database_1"))
}
