package network

import (
	"github.com/aws/jsii-runtime-go"
	egressonly "github.com/cdktf/cdktf-provider-aws-go/aws/v19/egressonlyinternetgateway"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/eip"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/natgateway"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/route"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/routetable"
	association "github.com/cdktf/cdktf-provider-aws-go/aws/v19/routetableassociation"

	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

const (
	anywhere   = "0.0.0.0/0"
	anywhereV6 = "::/0"
)

// routes are the ways that traffic takes.
type routes struct {
	public, database string                     // ids of route tables
	private          map[subnetplan.Zone]string // ids of route tables
	addresses        []eip.Eip                  // of NAT gateways
	of               map[subnetplan.Tier]tf.Deps
}

// table is the id of the route table of a tier's subnet.
func (r routes) table(tier subnetplan.Tier, zone subnetplan.Zone) string {
	switch tier {
	case subnetplan.Public:
		return r.public
	case subnetplan.Database:
		return r.database
	}
	return r.private[zone]
}

// addRoutes gives the public tier a table that leads to the internet gateway, each private subnet one that leads to
// NAT, and the database tier one that leads nowhere.
func (b builder) addRoutes(base base, zones []zone) routes {
	r := routes{
		public: b.addTable(base, "public", nil),
		// Written out that there is none: a route that somebody adds by hand shows in the next plan.
		database: b.addTable(base, "database", &[]*routetable.RouteTableRoute{}),
		private:  map[subnetplan.Zone]string{}, of: map[subnetplan.Tier]tf.Deps{},
	}
	toInternet := b.addRoute("public-internet", route.RouteConfig{
		RouteTableId: &r.public, DestinationCidrBlock: jsii.String(anywhere), GatewayId: base.gateway.Id(),
	})
	public := toInternet
	if b.props.IPv6 {
		public = tf.After(public, b.addRoute("public-internet-ipv6", route.RouteConfig{
			RouteTableId: &r.public, DestinationIpv6CidrBlock: jsii.String(anywhereV6), GatewayId: base.gateway.Id(),
		}))
	}
	r.of[subnetplan.Public] = public
	for _, zone := range zones {
		r.private[zone.key] = b.addTable(base, "private-"+string(zone.key), nil)
		for _, tier := range subnetplan.Tiers() {
			id := string(tier) + "-" + string(zone.key) + "-routes"
			r.of[tier] = append(r.of[tier],
				association.NewRouteTableAssociation(b.node, &id, &association.RouteTableAssociationConfig{
					SubnetId: jsii.String(zone.subnets[tier]), RouteTableId: jsii.String(r.table(tier, zone.key)),
				}))
		}
	}
	if b.props.NAT == NATNone {
		return r
	}
	nat, addresses := b.addNAT(base, zones, r, toInternet)
	r.addresses = addresses
	r.of[subnetplan.Private] = tf.After(r.of[subnetplan.Private], nat)
	if b.props.IPv6 {
		r.of[subnetplan.Private] = tf.After(r.of[subnetplan.Private], b.addEgressOnly(base, zones, r))
	}
	return r
}

// addTable returns the id of a new route table. Without a list of routes it has those of resources of their own.
func (b builder) addTable(base base, id string, all *[]*routetable.RouteTableRoute) string {
	id += "-route-table"
	config := routetable.RouteTableConfig{
		VpcId: base.id,
		Tags:  tf.StringMap(b.props.Naming.Child(id).Tags()),
	}
	if all != nil {
		config.Route = all
	}
	return *routetable.NewRouteTable(b.node, &id, &config).Id()
}

func (b builder) addRoute(id string, config route.RouteConfig) tf.Deps {
	id += "-route"
	return tf.Deps{route.NewRoute(b.node, &id, &config)}
}

// addNAT adds NAT gateways to the public subnets and routes from the private ones to them.
func (b builder) addNAT(base base, zones []zone, r routes, toInternet tf.Deps) (added tf.Deps, addresses []eip.Eip) {
	var gateway natgateway.NatGateway
	for _, zone := range zones {
		if gateway == nil || b.props.NAT == NATPerZone {
			address := b.addAddress(base, zone)
			addresses = append(addresses, address)
			gateway = b.addNATGateway(base, zone, address, toInternet)
		}
		added = tf.After(added, b.addRoute("private-"+string(zone.key)+"-nat", route.RouteConfig{
			RouteTableId:         jsii.String(r.private[zone.key]),
			DestinationCidrBlock: jsii.String(anywhere), NatGatewayId: gateway.Id(),
		}))
	}
	return added, addresses
}

// natTags are the tags of a NAT gateway and of its address.
func (b builder) natTags(zone zone) *map[string]*string {
	return tf.StringMap(b.props.Naming.Child("nat-" + string(zone.key)).Tags())
}

// addAddress adds the public address of a NAT gateway. An address can be associated only where an internet gateway is
// attached, and cannot be released while it is detached (EC2 API Reference, AssociateAddress). No reference says so.
func (b builder) addAddress(base base, zone zone) eip.Eip {
	return eip.NewEip(b.node, jsii.String("nat-"+string(zone.key)+"-address"), &eip.EipConfig{
		Domain: jsii.String("vpc"), Tags: b.natTags(zone), DependsOn: tf.Deps{base.gateway}.Ptr(),
	})
}

func (b builder) addNATGateway(base base, zone zone, address eip.Eip, toInternet tf.Deps) natgateway.NatGateway {
	return natgateway.NewNatGateway(b.node, jsii.String("nat-"+string(zone.key)), &natgateway.NatGatewayConfig{
		SubnetId:     jsii.String(zone.subnets[subnetplan.Public]),
		AllocationId: address.Id(),
		Tags:         b.natTags(zone),
		// A NAT gateway fails in a network without an attached internet gateway, and is of no use before the public
		// subnet has a route to it (VPC User Guide, "Troubleshoot NAT gateways"). Subnet and address, which it refers
		// to, imply neither.
		DependsOn: tf.After(tf.Deps{base.gateway}, toInternet).Ptr(),
	})
}

// addEgressOnly lets private subnets reach out by IPv6, where there is no NAT and every address is public.
func (b builder) addEgressOnly(base base, zones []zone, r routes) tf.Deps {
	gateway := egressonly.NewEgressOnlyInternetGateway(b.node, jsii.String("egress-only-gateway"),
		&egressonly.EgressOnlyInternetGatewayConfig{
			VpcId: base.id, Tags: tf.StringMap(b.props.Naming.Child("egress-only").Tags()),
		})
	var added tf.Deps
	for _, zone := range zones {
		added = tf.After(added, b.addRoute("private-"+string(zone.key)+"-egress-only", route.RouteConfig{
			RouteTableId:             jsii.String(r.private[zone.key]),
			DestinationIpv6CidrBlock: jsii.String(anywhereV6), EgressOnlyGatewayId: gateway.Id(),
		}))
	}
	return added
}
