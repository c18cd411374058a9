package tests

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/logging"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/naming"
	"securebaseline/internal/subscriber"
)

const auditorsPrincipal = "arn:aws:iam::" + account + ":user/auditor"

// allLogging switches on all that logging can have besides its defaults.
func allLogging() settings {
	return ours(settings{
		"logging.alarmEmails":        []string{"security@example.com", "on-call@example.com"},
		"logging.alarmWebhooks":      []string{"https://alarms.example.com/aws"},
		"logging.dataEvents":         true,
		"logging.insights":           true,
		"logging.trailNotifications": true,
		"logging.auditors":           []string{auditorsPrincipal},
		"permissionsBoundary":        "arn:aws:iam::" + account + ":policy/boundary",
	})
}

// waitsFor returns all that is made before a resource, by what depends_on says from one to the next.
func (s template) waitsFor(address string) map[string]bool {
	all, found := s.resources(), map[string]bool{}
	var follow func(string)
	follow = func(address string) {
		for _, next := range all[address].dependsOn() {
			if !found[next] {
				found[next] = true
				follow(next)
			}
		}
	}
	follow(address)
	return found
}

func TestTrailWaitsForAllThatItUses(t *testing.T) {
	stack := synth(t, "prod", allLogging())
	trail := stack.at(t, "aws_cloudtrail", "trail/Resource")
	for _, edge := range [][2]string{
		{"aws_kms_key", "logs-key/Resource"},
		{"aws_cloudwatch_log_group", "trail-logs"},
		{"aws_iam_role_policy_attachment", "trail/delivery-role/attachment"},
		{"aws_sns_topic", "trail-topic/Resource"},
		{"aws_sns_topic_policy", "trail-topic/policy"},
	} {
		assert.Contains(t, trail.dependsOn(), stack.address(t, edge[0], edge[1]), "CreateTrail tries it")
	}
	waits := stack.waitsFor(stack.address(t, "aws_cloudtrail", "trail/Resource"))
	for _, edge := range [][2]string{
		{"aws_s3_bucket_policy", "policy"},
		{"aws_s3_bucket_public_access_block", "public-access"},
		{"aws_s3_bucket_ownership_controls", "ownership"},
		{"aws_s3_bucket_versioning", "versioning"},
		{"aws_s3_bucket_server_side_encryption_configuration", "encryption"},
		{"aws_s3_bucket_lifecycle_configuration", "lifecycle"},
		{"aws_s3_bucket_logging", "access-logging"},
	} {
		assert.Contains(t, waits, stack.address(t, edge[0], "trail-bucket/"+edge[1]), "CreateTrail writes to the bucket")
	}
}

func TestWhatIsEncryptedWaitsForTheLogsKey(t *testing.T) {
	stack := synth(t, "prod", allLogging())
	key := stack.address(t, "aws_kms_key", "logs-key/Resource")
	encrypted := 0
	for _, kind := range []string{"aws_cloudwatch_log_group", "aws_sns_topic", "aws_cloudtrail"} {
		for _, body := range stack.Resource[kind] {
			attribute := "kms_key_id"
			if kind == "aws_sns_topic" {
				attribute = "kms_master_key_id"
			}
			assert.Equal(t, key, body.refers(t, attribute), body.path())
			assert.Contains(t, body.dependsOn(), key, body.path())
			encrypted++
		}
	}
	assert.GreaterOrEqual(t, encrypted, 2+2+1)
}

func TestAlarmsWaitForTheirTopic(t *testing.T) {
	stack := synth(t, "prod", ours(nil))
	group := stack.address(t, "aws_cloudwatch_log_group", "trail-logs")
	for _, key := range cisalarms.Keys() {
		alarm := stack.at(t, "aws_cloudwatch_metric_alarm", "alarms/"+key+"-alarm")
		for _, edge := range [][2]string{
			{"aws_sns_topic", "alarm-topic/Resource"}, {"aws_sns_topic_policy", "alarm-topic/policy"}, {"aws_kms_key", "logs-key/Resource"},
		} {
			assert.Contains(t, alarm.dependsOn(), stack.address(t, edge[0], edge[1]), key)
		}
		filter := stack.at(t, "aws_cloudwatch_log_metric_filter", "alarms/"+key+"-filter")
		assert.Equal(t, group, filter.refers(t, "log_group_name"), key)
	}
	for _, policy := range stack.Resource["aws_sns_topic_policy"] {
		assert.Contains(t, stack.resources(), policy.refers(t, "arn"))
	}
}

