package diff

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// reviewCase is a change of a golden stack and what a security engineer says of it.
type reviewCase struct {
	prepare  []edit // of both sides
	change   []edit
	weaker   []string
	unjudged []string
}

func assertReviewed(t *testing.T, cases map[string]reviewCase) {
	t.Helper()
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			review := reviewed(t, "prod", one.prepare, one.change)
			assert.NotEmpty(t, review.Changes)
			assert.Equal(t, append([]string{}, one.weaker...), short(review.Weakenings()))
			assert.Equal(t, append([]string{}, one.unjudged...), short(review.Unjudged()))
		})
	}
}

func edits(all ...edit) []edit { return all }

// objectLock is a bucket with Object Lock, which no environment has by default.
func objectLock(mode string, days float64) edit {
	return add("aws_s3_bucket_object_lock_configuration.trail", map[string]any{
		"bucket": "@aws_s3_bucket.trail-bucket.id",
		"rule":   []any{map[string]any{"default_retention": map[string]any{"mode": mode, "days": days}}},
	})
}

const (
	database = "aws_db_instance.database"
	trail    = "aws_cloudtrail.trail"
	dataKey  = "aws_kms_key.data-key"
)

func TestProtectionOff(t *testing.T) {
	assertReviewed(t, map[string]reviewCase{
		"deletion protection": {change: edits(set(database, "deletion_protection", false)),
			weaker: []string{database + " deletion_protection: deletion protection is off"}},
		"prevent_destroy of a key": {change: edits(set(dataKey, "lifecycle", nil)),
			weaker: []string{dataKey + " lifecycle.prevent_destroy: Terraform may destroy it"}},
		"final snapshot": {change: edits(set(database, "skip_final_snapshot", true)),
			weaker: []string{database + " skip_final_snapshot: nothing is kept when it is deleted"}},
		"automated backups": {change: edits(set(database, "delete_automated_backups", true)),
			weaker: []string{database + " delete_automated_backups: backups go with the instance"}},
		"backups for a week": {change: edits(set(database, "backup_retention_period", 7.0)),
			weaker: []string{database + " backup_retention_period: backups are kept for a shorter time"}},
		"one zone": {change: edits(set(database, "multi_az", false)),
			weaker: []string{database + " multi_az: no standby in another zone"}},
		"force_destroy": {change: edits(set("aws_s3_bucket.data-bucket", "force_destroy", true)),
			weaker: []string{"aws_s3_bucket.data-bucket force_destroy: Terraform may delete it with all objects"}},
		"versioning": {change: edits(set("aws_s3_bucket_versioning.trail-bucket_versioning",
			"versioning_configuration.status", "Suspended")),
			weaker: []string{"aws_s3_bucket_versioning.trail-bucket_versioning versioning_configuration.status: " +
				"objects can be overwritten for good"}},
		"the archive expires sooner": {change: edits(set("aws_s3_bucket_lifecycle_configuration.trail-bucket_lifecycle",
			"rule.0.expiration.0.days", 400.0)),
			weaker: []string{"aws_s3_bucket_lifecycle_configuration.trail-bucket_lifecycle " +
				"rule[keep-and-expire].expiration.days: objects are deleted sooner"}},
		"data expires " +
			"for the first time": {change: edits(set("aws_s3_bucket_lifecycle_configuration.data-bucket_lifecycle",
			"rule.0.expiration.0", map[string]any{"days": 365.0})),
			weaker: []string{"aws_s3_bucket_lifecycle_configuration.data-bucket_lifecycle " +
				"rule[keep-and-expire].expiration.days: objects are deleted sooner"}},
		"versions are lost sooner": {change: edits(set("aws_s3_bucket_lifecycle_configuration.data-bucket_lifecycle",
			"rule.0.noncurrent_version_expiration.0.noncurrent_days", 1.0)),
			weaker: []string{"aws_s3_bucket_lifecycle_configuration.data-bucket_lifecycle " +
				"rule[keep-and-expire].noncurrent_version_expiration.noncurrent_days: overwritten and deleted " +
				"objects are lost sooner"}},
		"object lock that some may lift": {prepare: edits(objectLock("COMPLIANCE", 365)), change: edits(set(
			"aws_s3_bucket_object_lock_configuration.trail", "rule.0.default_retention.mode", "GOVERNANCE")),
			weaker: []string{"aws_s3_bucket_object_lock_configuration.trail rule.default_retention.mode: locked " +
				"objects can be deleted with more rights"}},
		"a shorter object lock": {prepare: edits(objectLock("COMPLIANCE", 365)), change: edits(set(
			"aws_s3_bucket_object_lock_configuration.trail", "rule.0.default_retention.days", 30.0)),
			weaker: []string{"aws_s3_bucket_object_lock_configuration.trail rule.default_retention.days: objects " +
				"are locked for a shorter time"}},
		"object lock removed": {prepare: edits(objectLock("COMPLIANCE", 365)),
			change: edits(remove("aws_s3_bucket_object_lock_configuration.trail")),
			weaker: []string{"aws_s3_bucket_object_lock_configuration.trail: new objects are not locked"}},
		"key deletion in a week": {change: edits(set(dataKey, "deletion_window_in_days", 7.0)),
			weaker: []string{dataKey + " deletion_window_in_days: less time to stop the deletion of the key"}},
		"a log group that goes with the stack": {change: edits(set("aws_cloudwatch_log_group.trail-logs",
			"skip_destroy", false)),
			weaker: []string{"aws_cloudwatch_log_group.trail-logs skip_destroy: the log is deleted with the stack"}},
		"drift of a group unseen": {change: edits(set("aws_security_group.database_security-group", "lifecycle",
			map[string]any{"ignore_changes": []any{"ingress"}})),
			weaker: []string{"aws_security_group.database_security-group lifecycle.ignore_changes: a plan no longer " +
				"shows what is changed by hand"}},
		"updates": {change: edits(set(database, "auto_minor_version_upgrade", false)),
			weaker: []string{database + " auto_minor_version_upgrade: security fixes wait for somebody to install " +
				"them"}},
		"the account guard": {change: edits(func(s stack) {
			delete(s.object("provider")["aws"].([]any)[0].(map[string]any), "allowed_account_ids")
		}), weaker: []string{"provider.aws allowed_account_ids: Terraform may change another account"}},
		"a state without encryption and lock": {prepare: edits(backend(true)), change: edits(backend(false)),
			weaker: []string{"terraform backend.s3.encrypt: the state is not encrypted by request",
				"terraform backend.s3.use_lockfile: two runs may change the state at once"}},
	})
}

