// Package securitygroup makes security groups, all of them in the project. The rules of a group are part of it, so that
// a plan shows those that somebody has added by hand, and an apply takes them away. Nobody else may add rules to such a
// group: what needs others needs a group of its own.
package securitygroup

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"

	"securebaseline/internal/tf"
)

// Rule lets in or out TCP traffic at one port, from or to one peer.
type Rule struct {
	// Description tells an operator what the traffic is. Required.
	Description string
	// Port is the TCP port of whoever is called. Required.
	Port int
	// IPv4 and IPv6 are blocks of addresses, PrefixList and Group are ids, which may be tokens. One of them is
	// required.
	IPv4, IPv6, PrefixList, Group string
}

// Props configures a group. Fields are required unless they have a default.
type Props struct {
	Name        string
	Description string
	VPCID       string
	Tags        map[string]string
	// Ingress and Egress are what is let in and out. Default: nothing, also not the open egress rule that AWS gives a
	// new group.
	Ingress, Egress []Rule
}

// Add adds a group to scope and returns its id, a token until apply.
func Add(scope constructs.Construct, id string, props Props) string {
	ingress := make([]*securitygroup.SecurityGroupIngress, len(props.Ingress))
	for i, rule := range props.Ingress {
		ingress[i] = rule.ingress()
	}
	egress := make([]*securitygroup.SecurityGroupEgress, len(props.Egress))
	for i, rule := range props.Egress {
		same := securitygroup.SecurityGroupEgress(*rule.ingress())
		egress[i] = &same
	}
	return *securitygroup.NewSecurityGroup(scope, &id, &securitygroup.SecurityGroupConfig{
		Name:        &props.Name,
		Description: &props.Description,
		VpcId:       &props.VPCID,
		Ingress:     &ingress,
		Egress:      &egress,
		Tags:        tf.StringMap(props.Tags),
	}).Id()
}

// ingress is the rule in the form of the bindings, which have the same one for egress.
func (r Rule) ingress() *securitygroup.SecurityGroupIngress {
	port := jsii.Number(r.Port)
	return &securitygroup.SecurityGroupIngress{
		Description: &r.Description, Protocol: jsii.String("tcp"), FromPort: port, ToPort: port,
		CidrBlocks: list(r.IPv4), Ipv6CidrBlocks: list(r.IPv6),
		PrefixListIds: list(r.PrefixList), SecurityGroups: list(r.Group),
	}
}

func list(value string) *[]*string {
	if value == "" {
		return nil
	}
	return &[]*string{&value}
}
