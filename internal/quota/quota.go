// Package quota counts what a stack takes of those quotas of AWS that a deployment meets first. A plan does not see
// them: what is too much fails half-way.
package quota

import (
	"fmt"
	"strings"

	"securebaseline/internal/template"
)

// Use is what a stack takes of a quota.
type Use struct {
	// Name says what is counted.
	Name string
	// Used is what the stack takes, Default what AWS allows unless asked for more, both for the region where Name says
	// nothing else. What else is in the account is not known.
	Used, Default int
}

// Of counts what a stack takes (VPC User Guide, "Amazon VPC quotas"; EC2 User Guide, "Elastic IP address quota";
// CloudTrail User Guide, "Quotas in AWS CloudTrail").
func Of(t *template.Template) []Use {
	return []Use{
		{"VPCs", len(t.OfType("aws_vpc")), 5},
		{"Elastic IP addresses", len(t.OfType("aws_eip")), 5},
		{"trails", len(t.OfType("aws_cloudtrail")), 5},
		{"blocks of the VPC", len(t.OfType("aws_vpc")) + len(t.OfType("aws_vpc_ipv4_cidr_block_association")), 5},
		{"rules of a network ACL", mostRules(t, "aws_network_acl"), 20},
		{"rules of a security group", mostRules(t, "aws_security_group"), 60},
		{"endpoints of the VPC", endpoints(t), 50},
	}
}

// mostRules is the length of the longest list of rules, of either direction.
func mostRules(t *template.Template, resourceType string) int {
	most := 0
	for _, resource := range t.OfType(resourceType) {
		for _, direction := range []string{"ingress", "egress"} {
			rules, _ := resource.Attributes[direction].([]any)
			most = max(most, len(rules))
		}
	}
	return most
}

// endpoints counts interface endpoints. Those of gateways have a quota of their own.
func endpoints(t *template.Template) int {
	count := 0
	for _, endpoint := range t.OfType("aws_vpc_endpoint") {
		if endpoint.Attributes["vpc_endpoint_type"] == "Interface" {
			count++
		}
	}
	return count
}

// Line sums up in a line what the stack takes, and in another one what is more than AWS allows by default.
func Line(uses []Use) string {
	var all, over []string
	for _, use := range uses {
		if use.Used == 0 {
			continue
		}
		text := fmt.Sprintf("%s %d of %d", use.Name, use.Used, use.Default)
		all = append(all, text)
		if use.Used > use.Default {
			over = append(over, text)
		}
	}
	line := "quotas by default: " + strings.Join(all, ", ") + "\n"
	if len(over) > 0 {
		line += "WARNING: MORE THAN AWS ALLOWS BY DEFAULT: " + strings.Join(over, ", ") +
			"; ask for more before you deploy\n"
	}
	return line
}
