package network

import (
	"fmt"
	"slices"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/networkacl"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/networkaclassociation"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/networkaclrule"

	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// Ports that answers come back to: clients and NAT use any of them (VPC User Guide, "Ephemeral ports").
const (
	firstEphemeral = 1024
	lastPort       = 65535

	https = 443
)

// Numbers of protocols, as network ACLs name them; -1 is any. The names would be stored as numbers and differ forever.
const (
	anyProtocol = "-1"
	tcp         = "6"
	udp         = "17"
)

// aclRule is one allowed kind of traffic. What no rule allows is denied.
type aclRule struct {
	number   int
	protocol string
	peer     string // IPv4 block
	from, to int
}

// addNetworkACLs guards the tiers. Network ACLs are stateless, so each answer needs a rule of its own. Rules are
// numbered by zone, and a subnet's association is a resource of its own: a new zone changes nothing that is there.
func (v *VPC) addNetworkACLs() {
	openToVPC := aclRule{100, anyProtocol, v.props.CIDR, 0, 0}
	everywhere := []aclRule{{100, anyProtocol, anywhere, 0, 0}}
	v.addACL(subnetplan.Public, []aclRule{
		openToVPC,
		{110, tcp, anywhere, https, https},
		{120, tcp, anywhere, firstEphemeral, lastPort},
		{130, udp, anywhere, firstEphemeral, lastPort},
	}, everywhere)
	v.addACL(subnetplan.Private, []aclRule{
		openToVPC,
		{120, tcp, anywhere, firstEphemeral, lastPort},
		{130, udp, anywhere, firstEphemeral, lastPort},
	}, everywhere)

	var ingress, egress []aclRule
	for _, zone := range v.zones {
		number := 100 + slices.Index(subnetplan.Zones(), zone.key)
		clients := zone.blocks[subnetplan.Private]
		ingress = append(ingress, aclRule{number, tcp, clients, v.props.DatabasePort, v.props.DatabasePort})
		egress = append(egress, aclRule{number, tcp, clients, firstEphemeral, lastPort})
	}
	v.addACL(subnetplan.Database, ingress, egress)
}

func (v *VPC) addACL(tier subnetplan.Tier, ingress, egress []aclRule) {
	id := string(tier) + "-acl"
	acl := networkacl.NewNetworkAcl(v.node, &id, &networkacl.NetworkAclConfig{
		VpcId: v.id, Tags: tf.StringMap(v.props.Naming.Child(id).Tags()),
	}).Id()
	for _, rule := range ingress {
		v.addACLRule(tier, fmt.Sprintf("%s-in-%d", id, rule.number), acl, false, rule)
	}
	for _, rule := range egress {
		v.addACLRule(tier, fmt.Sprintf("%s-out-%d", id, rule.number), acl, true, rule)
	}
	for _, zone := range v.zones {
		v.ways[tier] = append(v.ways[tier], networkaclassociation.NewNetworkAclAssociation(v.node, jsii.String(id+"-"+string(zone.key)),
			&networkaclassociation.NetworkAclAssociationConfig{NetworkAclId: acl, SubnetId: zone.subnets[tier]}))
	}
}

func (v *VPC) addACLRule(tier subnetplan.Tier, id string, acl *string, egress bool, rule aclRule) {
	config := networkaclrule.NetworkAclRuleConfig{
		NetworkAclId: acl,
		RuleNumber:   jsii.Number(rule.number),
		Egress:       jsii.Bool(egress),
		RuleAction:   jsii.String("allow"),
		Protocol:     &rule.protocol,
		CidrBlock:    &rule.peer,
	}
	if rule.protocol != anyProtocol {
		config.FromPort, config.ToPort = jsii.Number(rule.from), jsii.Number(rule.to)
	}
	v.ways[tier] = append(v.ways[tier], networkaclrule.NewNetworkAclRule(v.node, &id, &config))
	if rule.peer == anywhere && v.props.IPv6 {
		id += "-ipv6"
		config.RuleNumber = jsii.Number(rule.number + 1)
		config.CidrBlock, config.Ipv6CidrBlock = nil, jsii.String(anywhereV6)
		v.ways[tier] = append(v.ways[tier], networkaclrule.NewNetworkAclRule(v.node, &id, &config))
	}
}
