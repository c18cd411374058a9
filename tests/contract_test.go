package tests

import (
	"testing"

	"github.com/hashicorp/terraform-cdk-go/cdktf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/kms"
	"securebaseline/constructs/logging"
	"securebaseline/constructs/network"
	"securebaseline/constructs/pipeline"
	"securebaseline/constructs/rds"
	"securebaseline/constructs/s3"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
	"securebaseline/internal/tf"
)

// constructsWith returns a function for each construct that adds it with the least props that it accepts.
func constructsWith(t *testing.T, env awsenv.Env) map[string]func(cdktf.TerraformStack) error {
	t.Helper()
	scope := naming.New("acme", "test", naming.Tags{Owner: "o", CostCenter: "c", Compliance: "c"})
	names := inventory.New(scope, env, inventory.Options{})
	key, group := tf.Ref{ARN: testkit.KeyARN("1")}, tf.Ref{Name: "group", ARN: env.LogGroupARN("group")}
	trail := awsenv.Trail{Env: env, Name: names.Trail}
	database := testkit.DatabaseProps(t)
	database.Env = env
	return map[string]func(cdktf.TerraformStack) error{
		"kms": func(stack cdktf.TerraformStack) error {
			_, err := kms.New(stack, "key", kms.Props{Naming: scope, Env: env, Alias: names.LogsKey, Description: "d"})
			return err
		},
		"network": func(stack cdktf.TerraformStack) error {
			_, err := network.New(stack, "network", network.Props{
				Naming: scope, Env: env, CIDR: "10.0.0.0/16", FlowLogs: group,
				Names: network.Names{Workloads: names.Workloads, FlowLogDelivery: names.FlowLogDelivery},
			})
			return err
		},
		"bucket": func(stack cdktf.TerraformStack) error {
			_, err := s3.New(stack, "bucket", s3.Props{
				Naming: scope, Env: env, Kind: s3.Trail, Name: "bucket", Key: key, LogTo: tf.Ref{Name: "access-logs"},
				Trail: awsenv.Trail{Env: env, Name: "t"},
			})
			return err
		},
		"rds": func(stack cdktf.TerraformStack) error {
			_, err := rds.New(stack, "database", database)
			return err
		},
		"trail": func(stack cdktf.TerraformStack) error {
			_, err := logging.NewTrail(stack, "trail", logging.TrailProps{
				Naming: scope, Env: env, Trail: trail, DeliveryRole: names.TrailDelivery, Key: key,
				Bucket: tf.Ref{Name: "bucket"}, LogGroup: group,
			})
			return err
		},
		"topic": func(stack cdktf.TerraformStack) error {
			_, err := logging.NewTopic(stack, "topic", logging.TopicProps{
				Naming: scope, Env: env, Name: names.AlarmTopic, Key: key, Alarms: names.AlarmPattern,
			})
			return err
		},
		"auditor": func(stack cdktf.TerraformStack) error {
			_, err := logging.NewAuditor(stack, "auditor", logging.AuditorProps{
				Naming: scope, Env: env, Role: names.Auditor, Trail: trail,
				Principals: []string{testkit.AuditorPrincipal},
				KeyARN:     key.ARN, BucketName: "bucket", LogGroups: []string{"group"},
			})
			return err
		},
		"pipeline": func(stack cdktf.TerraformStack) error {
			document := []iampolicy.Statement{{Sid: "Read", Effect: iampolicy.Allow,
				Actions: []string{"iam:GetRole"}, Resources: []string{env.IAMARN("role/x")}}}
			_, err := pipeline.New(stack, "pipeline", pipeline.Props{
				Naming: scope, Env: env, Names: inventory.PipelineNames(scope, env),
				Plan: [][]iampolicy.Statement{document}, Deploy: [][]iampolicy.Statement{document}, Boundary: document,
				GitHub: pipeline.GitHub{Repository: "o/r", Subject: "repo:o/r", Branch: "main", Environment: "test"},
			})
			return err
		},
		"group": func(stack cdktf.TerraformStack) error {
			_, err := logging.NewGroup(stack, "group", logging.GroupProps{Naming: scope, Name: "group", Key: key})
			return err
		},
		"alarms": func(stack cdktf.TerraformStack) error {
			_, err := logging.NewAlarms(stack, "alarms", logging.AlarmsProps{
				Naming: scope, Names: names.Alarms, LogGroupName: "group", Topic: tf.Ref{ARN: env.ARN("sns", "topic")},
			})
			return err
		},
	}
}

// withoutPolicies are the constructs that render no policy.
var withoutPolicies = map[string]bool{"group": true, "alarms": true}

