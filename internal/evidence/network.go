package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/access"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

const vpcDocs = "https://docs.aws.amazon.com/vpc/latest/userguide/"

func networkRules() []Rule {
	return []Rule{
		{"SB-NET-01", "All traffic of every VPC is logged, and the flow log may be written",
			"Without flow logs nobody can tell what has left.",
			Medium, vpcDocs + "flow-logs-iam-role.html",
			relatedTo("EC2.6").and(Controls{PCI: []string{"10.2.1"}}),
			every("aws_vpc", isRecorded)},
		{"SB-NET-02", "Default security groups let nothing through",
			"What somebody starts without choosing a group gets the default one.",
			High, vpcDocs + "default-security-group.html",
			relatedTo("EC2.2").and(Controls{PCI: []string{"1.3.1", "1.3.2"}}),
			every("aws_vpc", isEmptied("aws_default_security_group", "vpc_id", "ingress", "egress"))},
		{"SB-NET-03", "No security group lets the internet in",
			"A port that everybody can reach is attacked within minutes.",
			High, vpcDocs + "security-group-rules.html",
			relatedTo("EC2.13", "EC2.14", "EC2.18", "EC2.19", "EC2.53", "EC2.54").and(Controls{PCI: []string{"1.4.2"}}),
			every("aws_security_group", func(_ *stack, r template.Resource) string {
				for _, rule := range template.Objects(r.Attributes["ingress"]) {
					if isEverybody(blocksOf(rule)...) {
						return fmt.Sprintf("%s lets everybody in to port %v", shown(rule["description"]),
							rule["from_port"])
					}
				}
				return ""
			})},
		{"SB-NET-04", "No network ACL lets the internet in to ports of remote administration",
			"An ACL is the second wall: it must stand where the first one falls.",
			Medium, vpcDocs + "vpc-network-acls.html",
			relatedTo("EC2.21"),
			every("aws_network_acl", opensAdministration)},
		{"SB-NET-05", "Subnets give out no addresses that the internet reaches",
			"What starts in such a subnet is on the internet at once. " +
				"Security Hub objects to IPv6 addresses behind an egress-only gateway, too.",
			Medium, vpcDocs + "vpc-ip-addressing.html",
			relatedTo("EC2.15"),
			every("aws_subnet", givesOutNoAddresses)},
		{"SB-NET-06", "Subnets of databases have no route out of the VPC",
			"What has no way out cannot send data there.",
			High, vpcDocs + "VPC_Route_Tables.html",
			relatedTo("RDS.46").and(Controls{NIST: []string{"AC-4", "SC-7", "SC-7(5)"},
				PCI: []string{"1.3.2", "1.4.4"}}),
			isIsolated},
		{"SB-NET-07", "Every subnet has a route table and an ACL of its own tier; the default ones are empty",
			"A forgotten association falls back to the default, and the default must lead nowhere.",
			Medium, vpcDocs + "subnet-route-tables.html",
			Controls{NIST: []string{"AC-4", "SC-7", "SC-7(5)"}, PCI: []string{"1.3.1", "1.3.2"}},
			hasOwnTables},
		{"SB-NET-08", "Endpoints admit only the account's own credentials, and only to its own resources",
			"Otherwise data leaves with somebody else's credentials, or into somebody else's bucket.",
			High, "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
			Controls{NIST: []string{"AC-4", "AC-6", "SC-7(10)"}, PCI: []string{"1.3.2"}},
			every("aws_vpc_endpoint", keepsPerimeter)},
	}
}

// isRecorded looks for the flow log of a VPC, and asks whether it may be written.
func isRecorded(s *stack, vpc template.Resource) string {
	flow, exists := s.of("aws_flow_log", "vpc_id", vpc.Address)
	switch {
	case !exists:
		return "it has no flow log"
	case flow.Attributes["traffic_type"] != "ALL":
		return "its flow log records " + shown(flow.Attributes["traffic_type"])
	}
	role, hasRole := s.refers(flow, "iam_role_arn")
	groups := s.OfType("aws_cloudwatch_log_group")
	i := slices.IndexFunc(groups, func(group template.Resource) bool {
		arn, _ := s.access.ARN(group)
		destination, _ := flow.String("log_destination")
		return destination == arn || strings.Contains(destination, group.Address+".") ||
			strings.HasSuffix(destination, ":log-group:"+s.access.Name(group))
	})
	if !hasRole || i < 0 {
		return "its flow log goes to no log group of the stack by a role of the stack"
	}
	return s.roleDelivers("vpc-flow-logs.amazonaws.com", role, groups[i], ":log-stream:eni-x-all")
}

// isEmptied looks whether a default of a VPC is taken over and has no rules.
func isEmptied(resourceType, attribute string, lists ...string) func(*stack, template.Resource) string {
	return func(s *stack, vpc template.Resource) string {
		r, exists := s.of(resourceType, attribute, vpc.Address)
		if !exists {
			return "the stack does not take over its " + resourceType
		}
		for _, list := range lists {
			if len(template.Objects(r.Attributes[list])) > 0 {
				return r.Address + " has " + list
			}
		}
		return ""
	}
}

// blocksOf are the blocks of addresses that a rule of a security group is about.
func blocksOf(rule map[string]any) []string {
	return append(template.Texts(rule["cidr_blocks"]), template.Texts(rule["ipv6_cidr_blocks"])...)
}

func isEverybody(blocks ...string) bool {
	return slices.Contains(blocks, "0.0.0.0/0") || slices.Contains(blocks, "::/0")
}

