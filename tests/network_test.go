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
)

var natModes = []string{"none", "single", "per-zone"}

// everything switches on all that the network can have besides its defaults.
func everything() settings {
	return ours(settings{
		"network.interfaceEndpoints": []string{"ecr.api", "kms", "logs", "monitoring", "rds", "secretsmanager", "sts"},
		"network.dynamodbEndpoint":   true,
		"network.ipv6":               true,
		"network.secondaryCidrs":     []string{"10.1.0.0/16"},
		"network.ipamPoolId":         "ipam-pool-0123456789abcdef0",
		"network.publicAccess":       "block-ingress",
		"permissionsBoundary":        "arn:aws:iam::" + account + ":policy/boundary",
	})
}

func TestNATWaitsForTheInternetGateway(t *testing.T) {
	for _, mode := range natModes {
		t.Run(mode, func(t *testing.T) {
			stack := synth(t, "prod", ours(settings{"network.nat": mode}))
			gateway := stack.address(t, "aws_internet_gateway", "network/internet-gateway")
			route := stack.address(t, "aws_route", "network/public-internet-route")
			count := map[string]int{"none": 0, "single": 1, "per-zone": 3}[mode]
			assert.Len(t, stack.Resource["aws_nat_gateway"], count)
			assert.Len(t, stack.Resource["aws_eip"], count)
			for _, nat := range stack.Resource["aws_nat_gateway"] {
				assert.Contains(t, nat.dependsOn(), gateway, nat.path())
				assert.Contains(t, nat.dependsOn(), route, nat.path())
			}
			for _, address := range stack.Resource["aws_eip"] {
				assert.Contains(t, address.dependsOn(), gateway, address.path())
			}
		})
	}
}

// ways returns where each subnet's route table leads: destinations by target, for every subnet by its path.
func ways(t *testing.T, stack template) map[string][]string {
	t.Helper()
	routes := map[string][]string{}
	for _, route := range stack.Resource["aws_route"] {
		table := route.refers(t, "route_table_id")
		for _, target := range []string{"gateway_id", "nat_gateway_id", "egress_only_gateway_id"} {
			if route[target] != nil {
				routes[table] = append(routes[table], route.refers(t, target))
			}
		}
	}
	lead := map[string][]string{}
	for _, association := range stack.Resource["aws_route_table_association"] {
		subnet := stack.resources()[association.refers(t, "subnet_id")]
		require.NotContains(t, lead, subnet.path(), "a subnet has one route table")
		lead[subnet.path()] = append([]string{}, routes[association.refers(t, "route_table_id")]...)
	}
	require.Len(t, lead, len(stack.Resource["aws_subnet"]), "a subnet without a table of its own would use the VPC's")
	return lead
}

func TestOnlyTheRightTiersReachTheInternet(t *testing.T) {
	for _, mode := range natModes {
		for _, ipv6 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, ipv6 %t", mode, ipv6), func(t *testing.T) {
				stack := synth(t, "prod", ours(settings{"network.nat": mode, "network.ipv6": ipv6, "network.dynamodbEndpoint": true}))
				for subnet, targets := range ways(t, stack) {
					letter := subnet[strings.LastIndex(subnet, "-")+1:]
					var want []string
					switch {
					case strings.HasPrefix(subnet, "network/public"):
						want = []string{stack.address(t, "aws_internet_gateway", "network/internet-gateway")}
						if ipv6 {
							want = append(want, want[0])
						}
					case strings.HasPrefix(subnet, "network/private") && mode != "none":
						if mode == "single" {
							letter = "a"
						}
						want = []string{stack.address(t, "aws_nat_gateway", "network/nat-"+letter)}
						if ipv6 {
							want = append(want, stack.address(t, "aws_egress_only_internet_gateway", "network/egress-only-gateway"))
						}
					}
					assert.ElementsMatch(t, want, targets, subnet)
				}
				for _, association := range stack.Resource["aws_vpc_endpoint_route_table_association"] {
					table := stack.resources()[association.refers(t, "route_table_id")]
					assert.Contains(t, table.path(), "network/private-", "gateway endpoints are for private subnets")
				}
			})
		}
	}
}

func TestDefaultsOfTheVPCAreEmptied(t *testing.T) {
	stack := synth(t, "dev", nil)
	assert.Equal(t, []any{}, stack.at(t, "aws_default_route_table", "network/default-route-table")["route"])
	for kind, path := range map[string]string{
		"aws_default_network_acl":    "network/default-network-acl",
		"aws_default_security_group": "network/default-security-group",
	} {
		body := stack.at(t, kind, path)
		assert.NotContains(t, body, "ingress", kind)
		assert.NotContains(t, body, "egress", kind)
	}
}