// TestNothingIsAddedUnlessAllPoliciesRender gives constructs an account that no policy can name.
func TestNothingIsAddedUnlessAllPoliciesRender(t *testing.T) {
	unspeakable, err := awsenv.New(region, "\u4e16\u754c")
	require.NoError(t, err)
	for name, add := range constructsWith(t, unspeakable) {
		stack := testkit.EmptyStack(t)
		if err := add(stack); withoutPolicies[name] {
			assert.NoError(t, err, name)
			continue
		} else {
			assert.Error(t, err, name)
		}
		assert.Empty(t, *stack.Node().Children(), "%s adds nodes before it knows that it can", name)
	}
}

// TestDefaultsOfConstructs adds each construct with the least props that it accepts.
func TestDefaultsOfConstructs(t *testing.T) {
	env, err := awsenv.New(region, account)
	require.NoError(t, err)
	alone := map[string]testkit.Stack{}
	for name, add := range constructsWith(t, env) {
		alone[name] = testkit.Parse(t, testkit.SynthesizeAlone(t, add))
	}

	key := alone["kms"].At(t, "aws_kms_key", "key/Resource")
	assert.Equal(t, []any{30.0, 365.0, true, true}, []any{key.Attributes["deletion_window_in_days"],
		key.Attributes["rotation_period_in_days"], key.Attributes["enable_key_rotation"],
		key.Value("lifecycle", "prevent_destroy")})

	assert.Len(t, alone["network"].OfType("aws_subnet"), 3*3, "three tiers in three zones")
	assert.Len(t, alone["network"].OfType("aws_nat_gateway"), 3, "a NAT gateway in each zone")
	assert.Len(t, alone["network"].OfType("aws_vpc_endpoint"), 1, "the gateway endpoint for S3 alone")
	port := alone["network"].At(t, "aws_network_acl", "network/database-acl").Value("ingress", "0", "from_port")
	assert.Equal(t, 5432.0, port)

	bucket := alone["bucket"].At(t, "aws_s3_bucket", "bucket/Resource")
	assert.Equal(t, []any{false, true}, []any{bucket.Attributes["force_destroy"],
		bucket.Value("lifecycle", "prevent_destroy")})
	rule := alone["bucket"].At(t, "aws_s3_bucket_lifecycle_configuration", "bucket/lifecycle")
	assert.Equal(t, 90.0, rule.Value("rule", "0", "noncurrent_version_expiration", "0", "noncurrent_days"))
	assert.Equal(t, []any{nil, true}, []any{rule.Value("rule", "0", "expiration", "0", "days"),
		rule.Value("rule", "0", "expiration", "0", "expired_object_delete_marker")}, "only delete markers expire")

	group := alone["group"].At(t, "aws_cloudwatch_log_group", "group")
	assert.Equal(t, []any{365.0, true}, []any{group.Attributes["retention_in_days"], group.Attributes["skip_destroy"]})

	alarms := alone["alarms"].OfType("aws_cloudwatch_metric_alarm")
	assert.Len(t, alarms, 15)
	for _, alarm := range alarms {
		threshold := 1.0
		if alarm.Path == "alarms/unauthorized-calls-alarm" {
			threshold = 20
		}
		assert.Equal(t, []any{threshold, 300.0}, []any{alarm.Attributes["threshold"], alarm.Attributes["period"]},
			alarm.Path)
	}

	assert.Len(t, alone["pipeline"].OfType("aws_iam_openid_connect_provider"), 1)
	assert.Nil(t, alone["trail"].At(t, "aws_cloudtrail", "trail/Resource").Attributes["insight_selector"])
	assert.Empty(t, alone["topic"].OfType("aws_sns_topic_subscription"))
	assert.Nil(t, alone["auditor"].At(t, "aws_iam_role", "auditor/Resource").Attributes["permissions_boundary"])
}

// TestConstructsRefuseEmptyProps demands that no construct works without what its props require.
func TestConstructsRefuseEmptyProps(t *testing.T) {
	stack := testkit.EmptyStack(t)
	for name, err := range map[string]error{
		"kms":     errorOf(kms.New(stack, "key", kms.Props{})),
		"network": errorOf(network.New(stack, "network", network.Props{})),
		"bucket":  errorOf(s3.New(stack, "bucket", s3.Props{})),
		"rds":     errorOf(rds.New(stack, "database", rds.Props{})),
		"trail":   errorOf(logging.NewTrail(stack, "trail", logging.TrailProps{})),
		"topic":   errorOf(logging.NewTopic(stack, "topic", logging.TopicProps{})),
		"auditor": errorOf(logging.NewAuditor(stack, "auditor", logging.AuditorProps{})),
		"group":   errorOf(logging.NewGroup(stack, "group", logging.GroupProps{})),
		"alarms":  errorOf(logging.NewAlarms(stack, "alarms", logging.AlarmsProps{})),
	} {
		assert.ErrorContains(t, err, "props.Naming: must be ", name)
	}
	assert.Empty(t, *stack.Node().Children())
}

func errorOf[T any](_ T, err error) error { return err }
