package tests

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"securebaseline/internal/testkit"
)

// aclAllows reports whether the first rule that matches lets a packet through.
func (n packetNetwork) aclAllows(c crossing) bool {
	direction, peer := "ingress", c.packet.from
	if c.egress {
		direction, peer = "egress", c.packet.to
	}
	rules := objects(n.acls[c.subnet].Attributes[direction])
	slices.SortFunc(rules, func(a, b map[string]any) int {
		return cmp.Compare(a["rule_no"].(float64), b["rule_no"].(float64))
	})
	for _, rule := range rules {
		if block := n.block(rule["cidr_block"], rule["ipv6_cidr_block"]); !block.Contains(peer) {
			continue
		}
		number := func(name string) int { return int(rule[name].(float64)) }
		matches := rule["protocol"] == "-1"
		switch {
		case matches:
		case rule["protocol"] != c.packet.protocol:
		case c.packet.protocol == "6" || c.packet.protocol == "17":
			matches = number("from_port") <= c.packet.port && c.packet.port <= number("to_port")
		default:
			matches = number("icmp_type") == c.packet.icmpType &&
				(number("icmp_code") == -1 || number("icmp_code") == c.packet.icmpCode)
		}
		if matches {
			return rule["action"] == "allow"
		}
	}
	return false
}

// allowed reports whether the security groups of a host have a rule for TCP to the port of a peer, or from a peer.
func (n packetNetwork) allowed(h host, direction string, peer host, port int) bool {
	if len(h.groups) == 0 {
		return true
	}
	for _, group := range h.groups {
		for _, rule := range objects(n.stack.Get(n.t, group).Attributes[direction]) {
			if rule["protocol"] == "tcp" && rule["from_port"].(float64) <= float64(port) &&
				float64(port) <= rule["to_port"].(float64) && n.names(rule, peer) {
				return true
			}
		}
	}
	return false
}

// names reports whether a rule of a security group is about a peer.
func (n packetNetwork) names(rule map[string]any, peer host) bool {
	for _, list := range []string{"cidr_blocks", "ipv6_cidr_blocks"} {
		for _, block := range texts(rule[list]) {
			if netip.MustParsePrefix(block).Contains(peer.address) {
				return true
			}
		}
	}
	for _, group := range texts(rule["security_groups"]) {
		if slices.Contains(peer.groups, testkit.Target(n.t, group)) {
			return true
		}
	}
	return slices.ContainsFunc(texts(rule["prefix_list_ids"]), func(list string) bool {
		return testkit.Target(n.t, list) == peer.prefixList
	})
}

// block is the block of a rule, with a value for that of the VPC.
func (n packetNetwork) block(ipv4, ipv6 any) netip.Prefix {
	if text, isText := ipv6.(string); isText {
		if strings.HasPrefix(text, "${aws_vpc.") {
			return vpcIPv6
		}
		return netip.MustParsePrefix(text)
	}
	return netip.MustParsePrefix(ipv4.(string))
}

func objects(list any) []map[string]any {
	items, _ := list.([]any)
	all := make([]map[string]any, len(items))
	for i, item := range items {
		all[i] = item.(map[string]any)
	}
	return all
}

func texts(list any) []string {
	items, _ := list.([]any)
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = item.(string)
	}
	return all
}
