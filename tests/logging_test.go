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
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/subscriber"
	"securebaseline/internal/testkit"
	"securebaseline/internal/tf"
)

func TestTrailWaitsForAllThatItUses(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	trail := stack.At(t, "aws_cloudtrail", "trail/Resource")
	for _, edge := range [][2]string{
		{"aws_kms_key", "logs-key/Resource"},
		{"aws_cloudwatch_log_group", "trail-logs"},
		{"aws_iam_role_policy_attachment", "trail/delivery-role/attachment"},
		{"aws_sns_topic", "trail-topic/Resource"},
		{"aws_sns_topic_policy", "trail-topic/policy"},
	} {
		assert.Contains(t, trail.DependsOn(), stack.Address(t, edge[0], edge[1]), "CreateTrail tries it")
	}
	waits := stack.Graph().Ancestors(stack.Address(t, "aws_cloudtrail", "trail/Resource"))
	for _, edge := range [][2]string{
		{"aws_s3_bucket_policy", "policy"},
		{"aws_s3_bucket_public_access_block", "public-access"},
		{"aws_s3_bucket_ownership_controls", "ownership"},
		{"aws_s3_bucket_versioning", "versioning"},
		{"aws_s3_bucket_server_side_encryption_configuration", "encryption"},
		{"aws_s3_bucket_lifecycle_configuration", "lifecycle"},
		{"aws_s3_bucket_logging", "access-logging"},
	} {
		assert.Contains(t, waits, stack.Address(t, edge[0], "trail-bucket/"+edge[1]),
			"CreateTrail writes to the bucket")
	}
}

func TestWhatIsEncryptedWaitsForTheLogsKey(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	key := stack.Address(t, "aws_kms_key", "logs-key/Resource")
	encrypted := 0
	for _, kind := range []string{"aws_cloudwatch_log_group", "aws_sns_topic", "aws_cloudtrail"} {
		for _, body := range stack.OfType(kind) {
			attribute := "kms_key_id"
			if kind == "aws_sns_topic" {
				attribute = "kms_master_key_id"
			}
			assert.Equal(t, key, body.Refers(t, attribute), body.Path)
			assert.Contains(t, body.DependsOn(), key, body.Path)
			encrypted++
		}
	}
	assert.GreaterOrEqual(t, encrypted, 2+2+1)
}

func TestAlarmsWaitForTheirTopic(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	group := stack.Address(t, "aws_cloudwatch_log_group", "trail-logs")
	for _, key := range cisalarms.Keys() {
		alarm := stack.At(t, "aws_cloudwatch_metric_alarm", "alarms/"+key+"-alarm")
		for _, edge := range [][2]string{
			{"aws_sns_topic", "alarm-topic/Resource"}, {"aws_sns_topic_policy", "alarm-topic/policy"},
			{"aws_kms_key", "logs-key/Resource"},
		} {
			assert.Contains(t, alarm.DependsOn(), stack.Address(t, edge[0], edge[1]), key)
		}
		filter := stack.At(t, "aws_cloudwatch_log_metric_filter", "alarms/"+key+"-filter")
		assert.Equal(t, group, filter.Refers(t, "log_group_name"), key)
	}
	for _, policy := range stack.OfType("aws_sns_topic_policy") {
		assert.Contains(t, stack.ByAddress(), policy.Refers(t, "arn"))
	}
}

func TestTrailRecordsEverything(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	trail := stack.At(t, "aws_cloudtrail", "trail/Resource")
	for _, on := range []string{"enable_logging", "is_multi_region_trail", "include_global_service_events",
		"enable_log_file_validation"} {
		assert.Equal(t, true, trail.Attributes[on], on)
	}
	assert.Equal(t, "acme-trail-prod", trail.Attributes["name"])
	assert.Equal(t, stack.At(t, "aws_s3_bucket", "trail-bucket/Resource").Attributes["bucket"],
		trail.Attributes["s3_bucket_name"])
	assert.NotContains(t, trail.Attributes, "s3_key_prefix", "the bucket's policy lets CloudTrail write without one")
	assert.Equal(t, "${"+stack.Address(t, "aws_cloudwatch_log_group", "trail-logs")+".arn}:*",
		trail.Attributes["cloud_watch_logs_group_arn"],
		"CloudTrail refuses the ARN without :*")
	assert.Equal(t, stack.Address(t, "aws_iam_role", "trail/delivery-role/Resource"),
		trail.Refers(t, "cloud_watch_logs_role_arn"))
	assert.Equal(t, []any{selector("Management events selector", field("eventCategory", "equals", "Management"))},
		trail.Attributes["advanced_event_selector"])
	assert.NotContains(t, trail.Attributes, "insight_selector")
	assert.NotContains(t, trail.Attributes, "sns_topic_name")
}

