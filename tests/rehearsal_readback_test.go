//go:build rehearsal && unix

package tests

import (
	"fmt"
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
)

// readback asks AWS itself, not Terraform, what there is.
type readback struct {
	config aws.Config
	state  map[string]resource
	checks int
}

// each calls a function for every resource of a kind.
func (r *readback) each(kind string, check func(address string, state resource)) {
	for address, body := range r.state {
		if strings.HasPrefix(address, kind+".") {
			r.checks++
			check(address, body)
		}
	}
}

// readBack compares what AWS tells with what the configuration asked for.
func readBack(t *testing.T, w *workspace, endpoint string) string {
	r := &readback{config: w.aws(endpoint), state: w.state(t)}
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
	client := kms.NewFromConfig(r.config)
	r.each("aws_kms_key", func(address string, state resource) {
		id := aws.String(state["key_id"].(string))
		rotation, err := client.GetKeyRotationStatus(t.Context(), &kms.GetKeyRotationStatusInput{KeyId: id})
		require.NoError(t, err)
		assert.True(t, rotation.KeyRotationEnabled, address)
		assert.EqualValues(t, 365, aws.ToInt32(rotation.RotationPeriodInDays), address)
		policy, err := client.GetKeyPolicy(t.Context(), &kms.GetKeyPolicyInput{KeyId: id, PolicyName: aws.String("default")})
		require.NoError(t, err)
		assert.JSONEq(t, state["policy"].(string), *policy.Policy, address)
	})
}

func (r *readback) buckets(t *testing.T) {
	client := s3.NewFromConfig(r.config)
	of := map[string]map[string]resource{}
	for address, body := range r.state {
		kind, _, _ := strings.Cut(address, ".")
		if bucket, isText := body["bucket"].(string); isText {
			if of[bucket] == nil {
				of[bucket] = map[string]resource{}
			}
			of[bucket][kind] = body
		}
	}
	r.each("aws_s3_bucket", func(address string, state resource) {
		name := aws.String(state["bucket"].(string))
		policy, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: name})
		require.NoError(t, err)
		assert.JSONEq(t, of[*name]["aws_s3_bucket_policy"]["policy"].(string), *policy.Policy, address)
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
		asked := of[*name]["aws_s3_bucket_server_side_encryption_configuration"]["rule"].([]any)[0].(map[string]any)
		by := asked["apply_server_side_encryption_by_default"].([]any)[0].(map[string]any)
		told := encryption.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault
		assert.EqualValues(t, by["sse_algorithm"], told.SSEAlgorithm, address)
		assert.Equal(t, by["kms_master_key_id"], aws.ToString(told.KMSMasterKeyID), address)
		logging, err := client.GetBucketLogging(t.Context(), &s3.GetBucketLoggingInput{Bucket: name})
		require.NoError(t, err)
		asks, logs := of[*name]["aws_s3_bucket_logging"]
		if assert.Equal(t, logs, logging.LoggingEnabled != nil, address) && logs {
			assert.Equal(t, asks["target_bucket"], *logging.LoggingEnabled.TargetBucket, address)
		}
	})
}

func (r *readback) trail(t *testing.T) {
	client := cloudtrail.NewFromConfig(r.config)
	r.each("aws_cloudtrail", func(address string, state resource) {
		name := aws.String(state["name"].(string))
		status, err := client.GetTrailStatus(t.Context(), &cloudtrail.GetTrailStatusInput{Name: name})
		require.NoError(t, err)
		assert.True(t, *status.IsLogging, address)
		told, err := client.GetTrail(t.Context(), &cloudtrail.GetTrailInput{Name: name})
		require.NoError(t, err)
		assert.True(t, *told.Trail.IsMultiRegionTrail && *told.Trail.LogFileValidationEnabled && *told.Trail.IncludeGlobalServiceEvents, address)
		assert.Equal(t, state["kms_key_id"], aws.ToString(told.Trail.KmsKeyId), address)
		assert.Equal(t, state["cloud_watch_logs_group_arn"], aws.ToString(told.Trail.CloudWatchLogsLogGroupArn), address)
		selectors, err := client.GetEventSelectors(t.Context(), &cloudtrail.GetEventSelectorsInput{TrailName: name})
		require.NoError(t, err)
		assert.Len(t, selectors.AdvancedEventSelectors, len(state["advanced_event_selector"].([]any)), address)
	})
}

// network checks where each subnet's default route leads: public ones to the internet gateway, private ones to a NAT
// gateway or nowhere, those of the database nowhere.
func (r *readback) network(t *testing.T) {
	client := ec2.NewFromConfig(r.config)
	r.each("aws_subnet", func(address string, state resource) {
		tables, err := client.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{Filters: []ec2types.Filter{
			{Name: aws.String("association.subnet-id"), Values: []string{state["id"].(string)}}}})
		require.NoError(t, err)
		require.Len(t, tables.RouteTables, 1, address)
		way := ""
		for _, route := range tables.RouteTables[0].Routes {
			if aws.ToString(route.DestinationCidrBlock) == "0.0.0.0/0" {
				way = aws.ToString(route.GatewayId) + aws.ToString(route.NatGatewayId)
			}
		}
		tier, _, _ := strings.Cut(strings.TrimPrefix(address, "aws_subnet.network_"), "-")
		switch tier {
		case "public":
			assert.Regexp(t, "^igw-", way, address)
		case "private":
			assert.Regexp(t, "^(nat-|$)", way, address)
		default:
			assert.Empty(t, way, address)
		}
	})
}

func (r *readback) database(t *testing.T) {
	client := rds.NewFromConfig(r.config)
	r.each("aws_db_instance", func(address string, state resource) {
		told, err := client.DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{DBInstanceIdentifier: aws.String(state["identifier"].(string))})
		require.NoError(t, err)
		db := told.DBInstances[0]
		assert.True(t, *db.StorageEncrypted && !*db.PubliclyAccessible && *db.IAMDatabaseAuthenticationEnabled, address)
		assert.Equal(t, state["kms_key_id"], aws.ToString(db.KmsKeyId), address)
		assert.Equal(t, state["multi_az"], *db.MultiAZ, address)
		assert.Equal(t, state["deletion_protection"], *db.DeletionProtection, address)
		assert.EqualValues(t, state["backup_retention_period"], *db.BackupRetentionPeriod, address)
		assert.ElementsMatch(t, state["enabled_cloudwatch_logs_exports"], db.EnabledCloudwatchLogsExports, address)
		assert.NotNil(t, db.MasterUserSecret, address)
	})
}

func (r *readback) alarms(t *testing.T) {
	told := map[string][]string{}
	pages := cloudwatch.NewDescribeAlarmsPaginator(cloudwatch.NewFromConfig(r.config), &cloudwatch.DescribeAlarmsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, alarm := range page.MetricAlarms {
			told[*alarm.AlarmName] = alarm.AlarmActions
		}
	}
	r.each("aws_cloudwatch_metric_alarm", func(address string, state resource) {
		actions, exists := told[state["alarm_name"].(string)]
		assert.True(t, exists, address)
		assert.ElementsMatch(t, state["alarm_actions"], actions, address)
		assert.NotEmpty(t, actions, "%s tells nobody", address)
	})
}
