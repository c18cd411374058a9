package report

import "testing"

// mutationOf breaks something, and names every rule that must notice.
type mutationOf struct {
	name   string
	change mutation
	rules  []string
}

var mutations = []mutationOf{
	{"no rotation", set("aws_kms_key", "data", "enable_key_rotation", false), []string{"SB-KMS-01"}},
	{"rotation too seldom", set("aws_kms_key", "data", "rotation_period_in_days", 400.0), []string{"SB-KMS-01"}},
	{"a key for everybody", added("aws_kms_key", "data", "policy", `{"Sid":"X","Effect":"Allow",`+
		`"Action":"kms:Decrypt","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Resource":"*"}`),
		[]string{"SB-KMS-02"}},
	{"a key whose administrator uses it", added("aws_kms_key", "data", "policy", `{"Sid":"X","Effect":"Allow",`+
		`"Action":["kms:PutKeyPolicy","kms:Decrypt"],"Principal":{"AWS":"arn:aws:iam::444455556666:role/admin"},`+
		`"Resource":"*"}`), []string{"SB-KMS-03"}},
	{"a key that the account uses directly", added("aws_kms_key", "data", "policy", `{"Sid":"X","Effect":"Allow",`+
		`"Action":"kms:Decrypt","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Resource":"*"}`),
		[]string{"SB-KMS-03"}},
	{"a key that the account deletes", reword("aws_kms_key", "data", "policy", `"kms:EnableKey",`,
		`"kms:EnableKey","kms:ScheduleKeyDeletion",`), []string{"SB-KMS-04"}},
	{"a key that is gone in a week", set("aws_kms_key", "data", "deletion_window_in_days", 7.0), []string{"SB-KMS-05"}},
	{"a key that nobody administers", reword("aws_kms_key", "data", "policy", `"kms:PutKeyPolicy",`, ``),
		[]string{"SB-KMS-06"}},

	{"a trail of one region", set("aws_cloudtrail", "", "is_multi_region_trail", false), []string{"SB-CT-01"}},
	{"a trail that selects some services", func(t *testing.T, resources map[string]any) {
		set("aws_cloudtrail", "", "advanced_event_selector", nil)(t, resources)
		set("aws_cloudtrail", "", "event_selector", []any{map[string]any{"read_write_type": "All",
			"exclude_management_event_sources": []any{"kms.amazonaws.com"}}})(t, resources)
	}, []string{"SB-CT-01"}},
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
	{"evidence that ends on a day", set("aws_s3_bucket_lifecycle_configuration", "trail", "rule.0.expiration",
		[]any{map[string]any{"date": "2027-01-01T00:00:00Z"}}), []string{"SB-S3-10"}},
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
	{"IPv6 addresses that the internet reaches", func(t *testing.T, resources map[string]any) {
		set("aws_subnet", "network_public-a", "assign_ipv6_address_on_creation", true)(t, resources)
		set("aws_route", "network_public", "destination_ipv6_cidr_block", "::/0")(t, resources)
	}, []string{"SB-NET-05"}},
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
	{"a database without logs of its upgrades", set("aws_db_instance", "", "enabled_cloudwatch_logs_exports",
		[]any{"postgresql"}), []string{"SB-RDS-08"}},
	{"a database with a password", set("aws_db_instance", "", "password", "x"), []string{"SB-RDS-09"}},
	{"a database whose events nobody hears", drop("aws_db_event_subscription", "database_parameter"),
		[]string{"SB-RDS-10"}},
	{"a subscription to some events", set("aws_db_event_subscription", "database_events", "event_categories",
		[]any{"maintenance", "failure"}), []string{"SB-RDS-10"}},
	{"a subscription that is off", set("aws_db_event_subscription", "database_events", "enabled", false),
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

	{"a trail that is told nothing and records all", set("aws_cloudtrail", "", "advanced_event_selector", nil), nil},
	{"a database that wants TLS 1.3", set("aws_db_parameter_group", "", "parameter.1.value", "TLSv1.3"), nil},
}