// backend keeps the state in a bucket.
func backend(safe bool) edit {
	return func(s stack) {
		s.object("terraform")["backend"] = map[string]any{"s3": map[string]any{"bucket": "acme-state", "encrypt": safe,
			"use_lockfile": safe}}
	}
}

func TestEncryptionOff(t *testing.T) {
	encryption := "aws_s3_bucket_server_side_encryption_configuration.data-bucket_encryption"
	const byDefault = "rule.0.apply_server_side_encryption_by_default"
	assertReviewed(t, map[string]reviewCase{
		"storage": {change: edits(set(database, "storage_encrypted", false), set(database, "kms_key_id", nil)),
			weaker: []string{database + " storage_encrypted: storage is not encrypted",
				database + " kms_key_id: no customer managed key encrypts the storage",
				database + ": made anew: its data goes with the former one"}},
		"a log by no key": {change: edits(set("aws_cloudwatch_log_group.flow-logs", "kms_key_id", nil)),
			weaker: []string{"aws_cloudwatch_log_group.flow-logs kms_key_id: no customer managed key encrypts the " +
				"log"}},
		"messages by the key of AWS": {change: edits(set("aws_sns_topic.alarm-topic", "kms_master_key_id",
			"alias/aws/sns")),
			weaker: []string{"aws_sns_topic.alarm-topic kms_master_key_id: no customer managed key encrypts messages"}},
		"the trail by no key": {change: edits(set(trail, "kms_key_id", nil)),
			weaker: []string{trail + " kms_key_id: no customer managed key encrypts the trail"}},
		"objects by the key of AWS": {change: edits(set(encryption, byDefault,
			map[string]any{"sse_algorithm": "AES256"})),
			weaker: []string{
				encryption + " rule.apply_server_side_encryption_by_default.sse_algorithm: a weaker encryption of " +
					"new objects",
				encryption + " rule.apply_server_side_encryption_by_default.kms_master_key_id: no customer managed " +
					"key encrypts new objects"}},
		"objects by another key": {change: edits(func(s stack) {
			set(encryption, byDefault+".kms_master_key_id", s.ref("aws_kms_key.logs-key", "arn"))(s)
		}),
			unjudged: []string{encryption + " rule.apply_server_side_encryption_by_default.kms_master_key_id: " +
				"weaker if no customer managed key encrypts new objects"}},
		"the setting of a bucket": {change: edits(remove(encryption)),
			weaker: []string{encryption + ": new objects have AWS's own encryption"}},
		"the master secret": {change: edits(set(database, "master_user_secret_kms_key_id", nil)),
			weaker: []string{database + " master_user_secret_kms_key_id: no customer managed key encrypts the " +
				"master secret"}},
		"rotation": {change: edits(set(dataKey, "enable_key_rotation", false)),
			weaker: []string{dataKey + " enable_key_rotation: the key is no longer rotated"}},
		"rotation every seven years": {change: edits(set(dataKey, "rotation_period_in_days", 2555.0)),
			weaker: []string{dataKey + " rotation_period_in_days: the key is rotated less often"}},
		"TLS to the database": {change: edits(parameter("rds.force_ssl", "0"),
			parameter("ssl_min_protocol_version", "TLSv1")),
			weaker: []string{
				parameters + " parameter[rds.force_ssl]: connections without TLS are let in",
				parameters + " parameter[ssl_min_protocol_version]: older TLS is let in"}},
		"TLS to the database, not set": {change: edits(parameter("rds.force_ssl", "")),
			weaker: []string{parameters + " parameter[rds.force_ssl]: connections without TLS are let in"}},
		"an older certificate authority": {change: edits(set(database, "ca_cert_identifier", "rds-ca-2019")),
			weaker: []string{database + " ca_cert_identifier: a weaker certificate authority, or one that expires"}},
	})
}