func selector(name string, fields ...any) map[string]any {
	return map[string]any{"name": name, "field_selector": fields}
}

func field(name, operator string, values ...any) map[string]any {
	return map[string]any{"field": name, operator: values}
}

func TestTrailRecordsMoreOnRequest(t *testing.T) {
	more := testkit.AllLogging()
	more["s3.buckets"] = map[string]any{"reports": map[string]any{}}
	stack := testkit.Synthesize(t, "prod", more)
	trail := stack.At(t, "aws_cloudtrail", "trail/Resource")
	assert.Equal(t, []any{
		selector("Management events selector", field("eventCategory", "equals", "Management")),
		selector("Objects of data buckets", field("eventCategory", "equals", "Data"),
			field("resources.type", "equals", "AWS::S3::Object"),
			field("resources.ARN", "starts_with", "arn:aws:s3:::acme-data-prod-"+account+"-"+region+"/",
				"arn:aws:s3:::acme-reports-prod-"+account+"-"+region+"/")),
	}, trail.Attributes["advanced_event_selector"],
		"data buckets only: a delivery to the trail's own bucket would be an event to deliver")
	assert.ElementsMatch(t, []any{
		map[string]any{"insight_type": "ApiCallRateInsight"}, map[string]any{"insight_type": "ApiErrorRateInsight"},
	}, trail.Attributes["insight_selector"])
	assert.Equal(t, stack.At(t, "aws_sns_topic", "trail-topic/Resource").Attributes["name"],
		trail.Attributes["sns_topic_name"])
}

func TestEveryAlarmWatchesItsFilter(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	require.Len(t, stack.OfType("aws_cloudwatch_log_metric_filter"), 15)
	for _, want := range cisalarms.All() {
		filter := stack.At(t, "aws_cloudwatch_log_metric_filter", "alarms/"+want.Key+"-filter")
		alarm := stack.At(t, "aws_cloudwatch_metric_alarm", "alarms/"+want.Key+"-alarm")
		assert.Equal(t, want.Pattern, filter.Attributes["pattern"])
		assert.Equal(t, map[string]any{"namespace": alarm.Attributes["namespace"],
			"name": alarm.Attributes["metric_name"], "value": "1"}, filter.Attributes["metric_transformation"])
		assert.Equal(t, "acme/prod", alarm.Attributes["namespace"])
		assert.Equal(t, "acme-"+want.Key+"-prod", alarm.Attributes["alarm_name"])
		assert.Equal(t, fmt.Sprintf("%s (CIS AWS Foundations Benchmark %s)", want.Title, want.Control),
			alarm.Attributes["alarm_description"])
		threshold := map[string]float64{"unauthorized-calls": 20}[want.Key]
		if threshold == 0 {
			threshold = 1
		}
		assert.Equal(t, []any{"Sum", "GreaterThanOrEqualToThreshold", threshold, 300.0, 1.0, "notBreaching"}, []any{
			alarm.Attributes["statistic"], alarm.Attributes["comparison_operator"], alarm.Attributes["threshold"],
			alarm.Attributes["period"], alarm.Attributes["evaluation_periods"], alarm.Attributes["treat_missing_data"],
		}, want.Key)
		assert.Equal(t, []any{"${" + stack.Address(t, "aws_sns_topic", "alarm-topic/Resource") + ".arn}"},
			alarm.Attributes["alarm_actions"])
	}
}

