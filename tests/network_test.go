package tests

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/network"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
)

var natModes = []string{"none", "single", "per-zone"}

func TestNATWaitsForTheInternetGateway(t *testing.T) {
	for _, mode := range natModes {
		t.Run(mode, func(t *testing.T) {
			stack := testkit.Synthesize(t, "prod", testkit.Offline(testkit.Settings{"network.nat": mode}))
			gateway := stack.Address(t, "aws_internet_gateway", "network/internet-gateway")
			route := stack.Address(t, "aws_route", "network/public-internet-route")
			count := map[string]int{"none": 0, "single": 1, "per-zone": 3}[mode]
			assert.Len(t, stack.OfType("aws_nat_gateway"), count)
			assert.Len(t, stack.OfType("aws_eip"), count)
			for _, nat := range stack.OfType("aws_nat_gateway") {
				assert.Contains(t, nat.DependsOn(), gateway, nat.Path)
				assert.Contains(t, nat.DependsOn(), route, nat.Path)
			}
			for _, address := range stack.OfType("aws_eip") {
				assert.Contains(t, address.DependsOn(), gateway, address.Path)
			}
		})
	}
}

// ways returns where each subnet's route table leads: destinations by target, for every subnet by its path.
func ways(t *testing.T, stack testkit.Stack) map[string][]string {
	t.Helper()
	routes := map[string][]string{}
	for _, route := range stack.OfType("aws_route") {
		table := route.Refers(t, "route_table_id")
		for _, target := range []string{"gateway_id", "nat_gateway_id", "egress_only_gateway_id"} {
			if route.Attributes[target] != nil {
				routes[table] = append(routes[table], route.Refers(t, target))
			}
		}
	}
	lead := map[string][]string{}
	for _, association := range stack.OfType("aws_route_table_association") {
		subnet := stack.Get(t, association.Refers(t, "subnet_id"))
		require.NotContains(t, lead, subnet.Path, "a subnet has one route table")
		lead[subnet.Path] = append([]string{}, routes[association.Refers(t, "route_table_id")]...)
	}
	require.Len(t, lead, len(stack.OfType("aws_subnet")), "a subnet without a table of its own would use the VPC's")
	return lead
}

func TestOnlyTheRightTiersReachTheInternet(t *testing.T) {
	for _, mode := range natModes {
		for _, ipv6 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, ipv6 %t", mode, ipv6), func(t *testing.T) {
				stack := testkit.Synthesize(t, "prod",
					testkit.Offline(testkit.Settings{"network.nat": mode, "network.ipv6": ipv6,
						"network.dynamodbEndpoint": true}))
				for subnet, targets := range ways(t, stack) {
					letter := subnet[strings.LastIndex(subnet, "-")+1:]
					var want []string
					switch {
					case strings.HasPrefix(subnet, "network/public"):
						want = []string{stack.Address(t, "aws_internet_gateway", "network/internet-gateway")}
						if ipv6 {
							want = append(want, want[0])
						}
					case strings.HasPrefix(subnet, "network/private") && mode != "none":
						if mode == "single" {
							letter = "a"
						}
						want = []string{stack.Address(t, "aws_nat_gateway", "network/nat-"+letter)}
						if ipv6 {
							want = append(want, stack.Address(t, "aws_egress_only_internet_gateway",
								"network/egress-only-gateway"))
						}
					}
					assert.ElementsMatch(t, want, targets, subnet)
				}
				for _, association := range stack.OfType("aws_vpc_endpoint_route_table_association") {
					table := stack.Get(t, association.Refers(t, "route_table_id"))
					assert.Contains(t, table.Path, "network/private-", "gateway endpoints are for private subnets")
				}
			})
		}
	}
}

func TestDefaultsOfTheVPCAreEmptied(t *testing.T) {
	stack := testkit.Synthesize(t, "dev", nil)
	assert.Equal(t, []any{}, stack.At(t, "aws_default_route_table", "network/default-route-table").Attributes["route"])
	for kind, path := range map[string]string{
		"aws_default_network_acl":    "network/default-network-acl",
		"aws_default_security_group": "network/default-security-group",
	} {
		body := stack.At(t, kind, path)
		assert.NotContains(t, body.Attributes, "ingress", kind)
		assert.NotContains(t, body.Attributes, "egress", kind)
	}
}

