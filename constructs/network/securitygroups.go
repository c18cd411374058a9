package network

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"
	egressrule "github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcsecuritygroupegressrule"

	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// destination is what a security group lets traffic out to: one of a block, a prefix list and a group, at a TCP port.
type destination struct {
	ipv4, ipv6, prefixList, group *string
	port                          int
}

// addWorkloads adds the security group of workloads. AWS gives a new group an open egress rule, which the provider
// takes away again. Each rule is a resource of its own, because inline rules and rule resources undo each other.
func (b builder) addWorkloads(base base, zones []zone) securitygroup.SecurityGroup {
	group := b.addSecurityGroup(base, "workloads", b.props.Names.Workloads,
		"Workloads in private subnets: nothing in, named destinations out")
	for _, zone := range zones {
		b.addEgress(group, "workloads-database-"+string(zone.key), fmt.Sprintf("Databases in zone %s", zone.key),
			destination{ipv4: jsii.String(zone.blocks[subnetplan.Database]), port: b.props.DatabasePort})
	}
	if b.props.NAT == NATNone {
		return group
	}
	b.addEgress(group, "workloads-internet", "HTTPS through NAT", destination{ipv4: jsii.String(anywhere), port: https})
	if b.props.IPv6 {
		b.addEgress(group, "workloads-internet-ipv6", "HTTPS through the egress-only gateway",
			destination{ipv6: jsii.String(anywhereV6), port: https})
	}
	return group
}

func (b builder) addSecurityGroup(base base, id, name, description string) securitygroup.SecurityGroup {
	return securitygroup.NewSecurityGroup(b.node, &id, &securitygroup.SecurityGroupConfig{
		Name:        &name,
		Description: &description,
		VpcId:       base.id,
		Tags:        tf.StringMap(b.props.Naming.Child(id).Tags()),
	})
}

// addEgress lets a group out to one destination.
func (b builder) addEgress(from securitygroup.SecurityGroup, id, description string, to destination) {
	egressrule.NewVpcSecurityGroupEgressRule(b.node, &id, &egressrule.VpcSecurityGroupEgressRuleConfig{
		SecurityGroupId:           from.Id(),
		Description:               &description,
		IpProtocol:                jsii.String("tcp"),
		FromPort:                  jsii.Number(to.port),
		ToPort:                    jsii.Number(to.port),
		CidrIpv4:                  to.ipv4,
		CidrIpv6:                  to.ipv6,
		PrefixListId:              to.prefixList,
		ReferencedSecurityGroupId: to.group,
		Tags:                      tf.StringMap(b.props.Naming.Child(id).Tags()),
	})
}