func TestSubnetsGiveNoPublicAddresses(t *testing.T) {
	for _, subnet := range synth(t, "prod", everything()).Resource["aws_subnet"] {
		assert.Equal(t, false, subnet["map_public_ip_on_launch"], subnet.path())
	}
}

// TestZonesComeAndGoWithoutMovingAnything compares stacks resource by resource, in full.
func TestZonesComeAndGoWithoutMovingAnything(t *testing.T) {
	grown := func(mode string, letters ...string) map[string]resource {
		with := everything()
		with["network.nat"], with["network.zones"] = mode, zones(letters...)
		return synth(t, "prod", with).resources()
	}
	for _, mode := range natModes {
		two, three, six := grown(mode, "a", "b"), grown(mode, "a", "b", "c"), grown(mode, "a", "b", "c", "d", "e", "f")
		assertUnchanged(t, two, three)
		assertUnchanged(t, three, six)
		assertUnchanged(t, grown(mode, "a", "c"), three)
	}

	counted := func(count int) map[string]resource {
		return synth(t, "prod", settings{"network.zoneCount": count}).resources()
	}
	assertUnchanged(t, counted(2), counted(3))
	assertUnchanged(t, counted(3), counted(6))
}

func assertUnchanged(t *testing.T, before, after map[string]resource) {
	t.Helper()
	assert.Greater(t, len(after), len(before))
	for address, body := range before {
		assert.Equal(t, fixed(body), fixed(after[address]), address)
	}
}

// fixed is a resource without what may grow in place: the database waits for more of the network, and may use more of it.
func fixed(body resource) resource {
	rest := maps.Clone(body)
	if strings.HasPrefix(body.path(), "database/") {
		delete(rest, "depends_on")
		delete(rest, "subnet_ids")
	}
	return rest
}

func TestDatabaseACL(t *testing.T) {
	stack := synth(t, "prod", ours(nil))
	acl := stack.address(t, "aws_network_acl", "network/database-acl")
	private := map[string]bool{}
	for _, letter := range []string{"a", "b", "c"} {
		private[stack.at(t, "aws_subnet", "network/private-"+letter).text(t, "cidr_block")] = true
	}
	seen := map[bool]int{}
	for _, rule := range stack.Resource["aws_network_acl_rule"] {
		if rule.refers(t, "network_acl_id") != acl {
			continue
		}
		egress := rule["egress"].(bool)
		seen[egress]++
		assert.Equal(t, "6", rule["protocol"])
		assert.True(t, private[rule.text(t, "cidr_block")], "only private subnets are peers, not %v", rule["cidr_block"])
		want := []any{5432.0, 5432.0}
		if egress {
			want = []any{1024.0, 65535.0}
		}
		assert.Equal(t, want, []any{rule["from_port"], rule["to_port"]}, rule.path())
	}
	assert.Equal(t, map[bool]int{false: 3, true: 3}, seen)

	guarded := map[string]string{}
	for _, association := range stack.Resource["aws_network_acl_association"] {
		guarded[association.refers(t, "subnet_id")] = association.refers(t, "network_acl_id")
	}
	for name, subnet := range stack.Resource["aws_subnet"] {
		tier, _, _ := strings.Cut(strings.TrimPrefix(subnet.path(), "network/"), "-")
		assert.Equal(t, stack.address(t, "aws_network_acl", "network/"+tier+"-acl"), guarded["aws_subnet."+name])
	}
}

func TestSecurityGroupRulesAreWrittenOneByOne(t *testing.T) {
	stack := synth(t, "prod", everything())
	for _, group := range stack.Resource["aws_security_group"] {
		assert.NotContains(t, group, "ingress", group.path())
		assert.NotContains(t, group, "egress", group.path())
	}
	rules := 0
	for _, kind := range []string{"aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"} {
		for _, rule := range stack.Resource[kind] {
			assert.NotEmpty(t, rule["description"], rule.path())
			assert.Equal(t, "tcp", rule["ip_protocol"], rule.path())
			rules++
		}
	}
	assert.Equal(t, 11, rules)
	for _, rule := range stack.Resource["aws_vpc_security_group_ingress_rule"] {
		if !strings.HasPrefix(rule.path(), "network/") {
			continue
		}
		assert.Contains(t, []any{"10.0.0.0/16", "10.1.0.0/16"}, rule["cidr_ipv4"], "only the VPC gets in")
		assert.Equal(t, 443.0, rule["to_port"])
	}

	isolated := synth(t, "prod", ours(settings{"network.nat": "none"}))
	for _, rule := range isolated.Resource["aws_vpc_security_group_egress_rule"] {
		assert.NotEqual(t, "0.0.0.0/0", rule["cidr_ipv4"], rule.path())
	}
}

