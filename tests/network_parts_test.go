package tests

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// cidrsubnet matches how a subnet is computed from the block of the VPC.
var cidrsubnet = regexp.MustCompile(`\$\{cidrsubnet\(aws_vpc\.[a-z_A-Z0-9]+\.cidr_block, ([0-9]+), ([0-9]+)\)\}`)

// vpcBlock matches the block of the VPC itself.
var vpcBlock = regexp.MustCompile(`\$\{aws_vpc\.[a-z_A-Z0-9]+\.cidr_block\}`)

// TestPoolChoosesTheBlock lets a pool give the VPC its block. With the block that the default has, everything is where
// it is by default.
func TestPoolChoosesTheBlock(t *testing.T) {
	endpoints := testkit.Settings{"network.interfaceEndpoints": []string{"sts"}}
	pool := testkit.Settings{"network.ipamPoolId": "ipam-pool-1", "network.ipamNetmaskLength": 16,
		"network.interfaceEndpoints": []string{"sts"}}
	plain, stack := testkit.Synthesize(t, "prod", endpoints), testkit.Synthesize(t, "prod", pool)
	gone, added, changed := difference(plain, stack)
	assert.Empty(t, gone)
	assert.Empty(t, added)
	assert.Contains(t, changed, "network/private-a")

	vpc := netip.MustParsePrefix("10.0.0.0/16")
	for _, path := range changed {
		for address, resource := range stack.ByAddress() {
			if resource.Path != path {
				continue
			}
			text, err := json.Marshal(resource.Attributes)
			require.NoError(t, err)
			resolved := cidrsubnet.ReplaceAllFunc(text, func(match []byte) []byte {
				parts := cidrsubnet.FindSubmatch(match)
				return []byte(subnetOf(t, vpc, string(parts[1]), string(parts[2])))
			})
			resolved = vpcBlock.ReplaceAll(resolved, []byte(vpc.String()))
			want := plain.ByAddress()[address].Attributes
			if resource.Type == "aws_vpc" {
				assert.NotContains(t, resource.Attributes, "cidr_block")
				assert.Equal(t, []any{"ipam-pool-1", 16.0},
					[]any{resource.Attributes["ipv4_ipam_pool_id"], resource.Attributes["ipv4_netmask_length"]})
				continue
			}
			expected, err := json.Marshal(want)
			require.NoError(t, err)
			assert.JSONEq(t, string(expected), string(resolved), path)
		}
	}
}

// subnetOf is what Terraform's function cidrsubnet returns.
func subnetOf(t *testing.T, vpc netip.Prefix, newBits, number string) string {
	t.Helper()
	bits, err := strconv.Atoi(newBits)
	require.NoError(t, err)
	count, err := strconv.Atoi(number)
	require.NoError(t, err)
	address := vpc.Addr()
	for range count << (32 - vpc.Bits() - bits) {
		address = address.Next()
	}
	return netip.PrefixFrom(address, vpc.Bits()+bits).String()
}

// TestEndpointsWhereTheyAreOffered leaves an endpoint out of a zone: that association goes, and nothing else changes.
func TestEndpointsWhereTheyAreOffered(t *testing.T) {
	everywhere := testkit.Settings{"network.interfaceEndpoints": []string{"ecr.api", "sts"}}
	limited := testkit.Settings{"network.interfaceEndpoints": []string{"ecr.api", "sts"},
		"network.endpointZones": map[string]any{"sts": []string{"a", "b"}}}
	gone, added, changed := difference(testkit.Synthesize(t, "prod", everywhere),
		testkit.Synthesize(t, "prod", limited))
	assert.Equal(t, []string{"network/sts-endpoint-c"}, gone)
	assert.Empty(t, added)
	assert.Empty(t, changed)
}