func TestTrailRecordsEverything(t *testing.T) {
	stack := synth(t, "prod", ours(nil))
	trail := stack.at(t, "aws_cloudtrail", "trail/Resource")
	for _, on := range []string{"enable_logging", "is_multi_region_trail", "include_global_service_events", "enable_log_file_validation"} {
		assert.Equal(t, true, trail[on], on)
	}
	assert.Equal(t, "acme-trail-prod", trail["name"])
	assert.Equal(t, stack.at(t, "aws_s3_bucket", "trail-bucket/Resource")["bucket"], trail["s3_bucket_name"])
	assert.NotContains(t, trail, "s3_key_prefix", "the bucket's policy lets CloudTrail write without one")
	assert.Equal(t, "${"+stack.address(t, "aws_cloudwatch_log_group", "trail-logs")+".arn}:*", trail["cloud_watch_logs_group_arn"],
		"CloudTrail refuses the ARN without :*")
	assert.Equal(t, stack.address(t, "aws_iam_role", "trail/delivery-role/Resource"), trail.refers(t, "cloud_watch_logs_role_arn"))
	assert.Equal(t, []any{selector("Management events", field("eventCategory", "equals", "Management"))}, trail["advanced_event_selector"])
	assert.NotContains(t, trail, "insight_selector")
	assert.NotContains(t, trail, "sns_topic_name")
}

func selector(name string, fields ...any) map[string]any {
	return map[string]any{"name": name, "field_selector": fields}
}

func field(name, operator string, values ...any) map[string]any {
	return map[string]any{"field": name, operator: values}
}

func TestTrailRecordsMoreOnRequest(t *testing.T) {
	more := allLogging()
	more["s3.buckets"] = map[string]any{"reports": map[string]any{}}
	stack := synth(t, "prod", more)
	trail := stack.at(t, "aws_cloudtrail", "trail/Resource")
	assert.Equal(t, []any{
		selector("Management events", field("eventCategory", "equals", "Management")),
		selector("Objects of data buckets", field("eventCategory", "equals", "Data"), field("resources.type", "equals", "AWS::S3::Object"),
			field("resources.ARN", "starts_with", "arn:aws:s3:::acme-data-prod-"+account+"-"+region+"/", "arn:aws:s3:::acme-reports-prod-"+account+"-"+region+"/")),
	}, trail["advanced_event_selector"], "data buckets only: a delivery to the trail's own bucket would be an event to deliver")
	assert.ElementsMatch(t, []any{
		map[string]any{"insight_type": "ApiCallRateInsight"}, map[string]any{"insight_type": "ApiErrorRateInsight"},
	}, trail["insight_selector"])
	assert.Equal(t, stack.at(t, "aws_sns_topic", "trail-topic/Resource")["name"], trail["sns_topic_name"])
}

func TestEveryAlarmWatchesItsFilter(t *testing.T) {
	stack := synth(t, "prod", ours(nil))
	require.Len(t, stack.Resource["aws_cloudwatch_log_metric_filter"], 15)
	for _, want := range cisalarms.All() {
		filter := stack.at(t, "aws_cloudwatch_log_metric_filter", "alarms/"+want.Key+"-filter")
		alarm := stack.at(t, "aws_cloudwatch_metric_alarm", "alarms/"+want.Key+"-alarm")
		assert.Equal(t, want.Pattern, filter["pattern"])
		assert.Equal(t, map[string]any{"namespace": alarm["namespace"], "name": alarm["metric_name"], "value": "1"}, filter["metric_transformation"])
		assert.Equal(t, "acme/prod", alarm["namespace"])
		assert.Equal(t, "acme-"+want.Key+"-prod", alarm["alarm_name"])
		assert.Equal(t, fmt.Sprintf("%s (CIS AWS Foundations Benchmark %s)", want.Title, want.Control), alarm["alarm_description"])
		assert.Equal(t, []any{"Sum", "GreaterThanOrEqualToThreshold", 1.0, 300.0, 1.0, "notBreaching"}, []any{
			alarm["statistic"], alarm["comparison_operator"], alarm["threshold"], alarm["period"], alarm["evaluation_periods"], alarm["treat_missing_data"],
		}, want.Key)
		assert.Equal(t, []any{"${" + stack.address(t, "aws_sns_topic", "alarm-topic/Resource") + ".arn}"}, alarm["alarm_actions"])
	}
}