func TestAlarmsAreTunedOneByOne(t *testing.T) {
	before := testkit.Synthesize(t, "prod", testkit.Offline(nil)).ByAddress()
	after := testkit.Synthesize(t, "prod", testkit.Offline(testkit.Settings{"logging.alarms": map[string]any{
		"unauthorized-calls":   map[string]any{"threshold": 20, "periodSeconds": 60},
		"organization-changes": map[string]any{"enabled": false},
	}}))
	assert.Len(t, after.OfType("aws_cloudwatch_log_metric_filter"), 14)
	tuned := after.Address(t, "aws_cloudwatch_metric_alarm", "alarms/unauthorized-calls-alarm")
	assert.Equal(t, []any{20.0, 60.0},
		[]any{after.ByAddress()[tuned].Attributes["threshold"], after.ByAddress()[tuned].Attributes["period"]})
	assert.Len(t, after.ByAddress(), len(before)-2, "one filter and one alarm are gone")
	for address, body := range after.ByAddress() {
		if address != tuned {
			assert.Equal(t, before[address], body, address)
		}
	}
}

// TestSubscribersComeAndGoWithoutMovingOthers changes order and length of the lists.
func TestSubscribersComeAndGoWithoutMovingOthers(t *testing.T) {
	subscriptions := func(emails ...string) map[string]any {
		stack := testkit.Synthesize(t, "prod",
			testkit.Offline(testkit.Settings{"logging.alarmEmails": emails,
				"logging.alarmWebhooks": []string{"https://alarms.example.com/aws"}}))
		endpoints := map[string]any{}
		for _, body := range stack.OfType("aws_sns_topic_subscription") {
			assert.Equal(t, stack.Address(t, "aws_sns_topic", "alarm-topic/Resource"), body.Refers(t, "topic_arn"))
			assert.Contains(t, []any{"email", "https"}, body.Attributes["protocol"])
			endpoints[body.Name] = body.Attributes["endpoint"]
		}
		return endpoints
	}
	two, three := subscriptions("a@example.com", "b@example.com"),
		subscriptions("c@example.com", "b@example.com", "a@example.com")
	assert.Len(t, two, 3)
	assert.Len(t, three, 4)
	for name, endpoint := range two {
		assert.Equal(t, endpoint, three[name], name)
	}
}

func TestLogGroupsKeepTheEvidence(t *testing.T) {
	for environment, want := range map[string][2]any{"dev": {7.0, false}, "staging": {90.0, true},
		"prod": {365.0, true}} {
		for _, group := range testkit.Synthesize(t, environment, nil).OfType("aws_cloudwatch_log_group") {
			assert.Equal(t, want, [2]any{group.Attributes["retention_in_days"], group.Attributes["skip_destroy"]},
				"%s in %s", group.Path, environment)
		}
	}
}

func TestOptionalLoggingIsAbsentByDefault(t *testing.T) {
	stack := testkit.Synthesize(t, "staging", nil)
	assert.Empty(t, stack.OfType("aws_sns_topic_subscription"))
	assert.Len(t, stack.OfType("aws_sns_topic"), 1, "the alarms' topic alone")
	for _, role := range stack.OfType("aws_iam_role") {
		assert.NotContains(t, role.Path, "auditor")
	}
	for _, statement := range keyPolicy(t, "logs", "staging", nil).Statements {
		assert.NotContains(t, statement.Sid, "Auditor")
		assert.NotContains(t, statement.Sid, "Notifications")
	}
}

func TestRolesOfLoggingHaveTheBoundary(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	for _, path := range []string{"trail/delivery-role/Resource", "auditor/Resource"} {
		assert.Equal(t, "arn:aws:iam::"+account+":policy/boundary",
			stack.At(t, "aws_iam_role", path).Attributes["permissions_boundary"], path)
	}
}

func TestTopicsSignWithSHA256(t *testing.T) {
	for _, topic := range testkit.Synthesize(t, "prod", testkit.AllLogging()).OfType("aws_sns_topic") {
		assert.Equal(t, 2.0, topic.Attributes["signature_version"], topic.Path)
	}
}

