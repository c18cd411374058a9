package tests

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// vpcIPv6 stands in for the block that AWS gives to the VPC.
var vpcIPv6 = netip.MustParsePrefix("2001:db8:1::/56")

// host is one end of a connection.
type host struct {
	name    string
	address netip.Addr
	// subnet is the path of the host's subnet. Without one the host is in the internet, or in a subnet of a secondary
	// block that others have made, whose own table and ACL let everything through.
	subnet string
	// groups are the security groups of the host. Without any, groups of others let everything through.
	groups []string
	// prefixList is the endpoint that leads to the host, if it is a service behind a gateway endpoint.
	prefixList string
}

// packet is what a network ACL sees.
type packet struct {
	protocol           string // number
	from, to           netip.Addr
	port               int // of the receiver
	icmpType, icmpCode int
}

// crossing is a packet that leaves a subnet or enters it.
type crossing struct {
	subnet string
	egress bool
	packet packet
}

// packetNetwork answers which packets pass the routes, ACLs and security groups of a stack.
type packetNetwork struct {
	t      *testing.T
	stack  testkit.Stack
	acls   map[string]testkit.Resource // by the path of the subnet
	tables map[string]string           // addresses, by the path of the subnet
}

func newPacketNetwork(t *testing.T, stack testkit.Stack) packetNetwork {
	n := packetNetwork{t, stack, map[string]testkit.Resource{}, map[string]string{}}
	for _, association := range stack.OfType("aws_network_acl_association") {
		subnet := stack.Get(t, association.Refers(t, "subnet_id")).Path
		n.acls[subnet] = stack.Get(t, association.Refers(t, "network_acl_id"))
	}
	for _, association := range stack.OfType("aws_route_table_association") {
		subnet := stack.Get(t, association.Refers(t, "subnet_id")).Path
		n.tables[subnet] = association.Refers(t, "route_table_id")
	}
	return n
}

var subnetNumber = regexp.MustCompile(`, 8, (\d+)\)`)

// in returns a host in a subnet of the stack.
func (n packetNetwork) in(subnet string, ipv6 bool, groups ...string) host {
	n.t.Helper()
	resource := n.stack.At(n.t, "aws_subnet", "network/"+subnet)
	h := host{name: subnet, subnet: resource.Path}
	for _, group := range groups {
		h.groups = append(h.groups, n.stack.Address(n.t, "aws_security_group", group))
	}
	if !ipv6 {
		h.address = netip.MustParsePrefix(resource.Text(n.t, "cidr_block")).Addr().Next().Next().Next().Next().Next()
		return h
	}
	number := subnetNumber.FindStringSubmatch(resource.Text(n.t, "ipv6_cidr_block"))
	require.NotNil(n.t, number, resource.Attributes["ipv6_cidr_block"])
	which, err := strconv.Atoi(number[1])
	require.NoError(n.t, err)
	bytes := vpcIPv6.Addr().As16()
	bytes[7], bytes[15] = byte(which), 5
	h.name, h.address = subnet+", IPv6", netip.AddrFrom16(bytes)
	return h
}

// blocks are those of the VPC.
func (n packetNetwork) blocks() []netip.Prefix {
	vpc := n.stack.At(n.t, "aws_vpc", "network/Resource")
	blocks := []netip.Prefix{netip.MustParsePrefix(vpc.Text(n.t, "cidr_block")), vpcIPv6}
	for _, secondary := range n.stack.OfType("aws_vpc_ipv4_cidr_block_association") {
		blocks = append(blocks, netip.MustParsePrefix(secondary.Text(n.t, "cidr_block")))
	}
	return blocks
}

func (n packetNetwork) isLocal(address netip.Addr) bool {
	return slices.ContainsFunc(n.blocks(), func(block netip.Prefix) bool { return block.Contains(address) })
}

