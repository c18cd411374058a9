package subnetplan

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Prefix lengths that AWS accepts for an IPv4 block of a VPC and for a subnet (VPC User Guide, "VPC CIDR blocks" and
// "Subnet CIDR blocks"). The shorter the prefix, the larger the block: /16 has 65536 addresses, /28 has 16.
const (
	ShortestPrefix = 16
	LongestPrefix  = 28
)

// LongestVPC is the longest prefix of a VPC that has room for MaxZones zones, even with the smallest subnets.
const LongestVPC = 23

// privateRanges are those of RFC 1918 and the shared address space of RFC 6598.
var privateRanges = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")

// restricted are the ranges that AWS keeps from a VPC whose own block lies within the first one.
var restricted = []struct {
	vpc    netip.Prefix
	denied []netip.Prefix
}{
	{netip.MustParsePrefix("10.0.0.0/8"), prefixes("172.16.0.0/12", "192.168.0.0/16")},
	{netip.MustParsePrefix("10.0.0.0/15"), prefixes("10.0.0.0/16")},
	{netip.MustParsePrefix("172.16.0.0/12"), prefixes("10.0.0.0/8", "192.168.0.0/16", "172.31.0.0/16")},
	{netip.MustParsePrefix("192.168.0.0/16"), prefixes("10.0.0.0/8", "172.16.0.0/12")},
	{netip.MustParsePrefix("100.64.0.0/10"), prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")},
}

// Parse reads an IPv4 block of a VPC, its own or a secondary one: ShortestPrefix to LongestPrefix, private, and written
// with its first address, because AWS silently changes any other (VPC User Guide, "VPC CIDR blocks").
//
// Private are the ranges of RFC 1918, which that page recommends, and 100.64.0.0/10. AWS also accepts public ranges.
// Parse does not: a VPC routes its own blocks locally, so their true owner could not be reached from inside.
func Parse(cidr string) (netip.Prefix, error) {
	block, err := netip.ParsePrefix(cidr)
	if err != nil {
		return netip.Prefix{}, errNotIPv4
	}
	if err := check(block); err != nil {
		return netip.Prefix{}, err
	}
	return block, nil
}

// Unallocated stands for a block of the given prefix length that a pool of addresses has yet to give. Its subnets have
// the same places as those of any other block of that size.
func Unallocated(length int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10}), length)
}

// CheckSecondary reports what is wrong with each of the secondary IPv4 blocks of a VPC, nil for one that is right. A
// block must be as Parse accepts it, disjoint from the VPC's own and those before it, and of a range that AWS adds to
// such a VPC: an RFC 1918 range never joins a VPC of another range, 10.0.0.0/16 not one of 10.0.0.0/15, and
// 172.31.0.0/16 not one of 172.16.0.0/12 (VPC User Guide, "VPC CIDR blocks", IPv4 CIDR block association restrictions).
func CheckSecondary(vpc netip.Prefix, cidrs []string) []error {
	errs, taken := make([]error, len(cidrs)), []netip.Prefix{vpc}
	for i, cidr := range cidrs {
		block, err := Parse(cidr)
		if err == nil {
			err = checkBeside(block, vpc, taken)
			taken = append(taken, block)
		}
		errs[i] = err
	}
	return errs
}

func checkBeside(block, vpc netip.Prefix, taken []netip.Prefix) error {
	for _, other := range taken {
		if block.Overlaps(other) {
			return fmt.Errorf("must not overlap %s: the blocks of a VPC are disjoint", other)
		}
	}
	for _, rule := range restricted {
		if !within(vpc, rule.vpc) {
			continue
		}
		for _, denied := range rule.denied {
			if within(block, denied) {
				return fmt.Errorf("must not be of %s, which AWS does not add to a VPC of %s", denied, rule.vpc)
			}
		}
	}
	return nil
}

// check reports the first problem: a network that its last message suggests has passed the other checks.
func check(block netip.Prefix) error {
	switch {
	case !block.Addr().Is4():
		return errNotIPv4
	case block.Bits() < ShortestPrefix || block.Bits() > LongestPrefix:
		return fmt.Errorf("must have a prefix of /%d to /%d", ShortestPrefix, LongestPrefix)
	case !slices.ContainsFunc(privateRanges, func(space netip.Prefix) bool { return within(block, space) }):
		return fmt.Errorf("must be private, within one of %s", list(privateRanges))
	case block != block.Masked():
		return fmt.Errorf("must begin with the first address of the network, as in %s", block.Masked())
	}
	return nil
}

var errNotIPv4 = fmt.Errorf("must be an IPv4 network, such as 10.0.0.0/%d", ShortestPrefix)

func within(block, space netip.Prefix) bool {
	return space.Bits() <= block.Bits() && space.Contains(block.Addr())
}

func prefixes(cidrs ...string) []netip.Prefix {
	var parsed []netip.Prefix
	for _, cidr := range cidrs {
		parsed = append(parsed, netip.MustParsePrefix(cidr))
	}
	return parsed
}

func list(blocks []netip.Prefix) string {
	var texts []string
	for _, block := range blocks {
		texts = append(texts, block.String())
	}
	return strings.Join(texts, ", ")
}
