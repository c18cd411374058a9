//go:build rehearsal && unix

package tests

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
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
)

// stateful are the kinds of resources whose loss is a loss of data, of an address that others know, or of evidence.
var stateful = []string{
	"aws_cloudtrail", "aws_cloudwatch_log_group", "aws_db_instance", "aws_kms_key", "aws_s3_bucket", "aws_sns_topic",
	"aws_subnet", "aws_vpc",
}

// change is an edit of the configuration, and the kinds of resources that it may create, update or delete.
type change struct {
	name     string
	replaced settings
	kinds    []string
}

// changesOf lists the edits that are rehearsed: another way out for private subnets, a third zone where there are two, a
// longer memory, one alarm less, one bucket more, whose name the policy of its key must learn.
func changesOf(cfg config.Config) []change {
	ways := []string{"aws_eip", "aws_nat_gateway", "aws_route", "aws_route_table", "aws_route_table_association",
		"aws_vpc_endpoint_route_table_association"}
	network := change{"NAT in one zone only", settings{"network.nat": "single"}, ways}
	if cfg.Network.NAT != "per-zone" {
		network = change{"NAT in each zone", settings{"network.nat": "per-zone"}, ways}
	}
	changes := []change{
		network,
		{"log retention", settings{"logging.retentionDays": 731}, []string{"aws_cloudwatch_log_group"}},
		{"alarm off", settings{"logging.alarms.sign-in-failures.enabled": false},
			[]string{"aws_cloudwatch_log_metric_filter", "aws_cloudwatch_metric_alarm"}},
		{"data bucket", settings{"s3.buckets.reports": map[string]any{}}, []string{
			"aws_iam_policy", "aws_kms_key", "aws_s3_bucket", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_logging",
			"aws_s3_bucket_ownership_controls", "aws_s3_bucket_policy", "aws_s3_bucket_public_access_block",
			"aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_versioning"}},
	}
	if len(cfg.Network.Zones) == 0 && cfg.Network.ZoneCount == 2 {
		changes = append(changes, change{"third zone", settings{"network.zoneCount": 3}, append(slices.Clone(ways),
			"aws_subnet", "aws_network_acl_association", "aws_network_acl_rule", "aws_vpc_security_group_egress_rule",
			"aws_vpc_security_group_ingress_rule", "aws_db_subnet_group")})
	}
	return changes
}

// rehearseChanges plans each edit alone, and then applies all of them at once.
func rehearseChanges(t *testing.T, w *workspace) string {
	all, told := settings{}, []string{}
	for _, edit := range changesOf(w.config) {
		w.synthesize(t, edit.replaced)
		w.init(t)
		planned := w.changes(t, "-refresh=false") // the plan before has just found everything as it should be
		assert.NotEmpty(t, planned, "%s changes nothing", edit.name)
		assertHarmless(t, edit, planned)
		maps.Copy(all, edit.replaced)
		told = append(told, fmt.Sprintf("%s %d", edit.name, len(planned)))
	}
	before := w.state(t)
	w.synthesize(t, all)
	w.init(t)
	require.NoError(t, w.apply(t))
	assertNoChanges(t, w)
	after := w.state(t)
	assert.Equal(t, w.template(t).addresses(), slices.Sorted(maps.Keys(after)))
	for address, was := range before {
		if kind, _, _ := strings.Cut(address, "."); slices.Contains(stateful, kind) {
			assert.Equal(t, was["id"], after[address]["id"], "%s is another one than before", address)
		}
	}
	return strings.Join(told, ", ") + " resources touched"
}

func assertHarmless(t *testing.T, edit change, planned map[string]*tfjson.ResourceChange) {
	t.Helper()
	for address, change := range planned {
		actions := change.Change.Actions
		assert.Contains(t, edit.kinds, change.Type, "%s: %v %s", edit.name, actions, address)
		if slices.Contains(stateful, change.Type) {
			assert.False(t, actions.Delete() || actions.Replace(), "%s: %v %s", edit.name, actions, address)
		}
	}
}