// connects returns why one host cannot open a TCP connection to a port of another and get answers, or nil.
func (n packetNetwork) connects(from, to host, port int) error {
	if !n.allowed(from, "egress", to, port) {
		return fmt.Errorf("security group of %s lets nothing out to %s", from.name, to.name)
	}
	if !n.allowed(to, "ingress", from, port) {
		return fmt.Errorf("security group of %s lets nothing in from %s", to.name, from.name)
	}
	out := packet{protocol: "6", from: from.address, to: to.address, port: port}
	if err := n.passes(from, to, out); err != nil {
		return err
	}
	for _, ephemeral := range []int{1024, 3388, 3390, 49152, 65535} {
		back := packet{protocol: "6", from: to.address, to: from.address, port: ephemeral}
		if err := n.returns(from, to, back); err != nil {
			return fmt.Errorf("the answer: %w", err)
		}
	}
	return nil
}

// passes returns why a packet does not get from one host to another, or nil.
func (n packetNetwork) passes(from, to host, p packet) error {
	way, err := n.way(from, to, p)
	if err != nil {
		return err
	}
	return n.cross(way)
}

// returns does the same for a packet that takes the way from one host to another backwards, as answers do: through
// gateways that know the connection.
func (n packetNetwork) returns(from, to host, p packet) error {
	way, err := n.way(from, to, p)
	if err != nil {
		return err
	}
	slices.Reverse(way)
	for i := range way {
		way[i].egress = !way[i].egress
	}
	return n.cross(way)
}

func (n packetNetwork) cross(way []crossing) error {
	for _, c := range way {
		if !n.aclAllows(c) {
			return fmt.Errorf("network ACL of %s drops %+v, egress %t", c.subnet, c.packet, c.egress)
		}
	}
	return nil
}

// way lists the subnets that a packet leaves and enters between two hosts.
func (n packetNetwork) way(from, to host, p packet) ([]crossing, error) {
	var way []crossing
	leave := func(subnet string) { way = append(way, crossing{subnet, true, p}) }
	enter := func(subnet string) { way = append(way, crossing{subnet, false, p}) }
	switch {
	case from.subnet != "" && from.subnet == to.subnet:
		return nil, nil
	case n.isLocal(from.address) && n.isLocal(to.address):
		if from.subnet != "" {
			leave(from.subnet)
		}
		if to.subnet != "" {
			enter(to.subnet)
		}
		return way, nil
	case from.subnet == "": // from the internet
		if kind, _ := n.target(to.subnet, from.address, ""); kind != "gateway_id" {
			return nil, fmt.Errorf("%s has no way from the internet", to.name)
		}
		enter(to.subnet)
		return way, nil
	}
	leave(from.subnet)
	switch kind, target := n.target(from.subnet, to.address, to.prefixList); kind {
	case "nat_gateway_id":
		nat := n.stack.Get(n.t, n.stack.Get(n.t, target).Refers(n.t, "subnet_id")).Path
		enter(nat)
		leave(nat)
	case "":
		return nil, fmt.Errorf("%s has no route to %s", from.name, to.name)
	}
	return way, nil
}

// target returns where a subnet's table leads for an address outside the VPC: the kind and address of a gateway.
func (n packetNetwork) target(subnet string, address netip.Addr, prefixList string) (kind, target string) {
	table := n.tables[subnet]
	for _, association := range n.stack.OfType("aws_vpc_endpoint_route_table_association") {
		if association.Refers(n.t, "route_table_id") == table && prefixList != "" &&
			association.Refers(n.t, "vpc_endpoint_id") == prefixList {
			return "vpc_endpoint_id", prefixList
		}
	}
	destination := "destination_cidr_block"
	if address.Is6() {
		destination = "destination_ipv6_cidr_block"
	}
	for _, route := range n.stack.OfType("aws_route") {
		if route.Refers(n.t, "route_table_id") != table || route.Attributes[destination] == nil {
			continue
		}
		for _, kind := range []string{"gateway_id", "nat_gateway_id", "egress_only_gateway_id"} {
			if route.Attributes[kind] != nil {
				return kind, route.Refers(n.t, kind)
			}
		}
	}
	return "", ""
}
