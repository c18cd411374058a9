package diff

import "testing"

func TestExposure(t *testing.T) {
	const block, group = "aws_s3_bucket_public_access_block.data-bucket_public-access",
		"aws_security_group.database_security-group"
	const tables = "aws_route_table_association.network_database-a-routes"
	assertReviewed(t, map[string]reviewCase{
		"public access block": {change: edits(set(block, "block_public_policy", false), set(block,
			"restrict_public_buckets", false)),
			weaker: []string{block + " block_public_policy: public policies are let through",
				block + " restrict_public_buckets: a public policy lets anybody in"}},
		"no public access block": {change: edits(remove(block)),
			weaker: []string{block + ": public access is not blocked"}},
		"access control lists": {change: edits(set("aws_s3_bucket_ownership_controls.data-bucket_ownership",
			"rule.object_ownership", "ObjectWriter")),
			weaker: []string{"aws_s3_bucket_ownership_controls.data-bucket_ownership rule.object_ownership: access " +
				"control lists can let others in"}},
		"a public database": {change: edits(set(database, "publicly_accessible", true)),
			weaker: []string{database + " publicly_accessible: it has an address that the internet can reach"}},
		"another group": {change: edits(func(s stack) {
			groups := s.at(database)["vpc_security_group_ids"].([]any)
			s.at(database)["vpc_security_group_ids"] = append(groups, s.ref("aws_security_group.network_workloads",
				"id"))
		}), weaker: []string{database + " vpc_security_group_ids: the rules of another security group apply, too"}},
		"more ports": {change: edits(set(group, "ingress.0.to_port", 5433.0)), weaker: []string{group +
			" ingress: lets in more: tcp 5432-5433 from ${aws_security_group.network_workloads.id}"}},
		"a block more": {change: edits(set(group, "ingress.0.cidr_blocks", []any{"10.0.0.0/8"})),
			weaker: []string{group + " ingress: lets in more: tcp 5432 from 10.0.0.0/8"}},
		"SSH for everybody": {change: edits(set(group, "ingress.0.cidr_blocks", []any{"0.0.0.0/0"}),
			set(group, "ingress.0.from_port", 22.0)),
			weaker: []string{group + " ingress: lets in more: tcp 22-5432 from 0.0.0.0/0"}},
		"everything out": {change: edits(set(group, "egress", []any{map[string]any{"protocol": "-1", "from_port": 0.0,
			"to_port": 0.0, "cidr_blocks": []any{"0.0.0.0/0"}}})),
			weaker: []string{group + " egress: lets out more: all traffic to 0.0.0.0/0"}},
		"rules by hand": {change: edits(set(group, "ingress", nil)),
			weaker: []string{group + " ingress: rules that somebody adds by hand no longer show in a plan"}},
		"a rule beside the group": {change: edits(add("aws_vpc_security_group_ingress_rule.x", map[string]any{
			"security_group_id": "@aws_security_group.database_security-group.id", "ip_protocol": "tcp",
			"from_port": 5432.0,
			"to_port":   5432.0, "cidr_ipv4": "192.0.2.0/24"})),
			weaker: []string{"aws_vpc_security_group_ingress_rule.x: lets in more: tcp 5432 from 192.0.2.0/24"}},
		"a new group for everybody": {change: edits(add("aws_security_group.x", map[string]any{"name": "x",
			"ingress": []any{map[string]any{"protocol": "tcp", "from_port": 443.0, "to_port": 443.0,
				"ipv6_cidr_blocks": []any{"::/0"}}}})),
			weaker: []string{"aws_security_group.x ingress: lets in more: tcp 443 from ::/0"}},
		"an ACL": {change: edits(func(s stack) {
			acl := s.at("aws_network_acl.network_database-acl")
			acl["ingress"] = append(acl["ingress"].([]any), map[string]any{"action": "allow", "rule_no": 90.0,
				"protocol":   "6",
				"cidr_block": "0.0.0.0/0", "from_port": 22.0, "to_port": 22.0})
		}), weaker: []string{"aws_network_acl.network_database-acl ingress: lets in more: tcp 22 from 0.0.0.0/0"}},
		"an ACL without its refusal": {prepare: edits(refuse), change: edits(func(s stack) {
			acl := s.at("aws_network_acl.network_private-acl")
			acl["ingress"] = acl["ingress"].([]any)[1:]
		}),
			weaker: []string{"aws_network_acl.network_private-acl ingress: lets in more: more of all traffic from " +
				"10.0.0.0/16"}},
		"an ACL whose refusal comes too late": {prepare: edits(refuse),
			change: edits(set("aws_network_acl.network_private-acl", "ingress.0.rule_no", 32000.0)),
			weaker: []string{"aws_network_acl.network_private-acl ingress: lets in more: more of all traffic from " +
				"10.0.0.0/16"}},
		"a way to the internet": {change: edits(add("aws_route.x", map[string]any{"destination_cidr_block": "0.0.0.0/0",
			"route_table_id": "@aws_route_table.network_database-route-table.id",
			"gateway_id":     "@aws_internet_gateway.network_internet-gateway.id"})),
			weaker: []string{"aws_route.x: a way to and from the internet, by an internet gateway"}},
		"a way within the table": {change: edits(func(s stack) {
			s.at("aws_route_table.network_database-route-table")["route"] = []any{map[string]any{
				"cidr_block": "0.0.0.0/0", "nat_gateway_id": s.ref("aws_nat_gateway.network_nat-a", "id")}}
		}), weaker: []string{"aws_route_table.network_database-route-table route: a way to the internet, by NAT"}},
		"a route that changes its gateway": {change: edits(set("aws_route.network_private-a-nat-route",
			"nat_gateway_id", nil),
			func(s stack) {
				set("aws_route.network_private-a-nat-route", "gateway_id",
					s.ref("aws_internet_gateway.network_internet-gateway", "id"))(s)
			}),
			weaker: []string{"aws_route.network_private-a-nat-route: a way to and from the internet, by an internet " +
				"gateway"}},
		"a subnet that changes its table": {change: edits(func(s stack) {
			set(tables, "route_table_id", s.ref("aws_route_table.network_public-route-table", "id"))(s)
		}),
			weaker: []string{tables + " route_table_id: the subnet gets a way to and from the internet, by an " +
				"internet gateway"}},
		"public addresses": {change: edits(set("aws_subnet.network_private-a", "map_public_ip_on_launch", true)),
			weaker: []string{"aws_subnet.network_private-a map_public_ip_on_launch: what starts here gets an " +
				"address that the internet can reach"}},
		"the default group": {change: edits(remove("aws_default_security_group.network_default-security-group")),
			weaker: []string{"aws_default_security_group.network_default-security-group: its rules are no longer " +
				"empty for certain"}},
		"a block of public access": {prepare: edits(add("aws_vpc_block_public_access_options.x",
			map[string]any{"internet_gateway_block_mode": "block-bidirectional"})),
			change: edits(set("aws_vpc_block_public_access_options.x", "internet_gateway_block_mode", "block-ingress")),
			weaker: []string{"aws_vpc_block_public_access_options.x internet_gateway_block_mode: less traffic with " +
				"the internet is blocked"}},
	})
}

// refuse puts a refusal before the rules of an ACL.
func refuse(s stack) {
	acl := s.at("aws_network_acl.network_private-acl")
	acl["ingress"] = append([]any{map[string]any{"action": "deny", "rule_no": 50.0, "protocol": "-1",
		"cidr_block": "10.0.102.0/24", "from_port": 0.0, "to_port": 0.0}}, acl["ingress"].([]any)...)
}
