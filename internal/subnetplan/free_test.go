package subnetplan

import (
	"math/bits"
	"net/netip"
)

// Free returns the blocks that no tier keeps, in order. They stay free when zones are added, so other subnets can
// take them.
func (p Plan) Free() []netip.Prefix {
	if len(p.tiers) == 0 {
		return nil
	}
	last := p.tiers[len(p.tiers)-1]
	var free []netip.Prefix
	for start := last.start + MaxZones*addresses(last.bits); start < addresses(p.vpc.Bits()); {
		// The lowest bit set in a number is the largest power of two that divides it: the largest block aligned there.
		length := 32 - bits.TrailingZeros32(start)
		free = append(free, p.block(start, length))
		start += addresses(length)
	}
	return free
}
