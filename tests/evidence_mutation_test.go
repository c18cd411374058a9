package tests

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
	"securebaseline/internal/testkit"
)

// mutation changes the resources of a synthesized stack, by type and name.
type mutation func(t *testing.T, resources map[string]any)

// named returns the resources of a type whose names begin with a text, of which there must be one at least.
func namedResources(t *testing.T, resources map[string]any, resourceType, name string) map[string]any {
	t.Helper()
	all, _ := resources[resourceType].(map[string]any)
	found := map[string]any{}
	for key, body := range all {
		if strings.HasPrefix(key, name) {
			found[key] = body
		}
	}
	require.NotEmpty(t, found, "%s %s", resourceType, name)
	return found
}

// set gives a value to what stands at a path, such as rule.0.status, of the resources of a type.
func set(resourceType, name, path string, value any) mutation {
	return func(t *testing.T, resources map[string]any) {
		steps := strings.Split(path, ".")
		last := steps[len(steps)-1]
		for _, body := range namedResources(t, resources, resourceType, name) {
			parent := body
			for _, step := range steps[:len(steps)-1] {
				parent = child(t, parent, step)
			}
			if list, isList := parent.([]any); isList {
				list[index(t, last)] = value
			} else {
				parent.(map[string]any)[last] = value
			}
		}
	}
}

func child(t *testing.T, parent any, step string) any {
	if list, isList := parent.([]any); isList {
		return list[index(t, step)]
	}
	return parent.(map[string]any)[step]
}

func index(t *testing.T, step string) int {
	t.Helper()
	i, err := strconv.Atoi(step)
	require.NoError(t, err)
	return i
}

// reword replaces text in an attribute of the resources of a type, in which it must occur.
func reword(resourceType, name, attribute, before, after string) mutation {
	return func(t *testing.T, resources map[string]any) {
		for key, body := range namedResources(t, resources, resourceType, name) {
			text, _ := body.(map[string]any)[attribute].(string)
			require.Contains(t, text, before, key)
			body.(map[string]any)[attribute] = strings.ReplaceAll(text, before, after)
		}
	}
}

// drop removes resources of a type.
func drop(resourceType, name string) mutation {
	return func(t *testing.T, resources map[string]any) {
		for key := range namedResources(t, resources, resourceType, name) {
			delete(resources[resourceType].(map[string]any), key)
		}
	}
}

// added is a statement in front of the others of a policy.
func added(resourceType, name, attribute, statement string) mutation {
	return reword(resourceType, name, attribute, `"Statement":[`, `"Statement":[`+statement+`,`)
}

// ruleOf is a rule of a security group or an ACL that stands alone in a list.
func ruleOf(rule map[string]any) []any { return []any{rule} }