// rehearseDestroy shows that what must not be lost cannot be destroyed by mistake, and that nothing stays otherwise.
func rehearseDestroy(t *testing.T, w *workspace, e emulator) string {
	guarded, before := 0, w.state(t)
	for _, body := range w.template(t).resources() {
		lifecycle, _ := body["lifecycle"].(map[string]any)
		if lifecycle["prevent_destroy"] == true {
			guarded++
		}
	}
	_, err := w.terraform(t, "destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism="+parallelism)
	if guarded > 0 {
		require.ErrorContains(t, err, "prevent_destroy")
		assert.Equal(t, slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(w.state(t))), "nothing is gone")
		return fmt.Sprintf("refused: %d resources are guarded, none is gone", guarded)
	}
	for address, body := range before {
		if body["deletion_protection"] == true {
			require.Error(t, err)
			assert.Contains(t, w.state(t), address)
			return "refused: AWS protects " + address
		}
	}
	require.NoError(t, err)
	assert.Empty(t, w.state(t))
	left := remaining(t, w.aws(e.url), before)
	assert.Empty(t, left, "left behind in AWS")
	return fmt.Sprintf("%d resources gone, 0 in the state, 0 in the emulator", len(before))
}

// remaining lists what is left of a destroyed stack. Keys wait for their deletion, which is all that AWS can do at once.
func remaining(t *testing.T, api aws.Config, before map[string]resource) []string {
	ctx := t.Context()
	var left []string
	keep := func(kind string, count int, err error) {
		require.NoError(t, err)
		if count > 0 {
			left = append(left, fmt.Sprintf("%d %s", count, kind))
		}
	}
	for address, body := range before {
		if strings.HasPrefix(address, "aws_kms_key.") {
			key, err := kms.NewFromConfig(api).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(body["key_id"].(string))})
			require.NoError(t, err)
			assert.Equal(t, kmstypes.KeyStatePendingDeletion, key.KeyMetadata.KeyState, address)
		}
	}
	buckets, err := s3.NewFromConfig(api).ListBuckets(ctx, &s3.ListBucketsInput{})
	keep("buckets", len(buckets.Buckets)-1, err) // that of the state stays
	trails, err := cloudtrail.NewFromConfig(api).DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{})
	keep("trails", len(trails.TrailList), err)
	groups, err := cloudwatchlogs.NewFromConfig(api).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	keep("log groups", len(groups.LogGroups), err)
	alarms, err := cloudwatch.NewFromConfig(api).DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
	keep("alarms", len(alarms.MetricAlarms), err)
	topics, err := sns.NewFromConfig(api).ListTopics(ctx, &sns.ListTopicsInput{})
	keep("topics", len(topics.Topics), err)
	roles, err := iam.NewFromConfig(api).ListRoles(ctx, &iam.ListRolesInput{})
	keep("roles", len(roles.Roles), err)
	policies, err := iam.NewFromConfig(api).ListPolicies(ctx, &iam.ListPoliciesInput{Scope: iamtypes.PolicyScopeTypeLocal})
	keep("policies", len(policies.Policies), err)
	databases, err := rds.NewFromConfig(api).DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{})
	keep("databases", len(databases.DBInstances), err)
	groupsOfSubnets, err := rds.NewFromConfig(api).DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{})
	keep("subnet groups", len(groupsOfSubnets.DBSubnetGroups), err)
	subscriptions, err := rds.NewFromConfig(api).DescribeEventSubscriptions(ctx, &rds.DescribeEventSubscriptionsInput{})
	keep("event subscriptions", len(subscriptions.EventSubscriptionsList), err)
	aliases, err := kms.NewFromConfig(api).ListAliases(ctx, &kms.ListAliasesInput{})
	keep("aliases of keys", len(slices.DeleteFunc(aliases.Aliases, func(alias kmstypes.AliasListEntry) bool {
		return strings.HasPrefix(*alias.AliasName, "alias/aws/")
	})), err)
	network := ec2.NewFromConfig(api)
	vpcs, err := network.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: []ec2types.Filter{{Name: aws.String("is-default"), Values: []string{"false"}}}})
	keep("VPCs", len(vpcs.Vpcs), err)
	addresses, err := network.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	keep("addresses", len(addresses.Addresses), err)
	flowLogs, err := network.DescribeFlowLogs(ctx, &ec2.DescribeFlowLogsInput{})
	keep("flow logs", len(flowLogs.FlowLogs), err)
	gateways, err := network.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{})
	keep("internet gateways", len(gateways.InternetGateways), err)
	// What was deleted is listed for a while.
	alive := func(name string) []ec2types.Filter {
		return []ec2types.Filter{{Name: aws.String(name), Values: []string{"pending", "available"}}}
	}
	endpoints, err := network.DescribeVpcEndpoints(ctx, &ec2.DescribeVpcEndpointsInput{Filters: alive("vpc-endpoint-state")})
	keep("endpoints", len(endpoints.VpcEndpoints), err)
	nats, err := network.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{Filter: alive("state")})
	keep("NAT gateways", len(nats.NatGateways), err)
	return left
}
