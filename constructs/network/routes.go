package network

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/egressonlyinternetgateway"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/eip"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/natgateway"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/route"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/routetable"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/routetableassociation"

	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

const (
	anywhere   = "0.0.0.0/0"
	anywhereV6 = "::/0"
)

// addRoutes gives the public tier a table that leads to the internet gateway, each private subnet one that leads to
// NAT, and the database tier one that leads nowhere.
func (v *VPC) addRoutes() {
	v.public = v.addTable("public")
	v.database = v.addTable("database")
	toInternet := tf.Deps{v.addRoute(subnetplan.Public, "public-internet", route.RouteConfig{
		RouteTableId: v.public, DestinationCidrBlock: jsii.String(anywhere), GatewayId: v.gateway.Id(),
	})}
	if v.props.IPv6 {
		v.addRoute(subnetplan.Public, "public-internet-ipv6", route.RouteConfig{
			RouteTableId: v.public, DestinationIpv6CidrBlock: jsii.String(anywhereV6), GatewayId: v.gateway.Id(),
		})
	}
	for i := range v.zones {
		zone := &v.zones[i]
		zone.private = v.addTable("private-" + string(zone.key))
		for _, tier := range subnetplan.Tiers() {
			id := string(tier) + "-" + string(zone.key) + "-routes"
			association := routetableassociation.NewRouteTableAssociation(v.node, &id, &routetableassociation.RouteTableAssociationConfig{
				SubnetId: zone.subnets[tier], RouteTableId: v.tableOf(tier, *zone),
			})
			v.ways[tier] = append(v.ways[tier], association)
		}
	}
	v.addNAT(toInternet)
	v.addEgressOnly()
}

// addTable returns the id of a new route table.
func (v *VPC) addTable(id string) *string {
	id += "-route-table"
	return routetable.NewRouteTable(v.node, &id, &routetable.RouteTableConfig{
		VpcId: v.id,
		Tags:  tf.StringMap(v.props.Naming.Child(id).Tags()),
	}).Id()
}

func (v *VPC) addRoute(tier subnetplan.Tier, id string, config route.RouteConfig) route.Route {
	id += "-route"
	added := route.NewRoute(v.node, &id, &config)
	v.ways[tier] = append(v.ways[tier], added)
	return added
}

func (v *VPC) tableOf(tier subnetplan.Tier, zone zone) *string {
	switch tier {
	case subnetplan.Public:
		return v.public
	case subnetplan.Database:
		return v.database
	}
	return zone.private
}

// addNAT puts gateways into the public subnets and leads the private ones there.
func (v *VPC) addNAT(toInternet tf.Deps) {
	if v.props.NAT == NATNone {
		return
	}
	var gateway natgateway.NatGateway
	for _, zone := range v.zones {
		if gateway == nil || v.props.NAT == NATPerZone {
			gateway = v.addNATGateway(zone, toInternet)
		}
		v.addRoute(subnetplan.Private, "private-"+string(zone.key)+"-nat", route.RouteConfig{
			RouteTableId: zone.private, DestinationCidrBlock: jsii.String(anywhere), NatGatewayId: gateway.Id(),
		})
	}
}

func (v *VPC) addNATGateway(zone zone, toInternet tf.Deps) natgateway.NatGateway {
	id := "nat-" + string(zone.key)
	tags := tf.StringMap(v.props.Naming.Child(id).Tags())
	// An address can be associated only where an internet gateway is attached, and cannot be released while it is
	// detached (EC2 API Reference, AssociateAddress). No reference says so.
	address := eip.NewEip(v.node, jsii.String(id+"-address"), &eip.EipConfig{
		Domain: jsii.String("vpc"), Tags: tags, DependsOn: tf.Deps{v.gateway}.Ptr(),
	})
	v.addresses = append(v.addresses, address)
	return natgateway.NewNatGateway(v.node, &id, &natgateway.NatGatewayConfig{
		SubnetId:     zone.subnets[subnetplan.Public],
		AllocationId: address.Id(),
		Tags:         tags,
		// NAT fails in a network without an attached internet gateway, and is of no use before the public subnet leads
		// there (VPC User Guide, "Troubleshoot NAT gateways"). Its references, subnet and address, imply neither.
		DependsOn: tf.After(tf.Deps{v.gateway}, toInternet).Ptr(),
	})
}

// addEgressOnly lets private subnets reach out by IPv6, where there is no NAT and every address is public.
func (v *VPC) addEgressOnly() {
	if !v.props.IPv6 || v.props.NAT == NATNone {
		return
	}
	gateway := egressonlyinternetgateway.NewEgressOnlyInternetGateway(v.node, jsii.String("egress-only-gateway"),
		&egressonlyinternetgateway.EgressOnlyInternetGatewayConfig{
			VpcId: v.id, Tags: tf.StringMap(v.props.Naming.Child("egress-only").Tags()),
		})
	for _, zone := range v.zones {
		v.addRoute(subnetplan.Private, "private-"+string(zone.key)+"-egress-only", route.RouteConfig{
			RouteTableId: zone.private, DestinationIpv6CidrBlock: jsii.String(anywhereV6), EgressOnlyGatewayId: gateway.Id(),
		})
	}
}
