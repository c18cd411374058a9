package diff

import (
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// networkRules are those of the network.
var networkRules = map[string][]rule{
	"aws_subnet": {
		{"map_public_ip_on_launch", "what starts here gets an address that the internet can reach", staysOff(false)},
		{"assign_ipv6_address_on_creation", "what starts here gets an IPv6 address", staysOff(false)},
	},
	"aws_vpc_endpoint": {
		{"security_group_ids", "the rules of another security group apply, too", gainsNone},
		{"subnet_ids", "it is in other subnets", judged},
	},
	"aws_vpc_block_public_access_options": {
		{"internet_gateway_block_mode", "less traffic with the internet is blocked",
			notBelow("off", "block-ingress", "block-bidirectional")},
	},
	"aws_network_acl_association": {
		{"network_acl_id", "another network ACL guards the subnet", judged},
	},
	"aws_nat_gateway": {
		{"connectivity_type", "it leads to the internet", notBelow("public|", "private")},
	},
}

// peerArguments are where rules of any kind name who is on the other side.
var peerArguments = []string{
	"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "cidr_block", "ipv6_cidr_block",
	"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id", "source_security_group_id",
}

// packetRules reads a block or a resource that is a rule of a group or an ACL, of a direction.
func packetRules(block map[string]any, direction string) ([]packetRule, bool) {
	var peers []string
	for _, argument := range peerArguments {
		if text, isText := block[argument].(string); isText && text != "" {
			peers = append(peers, text)
		}
		peers = append(peers, template.Texts(block[argument])...)
	}
	if block["self"] == true {
		peers = append(peers, "the group itself")
	}
	from, to := number(block["from_port"], 0), number(block["to_port"], 0)
	// In a network ACL types of ICMP have arguments of their own, in a security group they are given as ports.
	rules, readable := newPacketRules(first(block, "protocol", "ip_protocol"), from, to,
		number(block["icmp_type"], from), number(block["icmp_code"], to), peers, directions[direction].preposition)
	for i := range rules {
		action, _ := first(block, "action", "rule_action").(string)
		rules[i].order = number(first(block, "rule_no", "rule_number"), 0)
		if rules[i].stops = action == "deny"; rules[i].stops {
			rules[i].text = "not " + rules[i].text
		}
	}
	return rules, readable && visible(block)
}

func first(block map[string]any, names ...string) any {
	for _, name := range names {
		if block[name] != nil {
			return block[name]
		}
	}
	return nil
}

// direction is that of a list of rules in a group or an ACL, in words.
type direction struct{ more, preposition string }

var directions = map[string]direction{"ingress": {"lets in more: ", "from"}, "egress": {"lets out more: ", "to"}}

// judgeFilter compares the rules within a group or an ACL. One that has none of a list leaves those in AWS as they are.
func judgeFilter(_ comparison, change *Change, before, after element) {
	for _, direction := range []string{"ingress", "egress"} {
		if equal(before.at(direction), after.at(direction)) {
			continue
		}
		former, readable := before.filter(direction)
		latter, alsoReadable := after.filter(direction)
		_, isSet := after.attributes[direction]
		_, wasSet := before.attributes[direction]
		switch {
		case !readable || !alsoReadable:
			change.unjudged(direction, "other rules, which are not known here")
		case wasSet && !isSet:
			change.weaker(direction, "rules that somebody adds by hand no longer show in a plan")
		default:
			if more := opened(former, latter); len(more) > 0 {
				change.weaker(direction, directions[direction].more+strings.Join(more, "; "))
			}
		}
	}
}

// filter reads the rules of a direction.
func (e element) filter(direction string) ([]packetRule, bool) {
	if !visible(e.attributes[direction]) {
		return nil, false
	}
	var all []packetRule
	for _, block := range e.blocks(direction) {
		rules, readable := packetRules(block, direction)
		if !readable {
			return nil, false
		}
		all = append(all, rules...)
	}
	return all, true
}

// judgeRule compares a rule that is a resource of its own.
func judgeRule(_ comparison, change *Change, before, after element) {
	former, readable := []packetRule(nil), true
	if before.attributes != nil {
		former, readable = packetRules(before.attributes, after.direction())
	}
	latter, alsoReadable := packetRules(after.attributes, after.direction())
	if !readable || !alsoReadable {
		change.unjudged("", "another rule, which is not known here")
	} else if more := opened(former, latter); len(more) > 0 {
		change.weaker("", directions[after.direction()].more+strings.Join(more, "; "))
	}
}

// direction is that of a rule that is a resource of its own.
func (e element) direction() string {
	if e.at("egress") == true || e.text("type") == "egress" || strings.Contains(e.kind, "egress") {
		return "egress"
	}
	return "ingress"
}

// wayOut reports whether a route leads out of the VPC to the internet, and says how.
func wayOut(route map[string]any, c comparison) (words string, out bool) {
	gateway, _ := route["gateway_id"].(string)
	nat, _ := route["nat_gateway_id"].(string)
	egress, _ := route["egress_only_gateway_id"].(string)
	switch {
	case strings.Contains(gateway, "aws_internet_gateway.") || strings.HasPrefix(gateway, "igw-") ||
		c.isNamed(gateway, "aws_internet_gateway"):
		return "to and from the internet, by an internet gateway", true
	case nat != "":
		return "to the internet, by NAT", true
	case egress != "":
		return "to the internet, by an egress-only gateway", true
	}
	return "", false
}

// isNamed reports whether a text names a resource of a type after the change.
func (c comparison) isNamed(text, kind string) bool {
	for _, one := range c.after {
		if one.kind == kind && text != "" && slices.Contains(one.names(), text) {
			return true
		}
	}
	return false
}

// judgeRoutes compares the routes within a table.
func judgeRoutes(c comparison, change *Change, before, after element) {
	if equal(before.at("route"), after.at("route")) {
		return
	}
	if !visible(before.at("route")) || !visible(after.at("route")) {
		change.unjudged("route", "other routes, which are not known here")
		return
	}
	if before.attributes["route"] != nil && after.attributes["route"] == nil {
		change.weaker("route", "routes that somebody adds by hand no longer show in a plan")
	}
	former := before.blocks("route")
	for _, route := range after.blocks("route") {
		if slices.ContainsFunc(former, func(one map[string]any) bool { return equal(one, route) }) {
			continue
		}
		if words, out := wayOut(route, c); out {
			change.weaker("route", "a way "+words)
		} else {
			change.unjudged("route", "another way")
		}
	}
}

// judgeRoute compares a route that is a resource of its own.
func judgeRoute(c comparison, change *Change, before, after element) {
	if !visible(after.attributes) {
		return // made anew with its table or gateway
	}
	former, was := wayOut(before.attributes, c)
	words, out := wayOut(after.attributes, c)
	if out && (!was || former != words && strings.Contains(words, "from")) {
		change.weaker("", "a way "+words)
	}
}

// judgeAssociation compares the ways out of the tables between which a subnet changes.
func judgeAssociation(c comparison, change *Change, before, after element) {
	if !visible(after.at("route_table_id")) {
		change.unjudged("route_table_id", "another route table, which is not known here")
		return
	}
	ways := func(in side, table any) map[string]bool {
		found := map[string]bool{}
		add := func(route map[string]any) {
			if words, out := wayOut(route, c); out {
				found[words] = true
			}
		}
		for _, one := range in {
			switch {
			case one.kind == "aws_route" && equal(one.at("route_table_id"), table):
				add(one.attributes)
			case strings.HasSuffix(one.kind, "route_table") && refersTo(table, one):
				for _, route := range one.blocks("route") {
					add(route)
				}
			}
		}
		return found
	}
	former := ways(c.before, before.at("route_table_id"))
	for _, words := range slices.Sorted(maps.Keys(ways(c.after, after.at("route_table_id")))) {
		if !former[words] {
			change.weaker("route_table_id", "the subnet gets a way "+words)
		}
	}
}
