//go:build rehearsal && unix

package rehearsal

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
)

// change is an edit of the configuration, and the kinds of resources that it may create, update or delete.
type change struct {
	name     string
	replaced testkit.Settings
	kinds    []string
}

// changesOf lists the edits that are rehearsed: another way out for private subnets, a third zone where there are two,
// a longer memory, one alarm less, one bucket more, whose name the policy of its key must learn, and what AWS refuses
// or keeps when it is asked in the wrong way.
func changesOf(cfg config.Config) []change {
	ways := []string{"aws_eip", "aws_nat_gateway", "aws_route", "aws_route_table", "aws_route_table_association",
		"aws_vpc_endpoint_route_table_association"}
	network := change{"NAT in one zone only", testkit.Settings{"network.nat": "single"}, ways}
	if cfg.Network.NAT != "per-zone" {
		network = change{"NAT in each zone", testkit.Settings{"network.nat": "per-zone"}, ways}
	}
	changes := []change{
		network,
		{"log retention", testkit.Settings{"logging.retentionDays": 731}, []string{"aws_cloudwatch_log_group"}},
		{"alarm off", testkit.Settings{"logging.alarms.sign-in-failures.enabled": false},
			[]string{"aws_cloudwatch_log_metric_filter", "aws_cloudwatch_metric_alarm"}},
		{"data bucket", testkit.Settings{"s3.buckets.reports": map[string]any{}}, []string{
			"aws_iam_policy", "aws_kms_key", "aws_s3_bucket", "aws_s3_bucket_lifecycle_configuration",
			"aws_s3_bucket_logging",
			"aws_s3_bucket_ownership_controls", "aws_s3_bucket_policy", "aws_s3_bucket_public_access_block",
			"aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_versioning"}},
	}
	changes = append(changes, change{"port 80", testkit.Settings{"network.publicHttp": true}, []string{"aws_network_acl"}},
		change{"storage past 400 GiB", testkit.Settings{"rds.storageGiB": 400},
			[]string{"aws_db_instance", "aws_cloudwatch_metric_alarm"}},
		change{"insights off", testkit.Settings{"rds.insights": "none"}, []string{"aws_db_instance"}},
		change{"rotation", testkit.Settings{"rds.rotationDays": 30}, []string{"aws_secretsmanager_secret_rotation"}})
	if cfg.S3.PreventDestroy { // what is locked cannot be destroyed
		changes = append(changes, change{"Object Lock", testkit.Settings{"s3.trail.objectLock": map[string]any{
			"mode": "governance", "days": 1}}, []string{"aws_s3_bucket_object_lock_configuration"}})
	}
	if !cfg.RDS.PreventDestroy { // it is to go with the rest
		changes = append(changes, change{"further database", testkit.Settings{"rds.instances": map[string]any{
			"orders": map[string]any{"connectUser": "orders"}}}, []string{
			"aws_cloudwatch_log_group", "aws_cloudwatch_metric_alarm", "aws_db_event_subscription", "aws_db_instance",
			"aws_db_parameter_group", "aws_db_subnet_group", "aws_iam_policy", "aws_iam_role",
			"aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachment",
			"aws_iam_role_policy_attachments_exclusive", "aws_kms_key", "aws_security_group",
			"aws_sns_topic_policy"}})
	}
	if len(cfg.Network.Zones) == 0 && cfg.Network.ZoneCount == 2 {
		changes = append(changes,
			change{"third zone", testkit.Settings{"network.zoneCount": 3}, append(slices.Clone(ways),
				"aws_subnet", "aws_network_acl", "aws_network_acl_association", "aws_security_group",
				"aws_db_subnet_group")})
	}
	return changes
}

// rehearseChanges plans each edit alone, and then applies all of them at once.
func rehearseChanges(t *testing.T, w *workspace, e emulator) string {
	all, kinds, results := testkit.Settings{}, []string{}, []string{}
	w.synthesize(t, testkit.Settings{"rds.masterUser": "somebody", "rds.database": "orders"})
	w.init(t)
	assert.Empty(t, w.changes(t, "-refresh=false"), "what RDS cannot change is left alone")
	for _, edit := range changesOf(w.config) {
		w.synthesize(t, edit.replaced)
		w.init(t)
		planned := w.changes(t, "-refresh=false") // the plan before has just found everything as it should be
		assert.NotEmpty(t, planned, "%s changes nothing", edit.name)
		assertHarmless(t, edit, planned)
		maps.Copy(all, edit.replaced)
		kinds = append(kinds, edit.kinds...)
		results = append(results, fmt.Sprintf("%s %d", edit.name, len(planned)))
	}
	before := w.state(t)
	w.synthesize(t, all)
	w.init(t)
	assertHarmless(t, change{"all at once", all, kinds}, w.changes(t, "-refresh=false"))
	applyReviewed(t, w, e, all)
	assertNoChanges(t, w)
	w.edits = all
	assertRequests(t, w, e)
	after := w.state(t)
	assert.Equal(t, w.template(t).Addresses(), slices.Sorted(maps.Keys(after)))
	for address, was := range before {
		if kind, _, _ := strings.Cut(address, "."); template.Stateful(kind) {
			assert.Equal(t, was["id"], after[address]["id"], "%s is another one than before", address)
		}
	}
	return strings.Join(results, ", ") + " resources touched"
}

