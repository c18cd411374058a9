package diff

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
)

// packetRule lets packets through or stops them. Security groups know no order and stop nothing; of a network ACL the
// rule with the lowest number decides.
type packetRule struct {
	order    float64
	stops    bool
	protocol int // everyProtocol, or its number
	from, to int // ports, or for ICMP 256 times the type and the code
	prefix   netip.Prefix
	other    string // what is no block of addresses: a group, a prefix list, an expression
	text     string // what and whom it is about, such as: tcp 443 from 0.0.0.0/0
}

const (
	everyProtocol = -1
	icmp          = 1
	tcp           = 6
	udp           = 17
	icmpv6        = 58
	lastPort      = 65535
	anotherOne    = 253 // of the protocols, for tests (RFC 3692)
)

var protocols = map[string]int{"all": everyProtocol, "icmp": icmp, "tcp": tcp, "udp": udp, "icmpv6": icmpv6}

// packet is one that rules are asked about.
type packet struct {
	protocol, port int
	address        netip.Addr
	other          string
}

func (r packetRule) matches(p packet) bool {
	hasPorts := slices.Contains([]int{icmp, tcp, udp, icmpv6}, p.protocol)
	switch {
	case r.protocol != everyProtocol && (r.protocol != p.protocol || hasPorts && (p.port < r.from || p.port > r.to)):
		return false
	case p.other != "":
		return r.other == p.other || r.prefix == netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	}
	return r.other == "" && r.prefix.Contains(p.address)
}

// decides returns the rule that lets a packet through, or none.
func decides(rules []packetRule, p packet) (rule packetRule, through bool) {
	found := false
	for _, one := range rules {
		if one.matches(p) && (!found || one.order < rule.order) {
			rule, found = one, true
		}
	}
	return rule, found && !rule.stops
}

// opened says in words what rules let through that others stopped. It asks about a packet on either side of every limit
// in the rules, between which nothing changes.
func opened(before, after []packetRule) []string {
	known := map[string]bool{}
	for _, rule := range before {
		known[rule.text] = true
	}
	words := map[string]bool{}
	for _, p := range packets(slices.Concat(before, after)) {
		rule, through := decides(after, p)
		if _, was := decides(before, p); was || !through {
			continue
		}
		if known[rule.text] { // it was there, and what stopped the packet first is not
			words["more of "+rule.text] = true
		} else {
			words[rule.text] = true
		}
	}
	return slices.Sorted(maps.Keys(words))
}

func packets(rules []packetRule) []packet {
	kinds, ports := map[int]bool{tcp: true, udp: true, anotherOne: true}, map[int]bool{0: true}
	peers := map[packet]bool{{address: netip.IPv4Unspecified()}: true, {address: netip.IPv6Unspecified()}: true}
	for _, rule := range rules {
		kinds[rule.protocol] = true
		ports[rule.from], ports[min(rule.to+1, lastPort)] = true, true
		if rule.other != "" {
			peers[packet{other: rule.other}] = true
			continue
		}
		peers[packet{address: rule.prefix.Masked().Addr()}] = true
		if next := last(rule.prefix).Next(); next.IsValid() {
			peers[packet{address: next}] = true
		}
	}
	delete(kinds, everyProtocol)
	var all []packet
	for kind := range kinds {
		for port := range ports {
			for peer := range peers {
				all = append(all, packet{kind, port, peer.address, peer.other})
			}
		}
	}
	return all
}

// last is the last address of a block.
func last(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Masked().Addr().AsSlice()
	for bit := prefix.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	address, _ := netip.AddrFromSlice(bytes)
	return address
}

// newPacketRules reads one rule for each of its peers. Ports are those of the rule, or type and code of ICMP. It
// reports false where the protocol cannot be read. The preposition, from or to, is for words.
func newPacketRules(
	protocol any, from, to, icmpType, icmpCode float64, peers []string, preposition string,
) ([]packetRule, bool) {
	name := fmt.Sprint(protocol)
	number, known := protocols[name]
	if !known {
		parsed, err := strconv.Atoi(name)
		if err != nil {
			return nil, false
		}
		number = parsed
	}
	what, first, final := protocolName(number), 0, lastPort
	switch {
	case number == tcp || number == udp:
		first, final = int(from), int(to)
		what += fmt.Sprintf(" %d", first)
		if final != first {
			what += fmt.Sprintf("-%d", final)
		}
	case (number == icmp || number == icmpv6) && icmpType >= 0:
		first, final = int(icmpType)*256, int(icmpType)*256+255
		if icmpCode >= 0 {
			first += int(icmpCode)
			final = first
		}
		what += fmt.Sprintf(" type %v", icmpType)
	}
	var rules []packetRule
	for _, peer := range peers {
		rule := packetRule{protocol: number, from: first, to: final, other: peer, text: what + " " + preposition +
			" " + peer}
		if prefix, err := netip.ParsePrefix(peer); err == nil {
			rule.prefix, rule.other = prefix, ""
		}
		rules = append(rules, rule)
	}
	return rules, true
}

func protocolName(number int) string {
	if number == everyProtocol {
		return "all traffic"
	}
	for name, one := range protocols {
		if one == number {
			return name
		}
	}
	return fmt.Sprintf("protocol %d", number)
}
