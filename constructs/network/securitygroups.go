package network

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcsecuritygroupegressrule"

	"securebaseline/internal/naming"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// addSecurityGroups makes the group of workloads. AWS gives a new group an open egress rule, which the provider takes
// away again. Each rule is a resource of its own, because inline rules and rule resources undo each other.
func (v *VPC) addSecurityGroups() {
	v.workloads = v.addSecurityGroup("workloads", "Workloads in private subnets: nothing in, named destinations out")
	for _, zone := range v.zones {
		v.addEgress("workloads-database-"+string(zone.key), fmt.Sprintf("Databases in zone %s", zone.key),
			vpcsecuritygroupegressrule.VpcSecurityGroupEgressRuleConfig{
				CidrIpv4: jsii.String(zone.blocks[subnetplan.Database]),
				FromPort: jsii.Number(v.props.DatabasePort), ToPort: jsii.Number(v.props.DatabasePort),
			})
	}
	if v.props.NAT == NATNone {
		return
	}
	v.addEgress("workloads-internet", "HTTPS through NAT", vpcsecuritygroupegressrule.VpcSecurityGroupEgressRuleConfig{
		CidrIpv4: jsii.String(anywhere), FromPort: jsii.Number(https), ToPort: jsii.Number(https),
	})
	if v.props.IPv6 {
		v.addEgress("workloads-internet-ipv6", "HTTPS through the egress-only gateway", vpcsecuritygroupegressrule.VpcSecurityGroupEgressRuleConfig{
			CidrIpv6: jsii.String(anywhereV6), FromPort: jsii.Number(https), ToPort: jsii.Number(https),
		})
	}
}

func (v *VPC) addSecurityGroup(purpose, description string) securitygroup.SecurityGroup {
	scope := v.props.Naming.Child(purpose)
	return securitygroup.NewSecurityGroup(v.node, jsii.String(purpose), &securitygroup.SecurityGroupConfig{
		Name:        jsii.String(scope.Name(naming.SecurityGroup)),
		Description: &description,
		VpcId:       v.id,
		Tags:        tf.StringMap(scope.Tags()),
	})
}

// addEgress lets workloads out to one destination, by TCP.
func (v *VPC) addEgress(id, description string, config vpcsecuritygroupegressrule.VpcSecurityGroupEgressRuleConfig) {
	config.SecurityGroupId = v.workloads.Id()
	config.IpProtocol = jsii.String("tcp")
	config.Description = &description
	config.Tags = tf.StringMap(v.props.Naming.Child(id).Tags())
	vpcsecuritygroupegressrule.NewVpcSecurityGroupEgressRule(v.node, &id, &config)
}
