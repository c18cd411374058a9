package network

import (
	"slices"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/networkacl"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/networkaclassociation"

	"securebaseline/internal/rdsrules"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// Ports that answers come back to: clients and NAT use any of them (VPC User Guide, "Ephemeral ports").
const (
	firstEphemeral = 1024
	lastPort       = 65535

	http  = 80
	https = 443
	// remoteDesktop must not be open to the world, although no security group lets it in: AWS Config, Security Hub
	// (EC2.21) and the CIS benchmark look at each rule that allows it, whatever an earlier rule denies. The answers
	// that come back to it are lost with it, one connection of NAT in 64,512.
	remoteDesktop = 3389
)

// Numbers of protocols, as network ACLs name them; -1 is any. The names would be stored as numbers and differ forever.
const (
	anyProtocol = "-1"
	icmp        = "1"
	tcp         = "6"
	udp         = "17"
	icmpv6      = "58"
)

// Messages of ICMP that tell a host to send smaller packets. Without them connections whose path has a smaller MTU
// hang (VPC User Guide, "Path MTU Discovery").
const (
	unreachable         = 3 // ICMP, with the code
	fragmentationNeeded = 4
	packetTooBig        = 2 // ICMPv6, with any code
	anyCode             = -1
)

// aclRule is one allowed kind of traffic. What no rule allows is denied.
type aclRule struct {
	number             int
	protocol           string
	ipv4, ipv6         string // one of them: a block
	from, to           int    // ports
	icmpType, icmpCode int
}

// addNetworkACLs guards the tiers. Network ACLs are stateless, so each answer needs a rule of its own. The rules of an
// ACL are part of it, so that a plan shows those that somebody has added by hand; a subnet's association is a resource
// of its own, so that a new zone changes nothing that is there.
func (b builder) addNetworkACLs(base base, zones []zone) map[subnetplan.Tier]tf.Deps {
	everywhere := b.everywhere(100, aclRule{protocol: anyProtocol})
	public, private := b.fromVPC(base), b.fromVPC(base)
	public = append(public, b.everywhere(110, aclRule{protocol: tcp, from: https, to: https})...)
	if b.props.PublicHTTP {
		public = append(public, b.everywhere(115, aclRule{protocol: tcp, from: http, to: http})...)
	}
	public, private = append(public, b.answers()...), append(private, b.answers()...)

	ingress, egress := b.databaseRules(zones)
	return map[subnetplan.Tier]tf.Deps{
		subnetplan.Public:   b.addACL(base, zones, subnetplan.Public, public, everywhere),
		subnetplan.Private:  b.addACL(base, zones, subnetplan.Private, private, everywhere),
		subnetplan.Database: b.addACL(base, zones, subnetplan.Database, ingress, egress),
	}
}

// databaseRules let private subnets and secondary blocks reach databases, and answers return. Nothing else gets in or
// out.
func (b builder) databaseRules(zones []zone) (ingress, egress []aclRule) {
	if b.props.NoDatabase {
		return nil, nil
	}
	allow := func(number int, clients string) {
		ingress = append(ingress, aclRule{number: number, protocol: tcp, ipv4: clients,
			from: rdsrules.Port, to: rdsrules.Port})
		egress = append(egress,
			aclRule{number: number, protocol: tcp, ipv4: clients, from: firstEphemeral, to: lastPort})
	}
	for _, zone := range zones {
		allow(100+slices.Index(subnetplan.Zones(), zone.key), zone.cidrs[subnetplan.Private])
	}
	for i, cidr := range b.props.SecondaryCIDRs {
		allow(110+i, cidr)
	}
	return ingress, egress
}

// fromVPC allows all traffic between subnets of the VPC, also those that others make in secondary blocks.
func (b builder) fromVPC(base base) []aclRule {
	rules := []aclRule{{number: 100, protocol: anyProtocol, ipv4: base.cidr}}
	if b.props.IPv6 {
		rules = append(rules, aclRule{number: 101, protocol: anyProtocol, ipv6: *base.vpc.Ipv6CidrBlock()})
	}
	for i, cidr := range b.props.SecondaryCIDRs {
		rules = append(rules, aclRule{number: 200 + i, protocol: anyProtocol, ipv4: cidr})
	}
	return rules
}

// answers allows what comes back from the internet: to load balancers, to NAT, and through NAT to private subnets.
func (b builder) answers() []aclRule {
	rules := slices.Concat(
		b.everywhere(120, aclRule{protocol: tcp, from: firstEphemeral, to: remoteDesktop - 1}),
		b.everywhere(122, aclRule{protocol: tcp, from: remoteDesktop + 1, to: lastPort}),
		b.everywhere(130, aclRule{protocol: udp, from: firstEphemeral, to: remoteDesktop - 1}),
		b.everywhere(132, aclRule{protocol: udp, from: remoteDesktop + 1, to: lastPort}),
		[]aclRule{{number: 140, protocol: icmp, ipv4: anywhere, icmpType: unreachable, icmpCode: fragmentationNeeded}},
	)
	if b.props.IPv6 {
		rules = append(rules,
			aclRule{number: 141, protocol: icmpv6, ipv6: anywhereV6, icmpType: packetTooBig, icmpCode: anyCode})
	}
	return rules
}

// everywhere is a rule for all addresses: for IPv6 another one, with the next number.
func (b builder) everywhere(number int, rule aclRule) []aclRule {
	rule.number, rule.ipv4 = number, anywhere
	if !b.props.IPv6 {
		return []aclRule{rule}
	}
	again := rule
	again.number, again.ipv4, again.ipv6 = number+1, "", anywhereV6
	return []aclRule{rule, again}
}

// addACL returns the ACL of a tier and its associations.
func (b builder) addACL(base base, zones []zone, tier subnetplan.Tier, ingress, egress []aclRule) tf.Deps {
	id := string(tier) + "-acl"
	in := make([]*networkacl.NetworkAclIngress, len(ingress))
	for i, rule := range ingress {
		in[i] = rule.ingress()
	}
	out := make([]*networkacl.NetworkAclEgress, len(egress))
	for i, rule := range egress {
		allowed := networkacl.NetworkAclEgress(*rule.ingress())
		out[i] = &allowed
	}
	acl := networkacl.NewNetworkAcl(b.node, &id, &networkacl.NetworkAclConfig{
		VpcId: base.id, Ingress: &in, Egress: &out, Tags: tf.StringMap(b.props.Naming.Child(id).Tags()),
	})
	added := tf.Deps{acl}
	aclID := acl.Id()
	for _, zone := range zones {
		added = append(added,
			networkaclassociation.NewNetworkAclAssociation(b.node, jsii.String(id+"-"+string(zone.key)),
				&networkaclassociation.NetworkAclAssociationConfig{NetworkAclId: aclID,
					SubnetId: jsii.String(zone.subnets[tier])}))
	}
	return added
}

// ingress is the rule in the form of the bindings, which have the same one for egress.
func (r aclRule) ingress() *networkacl.NetworkAclIngress {
	return &networkacl.NetworkAclIngress{
		RuleNo: jsii.Number(r.number), Action: jsii.String("allow"), Protocol: &r.protocol,
		CidrBlock: tf.OptString(r.ipv4), Ipv6CidrBlock: tf.OptString(r.ipv6),
		FromPort: jsii.Number(r.from), ToPort: jsii.Number(r.to),
		IcmpType: jsii.Number(r.icmpType), IcmpCode: jsii.Number(r.icmpCode),
	}
}
