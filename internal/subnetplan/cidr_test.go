package subnetplan

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	const notIPv4 = "must be an IPv4 network, such as 10.0.0.0/16"
	const notPrivate = "must be private, within one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"
	tests := []struct {
		name string
		cidr string
		want string // what is wrong; empty: accepted
	}{
		{"largest", "10.0.0.0/16", ""},
		{"smallest", "10.255.255.240/28", ""},
		{"first of 172.16.0.0/12", "172.16.0.0/16", ""},
		{"last of 172.16.0.0/12", "172.31.0.0/16", ""},
		{"docker's", "172.17.0.0/16", ""},
		{"192.168.0.0/16", "192.168.0.0/16", ""},
		{"first of the shared space", "100.64.0.0/16", ""},
		{"last of the shared space", "100.127.0.0/16", ""},

		{"empty", "", notIPv4},
		{"no prefix", "10.0.0.0", notIPv4},
		{"netmask", "10.0.0.0/255.255.0.0", notIPv4},
		{"three parts", "10.0.0/16", notIPv4},
		{"leading zero", "010.0.0.0/16", notIPv4},
		{"space", "10.0.0.0/16 ", notIPv4},
		{"IPv6", "fd00::/56", notIPv4},
		{"IPv4 in IPv6", "::ffff:10.0.0.0/112", notIPv4},

		{"too large", "10.0.0.0/15", "must have a prefix of /16 to /28"},
		{"too small", "10.0.0.0/29", "must have a prefix of /16 to /28"},

		{"public", "8.8.0.0/16", notPrivate},
		{"before 172.16.0.0/12", "172.15.0.0/16", notPrivate},
		{"after 172.16.0.0/12", "172.32.0.0/16", notPrivate},
		{"before the shared space", "100.63.0.0/16", notPrivate},
		{"after the shared space", "100.128.0.0/16", notPrivate},
		{"kept by AWS", "198.19.0.0/16", notPrivate},
		{"link-local", "169.254.0.0/16", notPrivate},
		{"public and not the first address", "8.8.4.4/16", notPrivate},

		{"not the first address", "10.0.3.7/16", "must begin with the first address of the network, as in 10.0.0.0/16"},
		{"one bit too many", "10.0.0.8/28", "must begin with the first address of the network, as in 10.0.0.0/28"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			block, err := Parse(test.cidr)
			if test.want != "" {
				assert.EqualError(t, err, test.want)
				assert.Zero(t, block)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.cidr, block.String())
		})
	}
}

func TestCheckSecondary(t *testing.T) {
	tests := []struct {
		name, block, vpc string
		others           []string
		want             string // empty: accepted
	}{
		{"same range", "10.3.0.0/16", "10.2.0.0/16", []string{"10.4.0.0/20"}, ""},
		{"neighbours", "10.2.128.0/17", "10.2.0.0/17", nil, ""},
		{"shared space beside RFC 1918", "100.64.0.0/16", "192.168.0.0/16", nil, ""},
		{"shared space beside itself", "100.65.0.0/16", "100.64.0.0/16", nil, ""},
		{"10.1.0.0/16 beside 10.0.0.0/16", "10.1.0.0/16", "10.0.0.0/16", nil, ""},
		{"10.0.0.0/16 beside 10.2.0.0/16", "10.0.0.0/16", "10.2.0.0/16", nil, ""},

		{"the VPC again", "10.2.0.0/16", "10.2.0.0/16", nil,
			"must not overlap 10.2.0.0/16: the blocks of a VPC are disjoint"},
		{"within the VPC", "10.0.128.0/17", "10.0.0.0/16", nil,
			"must not overlap 10.0.0.0/16: the blocks of a VPC are disjoint"},
		{"around the VPC", "10.2.0.0/16", "10.2.128.0/17", nil,
			"must not overlap 10.2.128.0/17: the blocks of a VPC are disjoint"},
		{"another one", "10.3.4.0/24", "10.2.0.0/16", []string{"10.4.0.0/16", "10.3.0.0/16"},
			"must not overlap 10.3.0.0/16: the blocks of a VPC are disjoint"},
		{"not the first address", "10.2.0.1/16", "10.2.0.0/16", nil,
			"must begin with the first address of the network, as in 10.2.0.0/16"},

		{"172.16.0.0/12 beside 10.0.0.0/8", "172.16.0.0/16", "10.2.0.0/16", nil,
			"must not be of 172.16.0.0/12, which AWS does not add to a VPC of 10.0.0.0/8"},
		{"192.168.0.0/16 beside 10.0.0.0/8", "192.168.4.0/24", "10.2.0.0/16", nil,
			"must not be of 192.168.0.0/16, which AWS does not add to a VPC of 10.0.0.0/8"},
		{"10.0.0.0/8 beside 172.16.0.0/12", "10.2.0.0/16", "172.16.0.0/16", nil,
			"must not be of 10.0.0.0/8, which AWS does not add to a VPC of 172.16.0.0/12"},
		{"192.168.0.0/16 beside 172.16.0.0/12", "192.168.4.0/24", "172.16.0.0/16", nil,
			"must not be of 192.168.0.0/16, which AWS does not add to a VPC of 172.16.0.0/12"},
		{"10.0.0.0/8 beside 192.168.0.0/16", "10.2.0.0/16", "192.168.4.0/24", nil,
			"must not be of 10.0.0.0/8, which AWS does not add to a VPC of 192.168.0.0/16"},
		{"172.16.0.0/12 beside 192.168.0.0/16", "172.20.0.0/16", "192.168.4.0/24", nil,
			"must not be of 172.16.0.0/12, which AWS does not add to a VPC of 192.168.0.0/16"},
		{"10.0.0.0/8 beside the shared space", "10.2.0.0/16", "100.64.0.0/16", nil,
			"must not be of 10.0.0.0/8, which AWS does not add to a VPC of 100.64.0.0/10"},
		{"172.16.0.0/12 beside the shared space", "172.20.0.0/16", "100.64.0.0/16", nil,
			"must not be of 172.16.0.0/12, which AWS does not add to a VPC of 100.64.0.0/10"},
		{"192.168.0.0/16 beside the shared space", "192.168.4.0/24", "100.64.0.0/16", nil,
			"must not be of 192.168.0.0/16, which AWS does not add to a VPC of 100.64.0.0/10"},
		{"10.0.0.0/16 beside 10.1.0.0/16", "10.0.4.0/24", "10.1.0.0/16", nil,
			"must not be of 10.0.0.0/16, which AWS does not add to a VPC of 10.0.0.0/15"},
		{"the other half of 10.0.0.0/16", "10.0.128.0/17", "10.0.0.0/17", nil,
			"must not be of 10.0.0.0/16, which AWS does not add to a VPC of 10.0.0.0/15"},
		{"172.31.0.0/16 beside 172.16.0.0/12", "172.31.0.0/16", "172.16.0.0/16", nil,
			"must not be of 172.31.0.0/16, which AWS does not add to a VPC of 172.16.0.0/12"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			errs := CheckSecondary(netip.MustParsePrefix(test.vpc), append(test.others, test.block))
			err := errs[len(test.others)]
			if test.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.EqualError(t, err, test.want)
		})
	}
}