func TestAlarmsAreTunedOneByOne(t *testing.T) {
	before := synth(t, "prod", ours(nil)).resources()
	after := synth(t, "prod", ours(settings{"logging.alarms": map[string]any{
		"unauthorized-calls":   map[string]any{"threshold": 20, "periodSeconds": 60},
		"organization-changes": map[string]any{"enabled": false},
	}}))
	assert.Len(t, after.Resource["aws_cloudwatch_log_metric_filter"], 14)
	tuned := after.address(t, "aws_cloudwatch_metric_alarm", "alarms/unauthorized-calls-alarm")
	assert.Equal(t, []any{20.0, 60.0}, []any{after.resources()[tuned]["threshold"], after.resources()[tuned]["period"]})
	assert.Len(t, after.resources(), len(before)-2, "one filter and one alarm are gone")
	for address, body := range after.resources() {
		if address != tuned {
			assert.Equal(t, before[address], body, address)
		}
	}
}

// TestSubscribersComeAndGoWithoutMovingOthers changes order and length of the lists.
func TestSubscribersComeAndGoWithoutMovingOthers(t *testing.T) {
	subscriptions := func(emails ...string) map[string]any {
		stack := synth(t, "prod", ours(settings{"logging.alarmEmails": emails, "logging.alarmWebhooks": []string{"https://alarms.example.com/aws"}}))
		endpoints := map[string]any{}
		for name, body := range stack.Resource["aws_sns_topic_subscription"] {
			assert.Equal(t, stack.address(t, "aws_sns_topic", "alarm-topic/Resource"), body.refers(t, "topic_arn"))
			assert.Contains(t, []any{"email", "https"}, body["protocol"])
			endpoints[name] = body["endpoint"]
		}
		return endpoints
	}
	two, three := subscriptions("a@example.com", "b@example.com"), subscriptions("c@example.com", "b@example.com", "a@example.com")
	assert.Len(t, two, 3)
	assert.Len(t, three, 4)
	for name, endpoint := range two {
		assert.Equal(t, endpoint, three[name], name)
	}
}

func TestLogGroupsKeepTheEvidence(t *testing.T) {
	for environment, want := range map[string][2]any{"dev": {7.0, false}, "staging": {90.0, true}, "prod": {365.0, true}} {
		for _, group := range synth(t, environment, nil).Resource["aws_cloudwatch_log_group"] {
			assert.Equal(t, want, [2]any{group["retention_in_days"], group["skip_destroy"]}, "%s in %s", group.path(), environment)
		}
	}
}

func TestOptionalLoggingIsAbsentByDefault(t *testing.T) {
	stack := synth(t, "staging", ours(nil))
	assert.Empty(t, stack.Resource["aws_sns_topic_subscription"])
	assert.Len(t, stack.Resource["aws_sns_topic"], 1, "the alarms' topic alone")
	for _, role := range stack.Resource["aws_iam_role"] {
		assert.NotContains(t, role.path(), "auditor")
	}
	for _, statement := range keyPolicy(t, "logs", "staging", ours(nil)).Statements {
		assert.NotContains(t, statement.Sid, "Auditor")
		assert.NotContains(t, statement.Sid, "Notifications")
	}
}

func TestRolesOfLoggingHaveTheBoundary(t *testing.T) {
	stack := synth(t, "prod", allLogging())
	for _, path := range []string{"trail/delivery-role/Resource", "auditor/Resource"} {
		assert.Equal(t, "arn:aws:iam::"+account+":policy/boundary", stack.at(t, "aws_iam_role", path)["permissions_boundary"], path)
	}
}