func assertHarmless(t *testing.T, edit change, planned map[string]*tfjson.ResourceChange) {
	t.Helper()
	for address, change := range planned {
		actions := change.Change.Actions
		assert.Contains(t, edit.kinds, change.Type, "%s: %v %s", edit.name, actions, address)
		if template.Stateful(change.Type) {
			assert.False(t, actions.Delete() || actions.Replace(), "%s: %v %s", edit.name, actions, address)
		}
	}
}

// remaining lists what is left of a destroyed stack. Keys wait for their deletion, which is all that AWS can do at
// once.
func remaining(t *testing.T, api aws.Config, before map[string]attributes) []string {
	ctx := t.Context()
	var left []string
	keep := func(kind string, count int) {
		if count > 0 {
			left = append(left, fmt.Sprintf("%d %s", count, kind))
		}
	}
	for address, body := range before {
		if strings.HasPrefix(address, "aws_kms_key.") {
			key, err := kms.NewFromConfig(api).DescribeKey(ctx,
				&kms.DescribeKeyInput{KeyId: aws.String(body["key_id"].(string))})
			require.NoError(t, err)
			assert.Equal(t, kmstypes.KeyStatePendingDeletion, key.KeyMetadata.KeyState, address)
		}
	}
	buckets, err := s3.NewFromConfig(api).ListBuckets(ctx, &s3.ListBucketsInput{})
	require.NoError(t, err)
	keep("buckets", len(buckets.Buckets)-1) // that of the state stays
	trails, err := cloudtrail.NewFromConfig(api).DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{})
	require.NoError(t, err)
	keep("trails", len(trails.TrailList))
	groups, err := cloudwatchlogs.NewFromConfig(api).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	require.NoError(t, err)
	keep("log groups", len(groups.LogGroups))
	alarms, err := cloudwatch.NewFromConfig(api).DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
	require.NoError(t, err)
	keep("alarms", len(alarms.MetricAlarms))
	topics, err := sns.NewFromConfig(api).ListTopics(ctx, &sns.ListTopicsInput{})
	require.NoError(t, err)
	keep("topics", len(topics.Topics))
	roles, err := iam.NewFromConfig(api).ListRoles(ctx, &iam.ListRolesInput{})
	require.NoError(t, err)
	keep("roles", len(roles.Roles))
	policies, err := iam.NewFromConfig(api).ListPolicies(ctx,
		&iam.ListPoliciesInput{Scope: iamtypes.PolicyScopeTypeLocal})
	require.NoError(t, err)
	keep("policies", len(policies.Policies))
	aliases, err := kms.NewFromConfig(api).ListAliases(ctx, &kms.ListAliasesInput{})
	require.NoError(t, err)
	keep("aliases of keys", len(slices.DeleteFunc(aliases.Aliases, func(alias kmstypes.AliasListEntry) bool {
		return strings.HasPrefix(*alias.AliasName, "alias/aws/")
	})))

	data := rds.NewFromConfig(api)
	databases, err := data.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{})
	require.NoError(t, err)
	keep("databases", len(databases.DBInstances))
	groupsOfSubnets, err := data.DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{})
	require.NoError(t, err)
	keep("subnet groups", len(groupsOfSubnets.DBSubnetGroups))
	parameters, err := data.DescribeDBParameterGroups(ctx, &rds.DescribeDBParameterGroupsInput{})
	require.NoError(t, err)
	keep("parameter groups",
		len(slices.DeleteFunc(parameters.DBParameterGroups, func(group rdstypes.DBParameterGroup) bool {
			return strings.HasPrefix(*group.DBParameterGroupName, "default.")
		})))
	subscriptions, err := data.DescribeEventSubscriptions(ctx, &rds.DescribeEventSubscriptionsInput{})
	require.NoError(t, err)
	keep("event subscriptions", len(subscriptions.EventSubscriptionsList))

	network := ec2.NewFromConfig(api)
	vpcs, err := network.DescribeVpcs(ctx,
		&ec2.DescribeVpcsInput{Filters: []ec2types.Filter{{Name: aws.String("is-default"), Values: []string{"false"}}}})
	require.NoError(t, err)
	keep("VPCs", len(vpcs.Vpcs))
	addresses, err := network.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	require.NoError(t, err)
	keep("addresses", len(addresses.Addresses))
	flowLogs, err := network.DescribeFlowLogs(ctx, &ec2.DescribeFlowLogsInput{})
	require.NoError(t, err)
	keep("flow logs", len(flowLogs.FlowLogs))
	gateways, err := network.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{})
	require.NoError(t, err)
	keep("internet gateways", len(gateways.InternetGateways))
	// What was deleted is listed for a while.
	alive := func(name string) []ec2types.Filter {
		return []ec2types.Filter{{Name: aws.String(name), Values: []string{"pending", "available"}}}
	}
	endpoints, err := network.DescribeVpcEndpoints(ctx,
		&ec2.DescribeVpcEndpointsInput{Filters: alive("vpc-endpoint-state")})
	require.NoError(t, err)
	keep("endpoints", len(endpoints.VpcEndpoints))
	nats, err := network.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{Filter: alive("state")})
	require.NoError(t, err)
	keep("NAT gateways", len(nats.NatGateways))
	return left
}
