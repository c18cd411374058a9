// Package subnetplan carves the IPv4 block of a VPC into a public, a private and a database subnet for each
// availability zone.
//
// Where a subnet lies follows from the VPC's block, the sizes of the tiers and the zone, and from nothing else. Every
// tier keeps room for MaxZones zones from the start, so no subnet moves when zones come or go, at the end or in the
// middle: AWS cannot move a subnet, and Terraform would replace it with everything in it.
//
// The tiers lie one behind the other, larger subnets first, and in each of them the zones in alphabetical order. So
// every subnet is aligned, nothing is lost between subnets, and what is free is the end of the VPC's block.
package subnetplan

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// MaxZones is the number of zones that every tier keeps room for. It is that of us-east-1, the region with the most
// zones; nearly all others have three.
const MaxZones = 6

// Zone is the key of an availability zone: the letter at the end of its name, "c" for eu-west-1c.
type Zone string

// Zones returns the zones that a plan has room for, in order: "a" to "f".
func Zones() []Zone {
	zones := make([]Zone, MaxZones)
	for slot := range zones {
		zones[slot] = Zone(rune('a' + slot))
	}
	return zones
}

// Tier is a kind of subnet; each zone has one of each.
type Tier string

// The tiers.
const (
	// Public is for what faces the internet: load balancers and NAT gateways.
	Public Tier = "public"
	// Private is for workloads, which at most reach out through NAT.
	Private Tier = "private"
	// Database is for databases, which have no way to the internet.
	Database Tier = "database"
)

// Tiers returns all tiers.
func Tiers() []Tier { return []Tier{Public, Private, Database} }

// Plan is where the subnets of a VPC lie. New makes it; a zero Plan has no subnets.
type Plan struct {
	vpc   netip.Prefix
	tiers []span // in the order of their places
}

// span is the part of the VPC that one tier takes, for all zones.
type span struct {
	tier  Tier
	bits  int    // prefix length of a subnet
	start uint32 // addresses between the beginning of the VPC and that of the span
}

// New plans the subnets of a VPC, whose block must be as Parse accepts it. It refuses sizes that AWS does not allow,
// and those with which MaxZones zones do not fit: the error then names a VPC and subnets that would.
func New(vpc netip.Prefix, sizes Sizes) (Plan, error) {
	if err := check(vpc); err != nil {
		return Plan{}, err
	}
	if err := checkRoom(vpc); err != nil {
		return Plan{}, err
	}
	full := sizes.withDefaults(vpc.Bits())
	if err := full.check(vpc); err != nil {
		return Plan{}, err
	}
	if full.addresses() > addresses(vpc.Bits()) {
		return Plan{}, sizes.doNotFit(vpc)
	}

	plan := Plan{vpc: vpc}
	plan.tiers = []span{{Public, full.Public, 0}, {Private, full.Private, 0}, {Database, full.Database, 0}}
	// Behind larger subnets, any number of them, each subnet begins at a multiple of its own size. The order of tiers
	// of equal size is part of the plan: it must stay.
	slices.SortStableFunc(plan.tiers, func(a, b span) int { return a.bits - b.bits })
	for i, tier := range plan.tiers[:len(plan.tiers)-1] {
		plan.tiers[i+1].start = tier.start + MaxZones*addresses(tier.bits)
	}
	return plan, nil
}

// Subnet is where a subnet lies.
type Subnet struct {
	Block netip.Prefix
	// NewBits and Number are its place in the VPC's block, wherever that is: the bits that its prefix is longer, and
	// its number among the subnets of that size, as Terraform's function cidrsubnet takes them.
	NewBits, Number int
}

// Subnet returns where a tier's subnet lies in a zone, which must be one of Zones.
func (p Plan) Subnet(tier Tier, zone Zone) (Subnet, error) {
	if len(p.tiers) == 0 {
		return Subnet{}, errors.New("the subnet plan is empty; New makes one")
	}
	slot := slices.Index(Zones(), zone)
	if slot < 0 {
		return Subnet{}, fmt.Errorf("zone %q: must be a letter from %q to %q", zone, Zones()[0], Zones()[MaxZones-1])
	}
	i := slices.IndexFunc(p.tiers, func(s span) bool { return s.tier == tier })
	if i < 0 {
		return Subnet{}, fmt.Errorf("tier %q: must be %q, %q or %q", tier, Public, Private, Database)
	}
	length := p.tiers[i].bits
	start := p.tiers[i].start + uint32(slot)*addresses(length)
	return Subnet{p.block(start, length), length - p.vpc.Bits(), int(start / addresses(length))}, nil
}

// block returns the block that begins a number of addresses behind the beginning of the VPC.
func (p Plan) block(start uint32, length int) netip.Prefix {
	address := p.vpc.Addr().As4()
	binary.BigEndian.PutUint32(address[:], binary.BigEndian.Uint32(address[:])+start)
	return netip.PrefixFrom(netip.AddrFrom4(address), length)
}

// addresses counts the addresses of a block.
func addresses(length int) uint32 { return 1 << (32 - length) }
