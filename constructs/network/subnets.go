package network

import (
	"fmt"
	"slices"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawsavailabilityzones"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/subnet"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// zone is one availability zone with its subnets.
type zone struct {
	zonePlan
	name    string                     // may be a token
	cidrs   map[subnetplan.Tier]string // IPv4 blocks of the subnets, tokens where a pool chooses that of the VPC
	subnets map[subnetplan.Tier]string // ids
}

// ipv6Offset is where a tier's IPv6 subnets begin among the 256 of the VPC's /56. The gaps keep them in place when
// zones are added.
var ipv6Offset = map[subnetplan.Tier]int{subnetplan.Public: 0, subnetplan.Private: 16, subnetplan.Database: 32}

// addZones finds the zones: those that are named, or the first ones that the account has.
func (b builder) addZones(base base, plan []zonePlan) []zone {
	zones := make([]zone, len(plan))
	for i, place := range plan {
		zones[i] = zone{zonePlan: place, name: b.props.Env.Region() + string(place.key),
			cidrs: b.blocks(base, place), subnets: map[subnetplan.Tier]string{}}
	}
	if len(b.props.Zones) > 0 {
		return zones
	}
	var excluded *[]*string
	if len(b.props.ExcludeZoneIDs) > 0 {
		excluded = jsii.Strings(b.props.ExcludeZoneIDs...)
	}
	available := dataawsavailabilityzones.NewDataAwsAvailabilityZones(b.node, jsii.String("zones"),
		&dataawsavailabilityzones.DataAwsAvailabilityZonesConfig{
			ExcludeZoneIds: excluded,
			State:          jsii.String("available"),
			Filter: &[]*dataawsavailabilityzones.DataAwsAvailabilityZonesFilter{
				{Name: jsii.String("opt-in-status"), Values: jsii.Strings("opt-in-not-required", "opted-in")},
				{Name: jsii.String("zone-type"), Values: jsii.Strings("availability-zone")},
			},
			Lifecycle: &cdktf.TerraformResourceLifecycle{Postcondition: &[]*cdktf.Postcondition{{
				Condition: fmt.Sprintf("${length(self.names) >= %d}", b.props.ZoneCount),
				ErrorMessage: jsii.String(fmt.Sprintf("The account has fewer than the %d availability zones that "+
					"the network "+
					"asks for; lower network.zoneCount.", b.props.ZoneCount)),
			}}},
		})
	for i := range zones {
		zones[i].name = *cdktf.Token_AsString(cdktf.Fn_Element(available.Names(), jsii.Number(i)), nil)
	}
	return zones
}

// blocks are the IPv4 blocks of a zone by tier. Where a pool chooses the block of the VPC, they are expressions of it.
func (b builder) blocks(base base, zone zonePlan) map[subnetplan.Tier]string {
	cidrs := make(map[subnetplan.Tier]string, len(zone.places))
	for tier, place := range zone.places {
		cidrs[tier] = place.Block.String()
		if b.props.IPAMNetmaskLength != 0 {
			cidrs[tier] = *cdktf.Token_AsString(cdktf.Fn_Cidrsubnet(&base.cidr, jsii.Number(place.NewBits),
				jsii.Number(place.Number)), nil)
		}
	}
	return cidrs
}

// addSubnets adds a subnet of each tier to each zone.
func (b builder) addSubnets(base base, zones []zone) []zone {
	for _, zone := range zones {
		for _, tier := range subnetplan.Tiers() {
			zone.subnets[tier] = b.addSubnet(base, tier, zone)
		}
	}
	return zones
}

// addSubnet returns the id of a new subnet.
func (b builder) addSubnet(base base, tier subnetplan.Tier, zone zone) string {
	id := fmt.Sprintf("%s-%s", tier, zone.key)
	config := subnet.SubnetConfig{
		VpcId:            base.id,
		CidrBlock:        jsii.String(zone.cidrs[tier]),
		AvailabilityZone: &zone.name,
		// Also in the public tier: load balancers and NAT bring their own addresses, and nothing else belongs there.
		MapPublicIpOnLaunch: jsii.Bool(false),
		Tags:                tf.StringMap(b.props.Naming.Child(id).Tags()),
	}
	if len(b.props.Zones) == 0 {
		// A zone that AWS adds to the account's list may shift it. That must not move a subnet.
		config.Lifecycle = &cdktf.TerraformResourceLifecycle{IgnoreChanges: jsii.Strings("availability_zone")}
	}
	if b.props.IPv6 {
		config.Ipv6CidrBlock = cdktf.Token_AsString(cdktf.Fn_Cidrsubnet(base.vpc.Ipv6CidrBlock(), jsii.Number(8),
			jsii.Number(ipv6Offset[tier]+slices.Index(subnetplan.Zones(), zone.key))), nil)
		config.AssignIpv6AddressOnCreation = jsii.Bool(tier == subnetplan.Private)
	}
	return *subnet.NewSubnet(b.node, &id, &config).Id()
}
