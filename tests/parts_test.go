package tests

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/summary"
	"securebaseline/internal/testkit"
)

// difference compares two stacks by construct path: what only the first has, what only the second has, and what both
// have but differently.
func difference(before, after testkit.Stack) (gone, added, changed []string) {
	was, is := before.ByAddress(), after.ByAddress()
	for address, resource := range was {
		switch other, stays := is[address]; {
		case !stays:
			gone = append(gone, resource.Path)
		case !assert.ObjectsAreEqual(resource.Attributes, other.Attributes):
			changed = append(changed, resource.Path)
		}
	}
	for address, resource := range is {
		if _, known := was[address]; !known {
			added = append(added, resource.Path)
		}
	}
	slices.Sort(gone)
	slices.Sort(added)
	slices.Sort(changed)
	return gone, added, changed
}

// assertNoTrace demands that no resource mentions what is left out.
func assertNoTrace(t *testing.T, stack testkit.Stack, traces ...string) {
	t.Helper()
	for _, resource := range stack.All() {
		text, err := json.Marshal(resource.Attributes)
		require.NoError(t, err)
		for _, trace := range traces {
			assert.NotContains(t, string(text), trace, resource.Path)
		}
	}
}

// summaryOf is what a synthesis with some settings replaced tells.
func summaryOf(t *testing.T, environment string, replaced testkit.Settings) string {
	t.Helper()
	cfg := testkit.Load(t, environment, replaced)
	var out strings.Builder
	require.NoError(t, summary.Write(&out, testkit.SynthesizeTo(t, cfg), cfg))
	return out.String()
}

// TestWithoutDatabase leaves out the database, all that is there for it, and all that was allowed because of it.
func TestWithoutDatabase(t *testing.T) {
	with := testkit.AllLogging()
	without := testkit.AllLogging()
	without["rds.enabled"] = false
	full, less := testkit.Synthesize(t, "prod", with), testkit.Synthesize(t, "prod", without)
	gone, added, changed := difference(full, less)
	assert.Empty(t, added)
	for _, path := range gone {
		assert.Regexp(t, `^database[-/]`, path)
	}
	assert.Equal(t, []string{"alarm-topic/policy", "auditor/policy", "logs-key/Resource", "network/database-acl",
		"network/workloads"}, changed, "who could reach it, publish for it, encrypt for it or read its logs")

	for _, resource := range less.All() {
		assert.NotContains(t, resource.Type, "_db_", resource.Path)
	}
	assertNoTrace(t, less, "rds.amazonaws.com", "/aws/rds", "db:acme", "database-key", "5432")
	for name := range less.Output {
		assert.False(t, strings.HasPrefix(name, "database_") && !strings.HasSuffix(name, "_ids"), name)
	}
	acl := less.At(t, "aws_network_acl", "network/database-acl")
	assert.Equal(t, []any{[]any{}, []any{}}, []any{acl.Attributes["ingress"], acl.Attributes["egress"]},
		"the tier is closed")

	assert.Contains(t, summaryOf(t, "prod", without), "left out: the database and its key (rds.enabled)\n")
}

// TestRestore compares with the default what each way to restore adds: a line of the instance, and nothing else.
func TestRestore(t *testing.T) {
	plain := testkit.Synthesize(t, "prod", nil)
	backups := "arn:aws:rds:" + region + ":" + account + ":auto-backup:ab-x1"
	for name, test := range map[string]struct {
		settings testkit.Settings
		want     map[string]any
	}{
		"a snapshot": {testkit.Settings{"rds.snapshotIdentifier": "acme-database-prod-final-1"},
			map[string]any{"snapshot_identifier": "acme-database-prod-final-1"}},
		"the latest of another instance": {testkit.Settings{"rds.restoreFrom": "acme-database-old"},
			map[string]any{"restore_to_point_in_time": map[string]any{
				"source_db_instance_identifier": "acme-database-old", "use_latest_restorable_time": true}}},
		"a time of one that is gone": {testkit.Settings{"rds.restoreFrom": backups,
			"rds.restoreTime": "2026-11-25T10:00:00Z"},
			map[string]any{"restore_to_point_in_time": map[string]any{
				"source_db_instance_automated_backups_arn": backups, "restore_time": "2026-11-25T10:00:00Z"}}},
	} {
		t.Run(name, func(t *testing.T) {
			restored := testkit.Synthesize(t, "prod", test.settings)
			gone, added, changed := difference(plain, restored)
			assert.Equal(t, [][]string{nil, nil, {"database/Resource"}}, [][]string{gone, added, changed})
			more := map[string]any{}
			for attribute, value := range database(t, restored).Attributes {
				if !assert.ObjectsAreEqual(value, database(t, plain).Attributes[attribute]) {
					more[attribute] = value
				}
			}
			assert.Equal(t, test.want, more)
		})
	}
}

// TestIAMPath puts every role and policy under a path, and everything that names one by its ARN with it.
func TestIAMPath(t *testing.T) {
	const path = "/platform/baseline/"
	with := testkit.AllLogging()
	with["iamPath"] = path
	plain, stack := testkit.Synthesize(t, "prod", testkit.AllLogging()), testkit.Synthesize(t, "prod", with)
	gone, added, changed := difference(plain, stack)
	assert.Empty(t, gone)
	assert.Empty(t, added)
	moved := []string{"logs-key/Resource"}
	for _, resourceType := range []string{"aws_iam_role", "aws_iam_policy"} {
		for _, resource := range stack.OfType(resourceType) {
			assert.Equal(t, path, resource.Attributes["path"], resource.Path)
			moved = append(moved, resource.Path)
		}
	}
	assert.ElementsMatch(t, moved, changed)

	decrypt := requestContext{"kms:ViaService": "s3." + region + ".amazonaws.com",
		"kms:EncryptionContext:aws:cloudtrail:arn": trailARN}
	assertDecisions(t, stack.At(t, "aws_kms_key", "logs-key/Resource").Policy(t, "policy"), keyARN, []request{
		{"the auditor under the path", iampolicy.Role("arn:aws:iam::" + account + ":role" + path + "acme-auditor-prod"),
			"kms:Decrypt", decrypt, iampolicy.Delegated},
		{"a role of the same name elsewhere", iampolicy.Role("arn:aws:iam::" + account + ":role/acme-auditor-prod"),
			"kms:Decrypt", decrypt, iampolicy.ImplicitDeny},
	})
}

// TestExcludedZones compares with the default: the question of which zones there are changes, and nothing else.
func TestExcludedZones(t *testing.T) {
	plain := testkit.Synthesize(t, "prod", nil)
	stack := testkit.Synthesize(t, "prod", testkit.Settings{"network.excludeZoneIds": []string{"euc1-az1"}})
	gone, added, changed := difference(plain, stack)
	assert.Equal(t, [][]string{nil, nil, nil}, [][]string{gone, added, changed})
	zones := stack.DataSources()
	require.NotEmpty(t, zones)
	found := false
	for _, source := range zones {
		if source.Type == "aws_availability_zones" {
			assert.Equal(t, []any{"euc1-az1"}, source.Attributes["exclude_zone_ids"])
			found = true
		}
	}
	assert.True(t, found)
}