func TestLoggingRefusesBadProps(t *testing.T) {
	env, err := awsenv.New(region, account)
	require.NoError(t, err)
	stack, scope := testkit.EmptyStack(t), naming.New("acme", "dev", naming.Tags{})

	_, err = logging.NewTrail(stack, "t", logging.TrailProps{
		Naming: scope, Env: env, Trail: awsenv.Trail{Name: "my--trail"}, Bucket: tf.Ref{Name: "b"},
		DataEventBuckets: []string{"a", "b"},
	})
	assert.EqualError(t, err,
		`trail "t": props.Trail.Env: must be the account that owns the trail
props.Trail.Name = "my--trail": must be of letters, digits and . _ -, begin and end with `+
			`a letter or digit, and have no two of . _ - in a row
props.DeliveryRole: must be the names of the role and of its policy
props.Key.ARN: must be the ARN of the key that encrypts the trail's files
props.LogGroup.Name: must be the name of a log group
props.LogGroup.ARN: must be the ARN of a log group
props.DataEventBuckets[1] = "b": must not be the trail's own bucket: each delivery would be an event to deliver`)
	_, err = logging.NewTrail(stack, "t", logging.TrailProps{
		Naming: scope, Env: env, Trail: awsenv.Trail{Env: env, Name: "trail"}, DeliveryRole: scope.RoleNames(),
		Key: tf.Ref{ARN: "k"}, LogGroup: tf.Ref{Name: "g", ARN: "a"},
	})
	assert.EqualError(t, err, `trail "t": props.Bucket.Name: must be the bucket that files are delivered to`)

	_, err = logging.NewTopic(stack, "t",
		logging.TopicProps{Naming: scope, Env: env, Subscribers: []subscriber.Subscriber{
			{Protocol: subscriber.Email, Endpoint: "x"},
			{Protocol: subscriber.HTTPS, Endpoint: "https://a.example"},
			{Protocol: subscriber.HTTPS, Endpoint: "https://a.example"},
		}})
	assert.EqualError(t, err, `topic "t": props.Name = "": must be 1 to 256 characters long
props.Key.ARN: must be the ARN of the key that encrypts the topic
props: must have a publisher: Alarms, Trail or Databases
props.Subscribers[0] = "x": must be an e-mail address, such as security@example.com
props.Subscribers[2] = "https://a.example": must not be a duplicate`)

	names := inventory.New(scope, env, inventory.Options{}).Alarms
	delete(names, "root-use")
	_, err = logging.NewAlarms(stack, "a",
		logging.AlarmsProps{Naming: scope, Names: names, Tuning: map[string]logging.Tuning{
			"weather": {}, "root-use": {Threshold: -1, PeriodSeconds: 90},
		}})
	assert.EqualError(t, err, `alarms "a": props.LogGroupName: must be the trail's log group
props.Topic.ARN: must be the topic that alarms publish to
props.Names["root-use"]: must be the name of the alarm
props.Tuning["root-use"].Threshold = -1: must be 1 to 100000 events
props.Tuning["root-use"].PeriodSeconds = 90: must be 60 to 86400 seconds in steps of 60
props.Tuning["weather"]: must be for one of the alarms `+strings.Join(cisalarms.Keys(), ", "))

	_, err = logging.NewAuditor(stack, "a", logging.AuditorProps{Naming: scope, Env: env,
		Trail: awsenv.Trail{Env: env, Name: "trail"}})
	assert.EqualError(t, err, `auditor "a": props.Role: must be the names of the role and of its policy
props.Principals: must be the principals that may assume the role
props.KeyARN: must be the ARN of the key that encrypts the evidence
props.BucketName = "": must be set with Trail, and only then
props.LogGroups: must be the log groups to read`)

	_, err = logging.NewGroup(stack, "g", logging.GroupProps{Naming: scope, RetentionDays: 100})
	assert.EqualError(t, err, fmt.Sprintf(`log group "g": props.Name = "": must be 1 to 512 characters long
props.Key.ARN: must be the ARN of the key that encrypts the group
props.RetentionDays = 100: must be one of %v days`, awsenv.LogRetentions()))
	assert.Empty(t, *stack.Node().Children(), "nothing is built from refused props")
}

func TestOutputsOfLogging(t *testing.T) {
	want := []string{"alarm_names", "alarm_topic_arn", "auditor_role_arn", "trail_arn", "trail_log_group_name",
		"trail_topic_arn"}
	assert.Subset(t, slices.Collect(maps.Keys(testkit.Synthesize(t, "prod", testkit.AllLogging()).Output)), want)
}
