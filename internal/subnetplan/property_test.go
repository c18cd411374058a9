package subnetplan

import (
	"encoding/binary"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryPlan tries all VPC sizes with all sizes of tiers, and some out of range.
func TestEveryPlan(t *testing.T) {
	sizes := []int{-1, 0, 1, ShortestPrefix - 1, LongestPrefix + 1, 32, 33}
	for length := ShortestPrefix; length <= LongestPrefix; length++ {
		sizes = append(sizes, length)
	}
	planned, refused, step := 0, 0, 1
	if testing.Short() {
		step = 3
	}
	for length := ShortestPrefix; length <= LongestPrefix; length += step {
		vpc := netip.PrefixFrom(netip.MustParseAddr("10.1.240.0"), length).Masked()
		for _, public := range sizes {
			for _, private := range sizes {
				for _, database := range sizes {
					if checkPlan(t, vpc, Sizes{public, private, database}) {
						planned++
					} else {
						refused++
					}
				}
			}
		}
	}
	t.Logf("%d planned, %d refused", planned, refused)
	assert.Greater(t, planned, 1000)
	assert.Greater(t, refused, 1000)
}

// FuzzPlan tries all private places of a VPC, and any size.
func FuzzPlan(f *testing.F) {
	f.Add(uint32(0), 0, 16, 0, 0, 0)
	f.Add(uint32(0xfff00), 2, 23, 27, 27, 28)
	f.Add(uint32(0xffff0000), 1, 18, 24, 20, 24)
	f.Add(uint32(7), 3, 28, -1, 40, 1<<30)
	f.Fuzz(func(t *testing.T, offset uint32, space, length, public, private, database int) {
		around := privateRanges[uint(space)%uint(len(privateRanges))]
		length = ShortestPrefix + int(uint(length)%(LongestPrefix-ShortestPrefix+1))
		first := around.Addr().As4()
		number := binary.BigEndian.Uint32(first[:]) | offset&(addresses(around.Bits())-1)
		binary.BigEndian.PutUint32(first[:], number)
		checkPlan(t, netip.PrefixFrom(netip.AddrFrom4(first), length).Masked(), Sizes{public, private, database})
	})
}

func FuzzParse(f *testing.F) {
	for _, cidr := range []string{"", "10.0.0.0/16", "10.0.0.5/16", "8.8.8.0/24", "fd00::/56", "::ffff:10.0.0.0/112",
		"10.0.0.0/33", "172.31.0.0/28"} {
		f.Add(cidr)
	}
	f.Fuzz(func(t *testing.T, cidr string) {
		block, err := Parse(cidr)
		if err != nil {
			assert.Zero(t, block)
			if _, suggested, found := strings.Cut(err.Error(), "as in "); found {
				_, err := Parse(suggested)
				assert.NoError(t, err, "the suggested network")
			}
			return
		}
		assert.Equal(t, cidr, block.String())
		assert.Equal(t, block, block.Masked())
		assert.True(t, block.Addr().IsPrivate() || netip.MustParsePrefix("100.64.0.0/10").Contains(block.Addr()), cidr)
		assert.True(t, block.Bits() >= 16 && block.Bits() <= 28, cidr)
		checkPlan(t, block, Sizes{})
	})
}

// checkPlan holds a plan to what the package promises, or its error to naming what fits. It reports whether there is a
// plan.
func checkPlan(t testing.TB, vpc netip.Prefix, sizes Sizes) bool {
	t.Helper()
	plan, err := New(vpc, sizes)
	if err != nil {
		checkRefusal(t, vpc, sizes, err)
		return false
	}

	lengths := sizes.withDefaults(vpc.Bits())
	var blocks []netip.Prefix
	for tier, length := range map[Tier]int{Public: lengths.Public, Private: lengths.Private,
		Database: lengths.Database} {
		for _, zone := range Zones() {
			block := subnet(t, plan, tier, zone)
			if block.Bits() != length {
				t.Fatalf("%s %+v: %s %s is %s, want /%d", vpc, sizes, tier, zone, block, length)
			}
			blocks = append(blocks, block)
		}
	}
	require.Len(t, blocks, 3*6)
	blocks = append(blocks, plan.Free()...)

	// Blocks in a row, the first at the beginning of the VPC, each behind the one before, the last at its end: they
	// are disjoint, within the VPC and leave nothing out.
	slices.SortFunc(blocks, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	next := vpc.Addr()
	for _, block := range blocks {
		if block.Addr() != next || block != block.Masked() || !vpc.Contains(block.Addr()) {
			t.Fatalf("%s %+v: %s is not an aligned block at %s; all: %s", vpc, sizes, block, next, blocks)
		}
		next = last(block).Next()
	}
	if last(vpc).Next() != next {
		t.Fatalf("%s %+v: the blocks end before %s, not at the end of the VPC; all: %s", vpc, sizes, next, blocks)
	}
	return true
}

var (
	fitsVPC     = regexp.MustCompile(`(?:must be|take) /(\d+) or larger`)
	fitsSubnets = regexp.MustCompile(`subnets such as public /(\d+), private /(\d+) and database /(\d+)$`)
)

// checkRefusal follows the advice of an error, and finds that nothing else than what it says is wrong.
func checkRefusal(t testing.TB, vpc netip.Prefix, sizes Sizes, err error) {
	t.Helper()
	lengths := sizes.withDefaults(vpc.Bits())
	inRange := true
	for _, length := range []int{lengths.Public, lengths.Private, lengths.Database} {
		inRange = inRange && length >= vpc.Bits() && length <= 28
	}
	advisedVPC, advisedSubnets := fitsVPC.FindStringSubmatch(err.Error()), fitsSubnets.FindStringSubmatch(err.Error())
	switch {
	case vpc.Bits() > 23:
		require.Equal(t, "23", advisedVPC[1])
		sizes = Sizes{28, 28, 28}
	case !inRange:
		require.Regexp(t, `^(\w+ subnets of /-?\d+: must be \d+, as that of the VPC, to 28\n?)+$`, err.Error())
		return
	default:
		count := 0
		for _, length := range []int{lengths.Public, lengths.Private, lengths.Database} {
			count += 6 << (32 - length)
		}
		require.Greater(t, count, 1<<(32-vpc.Bits()), "%s %+v: refused, but the subnets fit: %s", vpc, sizes, err)
		require.NotNil(t, advisedSubnets, err.Error())
		smaller := Sizes{number(t, advisedSubnets[1]), number(t, advisedSubnets[2]), number(t, advisedSubnets[3])}
		require.True(t, smaller.Public >= lengths.Public && smaller.Private >= lengths.Private &&
			smaller.Database >= lengths.Database, err.Error())
		_, err := New(vpc, smaller)
		require.NoError(t, err, "the advised subnets")
	}
	if advisedVPC == nil {
		_, err := New(netip.MustParsePrefix("10.0.0.0/16"), sizes)
		require.Error(t, err, "a VPC of /16 could have been advised")
		return
	}
	length := number(t, advisedVPC[1])
	_, err = New(netip.PrefixFrom(vpc.Addr(), length).Masked(), sizes)
	require.NoError(t, err, "the advised VPC, /%d for %+v", length, sizes)
	_, err = New(netip.PrefixFrom(vpc.Addr(), length+1).Masked(), sizes)
	require.Error(t, err, "a VPC of /%d could have been advised for %+v", length+1, sizes)
}

func number(t testing.TB, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

func last(block netip.Prefix) netip.Addr {
	address := block.Addr().As4()
	binary.BigEndian.PutUint32(address[:], binary.BigEndian.Uint32(address[:])|(1<<(32-block.Bits())-1))
	return netip.AddrFrom4(address)
}