func TestSubnetsGiveNoPublicAddresses(t *testing.T) {
	for _, subnet := range testkit.Synthesize(t, "prod", testkit.AllNetwork()).OfType("aws_subnet") {
		assert.Equal(t, false, subnet.Attributes["map_public_ip_on_launch"], subnet.Path)
	}
}

// TestZonesComeAndGoWithoutMovingAnything compares stacks resource by resource, in full.
func TestZonesComeAndGoWithoutMovingAnything(t *testing.T) {
	grown := func(mode string, letters ...string) map[string]testkit.Resource {
		with := testkit.AllNetwork()
		with["network.nat"], with["network.zones"] = mode, testkit.Zones(letters...)
		return testkit.Synthesize(t, "prod", with).ByAddress()
	}
	for _, mode := range natModes {
		two, three, six := grown(mode, "a", "b"), grown(mode, "a", "b", "c"), grown(mode, "a", "b", "c", "d", "e", "f")
		assertUnchanged(t, two, three)
		assertUnchanged(t, three, six)
		assertUnchanged(t, grown(mode, "a", "c"), three)
	}

	counted := func(count int) map[string]testkit.Resource {
		return testkit.Synthesize(t, "prod", testkit.Settings{"network.zoneCount": count}).ByAddress()
	}
	assertUnchanged(t, counted(2), counted(3))
	assertUnchanged(t, counted(3), counted(6))
}

func assertUnchanged(t *testing.T, before, after map[string]testkit.Resource) {
	t.Helper()
	assert.GreaterOrEqual(t, len(after), len(before))
	for address, body := range before {
		assert.Equal(t, fixed(body), fixed(after[address]), address)
		for _, rules := range []string{"ingress", "egress"} {
			assert.Subset(t, objects(after[address].Attributes[rules]), objects(body.Attributes[rules]), address)
		}
	}
}

// fixed is a resource without what may grow in place: network ACLs and security groups get more rules, and the
// database waits for more of the network, and may use more of it.
func fixed(body testkit.Resource) map[string]any {
	rest := maps.Clone(body.Attributes)
	delete(rest, "ingress")
	delete(rest, "egress")
	if strings.HasPrefix(body.Path, "database/") {
		delete(rest, "depends_on")
		delete(rest, "subnet_ids")
	}
	return rest
}

func TestDatabaseACL(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	var private []string
	for _, letter := range []string{"a", "b", "c"} {
		private = append(private, stack.At(t, "aws_subnet", "network/private-"+letter).Text(t, "cidr_block"))
	}
	for direction, ports := range map[string][]any{"ingress": {5432.0, 5432.0}, "egress": {1024.0, 65535.0}} {
		var peers []string
		acl := stack.At(t, "aws_network_acl", "network/database-acl")
		for _, rule := range objects(acl.Attributes[direction]) {
			peers = append(peers, rule["cidr_block"].(string))
			assert.Equal(t, "6", rule["protocol"])
			assert.Equal(t, ports, []any{rule["from_port"], rule["to_port"]}, direction)
		}
		assert.ElementsMatch(t, private, peers, "only private subnets are peers")
	}

	guarded := map[string]string{}
	for _, association := range stack.OfType("aws_network_acl_association") {
		guarded[association.Refers(t, "subnet_id")] = association.Refers(t, "network_acl_id")
	}
	for _, subnet := range stack.OfType("aws_subnet") {
		tier, _, _ := strings.Cut(strings.TrimPrefix(subnet.Path, "network/"), "-")
		assert.Equal(t, stack.Address(t, "aws_network_acl", "network/"+tier+"-acl"), guarded[subnet.Address])
	}
}

func TestFlowLogs(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	logs := stack.At(t, "aws_flow_log", "network/flow-logs")
	assert.Equal(t, "ALL", logs.Attributes["traffic_type"])
	assert.Equal(t, 60.0, logs.Attributes["max_aggregation_interval"])
	assert.Contains(t, logs.Text(t, "log_format"), "$${flow-direction}")
	assert.Contains(t, logs.DependsOn(),
		stack.Address(t, "aws_iam_role_policy_attachment", "network/flow-logs-role/attachment"))
	assert.Contains(t, logs.DependsOn(), stack.Address(t, "aws_cloudwatch_log_group", "flow-logs"))

	group := stack.At(t, "aws_cloudwatch_log_group", "flow-logs")
	assert.Contains(t, logs.Text(t, "log_destination"), ":log-group:"+group.Text(t, "name"))
	assert.Equal(t, stack.Address(t, "aws_kms_key", "logs-key/Resource"), group.Refers(t, "kms_key_id"))
	assert.Contains(t, group.DependsOn(), stack.Address(t, "aws_kms_key", "logs-key/Resource"))
	assert.Equal(t, 365.0, group.Attributes["retention_in_days"])
	assert.Equal(t, true, group.Attributes["skip_destroy"])
}

