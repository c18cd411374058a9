package subnetplan

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLayoutIsFixed holds what is deployed in place: a change here replaces subnets of every VPC of that kind.
func TestLayoutIsFixed(t *testing.T) {
	tests := []struct {
		name  string
		vpc   string
		sizes Sizes
		want  map[Tier][]string // by zone, from "a"
		free  []string
	}{
		{
			name: "defaults in /16",
			vpc:  "10.0.0.0/16",
			want: map[Tier][]string{
				Private: {"10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20", "10.0.48.0/20", "10.0.64.0/20",
					"10.0.80.0/20"},
				Public: {"10.0.96.0/24", "10.0.97.0/24", "10.0.98.0/24", "10.0.99.0/24", "10.0.100.0/24",
					"10.0.101.0/24"},
				Database: {"10.0.102.0/24", "10.0.103.0/24", "10.0.104.0/24", "10.0.105.0/24", "10.0.106.0/24",
					"10.0.107.0/24"},
			},
			free: []string{"10.0.108.0/22", "10.0.112.0/20", "10.0.128.0/17"},
		},
		{
			name: "defaults in the smallest VPC",
			vpc:  "192.168.2.0/23",
			want: map[Tier][]string{
				Public: {"192.168.2.0/27", "192.168.2.32/27", "192.168.2.64/27", "192.168.2.96/27",
					"192.168.2.128/27", "192.168.2.160/27"},
				Private: {"192.168.2.192/27", "192.168.2.224/27", "192.168.3.0/27", "192.168.3.32/27",
					"192.168.3.64/27", "192.168.3.96/27"},
				Database: {"192.168.3.128/28", "192.168.3.144/28", "192.168.3.160/28", "192.168.3.176/28",
					"192.168.3.192/28", "192.168.3.208/28"},
			},
			free: []string{"192.168.3.224/27"},
		},
		{
			name:  "one size",
			vpc:   "100.64.0.0/16",
			sizes: Sizes{Public: 24, Private: 24, Database: 24},
			want: map[Tier][]string{
				Public: {"100.64.0.0/24", "100.64.1.0/24", "100.64.2.0/24", "100.64.3.0/24", "100.64.4.0/24",
					"100.64.5.0/24"},
				Private: {"100.64.6.0/24", "100.64.7.0/24", "100.64.8.0/24", "100.64.9.0/24", "100.64.10.0/24",
					"100.64.11.0/24"},
				Database: {"100.64.12.0/24", "100.64.13.0/24", "100.64.14.0/24", "100.64.15.0/24", "100.64.16.0/24",
					"100.64.17.0/24"},
			},
			free: []string{"100.64.18.0/23", "100.64.20.0/22", "100.64.24.0/21", "100.64.32.0/19", "100.64.64.0/18",
				"100.64.128.0/17"},
		},
		{
			name:  "large database subnets",
			vpc:   "172.31.0.0/16",
			sizes: Sizes{Private: 22, Database: 19},
			want: map[Tier][]string{
				Database: {"172.31.0.0/19", "172.31.32.0/19", "172.31.64.0/19", "172.31.96.0/19", "172.31.128.0/19",
					"172.31.160.0/19"},
				Private: {"172.31.192.0/22", "172.31.196.0/22", "172.31.200.0/22", "172.31.204.0/22",
					"172.31.208.0/22", "172.31.212.0/22"},
				Public: {"172.31.216.0/24", "172.31.217.0/24", "172.31.218.0/24", "172.31.219.0/24",
					"172.31.220.0/24", "172.31.221.0/24"},
			},
			free: []string{"172.31.222.0/23", "172.31.224.0/19"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan, err := New(netip.MustParsePrefix(test.vpc), test.sizes)
			require.NoError(t, err)
			got := map[Tier][]string{}
			for _, tier := range []Tier{Public, Private, Database} {
				for _, zone := range Zones() {
					got[tier] = append(got[tier], subnet(t, plan, tier, zone).String())
				}
			}
			assert.Equal(t, test.want, got)
			assertPlaces(t, plan, netip.MustParsePrefix(test.vpc), test.want)
			var free []string
			for _, block := range plan.Free() {
				free = append(free, block.String())
			}
			assert.Equal(t, test.free, free)
		})
	}
}

