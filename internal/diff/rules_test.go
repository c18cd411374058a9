package diff

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const customerKey = "${aws_kms_key.a.arn}"

// weaker holds for every argument that is ranked a value and a weaker one.
var weaker = map[string]map[string][2]any{
	"aws_db_instance": {
		"deletion_protection": {true, false}, "skip_final_snapshot": {nil, true},
		"delete_automated_backups": {false, nil},
		"backup_retention_period":  {35.0, 34.0}, "storage_encrypted": {true, nil}, "kms_key_id": {customerKey, nil},
		"performance_insights_kms_key_id": {customerKey, "alias/aws/rds"},
		"master_user_secret_kms_key_id":   {customerKey, ""},
		"manage_master_user_password":     {true, nil}, "multi_az": {true, false}, "publicly_accessible": {false, true},
		"iam_database_authentication_enabled":   {true, false},
		"enabled_cloudwatch_logs_exports":       {[]any{"a", "b"}, []any{"b"}},
		"performance_insights_enabled":          {true, false},
		"performance_insights_retention_period": {465.0, nil}, "database_insights_mode": {"advanced", nil},
		"monitoring_interval": {60.0, 0.0}, "auto_minor_version_upgrade": {nil, false},
		"ca_cert_identifier":     {"rds-ca-rsa4096-g1", "rds-ca-rsa2048-g1"},
		"vpc_security_group_ids": {[]any{"sg-1"}, []any{"sg-1", "sg-2"}},
	},
	"aws_secretsmanager_secret_rotation": {"rotation_rules.automatically_after_days": {30.0, 90.0}},
	"aws_secretsmanager_secret":          {"kms_key_id": {customerKey, nil}, "recovery_window_in_days": {nil, 7.0}},
	"aws_s3_bucket":                      {"force_destroy": {nil, true}, "object_lock_enabled": {true, false}},
	"aws_s3_bucket_versioning": {"versioning_configuration.status": {"Enabled", "Suspended"},
		"versioning_configuration.mfa_delete": {"Enabled", nil}},
	"aws_s3_bucket_public_access_block": {"block_public_acls": {true, false}, "block_public_policy": {true, false},
		"ignore_public_acls": {true, false}, "restrict_public_buckets": {true, nil}},
	"aws_s3_account_public_access_block": {"block_public_acls": {true, false}, "block_public_policy": {true, false},
		"ignore_public_acls": {true, false}, "restrict_public_buckets": {true, nil}},
	"aws_s3_bucket_server_side_encryption_configuration": {
		"rule.apply_server_side_encryption_by_default.sse_algorithm":     {"aws:kms:dsse", "aws:kms"},
		"rule.apply_server_side_encryption_by_default.kms_master_key_id": {customerKey, nil}},
	"aws_s3_bucket_ownership_controls": {"rule.object_ownership": {"BucketOwnerEnforced", "BucketOwnerPreferred"}},
	"aws_s3_bucket_object_lock_configuration": {"rule.default_retention.mode": {"COMPLIANCE", "GOVERNANCE"},
		"rule.default_retention.days": {30.0, 29.0}, "rule.default_retention.years": {2.0, nil}},
	"aws_kms_key": {"enable_key_rotation": {true, nil}, "rotation_period_in_days": {nil, 366.0},
		"deletion_window_in_days": {nil, 7.0}, "is_enabled": {nil, false},
		"bypass_policy_lockout_safety_check": {nil, true}},
	"aws_cloudtrail": {"enable_logging": {nil, false}, "enable_log_file_validation": {true, nil},
		"is_multi_region_trail": {true, false}, "is_organization_trail": {true, false},
		"include_global_service_events": {nil, false}, "kms_key_id": {customerKey, nil},
		"cloud_watch_logs_group_arn": {"a", nil}, "cloud_watch_logs_role_arn": {"a", ""}, "sns_topic_name": {"a", nil}},
	"aws_cloudwatch_log_group": {"retention_in_days": {nil, 3653.0}, "kms_key_id": {customerKey, nil},
		"skip_destroy": {true, nil}},
	"aws_cloudwatch_metric_alarm": {"alarm_actions": {[]any{"a"}, nil}, "actions_enabled": {nil, false},
		"evaluation_periods": {1.0, 2.0}, "datapoints_to_alarm": {1.0, 2.0},
		"treat_missing_data": {"breaching", "notBreaching"}},
	"aws_db_event_subscription": {"enabled": {nil, false}, "event_categories": {[]any{"a", "b"}, []any{"a"}},
		"source_ids": {[]any{"a", "b"}, []any{"a"}}},
	"aws_sns_topic":              {"kms_master_key_id": {customerKey, nil}, "signature_version": {2.0, 1.0}},
	"aws_sns_topic_subscription": {"protocol": {"https", "http"}},
	"aws_sqs_queue":              {"kms_master_key_id": {customerKey, nil}, "sqs_managed_sse_enabled": {nil, false}},
	"aws_flow_log": {"traffic_type": {"ALL", "ACCEPT"},
		"log_format": {"${version} ${start}", "${version}"}},
	"aws_guardduty_detector":                   {"enable": {nil, false}},
	"aws_config_configuration_recorder_status": {"is_enabled": {true, false}},
	"aws_iam_role": {"permissions_boundary": {"a", nil}, "max_session_duration": {nil, 7200.0},
		"managed_policy_arns": {[]any{}, []any{"a"}}},
	"aws_iam_user":                    {"permissions_boundary": {"a", nil}},
	"aws_iam_role_policies_exclusive": {"policy_names": {[]any{}, []any{"a"}}},
	"aws_iam_account_password_policy": {"minimum_password_length": {14.0, 8.0}, "password_reuse_prevention": {24.0,
		nil},
		"max_password_age": {90.0, 0.0}},
	"provider": {"allowed_account_ids": {[]any{"1"}, []any{"1", "2"}}, "forbidden_account_ids": {[]any{"1"}, nil},
		"skip_credentials_validation": {nil, true}, "skip_requesting_account_id": {nil, true}},
	"terraform": {"backend.s3.encrypt": {true, nil}, "backend.s3.use_lockfile": {true, false},
		"backend.s3.kms_key_id": {customerKey, nil}, "backend.s3.allowed_account_ids": {[]any{"1"}, nil}},
	"aws_subnet": {"map_public_ip_on_launch": {nil, true},
		"assign_ipv6_address_on_creation": {false, true}},
	"aws_vpc_endpoint":                    {"security_group_ids": {[]any{"a"}, []any{"a", "b"}}},
	"aws_vpc_block_public_access_options": {"internet_gateway_block_mode": {"block-ingress", "off"}},
	"aws_nat_gateway":                     {"connectivity_type": {"private", nil}},
	"(parameters)": {"rds.force_ssl": {"1", "0"}, "ssl_min_protocol_version": {"TLSv1.3", nil},
		"password_encryption": {"scram-sha-256", "md5"}, "log_connections": {"1", "0"}, "log_disconnections": {"1",
			nil},
		"pgaudit.log": {"ddl,role", "ddl"}, "shared_preload_libraries": {"a,pgaudit", "a"}},
	"(everywhere)": {"lifecycle.prevent_destroy": {true, nil}, "lifecycle.ignore_changes": {[]any{"tags"},
		[]any{"tags", "a"}}},
}

