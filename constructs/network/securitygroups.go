package network

import (
	"fmt"

	"securebaseline/internal/rdsrules"
	"securebaseline/internal/securitygroup"
	"securebaseline/internal/subnetplan"
)

// addWorkloads adds the security group of workloads, which may go out to databases, to what the endpoints need, and
// through NAT.
func (b builder) addWorkloads(base base, zones []zone, endpoints []securitygroup.Rule) (id string) {
	var egress []securitygroup.Rule
	if !b.props.NoDatabase {
		for _, zone := range zones {
			egress = append(egress, securitygroup.Rule{Description: fmt.Sprintf("Databases in zone %s", zone.key),
				IPv4: zone.cidrs[subnetplan.Database], Port: rdsrules.Port})
		}
	}
	egress = append(egress, endpoints...)
	if b.props.NAT != NATNone {
		egress = append(egress, securitygroup.Rule{Description: "HTTPS through NAT", IPv4: anywhere, Port: https})
		if b.props.IPv6 {
			egress = append(egress, securitygroup.Rule{Description: "HTTPS through the egress-only gateway",
				IPv6: anywhereV6, Port: https})
		}
	}
	return b.addSecurityGroup(base, "workloads", securitygroup.Props{
		Name:        b.props.Names.Workloads,
		Description: "Workloads in private subnets: nothing in, named destinations out",
		Egress:      egress,
	})
}

// addSecurityGroup adds what all groups of the network have to the props of one.
func (b builder) addSecurityGroup(base base, id string, props securitygroup.Props) string {
	props.VPCID, props.Tags = *base.id, b.props.Naming.Child(id).Tags()
	return securitygroup.Add(b.node, id, props)
}