// assertPlaces demands that the places of the subnets, counted from the beginning of the VPC in subnets of their size,
// are where the blocks are.
func assertPlaces(t *testing.T, plan Plan, vpc netip.Prefix, want map[Tier][]string) {
	t.Helper()
	for tier, blocks := range want {
		for i, block := range blocks {
			place, err := plan.Subnet(tier, Zones()[i])
			require.NoError(t, err)
			address := vpc.Addr()
			for range place.Number << (32 - vpc.Bits() - place.NewBits) {
				address = address.Next()
			}
			assert.Equal(t, block, netip.PrefixFrom(address, vpc.Bits()+place.NewBits).String())
		}
	}
}

// TestLongestVPC holds the limit that the reference states against the plan itself.
func TestLongestVPC(t *testing.T) {
	smallest := Sizes{LongestPrefix, LongestPrefix, LongestPrefix}
	_, err := New(Unallocated(LongestVPC), smallest)
	assert.NoError(t, err)
	_, err = New(Unallocated(LongestVPC+1), smallest)
	assert.ErrorContains(t, err, "must be /23 or larger")
}

func TestZonesMoveNoSubnet(t *testing.T) {
	vpc := netip.MustParsePrefix("10.0.0.0/16")
	want := map[Zone]string{"a": "10.0.0.0/20", "b": "10.0.16.0/20", "c": "10.0.32.0/20", "d": "10.0.48.0/20",
		"e": "10.0.64.0/20", "f": "10.0.80.0/20"}
	for _, zones := range [][]Zone{{"a", "b"}, {"a", "b", "c"}, {"a", "c"}, {"c"}, {"f", "b"}, Zones()} {
		plan, err := New(vpc, Sizes{})
		require.NoError(t, err)
		for _, zone := range zones {
			assert.Equal(t, want[zone], subnet(t, plan, Private, zone).String(), "zone %s of %s", zone, zones)
		}
	}
}

func TestDefaultsFollowTheVPC(t *testing.T) {
	want := map[int]Sizes{
		16: {24, 20, 24}, 17: {25, 21, 25}, 18: {26, 22, 26}, 19: {27, 23, 27},
		20: {27, 24, 28}, 21: {27, 25, 28}, 22: {27, 26, 28}, 23: {27, 27, 28},
	}
	for length, sizes := range want {
		assert.Equal(t, sizes, Sizes{}.withDefaults(length), "/%d", length)
		plan, err := New(netip.PrefixFrom(netip.MustParseAddr("10.0.0.0"), length), Sizes{})
		require.NoError(t, err)
		var free uint32
		for _, block := range plan.Free() {
			free += addresses(block.Bits())
		}
		if length <= 20 {
			assert.Greater(t, free, addresses(length)/2, "Sizes promises that more than half of a /%d is free", length)
		}
	}
	assert.Equal(t, Sizes{20, 21, 22}, Sizes{20, 21, 22}.withDefaults(16), "what is given stays")
}

