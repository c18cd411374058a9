package subnetplan

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
)

// Sizes are the prefix lengths of each tier's subnets, from the VPC's own to LongestPrefix. Zero takes the default,
// which follows the size of the VPC; the defaults fit every VPC of /23 or larger and leave more than half of one of
// /20 or larger free. AWS keeps five addresses of each subnet for itself (VPC User Guide, "Subnet CIDR blocks").
//
// Choose them for good: a change replaces the subnets of its tier, and those of the tiers that lie behind it.
type Sizes struct {
	// Public is by default 8 longer than the VPC's prefix, at most 27: /24 in a VPC of /16. In less than a /27 load
	// balancers may not scale (User Guide for Application Load Balancers, "Subnets for your load balancer").
	Public int
	// Private is by default 4 longer than the VPC's prefix: /20 in a VPC of /16.
	Private int
	// Database is by default 8 longer than the VPC's prefix, at most 28: /24 in a VPC of /16.
	Database int
}

// Defaults of Sizes: how much longer than the VPC's prefix those of subnets are, and the longest default of public
// ones.
const (
	PrivateBits         = 4
	PublicBits          = 8
	DatabaseBits        = 8
	LongestPublicPrefix = 27
)

func (s Sizes) withDefaults(vpcLength int) Sizes {
	return Sizes{
		Public:   cmp.Or(s.Public, min(vpcLength+PublicBits, LongestPublicPrefix)),
		Private:  cmp.Or(s.Private, vpcLength+PrivateBits),
		Database: cmp.Or(s.Database, min(vpcLength+DatabaseBits, LongestPrefix)),
	}
}

// CheckSize reports what is wrong with the prefix length of a tier's subnets in a VPC.
func CheckSize(vpc netip.Prefix, bits int) error {
	if bits < vpc.Bits() || bits > LongestPrefix {
		return fmt.Errorf("must be %d, as that of the VPC, to %d", vpc.Bits(), LongestPrefix)
	}
	return nil
}

func (s Sizes) check(vpc netip.Prefix) error {
	var errs []error
	for _, size := range []struct {
		tier   Tier
		length int
	}{{Public, s.Public}, {Private, s.Private}, {Database, s.Database}} {
		if err := CheckSize(vpc, size.length); err != nil {
			errs = append(errs, fmt.Errorf("%s subnets of /%d: %w", size.tier, size.length, err))
		}
	}
	return errors.Join(errs...)
}

// checkRoom refuses a VPC in which no sizes fit.
func checkRoom(vpc netip.Prefix) error {
	smallest := Sizes{LongestPrefix, LongestPrefix, LongestPrefix}
	if smallest.addresses() <= addresses(vpc.Bits()) {
		return nil
	}
	length, _ := smallest.smallestVPC()
	return fmt.Errorf("must be /%d or larger: even with the smallest subnets, %s, %d zones take %d addresses, and "+
		"this has %d",
		length, smallest.describe(), MaxZones, smallest.addresses(), addresses(vpc.Bits()))
}

// doNotFit says what is needed and what would fit. The sizes are as given, since defaults grow with the VPC.
func (s Sizes) doNotFit(vpc netip.Prefix) error {
	wanted := s.withDefaults(vpc.Bits())
	remedy := "take subnets such as " + wanted.shrunk(vpc.Bits()).describe()
	if length, ok := s.smallestVPC(); ok {
		remedy = fmt.Sprintf("take /%d or larger, or subnets such as %s", length, wanted.shrunk(vpc.Bits()).describe())
	}
	return fmt.Errorf("must have room for %d zones with subnets of %s, which take %d addresses, and has %d; %s",
		MaxZones, wanted.describe(), wanted.addresses(), addresses(vpc.Bits()), remedy)
}

// smallestVPC returns the longest prefix of a VPC in which the sizes fit, if there is one.
func (s Sizes) smallestVPC() (int, bool) {
	for length := LongestPrefix; length >= ShortestPrefix; length-- {
		if s.withDefaults(length).addresses() <= addresses(length) {
			return length, true
		}
	}
	return 0, false
}

// shrunk halves the largest subnets until all fit, which they do at the latest when all are of LongestPrefix: see
// checkRoom. Of equally large ones, those of workloads come last.
func (s Sizes) shrunk(vpcLength int) Sizes {
	for s.addresses() > addresses(vpcLength) {
		largest := &s.Public
		for _, other := range []*int{&s.Database, &s.Private} {
			if *other < *largest {
				largest = other
			}
		}
		*largest++
	}
	return s
}

// addresses counts what all subnets take. Larger subnets go first and each size is a power of two, so it is also all
// that a VPC must have.
func (s Sizes) addresses() uint32 {
	return MaxZones * (addresses(s.Public) + addresses(s.Private) + addresses(s.Database))
}

func (s Sizes) describe() string {
	return fmt.Sprintf("public /%d, private /%d and database /%d", s.Public, s.Private, s.Database)
}
