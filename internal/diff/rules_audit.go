package diff

// auditRules are those of trails, logs and alarms.
var auditRules = map[string][]rule{
	"aws_cloudtrail": {
		{"enable_logging", "the trail records nothing", staysOn(true)},
		{"enable_log_file_validation", "nobody can prove that log files are unchanged", staysOn(false)},
		{"is_multi_region_trail", "other regions are no longer recorded", staysOn(false)},
		{"is_organization_trail", "other accounts are no longer recorded", staysOn(false)},
		{"include_global_service_events", "IAM and other global services are no longer recorded", staysOn(true)},
		{"kms_key_id", "no customer managed key encrypts the trail", keepsKey},
		{"cloud_watch_logs_group_arn", "alarms no longer see the trail", stays},
		{"cloud_watch_logs_role_arn", "events no longer reach the log group", stays},
		{"s3_bucket_name", "the trail is kept in another bucket", judged},
		{"sns_topic_name", "nobody is told of new log files", stays},
	},
	"aws_cloudwatch_log_group": {
		{"retention_in_days", "the log is kept for a shorter time", notShorter},
		{"kms_key_id", "no customer managed key encrypts the log", keepsKey},
		{"skip_destroy", "the log is deleted with the stack", staysOn(false)},
	},
	"aws_cloudwatch_log_metric_filter": {
		{"pattern", "other events count", judged},
		{"log_group_name", "events of another log count", judged},
		{"metric_transformation.name", "events count for another metric", judged},
		{"metric_transformation.namespace", "events count for another metric", judged},
		{"metric_transformation.value", "events count otherwise", judged},
	},
	"aws_cloudwatch_metric_alarm": {
		{"alarm_actions", "the alarm tells fewer", keepsAll},
		{"actions_enabled", "the alarm tells nobody", staysOn(true)},
		{"evaluation_periods", "the alarm comes later", notHigher(1)},
		{"datapoints_to_alarm", "the alarm comes later", notHigher(1)},
		{"comparison_operator", "the alarm compares otherwise", judged},
		{"metric_name", "the alarm watches something else", judged},
		{"namespace", "the alarm watches something else", judged},
		{"dimensions", "the alarm watches something else", judged},
		{"statistic", "the alarm measures otherwise", judged},
		{"period", "the alarm measures over another time", judged},
		{"treat_missing_data", "missing data no longer raises the alarm",
			notBelow("ignore|missing||notBreaching", "breaching")},
	},
	"aws_db_event_subscription": {
		{"enabled", "nobody is told of events", staysOn(true)},
		{"event_categories", "fewer kinds of events are told", keepsAll},
		{"source_ids", "events of fewer sources are told", keepsAll},
		{"source_type", "events of other sources are told", judged},
		{"sns_topic", "events go to another topic", judged},
	},
	"aws_sns_topic": {
		{"kms_master_key_id", "no customer managed key encrypts messages", keepsKey},
		{"signature_version", "messages are signed by SHA-1", notLower(1)},
	},
	"aws_sns_topic_subscription": {
		{"protocol", "messages travel another way", notBelow("http", "https|email|email-json|sqs|lambda|firehose|sms")},
		{"endpoint", "somebody else is told", judged},
		{"topic_arn", "messages of another topic are told", judged},
		{"filter_policy", "other messages are told", judged},
	},
	"aws_sqs_queue": {
		{"kms_master_key_id", "no customer managed key encrypts messages", keepsKey},
		{"sqs_managed_sse_enabled", "messages are not encrypted", staysOn(true)},
	},
	"aws_flow_log": {
		{"traffic_type", "less traffic is recorded", notBelow("ACCEPT|REJECT", "ALL")},
		{"log_destination", "flow logs go elsewhere", judged},
		{"log_format", "other fields are recorded", fewerFields},
	},
	"aws_guardduty_detector": {
		{"enable", "nothing is detected", staysOn(true)},
	},
	"aws_config_configuration_recorder_status": {
		{"is_enabled", "nothing is recorded", staysOn(true)},
	},
}

// fewerFields compares formats of flow logs. The default has fewer fields than any that is worth writing.
func fewerFields(old, now any) verdict {
	if old == nil {
		return no
	}
	return keepsAll(old, now)
}