func TestZones(t *testing.T) {
	assert.Equal(t, []Zone{"a", "b", "c", "d", "e", "f"}, Zones())
	zones := Zones()
	zones[0] = "z"
	assert.Equal(t, Zone("a"), Zones()[0], "each caller gets its own list")
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name  string
		vpc   netip.Prefix
		sizes Sizes
		want  string
	}{
		{"no VPC", netip.Prefix{}, Sizes{},
			"must be an IPv4 network, such as 10.0.0.0/16"},
		{"impossible prefix", netip.PrefixFrom(netip.MustParseAddr("10.0.0.0"), 33), Sizes{},
			"must have a prefix of /16 to /28"},
		{"VPC that AWS refuses", netip.MustParsePrefix("10.0.0.0/15"), Sizes{},
			"must have a prefix of /16 to /28"},
		{"no room for any sizes", netip.MustParsePrefix("10.0.0.0/24"), Sizes{Private: 20},
			"must be /23 or larger: even with the smallest subnets, public /28, private /28 and database /28, 6 " +
				"zones take 288 addresses, and this has 256"},
		{"smallest VPC of AWS", netip.MustParsePrefix("10.0.0.0/28"), Sizes{},
			"must be /23 or larger: even with the smallest subnets, public /28, private /28 and database /28, 6 " +
				"zones take 288 addresses, and this has 16"},
		{"subnet smaller than AWS allows", netip.MustParsePrefix("10.0.0.0/16"), Sizes{Public: 29},
			`public subnets of /29: must be 16, as that of the VPC, to 28`},
		{"subnet larger than the VPC", netip.MustParsePrefix("10.0.0.0/20"), Sizes{Private: 19},
			`private subnets of /19: must be 20, as that of the VPC, to 28`},
		{"all sizes out of range", netip.MustParsePrefix("10.0.0.0/16"),
			Sizes{Public: -1, Private: 15, Database: 1 << 30},
			"public subnets of /-1: must be 16, as that of the VPC, to 28\n" +
				"private subnets of /15: must be 16, as that of the VPC, to 28\n" +
				"database subnets of /1073741824: must be 16, as that of the VPC, to 28"},
		{"sizes of a larger VPC", netip.MustParsePrefix("10.0.0.0/18"), Sizes{Public: 24, Private: 20, Database: 24},
			"must have room for 6 zones with subnets of public /24, private /20 and database /24, which take 27648 " +
				"addresses, and has 16384; take /17 or larger, or subnets such as public /24, private /21 and " +
				"database /24"},
		{"defaults that would grow with the VPC", netip.MustParsePrefix("10.0.0.0/18"), Sizes{Public: 20},
			"must have room for 6 zones with subnets of public /20, private /22 and database /26, which take 31104 " +
				"addresses, and has 16384; take /16 or larger, or subnets such as public /22, private /22 and " +
				"database /26"},
		{"sizes of no VPC", netip.MustParsePrefix("10.0.0.0/16"), Sizes{Public: 16, Private: 16, Database: 16},
			"must have room for 6 zones with subnets of public /16, private /16 and database /16, which take " +
				"1179648 addresses, and has 65536; take subnets such as public /21, private /20 and database /20"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan, err := New(test.vpc, test.sizes)
			assert.EqualError(t, err, test.want)
			assert.Zero(t, plan)
		})
	}
}

func TestSubnetRefuses(t *testing.T) {
	plan, err := New(netip.MustParsePrefix("10.0.0.0/16"), Sizes{})
	require.NoError(t, err)
	tests := []struct {
		name string
		plan Plan
		tier Tier
		zone Zone
		want string
	}{
		{"no zone", plan, Public, "", `zone "": must be a letter from "a" to "f"`},
		{"zone past the last", plan, Public, "g", `zone "g": must be a letter from "a" to "f"`},
		{"upper case", plan, Public, "A", `zone "A": must be a letter from "a" to "f"`},
		{"name of a zone", plan, Public, "us-east-1a", `zone "us-east-1a": must be a letter from "a" to "f"`},
		{"unknown tier", plan, "web", "a", `tier "web": must be "public", "private" or "database"`},
		{"zero plan", Plan{}, Public, "a", "the subnet plan is empty; New makes one"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			place, err := test.plan.Subnet(test.tier, test.zone)
			assert.EqualError(t, err, test.want)
			assert.Zero(t, place)
		})
	}
	assert.Empty(t, Plan{}.Free())
}

func BenchmarkPlan(b *testing.B) {
	vpc := netip.MustParsePrefix("10.0.0.0/16")
	for b.Loop() {
		plan, err := New(vpc, Sizes{})
		if err != nil {
			b.Fatal(err)
		}
		for _, tier := range []Tier{Public, Private, Database} {
			for _, zone := range Zones() {
				if _, err := plan.Subnet(tier, zone); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

func subnet(t testing.TB, plan Plan, tier Tier, zone Zone) netip.Prefix {
	t.Helper()
	place, err := plan.Subnet(tier, zone)
	require.NoError(t, err)
	return place.Block
}
