package picture

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"securebaseline/internal/template"
)

// tier is the subnets of a VPC that share a network ACL, one for each zone.
type tier struct {
	acl     string
	kind    tierKind
	subnets []template.Resource
	box     place // what holds zones and databases, in a tier for these
	place   place // what holds the zones
}

// tierKind tells tiers by their way to the internet. Their order is that of the picture.
type tierKind int

const (
	public tierKind = iota
	private
	isolated
	database
)

var tierTitles = map[tierKind]string{
	public:   "Public subnets",
	private:  "Private subnets",
	isolated: "Private subnets, no way out",
	database: "Database subnets, no way out",
}

// network draws each VPC with its tiers and zones, and the ways in and out.
func (d *drawing) network() {
	for _, vpc := range d.OfType("aws_vpc") {
		var blocks []string
		more := d.of("aws_vpc_ipv4_cidr_block_association", "vpc_id", vpc)
		for _, r := range append([]template.Resource{vpc}, more...) {
			if block, isString := r.String("cidr_block"); isString {
				blocks = append(blocks, block)
			}
		}
		if vpc.Value("assign_generated_ipv6_cidr_block") == true || vpc.Value("ipv6_ipam_pool_id") != nil {
			blocks = append(blocks, "IPv6")
		}
		at := d.draw(vpc, place{}, "network", []string{"VPC " + strings.Join(blocks, ", ")})
		tiers := d.tiers(vpc)
		for i := range tiers {
			d.tier(&tiers[i], at)
		}
		d.gateways(vpc, at, tiers)
		d.endpoints(vpc, at, tiers)
		d.databases(tiers)
	}
}

// tiers are the tiers of a VPC, those nearest to the internet first.
func (d *drawing) tiers(vpc template.Resource) []tier {
	byACL := map[string]*tier{}
	for _, subnet := range d.of("aws_subnet", "vpc_id", vpc) {
		acl := ""
		for _, association := range d.of("aws_network_acl_association", "subnet_id", subnet) {
			acl, _ = association.Reference("network_acl_id")
		}
		if byACL[acl] == nil {
			byACL[acl] = &tier{acl: acl, kind: isolated}
		}
		one := byACL[acl]
		one.subnets = append(one.subnets, subnet)
		one.kind = min(one.kind, d.kind(subnet))
	}
	for _, group := range d.OfType("aws_db_subnet_group") {
		for _, one := range byACL {
			for _, subnet := range one.subnets {
				if one.kind == isolated && slices.Contains(group.References(), subnet.Address) {
					one.kind = database
				}
			}
		}
	}
	var tiers []tier
	for _, acl := range slices.Sorted(maps.Keys(byACL)) {
		tiers = append(tiers, *byACL[acl])
	}
	slices.SortStableFunc(tiers, func(a, b tier) int { return int(a.kind) - int(b.kind) })
	return tiers
}

// kind tells how a subnet reaches the internet, by the routes of its table.
func (d *drawing) kind(subnet template.Resource) tierKind {
	kind := isolated
	for _, route := range d.routes(subnet) {
		switch {
		case d.refers(route, "gateway_id", "aws_internet_gateway"):
			return public
		case d.refers(route, "nat_gateway_id", "aws_nat_gateway"),
			d.refers(route, "egress_only_gateway_id", "aws_egress_only_internet_gateway"):
			kind = private
		}
	}
	return kind
}

// routes are the routes of a subnet.
func (d *drawing) routes(subnet template.Resource) []template.Resource {
	var routes []template.Resource
	for _, association := range d.of("aws_route_table_association", "subnet_id", subnet) {
		if table, found := d.find("aws_route_table", text(association, "route_table_id")); found {
			routes = append(routes, d.of("aws_route", "route_table_id", table)...)
		}
	}
	return routes
}

// refers reports whether an attribute refers to a resource of a type.
func (d *drawing) refers(r template.Resource, attribute, resourceType string) bool {
	_, found := d.find(resourceType, text(r, attribute))
	return found
}

// tier draws the subnets of a tier, zone beside zone, with the NAT gateways in them.
func (d *drawing) tier(one *tier, vpc place) {
	class := "tier"
	one.box = vpc
	if one.kind == database {
		// The databases are drawn in the same box, below the zones.
		one.box = d.shape(vpc.in("box "+one.acl), "tier", nil)
		vpc, class = one.box, "zones"
	}
	one.place = d.shape(vpc.in("tier "+one.acl), class, []string{tierTitles[one.kind]},
		fmt.Sprintf("grid-columns: %d", len(one.subnets)), "grid-gap: 16")
	for _, subnet := range one.subnets {
		lines := []string{zone(subnet)}
		if block := text(subnet, "cidr_block"); block != "" {
			lines = append(lines, block)
		}
		for _, nat := range d.of("aws_nat_gateway", "subnet_id", subnet) {
			lines = append(lines, "NAT gateway")
			d.places[nat.Address] = one.place
		}
		d.draw(subnet, one.place, "zone", lines)
	}
}