const parameters = "aws_db_parameter_group.database_parameters"

// parameter sets a parameter of the database, or removes it.
func parameter(name, value string) edit {
	return func(s stack) {
		group := s.at(parameters)
		var kept []any
		for _, one := range group["parameter"].([]any) {
			one := one.(map[string]any)
			if one["name"] != name {
				kept = append(kept, one)
			} else if value != "" {
				one["value"] = value
				kept = append(kept, one)
			}
		}
		group["parameter"] = kept
	}
}

func TestLessIsSeen(t *testing.T) {
	const alarm, filter = "aws_cloudwatch_metric_alarm.alarms_root-use-alarm",
		"aws_cloudwatch_log_metric_filter.alarms_root-use-filter"
	assertReviewed(t, map[string]reviewCase{
		"validation of log files": {change: edits(set(trail, "enable_log_file_validation", false)),
			weaker: []string{trail + " enable_log_file_validation: nobody can prove that log files are unchanged"}},
		"one region": {change: edits(set(trail, "is_multi_region_trail", false)),
			weaker: []string{trail + " is_multi_region_trail: other regions are no longer recorded"}},
		"a trail that is off": {change: edits(set(trail, "enable_logging", false)),
			weaker: []string{trail + " enable_logging: the trail records nothing"}},
		"no trail": {change: edits(remove(trail)), weaker: []string{trail + ": nothing is recorded"}},
		"writes alone": {change: edits(func(s stack) {
			selector := s.at(trail)["advanced_event_selector"].([]any)[0].(map[string]any)
			selector["field_selector"] = append(selector["field_selector"].([]any),
				map[string]any{"field": "readOnly", "equals": []any{"false"}})
		}),
			weaker: []string{trail + " advanced_event_selector: fewer events are recorded: Management events " +
				"selector"}},
		"no data events any more": {prepare: edits(dataEvents), change: edits(func(s stack) {
			selectors := s.at(trail)["advanced_event_selector"].([]any)
			s.at(trail)["advanced_event_selector"] = selectors[:1]
		}), weaker: []string{trail + " advanced_event_selector: fewer events are recorded: Data events"}},
		"the trail in another bucket": {change: edits(set(trail, "s3_bucket_name", "elsewhere")),
			unjudged: []string{trail + " s3_bucket_name: the trail is kept in another bucket"}},
		"a log for a month": {change: edits(set("aws_cloudwatch_log_group.trail-logs", "retention_in_days", 30.0)),
			weaker: []string{"aws_cloudwatch_log_group.trail-logs retention_in_days: the log is kept for a shorter " +
				"time"}},
		"a log that ended never": {prepare: edits(set("aws_cloudwatch_log_group.trail-logs", "retention_in_days", 0.0)),
			change: edits(set("aws_cloudwatch_log_group.trail-logs", "retention_in_days", 3653.0)),
			weaker: []string{"aws_cloudwatch_log_group.trail-logs retention_in_days: the log is kept for a shorter " +
				"time"}},
		"an alarm and its filter": {change: edits(remove(alarm, filter)),
			weaker: []string{filter + ": its alarm sees nothing", alarm + ": nobody is told"}},
		"an alarm that tells nobody": {change: edits(set(alarm, "alarm_actions", []any{})),
			weaker: []string{alarm + " alarm_actions: the alarm tells fewer"}},
		"actions off": {change: edits(set(alarm, "actions_enabled", false)),
			weaker: []string{alarm + " actions_enabled: the alarm tells nobody"}},
		"a higher threshold": {change: edits(set(alarm, "threshold", 100.0)),
			weaker: []string{alarm + " threshold: the alarm comes later"}},
		"a lower threshold of what is left": {
			change: edits(set("aws_cloudwatch_metric_alarm.database_memory-alarm", "threshold", 1.0)),
			weaker: []string{"aws_cloudwatch_metric_alarm.database_memory-alarm threshold: the alarm comes later"}},
		"another pattern": {change: edits(set(filter, "pattern", "{$.a=b}")),
			unjudged: []string{filter + " pattern: other events count"}},
		"nobody by mail": {change: edits(func(s stack) { delete(s.object("resource"), "aws_sns_topic_subscription") }),
			weaker: []string{"aws_sns_topic_subscription.alarm-topic_email-786906db: somebody is no longer told"}},
		"another address": {change: edits(set("aws_sns_topic_subscription.alarm-topic_email-786906db", "endpoint",
			"a@b.example")),
			unjudged: []string{"aws_sns_topic_subscription.alarm-topic_email-786906db endpoint: somebody else is " +
				"told"}},
		"no flow logs": {change: edits(remove("aws_flow_log.network_flow-logs")),
			weaker: []string{"aws_flow_log.network_flow-logs: traffic is not recorded"}},
		"refused traffic alone": {change: edits(set("aws_flow_log.network_flow-logs", "traffic_type", "REJECT")),
			weaker: []string{"aws_flow_log.network_flow-logs traffic_type: less traffic is recorded"}},
		"access logs": {change: edits(remove("aws_s3_bucket_logging.trail-bucket_access-logging")),
			weaker: []string{"aws_s3_bucket_logging.trail-bucket_access-logging: access is not logged"}},
		"a log of the database": {change: edits(set(database, "enabled_cloudwatch_logs_exports",
			[]any{"upgrade", "postgresql"})),
			weaker: []string{database + " enabled_cloudwatch_logs_exports: a log is no longer exported"}},
		"performance": {change: edits(set(database, "performance_insights_enabled", false)),
			weaker: []string{database + " performance_insights_enabled: performance is no longer recorded"}},
		"the audit of statements": {change: edits(parameter("pgaudit.log", "role"), parameter("log_connections", "0")),
			weaker: []string{
				parameters + " parameter[log_connections]: connections are not logged",
				parameters + " parameter[pgaudit.log]: fewer statements are audited"}},
		"events of the database": {
			change: edits(set("aws_db_event_subscription.database_events", "event_categories", []any{"deletion"})),
			weaker: []string{"aws_db_event_subscription.database_events event_categories: fewer kinds of events are " +
				"told"}},
		"a detector": {prepare: edits(add("aws_guardduty_detector.d", map[string]any{"enable": true})),
			change: edits(remove("aws_guardduty_detector.d")),
			weaker: []string{"aws_guardduty_detector.d: nothing is detected"}},
		"a trail that is forgotten": {change: edits(func(s stack) {
			s.document["removed"] = append(s.document["removed"].([]any), map[string]any{
				"from": s.ref(trail, "x")[2 : len(s.ref(trail, "x"))-3], "lifecycle": map[string]any{"destroy": false}})
		}, remove(trail)), weaker: []string{trail + ": nobody sees any more who changes or deletes it"}},
	})
}

// dataEvents records the objects of a bucket.
func dataEvents(s stack) {
	s.at(trail)["advanced_event_selector"] = append(s.at(trail)["advanced_event_selector"].([]any), map[string]any{
		"name": "Data events", "field_selector": []any{
			map[string]any{"field": "eventCategory", "equals": []any{"Data"}},
			map[string]any{"field": "resources.type", "equals": []any{"AWS::S3::Object"}},
		}})
}
