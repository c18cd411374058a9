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
func (b builder) addNetworkACLs(base base, zones []zone) map[subnetplan.Tier]tf.Deps {
	fromVPC := aclRule{100, anyProtocol, b.props.CIDR, 0, 0}
	everywhere := []aclRule{{100, anyProtocol, anywhere, 0, 0}}
	public := b.addACL(base, zones, subnetplan.Public, []aclRule{
		fromVPC,
		{110, tcp, anywhere, https, https},
		{120, tcp, anywhere, firstEphemeral, lastPort},
		{130, udp, anywhere, firstEphemeral, lastPort},
	}, everywhere)
	private := b.addACL(base, zones, subnetplan.Private, []aclRule{
		fromVPC,
		{120, tcp, anywhere, firstEphemeral, lastPort},
		{130, udp, anywhere, firstEphemeral, lastPort},
	}, everywhere)

	var ingress, egress []aclRule
	for _, zone := range zones {
		number := 100 + slices.Index(subnetplan.Zones(), zone.key)
		clients := zone.blocks[subnetplan.Private]
		ingress = append(ingress, aclRule{number, tcp, clients, b.props.DatabasePort, b.props.DatabasePort})
		egress = append(egress, aclRule{number, tcp, clients, firstEphemeral, lastPort})
	}
	database := b.addACL(base, zones, subnetplan.Database, ingress, egress)
	return map[subnetplan.Tier]tf.Deps{subnetplan.Public: public, subnetplan.Private: private,
		subnetplan.Database: database}
}

// addACL returns the rules of a tier's ACL and its associations.
func (b builder) addACL(base base, zones []zone, tier subnetplan.Tier, ingress, egress []aclRule) tf.Deps {
	id := string(tier) + "-acl"
	acl := networkacl.NewNetworkAcl(b.node, &id, &networkacl.NetworkAclConfig{
		VpcId: base.id, Tags: tf.StringMap(b.props.Naming.Child(id).Tags()),
	}).Id()
	var added tf.Deps
	for _, rule := range ingress {
		added = tf.After(added, b.addACLRule(fmt.Sprintf("%s-in-%d", id, rule.number), acl, false, rule))
	}
	for _, rule := range egress {
		added = tf.After(added, b.addACLRule(fmt.Sprintf("%s-out-%d", id, rule.number), acl, true, rule))
	}
	for _, zone := range zones {
		added = append(added,
			networkaclassociation.NewNetworkAclAssociation(b.node, jsii.String(id+"-"+string(zone.key)),
				&networkaclassociation.NetworkAclAssociationConfig{NetworkAclId: acl,
					SubnetId: jsii.String(zone.subnets[tier])}))
	}
	return added
}

// addACLRule also adds the same rule for IPv6, if it is for everywhere.
func (b builder) addACLRule(id string, acl *string, egress bool, rule aclRule) tf.Deps {
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
	added := tf.Deps{networkaclrule.NewNetworkAclRule(b.node, &id, &config)}
	if rule.peer == anywhere && b.props.IPv6 {
		id += "-ipv6"
		config.RuleNumber = jsii.Number(rule.number + 1)
		config.CidrBlock, config.Ipv6CidrBlock = nil, jsii.String(anywhereV6)
		added = append(added, networkaclrule.NewNetworkAclRule(b.node, &id, &config))
	}
	return added
}
