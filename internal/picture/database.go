package picture

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// databases draws the databases in the tiers of a VPC and who may connect to them.
func (d *drawing) databases(tiers []tier) {
	reached := map[string]bool{} // by the tier's ACL
	for _, instance := range d.OfType("aws_db_instance") {
		group, found := d.find("aws_db_subnet_group", text(instance, "db_subnet_group_name"))
		if !found {
			continue
		}
		subnets := group.References()
		own := func(subnet template.Resource) bool { return slices.Contains(subnets, subnet.Address) }
		for _, one := range tiers {
			if !slices.ContainsFunc(one.subnets, own) {
				continue
			}
			drawn := d.draw(instance, one.box, "database", d.database(instance), "shape: cylinder")
			clients := d.clients(instance)
			reached[one.acl] = reached[one.acl] || len(clients) > 0
			arrow := "--"
			if len(clients) > 0 {
				arrow = "->"
			}
			d.connect(one.place, arrow, drawn, strings.Join(clients, "\n"))
		}
	}
	for _, from := range tiers {
		for _, to := range tiers {
			if to.kind == database && (from.kind == private || from.kind == isolated) {
				d.way(from.place, to.place, reached[to.acl])
			}
		}
	}
}

// database is what there is to say about a database.
func (d *drawing) database(instance template.Resource) []string {
	title, class := "Database ", text(instance, "instance_class")
	if text(instance, "engine") == "postgres" {
		title = "PostgreSQL "
	}
	if instance.Value("multi_az") == true {
		class += ", standby in another zone"
	}
	lines := []string{title + text(instance, "identifier"), class}
	if kept := days(instance.Value("backup_retention_period")); kept != "" {
		lines = append(lines, "backups for "+kept)
	}
	return append(lines, d.encrypted(text(instance, "kms_key_id"))...)
}

// clients are who may connect to a database: those that its security groups let in.
func (d *drawing) clients(instance template.Resource) []string {
	var clients []string
	for _, reference := range template.Texts(instance.Value("vpc_security_group_ids")) {
		group, _ := d.find("aws_security_group", reference)
		for _, rule := range template.Objects(group.Value("ingress")) {
			from := append(template.Texts(rule["cidr_blocks"]), template.Texts(rule["ipv6_cidr_blocks"])...)
			for _, client := range template.Texts(rule["security_groups"]) {
				if known, found := d.find("aws_security_group", client); found {
					client = name(known)
				}
				from = append(from, client)
			}
			for _, client := range append(from, template.Texts(rule["prefix_list_ids"])...) {
				clients = append(clients, fmt.Sprintf("port %v, from %s", rule["to_port"], client))
			}
		}
	}
	return uniq(clients)
}