// position finds the place of a zone in the list of those of a region.
var position = regexp.MustCompile(`^\$\{element\([^,]*, (\d+)\)\}$`)

// zone is a subnet's zone in words. Without a name in the configuration, a zone is known by its position alone.
func zone(subnet template.Resource) string {
	named := text(subnet, "availability_zone")
	if found := position.FindStringSubmatch(named); found != nil {
		number, _ := strconv.Atoi(found[1]) // the expression has matched digits
		return fmt.Sprintf("Zone %d", number+1)
	}
	return "Zone " + named
}

// gateways draws the ways between a VPC and the internet.
func (d *drawing) gateways(vpc template.Resource, at place, tiers []tier) {
	for _, gateway := range d.of("aws_internet_gateway", "vpc_id", vpc) {
		internet := d.shape(place{"internet"}, "outside", []string{"Internet"}, "shape: cloud")
		lines := []string{"Internet gateway"}
		for _, block := range d.OfType("aws_vpc_block_public_access_options") {
			lines = append(lines, strings.ReplaceAll(text(block, "internet_gateway_block_mode"), "-", " "))
		}
		drawn := d.draw(gateway, at, "gateway", lines)
		d.connect(internet, "<->", drawn, "")
		for _, one := range tiers {
			if one.kind == public {
				d.connect(drawn, "<->", one.place, "")
			}
		}
	}
	for _, one := range tiers {
		var ways []string
		for _, subnet := range one.subnets {
			for _, route := range d.routes(subnet) {
				if nat, found := d.find("aws_nat_gateway", text(route, "nat_gateway_id")); found {
					ways = append(ways, nat.Address)
				}
			}
		}
		if ways = uniq(ways); len(ways) > 0 && d.places[ways[0]] != nil {
			d.connect(d.places[ways[0]], "<-", one.place, "out through "+counted(len(ways), "NAT gateway"))
		}
	}
	for _, gateway := range d.of("aws_egress_only_internet_gateway", "vpc_id", vpc) {
		drawn := d.draw(gateway, at, "gateway", []string{"Egress-only gateway", "IPv6, out alone"})
		d.connect(place{"internet"}, "<-", drawn, "")
		for _, one := range tiers {
			if one.kind == private {
				d.connect(drawn, "<-", one.place, "IPv6")
			}
		}
	}
}

// endpoints draws the services of AWS that a VPC reaches without the internet, those of each kind in one box.
func (d *drawing) endpoints(vpc template.Resource, at place, tiers []tier) {
	region, _ := d.Place()
	byKind := map[string][]template.Resource{}
	for _, endpoint := range d.of("aws_vpc_endpoint", "vpc_id", vpc) {
		kind := text(endpoint, "vpc_endpoint_type")
		byKind[kind] = append(byKind[kind], endpoint)
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		var services []string
		for _, endpoint := range byKind[kind] {
			_, service, _ := strings.Cut(text(endpoint, "service_name"), "."+region+".")
			services = append(services, service)
		}
		lines := []string{counted(len(services), strings.ToLower(kind)+" endpoint")}
		drawn := d.shape(at.in(kind+" endpoints"), "gateway", append(lines, wrapped(uniq(services), 34)...))
		for _, one := range tiers {
			serves := func(endpoint template.Resource) bool { return d.serves(endpoint, one) }
			if slices.ContainsFunc(byKind[kind], serves) {
				d.arrow(one.place, drawn, "to AWS")
			}
		}
	}
}

// serves reports whether an endpoint is in the routes or the subnets of a tier.
func (d *drawing) serves(endpoint template.Resource, of tier) bool {
	for _, subnet := range of.subnets {
		if slices.Contains(endpoint.References(), subnet.Address) {
			return true
		}
		for _, association := range d.of("aws_vpc_endpoint_subnet_association", "vpc_endpoint_id", endpoint) {
			if slices.Contains(association.References(), subnet.Address) {
				return true
			}
		}
		for _, routes := range d.of("aws_route_table_association", "subnet_id", subnet) {
			table := text(routes, "route_table_id")
			for _, association := range d.of("aws_vpc_endpoint_route_table_association", "vpc_endpoint_id", endpoint) {
				if text(association, "route_table_id") == table {
					return true
				}
			}
		}
	}
	return false
}