// covers reports whether a rule of an ACL is about a port of TCP or UDP.
func covers(rule map[string]any, port float64) bool {
	from, _ := rule["from_port"].(float64)
	to, _ := rule["to_port"].(float64)
	isPorts := rule["protocol"] == "6" || rule["protocol"] == "17"
	return rule["protocol"] == "-1" || isPorts && from <= port && port <= to
}

func givesOutNoAddresses(s *stack, subnet template.Resource) string {
	if subnet.Attributes["map_public_ip_on_launch"] != false {
		return "map_public_ip_on_launch is not false"
	}
	association, _ := s.of("aws_route_table_association", "subnet_id", subnet.Address)
	table, _ := association.Reference("route_table_id")
	for _, route := range s.OfType("aws_route") {
		of, _ := route.Reference("route_table_id")
		gateway, _ := s.refers(route, "gateway_id")
		if subnet.Attributes["assign_ipv6_address_on_creation"] == true && of == table &&
			route.Attributes["destination_ipv6_cidr_block"] != nil && gateway.Type == "aws_internet_gateway" {
			return "it gives out IPv6 addresses, and " + route.Address + " lets everybody reach them"
		}
	}
	return ""
}

// opensAdministration looks at each rule for itself, as AWS Config does: that an earlier rule denies helps nothing.
func opensAdministration(_ *stack, acl template.Resource) string {
	for _, rule := range template.Objects(acl.Attributes["ingress"]) {
		for _, port := range []float64{22, 3389} {
			ipv4, _ := rule["cidr_block"].(string)
			ipv6, _ := rule["ipv6_cidr_block"].(string)
			if rule["action"] == "allow" && isEverybody(ipv4, ipv6) && covers(rule, port) {
				return fmt.Sprintf("rule %v lets everybody in to port %v", rule["rule_no"], port)
			}
		}
	}
	return ""
}

// isIsolated looks at the routes of the subnets that databases are in.
func isIsolated(s *stack) []Finding {
	var findings []Finding
	for _, group := range s.OfType("aws_db_subnet_group") {
		for _, text := range template.Texts(group.Attributes["subnet_ids"]) {
			address, _ := template.ReferenceIn(text)
			subnet, exists := s.Resource(address)
			if !exists {
				findings = append(findings, Finding{group.Address, text + " is no subnet of the stack"})
				continue
			}
			findings = append(findings, Finding{subnet.Address, s.wayOut(subnet)})
		}
	}
	return findings
}

// wayOut says which route leads out of a subnet.
func (s *stack) wayOut(subnet template.Resource) string {
	association, exists := s.of("aws_route_table_association", "subnet_id", subnet.Address)
	if !exists {
		return "" // the default table, which SB-NET-07 looks at
	}
	table, _ := association.Reference("route_table_id")
	for _, route := range s.OfType("aws_route") {
		if of, _ := route.Reference("route_table_id"); of == table {
			return "the route " + route.Address + " leads out"
		}
	}
	if r, _ := s.Resource(table); len(template.Objects(r.Attributes["route"])) > 0 {
		return table + " has routes of its own"
	}
	return ""
}

func hasOwnTables(s *stack) []Finding {
	var findings []Finding
	for _, subnet := range s.OfType("aws_subnet") {
		fault := ""
		for _, association := range []string{"aws_route_table_association", "aws_network_acl_association"} {
			if _, exists := s.of(association, "subnet_id", subnet.Address); !exists {
				fault = "it has no " + association
			}
		}
		findings = append(findings, Finding{subnet.Address, fault})
	}
	for _, vpc := range s.OfType("aws_vpc") {
		findings = append(findings, Finding{vpc.Address, cmp.Or(
			isEmptied("aws_default_route_table", "default_route_table_id", "route")(s, vpc),
			isEmptied("aws_default_network_acl", "default_network_acl_id", "ingress", "egress")(s, vpc))})
	}
	return findings
}

// keepsPerimeter asks an endpoint with each action that it allows, for a resource of an unknown account.
func keepsPerimeter(s *stack, endpoint template.Resource) string {
	policy := s.access.PolicyOf(endpoint)
	if policy == nil {
		return "it has no policy: everything passes"
	}
	foreign := access.Context{"aws:ResourceAccount": {stranger}, "aws:PrincipalOrgID": {"o-0000000000"},
		"aws:ResourceOrgID": {"o-0000000000"}}
	own := access.Context{"aws:ResourceAccount": {s.access.Env().AccountID()}, "aws:PrincipalOrgID": {"o-0000000000"}}
	for _, statement := range policy.Document.Statements {
		for _, action := range statement.Actions {
			action = strings.ReplaceAll(action, "*", "Any")
			questions := []passage{
				{s.inAccount(), foreign, "own credentials reach foreign resources"},
				{s.strangers()[0], own, "foreign credentials reach own resources"},
				{s.strangers()[0], foreign, "foreign credentials reach foreign resources"},
			}
			if slices.Contains(unsigned, action) {
				questions = []passage{{iampolicy.Federated("x"), foreign, "tokens reach foreign roles"}}
			}
			for _, one := range questions {
				if policy.Document.Evaluate(iampolicy.Request{Caller: one.who, Action: action,
					Resource: "arn:aws:x:::" + stranger, Context: one.context}) == iampolicy.Allowed {
					return fmt.Sprintf("%s: %s, by %s", one.what, action, statement.Sid)
				}
			}
		}
	}
	return ""
}

// passage is a request that no endpoint must let through.
type passage struct {
	who     iampolicy.Caller
	context access.Context
	what    string
}

// unsigned are actions that nobody signs with credentials of AWS: a token is all that comes with them.
// Source: AWS Security Token Service API Reference.
var unsigned = []string{"sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}