func TestFlowLogs(t *testing.T) {
	stack := synth(t, "prod", ours(nil))
	logs := stack.at(t, "aws_flow_log", "network/flow-logs")
	assert.Equal(t, "ALL", logs["traffic_type"])
	assert.Equal(t, 60.0, logs["max_aggregation_interval"])
	assert.Contains(t, logs.text(t, "log_format"), "$${flow-direction}")
	assert.Contains(t, logs.dependsOn(), stack.address(t, "aws_iam_role_policy_attachment", "network/flow-logs-role/attachment"))
	assert.Contains(t, logs.dependsOn(), stack.address(t, "aws_cloudwatch_log_group", "flow-logs"))

	group := stack.at(t, "aws_cloudwatch_log_group", "flow-logs")
	assert.Contains(t, logs.text(t, "log_destination"), ":log-group:"+group.text(t, "name"))
	assert.Equal(t, stack.address(t, "aws_kms_key", "logs-key/Resource"), group.refers(t, "kms_key_id"))
	assert.Contains(t, group.dependsOn(), stack.address(t, "aws_kms_key", "logs-key/Resource"))
	assert.Equal(t, 365.0, group["retention_in_days"])
	assert.Equal(t, true, group["skip_destroy"])
}

func TestOptionalPartsAreAbsentByDefault(t *testing.T) {
	stack := synth(t, "prod", nil)
	for _, kind := range []string{
		"aws_egress_only_internet_gateway", "aws_vpc_block_public_access_options", "aws_vpc_ipv4_cidr_block_association",
		"aws_vpc_endpoint_subnet_association",
	} {
		assert.Empty(t, stack.Resource[kind], kind)
	}
	vpc := stack.at(t, "aws_vpc", "network/Resource")
	for _, attribute := range []string{"assign_generated_ipv6_cidr_block", "ipv4_ipam_pool_id"} {
		assert.NotContains(t, vpc, attribute)
	}
	assert.Len(t, stack.Resource["aws_vpc_endpoint"], 1, "only S3")
}

func TestOptionalPartsAreThereWhenAskedFor(t *testing.T) {
	stack := synth(t, "prod", everything())
	assert.Len(t, stack.Resource["aws_vpc_endpoint"], 9)
	assert.Len(t, stack.Resource["aws_vpc_endpoint_subnet_association"], 7*3)
	assert.Equal(t, "block-ingress", stack.at(t, "aws_vpc_block_public_access_options", "network/block-public-access")["internet_gateway_block_mode"])
	assert.Equal(t, "10.1.0.0/16", stack.at(t, "aws_vpc_ipv4_cidr_block_association", "network/secondary-10.1.0.0-16")["cidr_block"])
	assert.Equal(t, "ipam-pool-0123456789abcdef0", stack.at(t, "aws_vpc", "network/Resource")["ipv4_ipam_pool_id"])
	assert.Equal(t, "arn:aws:iam::"+account+":policy/boundary", stack.at(t, "aws_iam_role", "network/flow-logs-role/Resource")["permissions_boundary"])
	var blocks []string
	for _, subnet := range stack.Resource["aws_subnet"] {
		blocks = append(blocks, subnet.text(t, "ipv6_cidr_block"))
	}
	slices.Sort(blocks)
	assert.Len(t, slices.Compact(blocks), 9, "each subnet has its own IPv6 block")
}

func TestNetworkRefusesBadProps(t *testing.T) {
	env, err := awsenv.New("cn-north-1", account)
	require.NoError(t, err)
	stack := emptyStack(t)
	_, err = network.New(stack, "n", network.Props{
		Naming: naming.New("acme", "dev", naming.Tags{}), Env: env,
		CIDR: "10.0.0.1/16", ZoneCount: 7, Zones: []string{"eu-west-1a", "cn-north-1b"}, NAT: "two",
		InterfaceEndpoints: []string{"kms"}, PublicAccess: network.BlockBidirectional,
	})
	require.Error(t, err)
	for _, fault := range []string{
		`network "n": props.CIDR is "10.0.0.1/16"; it must begin with the first address of the network`, `props.ZoneCount is 7; allowed are 2 to 6`,
		`props.Zones: "eu-west-1a" must be a zone of the region, cn-north-1a to cn-north-1f`,
		`props.NAT is "two"; allowed are ["none" "single" "per-zone"]`,
		`props.PublicAccess is "block-bidirectional", which also stops NAT; allowed with NAT "none" only`,
		`props.InterfaceEndpoints: interface endpoints are not supported in partition "aws-cn"`,
		`props.FlowLogs.GroupName is empty; it must be the name of a log group`,
	} {
		assert.ErrorContains(t, err, fault)
	}
	assert.Empty(t, *stack.Node().Children(), "nothing is built from refused props")
}