func TestTopicsSignWithSHA256(t *testing.T) {
	for _, topic := range synth(t, "prod", allLogging()).Resource["aws_sns_topic"] {
		assert.Equal(t, 2.0, topic["signature_version"], topic.path())
	}
}

func TestLoggingRefusesBadProps(t *testing.T) {
	env, err := awsenv.New(region, account)
	require.NoError(t, err)
	stack, scope := emptyStack(t), naming.New("acme", "dev", naming.Tags{})

	_, err = logging.NewTrail(stack, "t", logging.TrailProps{Naming: scope, Env: env, Name: "my--trail", BucketName: "b", DataEventBuckets: []string{"a", "b"}})
	assert.EqualError(t, err, `trail "t": props.Name is "my--trail"; it must be of letters, digits and . _ -, begin and end with a letter or digit, and have no two of . _ - in a row
props.KeyARN is empty; it must be the ARN of the key that encrypts the trail's files
props.LogGroup.Name is empty; it must be the name of a log group
props.LogGroup.ARN is empty; it must be the ARN of a log group
props.DataEventBuckets holds "b", the trail's own bucket; each delivery would be an event to deliver`)
	_, err = logging.NewTrail(stack, "t", logging.TrailProps{Naming: scope, Env: env, Name: "trail", KeyARN: "k", LogGroup: logging.LogGroup{Name: "g", ARN: "a"}})
	assert.EqualError(t, err, `trail "t": props.BucketName is empty; it must be the bucket that files are delivered to`)

	_, err = logging.NewTopic(stack, "t", logging.TopicProps{Naming: scope, Env: env, Subscribers: []subscriber.Subscriber{
		{Protocol: subscriber.Email, Endpoint: "x"}, {Protocol: subscriber.HTTPS, Endpoint: "https://a.example"}, {Protocol: subscriber.HTTPS, Endpoint: "https://a.example"},
	}})
	assert.EqualError(t, err, `topic "t": props.KeyARN is empty; it must be the ARN of the key that encrypts the topic
props.Alarms, props.Trail and props.Database are empty; one of them must publish
props.Subscribers[0] is "x"; it must be an e-mail address, such as security@example.com
props.Subscribers[2] is "https://a.example", which stands there twice`)

	_, err = logging.NewAlarms(stack, "a", logging.AlarmsProps{Naming: scope, Tuning: map[string]logging.Tuning{
		"weather": {}, "root-use": {Threshold: -1, PeriodSeconds: 90},
	}})
	assert.EqualError(t, err, `alarms "a": props.LogGroupName is empty; it must be the trail's log group
props.TopicARN is empty; it must be the topic that alarms publish to
props.Tuning["root-use"].Threshold is -1; it must be 1 to 100000 events
props.Tuning["root-use"].PeriodSeconds is 90; it must be 60 to 86400 seconds in steps of 60
props.Tuning: "weather" is not an alarm; allowed are `+strings.Join(cisalarms.Keys(), ", "))

	_, err = logging.NewAuditor(stack, "a", logging.AuditorProps{Naming: scope, Env: env})
	assert.EqualError(t, err, `auditor "a": props.Principals is empty; it must be those who may assume the role
props.KeyARN is empty; it must be the ARN of the key that encrypts the evidence
props.BucketName is empty; it must be the trail's bucket
props.LogGroups is empty; it must be the log groups to read`)

	_, err = logging.NewGroup(stack, "g", logging.GroupProps{Naming: scope, RetentionDays: 100})
	assert.EqualError(t, err, fmt.Sprintf(`log group "g": props.Name is ""; it must be 1 to 512 characters long
props.KeyARN is empty; it must be the ARN of the key that encrypts the group
props.RetentionDays is 100; allowed are %v days`, awsenv.LogRetentions()))
	assert.Empty(t, *stack.Node().Children(), "nothing is built from refused props")
}

func TestOutputsOfLogging(t *testing.T) {
	want := []string{"alarm_names", "alarm_topic_arn", "auditor_role_arn", "trail_arn", "trail_log_group_name", "trail_topic_arn"}
	assert.Subset(t, slices.Collect(maps.Keys(synth(t, "prod", allLogging()).Output)), want)
}
