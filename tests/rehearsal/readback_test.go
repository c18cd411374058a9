//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
	"securebaseline/internal/testkit"
)

// readback asks AWS itself, not Terraform, what there is.
type readback struct {
	api    aws.Config
	config config.Config
	wanted map[string]attributes // by address, as the JSON says
	state  map[string]attributes // tells identifiers only
	checks int
}

// each calls a function for every resource of a kind, with what the JSON says of it.
func (r *readback) each(kind string, check func(address string, wanted attributes)) {
	for address, body := range r.wanted {
		if strings.HasPrefix(address, kind+".") {
			r.checks++
			check(address, body)
		}
	}
}

// id is an attribute of a resource that only AWS could know.
func (r *readback) id(t *testing.T, address, attribute string) *string {
	t.Helper()
	value, isText := r.state[address][attribute].(string)
	require.True(t, isText, "%s of %s", attribute, address)
	return &value
}

var expression = regexp.MustCompile(`\$\{(aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)\.([a-z_]+)\}`)

// resolved is what the JSON says, with the identifiers that AWS gave in place of the expressions that yield them.
func resolved(t *testing.T, stack testkit.Stack, state map[string]attributes, account string) map[string]attributes {
	t.Helper()
	declared := map[string]attributes{}
	for _, resource := range stack.Resources() {
		declared[resource.Address] = resource.Attributes
	}
	data, err := json.Marshal(declared)
	require.NoError(t, err)
	text := strings.ReplaceAll(string(data), "${data.aws_caller_identity.current.account_id}", account)
	text = expression.ReplaceAllStringFunc(text, func(found string) string {
		match := expression.FindStringSubmatch(found)
		if value, isText := state[match[1]][match[2]].(string); isText && !strings.ContainsAny(value, `"\`) {
			return value
		}
		return found
	})
	var all map[string]attributes
	require.NoError(t, json.Unmarshal([]byte(text), &all))
	return all
}

// readBack compares what AWS tells with what the JSON and the configuration ask for.
func readBack(t *testing.T, w *workspace, endpoint, account string) string {
	state := w.state(t)
	r := &readback{api: w.aws(endpoint), config: w.config, state: state,
		wanted: resolved(t, w.template(t), state, account)}
	r.keys(t)
	r.buckets(t)
	r.trail(t)
	r.network(t)
	r.database(t)
	r.alarms(t)
	tagged := r.tags(t)
	return fmt.Sprintf("%d resources compared, tags of %d read", r.checks, tagged)
}

func (r *readback) keys(t *testing.T) {
	client := kms.NewFromConfig(r.api)
	r.each("aws_kms_key", func(address string, wanted attributes) {
		id := r.id(t, address, "key_id")
		rotation, err := client.GetKeyRotationStatus(t.Context(), &kms.GetKeyRotationStatusInput{KeyId: id})
		require.NoError(t, err)
		assert.True(t, rotation.KeyRotationEnabled, address)
		assert.EqualValues(t, wanted["rotation_period_in_days"], aws.ToInt32(rotation.RotationPeriodInDays), address)
		policy, err := client.GetKeyPolicy(t.Context(),
			&kms.GetKeyPolicyInput{KeyId: id, PolicyName: aws.String("default")})
		require.NoError(t, err)
		assert.JSONEq(t, wanted.text(t, "policy"), aws.ToString(policy.Policy), address)
	})
}

// parts are the testkit.Settings of a bucket by their kind.
func (r *readback) parts(bucket string) map[string]attributes {
	parts := map[string]attributes{}
	for address, body := range r.wanted {
		if body["bucket"] == bucket {
			kind, _, _ := strings.Cut(address, ".")
			parts[kind] = body
		}
	}
	return parts
}

func (r *readback) buckets(t *testing.T) {
	client := s3.NewFromConfig(r.api)
	r.each("aws_s3_bucket", func(address string, wanted attributes) {
		name := aws.String(wanted.text(t, "bucket"))
		parts := r.parts(*name)
		policy, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: name})
		require.NoError(t, err)
		assert.JSONEq(t, parts["aws_s3_bucket_policy"].text(t, "policy"), aws.ToString(policy.Policy), address)
		block, err := client.GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: name})
		require.NoError(t, err)
		yes := aws.Bool(true)
		assert.Equal(t, &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: yes, BlockPublicPolicy: yes,
			IgnorePublicAcls: yes, RestrictPublicBuckets: yes}, block.PublicAccessBlockConfiguration, address)
		versions, err := client.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: name})
		require.NoError(t, err)
		assert.Equal(t, s3types.BucketVersioningStatusEnabled, versions.Status, address)
		encryption, err := client.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: name})
		require.NoError(t, err)
		require.Len(t, encryption.ServerSideEncryptionConfiguration.Rules, 1, address)
		asked := parts["aws_s3_bucket_server_side_encryption_configuration"]["rule"].([]any)[0].(map[string]any)
		by := asked["apply_server_side_encryption_by_default"].(map[string]any)
		actual := encryption.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault
		assert.EqualValues(t, by["sse_algorithm"], actual.SSEAlgorithm, address)
		key, _ := by["kms_master_key_id"].(string)
		assert.Equal(t, key, aws.ToString(actual.KMSMasterKeyID), address)
		logging, err := client.GetBucketLogging(t.Context(), &s3.GetBucketLoggingInput{Bucket: name})
		require.NoError(t, err)
		asks, logs := parts["aws_s3_bucket_logging"]
		if assert.Equal(t, logs, logging.LoggingEnabled != nil, address) && logs {
			assert.Equal(t, asks["target_bucket"], aws.ToString(logging.LoggingEnabled.TargetBucket), address)
		}
	})
}

func (r *readback) trail(t *testing.T) {
	client := cloudtrail.NewFromConfig(r.api)
	r.each("aws_cloudtrail", func(address string, wanted attributes) {
		name := aws.String(wanted.text(t, "name"))
		status, err := client.GetTrailStatus(t.Context(), &cloudtrail.GetTrailStatusInput{Name: name})
		require.NoError(t, err)
		assert.True(t, aws.ToBool(status.IsLogging), address)
		out, err := client.GetTrail(t.Context(), &cloudtrail.GetTrailInput{Name: name})
		require.NoError(t, err)
		actual := out.Trail
		assert.True(t, aws.ToBool(actual.IsMultiRegionTrail) && aws.ToBool(actual.LogFileValidationEnabled) &&
			aws.ToBool(actual.IncludeGlobalServiceEvents), address)
		assert.Equal(t, wanted["s3_bucket_name"], aws.ToString(actual.S3BucketName), address)
		assert.Equal(t, wanted["kms_key_id"], aws.ToString(actual.KmsKeyId), address)
		assert.Equal(t, wanted["cloud_watch_logs_group_arn"], aws.ToString(actual.CloudWatchLogsLogGroupArn), address)
		assert.Equal(t, wanted["cloud_watch_logs_role_arn"], aws.ToString(actual.CloudWatchLogsRoleArn), address)
		selectors, err := client.GetEventSelectors(t.Context(), &cloudtrail.GetEventSelectorsInput{TrailName: name})
		require.NoError(t, err)
		var names, asked []any
		for _, selector := range selectors.AdvancedEventSelectors {
			names = append(names, aws.ToString(selector.Name))
		}
		for _, selector := range wanted["advanced_event_selector"].([]any) {
			asked = append(asked, selector.(map[string]any)["name"])
		}
		assert.ElementsMatch(t, asked, names, address)
	})
}

// network checks where each subnet's default route leads: public ones to the internet gateway, private ones to a NAT
// gateway if the configuration has one, those of the database nowhere.
func (r *readback) network(t *testing.T) {
	private := "^nat-"
	if r.config.Network.NAT == "none" {
		private = "^$"
	}
	ways := map[string]string{"public": "^igw-", "private": private, "database": "^$"}
	client := ec2.NewFromConfig(r.api)
	r.each("aws_subnet", func(address string, _ attributes) {
		tables, err := client.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{Filters: []ec2types.Filter{
			{Name: aws.String("association.subnet-id"), Values: []string{*r.id(t, address, "id")}}}})
		require.NoError(t, err)
		require.Len(t, tables.RouteTables, 1, address)
		way := ""
		for _, route := range tables.RouteTables[0].Routes {
			if aws.ToString(route.DestinationCidrBlock) == "0.0.0.0/0" {
				way = aws.ToString(route.GatewayId) + aws.ToString(route.NatGatewayId)
			}
		}
		tier, _, _ := strings.Cut(strings.TrimPrefix(address, "aws_subnet.network_"), "-")
		require.Contains(t, ways, tier, address)
		assert.Regexp(t, ways[tier], way, address)
	})
}

func (r *readback) database(t *testing.T) {
	client := rds.NewFromConfig(r.api)
	r.each("aws_db_instance", func(address string, wanted attributes) {
		out, err := client.DescribeDBInstances(t.Context(),
			&rds.DescribeDBInstancesInput{DBInstanceIdentifier: aws.String(wanted.text(t, "identifier"))})
		require.NoError(t, err)
		require.Len(t, out.DBInstances, 1)
		actual, cfg := out.DBInstances[0], r.config.RDS
		assert.True(t, aws.ToBool(actual.StorageEncrypted) && aws.ToBool(actual.IAMDatabaseAuthenticationEnabled),
			address)
		assert.False(t, aws.ToBool(actual.PubliclyAccessible), address)
		assert.Equal(t, wanted["kms_key_id"], aws.ToString(actual.KmsKeyId), address)
		assert.Equal(t, cfg.MultiAZ, aws.ToBool(actual.MultiAZ), address)
		assert.Equal(t, cfg.DeletionProtection, aws.ToBool(actual.DeletionProtection), address)
		assert.EqualValues(t, cfg.BackupRetentionDays, aws.ToInt32(actual.BackupRetentionPeriod), address)
		assert.Equal(t, cfg.Class, aws.ToString(actual.DBInstanceClass), address)
		assert.ElementsMatch(t, wanted["enabled_cloudwatch_logs_exports"], actual.EnabledCloudwatchLogsExports, address)
		assert.NotNil(t, actual.MasterUserSecret, address)
	})
}

func (r *readback) alarms(t *testing.T) {
	actual := map[string][]string{}
	pages := cloudwatch.NewDescribeAlarmsPaginator(cloudwatch.NewFromConfig(r.api), &cloudwatch.DescribeAlarmsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, alarm := range page.MetricAlarms {
			actual[*alarm.AlarmName] = alarm.AlarmActions
		}
	}
	r.each("aws_cloudwatch_metric_alarm", func(address string, wanted attributes) {
		actions, exists := actual[wanted.text(t, "alarm_name")]
		assert.True(t, exists, address)
		assert.ElementsMatch(t, wanted["alarm_actions"], actions, address)
		assert.NotEmpty(t, actions, "%s tells nobody", address)
	})
}
