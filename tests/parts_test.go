package tests

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/summary"
	"securebaseline/internal/template"
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
	stack := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(stack, template.File), testkit.JSON(t, environment, replaced), 0o600))
	var out strings.Builder
	require.NoError(t, summary.Write(&out, stack, cfg))
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

// TestFurtherDatabases adds a database by name. Nothing of the first one moves or changes, and whoever served it serves
// both.
func TestFurtherDatabases(t *testing.T) {
	with := testkit.AllLogging()
	with["rds.instances"] = map[string]any{"orders": map[string]any{"class": "db.t4g.large", "connectUser": "orders"}}
	plain, stack := testkit.Synthesize(t, "prod", testkit.AllLogging()), testkit.Synthesize(t, "prod", with)
	gone, added, changed := difference(plain, stack)
	assert.Empty(t, gone)
	assert.Equal(t, []string{"alarm-topic/policy", "auditor/policy", "logs-key/Resource"}, changed)
	var like []string // those of the first database, by the construct paths that they would have
	for _, resource := range plain.All() {
		if path, found := strings.CutPrefix(resource.Path, "database"); found && !strings.HasPrefix(path, "-key/") {
			like = append(like, "orders-database"+path)
		}
	}
	assert.ElementsMatch(t, like, added)

	orders := stack.At(t, "aws_db_instance", "orders-database/Resource")
	assert.Equal(t, "acme-orders-database-prod", orders.Text(t, "identifier"))
	assert.Equal(t, "db.t4g.large", orders.Text(t, "instance_class"))
	for _, shared := range []string{"kms_key_id", "multi_az", "deletion_protection", "backup_retention_period"} {
		assert.Equal(t, database(t, stack).Attributes[shared], orders.Attributes[shared], shared)
	}
	assert.Equal(t, true, orders.Value("lifecycle", "prevent_destroy"))

	events := iampolicy.Service("events.rds.amazonaws.com")
	from := func(source string) requestContext {
		return requestContext{"aws:SourceAccount": account, "aws:SecureTransport": "true",
			"aws:SourceArn": "arn:aws:rds:" + region + ":" + account + ":" + source}
	}
	for action, policy := range map[string]policy{
		"sns:Publish":         stack.At(t, "aws_sns_topic_policy", "alarm-topic/policy").Policy(t, "policy"),
		"kms:GenerateDataKey": stack.At(t, "aws_kms_key", "logs-key/Resource").Policy(t, "policy"),
	} {
		resource := keyARN
		if action == "sns:Publish" {
			resource = "arn:aws:sns:" + region + ":" + account + ":acme-alarms-prod"
		}
		assertDecisions(t, policy, resource, []request{
			{action + ", the first", events, action, from("db:acme-database-prod"), iampolicy.Allowed},
			{action + ", the further one", events, action, from("db:acme-orders-database-prod"), iampolicy.Allowed},
			{action + ", its parameters", events, action, from("pg:acme-orders-database-prod-2026"), iampolicy.Allowed},
			{action + ", one that nobody named", events, action, from("db:acme-stock-database-prod"),
				iampolicy.ImplicitDeny},
		})
	}

	outputs := stack.Output["database_instances"]["value"].(map[string]any)
	require.Contains(t, outputs, "orders")
	assert.Equal(t, "${"+orders.Address+".address}", outputs["orders"].(map[string]any)["address"])
	assert.NotContains(t, plain.Output, "database_instances")
}

// TestMostDatabases synthesizes as many databases as the configuration accepts, with the longest names: the policies
// that name them all stay within their quotas.
func TestMostDatabases(t *testing.T) {
	with, instances := testkit.AllLogging(), map[string]any{}
	for i := range 6 {
		instances["a-name-of-20-letter-"[:19]+string(rune('a'+i))] = map[string]any{}
	}
	with["rds.instances"], with["project"] = instances, "p"+strings.Repeat("x", 31)
	with["region"], with["network.zones"] = "ap-southeast-1", nil
	with["accountId"] = nil // an expression, which is longer
	with["logging.auditors"] = []string{"arn:aws:iam::" + account + ":role/a"}
	stack := testkit.Synthesize(t, "staging", with)
	assert.Len(t, stack.OfType("aws_db_instance"), 7)

	instances["one-more"] = map[string]any{}
	_, err := testkit.TryLoad(t, "staging", with)
	assert.ErrorContains(t, err, "rds.instances: must be at most 6 databases, not 7")
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