func TestOptionalPartsAreAbsentByDefault(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", nil)
	for _, kind := range []string{
		"aws_egress_only_internet_gateway", "aws_vpc_block_public_access_options",
		"aws_vpc_ipv4_cidr_block_association",
		"aws_vpc_endpoint_subnet_association",
	} {
		assert.Empty(t, stack.OfType(kind), kind)
	}
	vpc := stack.At(t, "aws_vpc", "network/Resource")
	for _, attribute := range []string{"assign_generated_ipv6_cidr_block", "ipv4_ipam_pool_id"} {
		assert.NotContains(t, vpc.Attributes, attribute)
	}
	assert.Len(t, stack.OfType("aws_vpc_endpoint"), 1, "only S3")
}

func TestOptionalPartsAreThereWhenAskedFor(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllNetwork())
	services := len(awsenv.EndpointServices())
	assert.Len(t, stack.OfType("aws_vpc_endpoint"), services+2, "and S3 and DynamoDB")
	assert.Len(t, stack.OfType("aws_vpc_endpoint_subnet_association"), services*3)
	assert.Equal(t, "block-ingress",
		stack.At(t, "aws_vpc_block_public_access_options",
			"network/block-public-access").Attributes["internet_gateway_block_mode"])
	assert.Equal(t, "10.1.0.0/16",
		stack.At(t, "aws_vpc_ipv4_cidr_block_association", "network/secondary-10.1.0.0-16").Attributes["cidr_block"])
	assert.Equal(t, "ipam-pool-0123456789abcdef0",
		stack.At(t, "aws_vpc", "network/Resource").Attributes["ipv4_ipam_pool_id"])
	assert.Equal(t, "arn:aws:iam::"+account+":policy/boundary",
		stack.At(t, "aws_iam_role", "network/flow-logs-role/Resource").Attributes["permissions_boundary"])
	var blocks []string
	for _, subnet := range stack.OfType("aws_subnet") {
		blocks = append(blocks, subnet.Text(t, "ipv6_cidr_block"))
	}
	slices.Sort(blocks)
	assert.Len(t, slices.Compact(blocks), 9, "each subnet has its own IPv6 block")
}

func TestNetworkRefusesBadProps(t *testing.T) {
	env, err := awsenv.New("cn-north-1", account)
	require.NoError(t, err)
	stack := testkit.EmptyStack(t)
	_, err = network.New(stack, "n", network.Props{
		Naming: naming.New("acme", "dev", naming.Tags{}), Env: env,
		CIDR: "10.0.0.1/16", ZoneCount: 7, Zones: []string{"eu-west-1a", "cn-north-1b"}, NAT: "two",
		InterfaceEndpoints: []string{"kms"}, PublicAccess: network.BlockBidirectional,
	})
	require.Error(t, err)
	for _, problem := range []string{
		`network "n": props.Names.Workloads: must be the name of a security group`,
		`props.Names.FlowLogDelivery: must be the names of a role and of its policy`,
		`props.FlowLogs.Name: must be the name of a log group`,
		`props.CIDR = "10.0.0.1/16": must begin with the first address of the network`,
		`props.ZoneCount = 7: must be 2 to 6`,
		`props.Zones = ["eu-west-1a","cn-north-1b"]: "eu-west-1a" must be a zone of the region, cn-north-1a to ` +
			`cn-north-1f`,
		`props.NAT = "two": must be one of [none single per-zone]`,
		`props.PublicAccess = "block-bidirectional": must not stop NAT too; it goes with NAT "none" only`,
		`props.InterfaceEndpoints = ["kms"]: must be empty in partition "aws-cn", where they are not supported`,
	} {
		assert.ErrorContains(t, err, problem)
	}
	_, err = network.New(stack, "n", network.Props{PublicAccess: "block-egress"})
	assert.ErrorContains(t, err,
		`props.PublicAccess = "block-egress": must be "block-ingress" or "block-bidirectional", or left out`)
	assert.Empty(t, *stack.Node().Children(), "nothing is built from refused props")
}