// TestEveryRule tries each rule on what it is for, and the other way round.
func TestEveryRule(t *testing.T) {
	all := maps.Clone(rules)
	all["(parameters)"], all["(everywhere)"] = parameterRules, everywhere
	tried := map[string]bool{}
	for kind, list := range all {
		for _, rule := range list {
			name := kind + " " + rule.argument
			assert.False(t, tried[name], "%s has two rules", name)
			tried[name] = true
			pair, ranked := weaker[kind][rule.argument]
			if !ranked {
				assert.Equal(t, look, rule.weaker("a", "b"), "%s: no example of what is weaker", name)
				continue
			}
			assert.Equal(t, yes, rule.weaker(pair[0], pair[1]), name)
			assert.NotEqual(t, yes, rule.weaker(pair[1], pair[0]), "%s: stronger", name)
			assert.NotEqual(t, yes, rule.weaker(pair[0], pair[0]), "%s: the same", name)
		}
	}
	for kind, pairs := range weaker {
		for argument := range pairs {
			assert.True(t, tried[kind+" "+argument], "%s %s: no rule", kind, argument)
		}
	}
}

func TestRanksWithoutAnAnswer(t *testing.T) {
	for name, verdict := range map[string]verdict{
		"another key":          keepsKey(customerKey, "${aws_kms_key.b.arn}"),
		"another boundary":     stays("a", "b"),
		"an unknown authority": notBelow("a", "b")("a", "c"),
	} {
		assert.Equal(t, maybe, verdict, name)
	}
	assert.Equal(t, no, accounts(nil, []any{"1"}), "a guard that comes")
	assert.Equal(t, no, keepsKey("alias/aws/rds", nil), "none in place of that of AWS")
	assert.Equal(t, yes, gainsNoIgnored(nil, "all"))
	assert.Equal(t, no, gainsNoIgnored("all", []any{"ingress"}))
}

// TestEveryGuard removes each guard, alone and with what it is about.
func TestEveryGuard(t *testing.T) {
	for kind, guard := range guards {
		before := side{kind + ".a": newElement(kind+".a", kind, map[string]any{"name": "a"})}
		removed := func(with side) []string {
			c := comparison{with, side{}, map[string]string{}, map[string]bool{}}
			var texts []string
			for _, change := range c.changes() {
				for _, one := range change.Weakenings {
					texts = append(texts, Marked{change.Address, one}.String())
				}
			}
			return texts
		}
		assert.Equal(t, []string{kind + ".a: " + guard.without}, removed(before), kind)
		for _, argument := range guard.of {
			both := side{
				"aws_x.owner": newElement("aws_x.owner", "aws_x", map[string]any{"arn": "arn:x"}),
				kind + ".a":   newElement(kind+".a", kind, map[string]any{argument: "${aws_x.owner.id}"}),
			}
			assert.Empty(t, removed(both), "%s goes with its %s", kind, argument)
			both[kind+".a"] = newElement(kind+".a", kind, map[string]any{argument: []any{"arn:x"}})
			assert.Empty(t, removed(both), "%s goes with its %s, by ARN", kind, argument)
		}
	}
	kept := newElement("aws_cloudwatch_log_group.a", "aws_cloudwatch_log_group",
		map[string]any{"skip_destroy": true})
	c := comparison{side{kept.address: kept}, side{}, map[string]string{}, map[string]bool{}}
	assert.Empty(t, c.changes()[0].Weakenings, "it stays in AWS")
	kinds := strings.Join(slices.Sorted(maps.Keys(guards)), " ")
	for _, kind := range []string{"aws_s3_bucket_policy", "aws_s3_bucket_public_access_block", "aws_cloudtrail",
		"aws_flow_log", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_log_metric_filter", "aws_sns_topic_subscription",
		"aws_guardduty_detector", "aws_kms_key", "aws_db_instance", "aws_network_acl", "aws_db_event_subscription"} {
		assert.Contains(t, kinds, kind)
	}
}