// mutations break something, and name every rule that must notice.
var mutations = []struct {
	name   string
	change mutation
	rules  []string
}{
	{"no rotation", set("aws_kms_key", "data", "enable_key_rotation", false), []string{"SB-KMS-01"}},
	{"rotation too seldom", set("aws_kms_key", "data", "rotation_period_in_days", 400.0), []string{"SB-KMS-01"}},
	{"a key for everybody", added("aws_kms_key", "data", "policy", `{"Sid":"X","Effect":"Allow",`+
		`"Action":"kms:Decrypt","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Resource":"*"}`),
		[]string{"SB-KMS-02"}},
	{"a key that the account uses directly", added("aws_kms_key", "data", "policy", `{"Sid":"X","Effect":"Allow",`+
		`"Action":"kms:Decrypt","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Resource":"*"}`),
		[]string{"SB-KMS-03"}},
	{"a key that the account deletes", reword("aws_kms_key", "data", "policy", `"kms:EnableKey",`,
		`"kms:EnableKey","kms:ScheduleKeyDeletion",`), []string{"SB-KMS-04"}},
	{"a key that is gone in a week", set("aws_kms_key", "data", "deletion_window_in_days", 7.0), []string{"SB-KMS-05"}},
	{"a key that nobody administers", reword("aws_kms_key", "data", "policy", `"kms:PutKeyPolicy",`, ``),
		[]string{"SB-KMS-06"}},

	{"a trail of one region", set("aws_cloudtrail", "", "is_multi_region_trail", false), []string{"SB-CT-01"}},
	{"a trail of writes", set("aws_cloudtrail", "", "advanced_event_selector.0.field_selector", []any{
		map[string]any{"field": "eventCategory", "equals": []any{"Management"}},
		map[string]any{"field": "readOnly", "equals": []any{"false"}}}), []string{"SB-CT-01"}},
	{"a trail under AWS's key", set("aws_cloudtrail", "", "kms_key_id", "alias/aws/cloudtrail"), []string{"SB-CT-02"}},
	{"a trail without digests", set("aws_cloudtrail", "", "enable_log_file_validation", false), []string{"SB-CT-03"}},
	{"a trail without a log group", set("aws_cloudtrail", "", "cloud_watch_logs_group_arn", nil), []string{"SB-CT-04"}},
	{"a trail whose bucket expects another", reword("aws_s3_bucket_policy", "trail", "policy", "trail/acme-trail-prod",
		"trail/other"), []string{"SB-CT-05"}},
	{"a trail whose key expects another", reword("aws_kms_key", "logs", "policy", "trail/acme-trail-prod",
		"trail/other"),
		[]string{"SB-CT-05"}},
	{"a trail whose role expects another", reword("aws_iam_role", "trail", "assume_role_policy",
		"cloudtrail.amazonaws.com", "config.amazonaws.com"), []string{"SB-CT-05", "SB-IAM-04"}},
	{"a trail whose role writes another group", reword("aws_iam_policy", "trail", "policy", "log-group:acme-trail-prod",
		"log-group:other"), []string{"SB-CT-05"}},
	{"a trail whose bucket is not logged", set("aws_s3_bucket_logging", "trail", "bucket", "x"),
		[]string{"SB-CT-06", "SB-S3-07"}},

	{"a group under AWS's key", set("aws_cloudwatch_log_group", "flow", "kms_key_id", nil), []string{"SB-LOG-01"}},
	{"a group that its key does not know", reword("aws_kms_key", "logs", "policy", "log-group:acme-flow-logs-prod",
		"log-group:other"), []string{"SB-LOG-01", "SB-LOG-03"}},
	{"a group that is kept for a month", set("aws_cloudwatch_log_group", "flow", "retention_in_days", 30.0),
		[]string{"SB-LOG-02"}},
	{"a group that is gone", drop("aws_cloudwatch_log_group", "database-upgrade"), []string{"SB-LOG-03", "SB-RDS-08"}},

	{"a filter that looks for something else", set("aws_cloudwatch_log_metric_filter", "alarms_root-use", "pattern",
		"x"),
		[]string{"SB-ALM-01"}},
	{"a filter without its alarm", drop("aws_cloudwatch_metric_alarm", "alarms_root-use"), []string{"SB-ALM-01"}},
	{"an alarm that tells nobody", set("aws_cloudwatch_metric_alarm", "alarms_root-use", "alarm_actions", []any{}),
		[]string{"SB-ALM-02"}},
	{"a topic without subscribers", drop("aws_sns_topic_subscription", ""), []string{"SB-ALM-02"}},
	{"a topic that refuses alarms", reword("aws_sns_topic_policy", "", "policy", "alarm:acme-*-prod", "alarm:x"),
		[]string{"SB-ALM-03"}},
	{"a key that refuses alarms", reword("aws_kms_key", "logs", "policy", "alarm:acme-*-prod", "alarm:x"),
		[]string{"SB-ALM-03"}},
	{"an alarm that is switched off", set("aws_cloudwatch_metric_alarm", "alarms_root-use", "actions_enabled", false),
		[]string{"SB-ALM-04"}},
	{"a topic under AWS's key", set("aws_sns_topic", "", "kms_master_key_id", "alias/aws/sns"), []string{"SB-SNS-01"}},
	{"a topic over plain HTTP", reword("aws_sns_topic_policy", "", "policy", `"aws:SecureTransport":"false"`,
		`"aws:SecureTransport":"none"`), []string{"SB-SNS-02"}},
	{"a topic for everybody", added("aws_sns_topic_policy", "", "policy", `{"Sid":"X","Effect":"Allow",`+
		`"Principal":"*","Action":"sns:Subscribe","Resource":"*"}`), []string{"SB-SNS-02"}},

	{"a bucket with public ACLs", set("aws_s3_bucket_public_access_block", "data", "ignore_public_acls", false),
		[]string{"SB-S3-01"}},
	{"a bucket over plain HTTP", reword("aws_s3_bucket_policy", "data", "policy", `"aws:SecureTransport":"false"`,
		`"aws:SecureTransport":"none"`), []string{"SB-S3-02"}},
	{"a bucket over TLS 1.1", reword("aws_s3_bucket_policy", "data", "policy", `"s3:TlsVersion":"1.2"`,
		`"s3:TlsVersion":"1.1"`), []string{"SB-S3-02"}},
	{"a bucket without a key", set("aws_s3_bucket_server_side_encryption_configuration", "data", "rule.0",
		map[string]any{
			"apply_server_side_encryption_by_default": map[string]any{"sse_algorithm": "AES256"}}),
		[]string{"SB-S3-03"}},
	{"a bucket that takes keys of customers", reword("aws_s3_bucket_policy", "data", "policy",
		`encryption-customer-algorithm":"false"`, `encryption-customer-algorithm":"true"`), []string{"SB-S3-04"}},
	{"a bucket that takes other keys", reword("aws_s3_bucket_policy", "data", "policy",
		`"StringNotEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id"`,
		`"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id"`), []string{"SB-S3-04"}},
	{"a bucket without versions", set("aws_s3_bucket_versioning", "data", "versioning_configuration.status",
		"Suspended"),
		[]string{"SB-S3-05"}},
	{"a lifecycle that is off", set("aws_s3_bucket_lifecycle_configuration", "data", "rule.0.status", "Disabled"),
		[]string{"SB-S3-06"}},
	{"a bucket that is not logged", drop("aws_s3_bucket_logging", "data"), []string{"SB-S3-07"}},
	{"a bucket whose log is not delivered", reword("aws_s3_bucket_policy", "access-logs", "policy",
		`"arn:aws:s3:::acme-data-prod-444455556666-eu-central-1"`, `"arn:aws:s3:::other"`), []string{"SB-S3-07"}},
	{"a bucket with ACLs", set("aws_s3_bucket_ownership_controls", "data", "rule.object_ownership", "ObjectWriter"),
		[]string{"SB-S3-08"}},
	{"a bucket for everybody", added("aws_s3_bucket_policy", "data", "policy", `{"Sid":"X","Effect":"Allow",`+
		`"Principal":"*","Action":"s3:GetObject","Resource":"*"}`), []string{"SB-S3-09"}},
	{"a trail's archive for a month", set("aws_s3_bucket_lifecycle_configuration", "trail",
		"rule.0.expiration.0.days", 30.0),
		[]string{"SB-S3-10"}},
	{"a bucket that Terraform empties", set("aws_s3_bucket", "data", "force_destroy", true), []string{"SB-S3-11"}},

	{"no flow log", drop("aws_flow_log", ""), []string{"SB-NET-01"}},
	{"a flow log of what is refused", set("aws_flow_log", "", "traffic_type", "REJECT"), []string{"SB-NET-01"}},
	{"a flow log that may not write", reword("aws_iam_policy", "network_flow-logs", "policy", "logs:PutLogEvents",
		"logs:GetLogEvents"), []string{"SB-NET-01"}},
	{"an open default group", set("aws_default_security_group", "", "egress", ruleOf(map[string]any{"protocol": "-1"})),
		[]string{"SB-NET-02"}},
	{"a group for everybody", set("aws_security_group", "network_workloads", "ingress", ruleOf(map[string]any{
		"protocol": "tcp", "from_port": 22.0, "to_port": 22.0, "cidr_blocks": []any{"0.0.0.0/0"}})),
		[]string{"SB-NET-03"}},
	{"an ACL for remote administration", set("aws_network_acl", "network_private", "ingress", ruleOf(map[string]any{
		"action": "allow", "protocol": "6", "rule_no": 1.0, "from_port": 20.0, "to_port": 30.0,
		"cidr_block": "0.0.0.0/0"})),
		[]string{"SB-NET-04"}},
	{"public addresses", set("aws_subnet", "network_public-a", "map_public_ip_on_launch", true), []string{"SB-NET-05"}},
	{"a database's subnet with a way out", func(t *testing.T, resources map[string]any) {
		var table any
		for _, body := range namedResources(t, resources, "aws_route_table_association", "network_database-a") {
			table = body.(map[string]any)["route_table_id"]
		}
		set("aws_route", "network_private-a", "route_table_id", table)(t, resources)
	}, []string{"SB-NET-06"}},
	{"a subnet without an ACL", drop("aws_network_acl_association", "network_public-acl-a"), []string{"SB-NET-07"}},
	{"a default table with a route", set("aws_default_route_table", "", "route", ruleOf(map[string]any{"x": "y"})),
		[]string{"SB-NET-07"}},
	{"an endpoint for everything", set("aws_vpc_endpoint", "", "policy", nil), []string{"SB-NET-08"}},
	{"an endpoint for foreign buckets", reword("aws_vpc_endpoint", "", "policy",
		`,"aws:ResourceAccount":"444455556666"`, ``), []string{"SB-NET-08"}},
	{"an ACL that keeps workloads from the database", set("aws_network_acl", "network_database", "ingress", []any{}),
		[]string{"SB-NET-09"}},
	{"an ACL that drops the answers", set("aws_network_acl", "network_database", "egress", []any{}),
		[]string{"SB-NET-09"}},
	{"a database for a block", set("aws_security_group", "database", "ingress", ruleOf(map[string]any{"protocol": "tcp",
		"from_port": 5432.0, "to_port": 5432.0, "cidr_blocks": []any{"10.0.0.0/16"}})), []string{"SB-NET-10"}},

	{"a public database", set("aws_db_instance", "", "publicly_accessible", true), []string{"SB-RDS-01"}},
	{"a database under AWS's key", set("aws_db_instance", "", "kms_key_id", nil), []string{"SB-RDS-02"}},
	{"a database without TLS", set("aws_db_parameter_group", "", "parameter.0.value", "0"), []string{"SB-RDS-03"}},
	{"a database without backups", set("aws_db_instance", "", "backup_retention_period", 0.0), []string{"SB-RDS-04"}},
	{"a database that is deleted", set("aws_db_instance", "", "deletion_protection", false), []string{"SB-RDS-05"}},
	{"a database in one zone", set("aws_db_instance", "", "multi_az", false), []string{"SB-RDS-06"}},
	{"a database that is not patched", set("aws_db_instance", "", "auto_minor_version_upgrade", false),
		[]string{"SB-RDS-07"}},
	{"a database without logs", set("aws_db_instance", "", "enabled_cloudwatch_logs_exports", []any{}),
		[]string{"SB-RDS-08"}},
	{"a database with a password", set("aws_db_instance", "", "password", "x"), []string{"SB-RDS-09"}},
	{"a database whose events nobody hears", drop("aws_db_event_subscription", "database_parameter"),
		[]string{"SB-RDS-10"}},
	{"a database without tags on snapshots", set("aws_db_instance", "", "copy_tags_to_snapshot", false),
		[]string{"SB-RDS-11"}},

	{"a policy for all", reword("aws_iam_policy", "data-reader", "policy", `"s3:GetObject",`, `"s3:*",`),
		[]string{"SB-IAM-01"}},
	{"a policy for all keys", reword("aws_iam_policy", "data-reader", "policy",
		`"${aws_kms_key.data-key_6D03DE4A.arn}"`,
		`"*"`), []string{"SB-IAM-02"}},
	{"a role for everybody", added("aws_iam_role", "network", "assume_role_policy", `{"Sid":"X","Effect":"Allow",`+
		`"Principal":"*","Action":"sts:AssumeRole"}`), []string{"SB-IAM-03", "SB-IAM-04"}},
	{"a role for a service of anybody", added("aws_iam_role", "network", "assume_role_policy",
		`{"Sid":"X","Effect":"Allow","Principal":{"Service":"vpc-flow-logs.amazonaws.com"},"Action":"sts:AssumeRole"}`),
		[]string{"SB-IAM-04"}},
	{"a role with a policy of AWS", set("aws_iam_role_policy_attachment", "database", "policy_arn",
		"arn:aws:iam::aws:policy/AdministratorAccess"), []string{"SB-IAM-05"}},
	{"a role that takes more policies", drop("aws_iam_role_policy_attachments_exclusive", "database"),
		[]string{"SB-IAM-05"}},

	{"a NAT gateway before its route", set("aws_nat_gateway", "network_nat-a", "depends_on", []any{}),
		[]string{"SB-ORD-01"}},
	{"settings that collide", set("aws_s3_bucket_versioning", "data", "depends_on", []any{}),
		[]string{"SB-ORD-01", "SB-ORD-02"}},
	{"a key without tags", set("aws_kms_key", "data", "tags.Owner", ""), []string{"SB-TAG-01"}},
}

// TestEveryRuleNotices breaks a stack in one way after another. The rules that are named notice, and no other does.
func TestEveryRuleNotices(t *testing.T) {
	data := testkit.SynthesizeJSON(t, testkit.Load(t, "prod", nil))
	seen := map[string]bool{}
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			var document map[string]any
			require.NoError(t, json.Unmarshal(data, &document))
			m.change(t, document["resource"].(map[string]any))
			changed, err := json.Marshal(document)
			require.NoError(t, err)
			findings, err := evidence.Findings(testkit.Parse(t, changed).Template)
			require.NoError(t, err)
			var noticed []string
			for _, id := range slices.Sorted(maps.Keys(findings)) {
				if slices.ContainsFunc(findings[id], func(f evidence.Finding) bool { return f.Fault != "" }) {
					noticed = append(noticed, id)
				}
			}
			assert.Equal(t, m.rules, noticed, findingsOf(findings, noticed))
		})
		for _, id := range m.rules {
			seen[id] = true
		}
	}
	for _, rule := range evidence.Rules() {
		assert.True(t, seen[rule.ID], "no mutation is for %s: %s", rule.ID, rule.Demand)
	}
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
