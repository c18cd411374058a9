package evidence

import (
	"fmt"
	"net/netip"
	"slices"

	"securebaseline/internal/template"
)

func reachRules() []Rule {
	return []Rule{
		{"SB-NET-09", "What a security group lets out to a subnet, the ACL of the subnet lets in, and the answers out",
			"Rules that contradict each other show only when nothing connects.",
			Low, vpcDocs + "vpc-network-acls.html",
			Controls{NIST: []string{"SC-7"}},
			every("aws_security_group", agreesWithACLs)},
		{"SB-NET-10", "Only named groups reach a database, on its port, and it reaches nobody",
			"A block of addresses lets in whatever gets an address in it.",
			Medium, databaseDocs + "Overview.RDSSecurityGroups.html",
			Controls{NIST: []string{"AC-4", "AC-6", "SC-7(5)"}, PCI: []string{"1.3.1", "1.3.2"}},
			every("aws_db_instance", isReachedByGroups)},
	}
}

// agreesWithACLs compares each rule to a block of a subnet with the subnet's ACL.
func agreesWithACLs(s *stack, group template.Resource) string {
	for _, rule := range template.Objects(group.Attributes["egress"]) {
		port, _ := rule["from_port"].(float64)
		for _, block := range template.Texts(rule["cidr_blocks"]) {
			for _, subnet := range s.OfType("aws_subnet") {
				if subnet.Attributes["cidr_block"] != block {
					continue
				}
				acl, exists := s.aclOf(subnet)
				switch {
				case !exists: // SB-NET-07 tells
				case !lets(acl, "ingress", port):
					return fmt.Sprintf("%s lets nothing in to port %v of %s", acl.Address, port, subnet.Address)
				case !lets(acl, "egress", ephemeral):
					return fmt.Sprintf("%s lets no answer out of %s", acl.Address, subnet.Address)
				}
			}
		}
	}
	return ""
}

// ephemeral is a port that clients get their answers at, on every operating system.
// Source: VPC User Guide, "Ephemeral ports".
const ephemeral = 50000

func (s *stack) aclOf(subnet template.Resource) (template.Resource, bool) {
	association, exists := s.of("aws_network_acl_association", "subnet_id", subnet.Address)
	if !exists {
		return template.Resource{}, false
	}
	return s.refers(association, "network_acl_id")
}

// lets reports whether a rule lets somebody of the VPC through to a port.
func lets(acl template.Resource, direction string, port float64) bool {
	return slices.ContainsFunc(template.Objects(acl.Attributes[direction]), func(rule map[string]any) bool {
		return rule["action"] == "allow" && covers(rule, port)
	})
}

func isReachedByGroups(s *stack, db template.Resource) string {
	groups := template.Texts(db.Attributes["vpc_security_group_ids"])
	if len(groups) == 0 {
		return "it has the default security group"
	}
	for _, text := range groups {
		address, _ := template.ReferenceIn(text)
		group, exists := s.Resource(address)
		if !exists {
			return text + " is no group of the stack"
		}
		if len(template.Objects(group.Attributes["egress"])) > 0 {
			return address + " lets it reach others"
		}
		for _, rule := range template.Objects(group.Attributes["ingress"]) {
			for _, block := range blocksOf(rule) {
				if prefix, err := netip.ParsePrefix(block); err != nil || !prefix.IsSingleIP() {
					return fmt.Sprintf("%s lets in the block %s", address, block)
				}
			}
			if rule["from_port"] != db.Attributes["port"] || rule["to_port"] != db.Attributes["port"] {
				return fmt.Sprintf("%s opens ports %v to %v", address, rule["from_port"], rule["to_port"])
			}
		}
	}
	return ""
}
