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
	key     subnetplan.Zone
	name    string                      // may be a token
	subnets map[subnetplan.Tier]*string // ids
	blocks  map[subnetplan.Tier]string
	private *string // id of the route table
}

// ipv6Offset is where a tier's IPv6 subnets begin among the 256 of the VPC's /56. The gaps keep them in place when
// zones are added.
var ipv6Offset = map[subnetplan.Tier]int{subnetplan.Public: 0, subnetplan.Private: 16, subnetplan.Database: 32}

// addZones finds the zones: those that are named, by their letters, or the first ones that the account has.
func (v *VPC) addZones(named []subnetplan.Zone) {
	for _, key := range named {
		v.zones = append(v.zones, zone{key: key, name: v.props.Env.Region() + string(key)})
	}
	if len(named) > 0 {
		return
	}
	available := dataawsavailabilityzones.NewDataAwsAvailabilityZones(v.node, jsii.String("zones"), &dataawsavailabilityzones.DataAwsAvailabilityZonesConfig{
		State: jsii.String("available"),
		Filter: &[]*dataawsavailabilityzones.DataAwsAvailabilityZonesFilter{
			{Name: jsii.String("opt-in-status"), Values: jsii.Strings("opt-in-not-required", "opted-in")},
			{Name: jsii.String("zone-type"), Values: jsii.Strings("availability-zone")},
		},
		Lifecycle: &cdktf.TerraformResourceLifecycle{Postcondition: &[]*cdktf.Postcondition{{
			Condition:    fmt.Sprintf("${length(self.names) >= %d}", v.props.ZoneCount),
			ErrorMessage: jsii.String(fmt.Sprintf("The account has fewer than the %d availability zones that the network asks for; lower network.zoneCount.", v.props.ZoneCount)),
		}}},
	})
	for slot, key := range subnetplan.Zones()[:v.props.ZoneCount] {
		name := cdktf.Fn_Element(available.Names(), jsii.Number(slot))
		v.zones = append(v.zones, zone{key: key, name: *cdktf.Token_AsString(name, nil)})
	}
}

// addSubnets makes a subnet of each tier in each zone.
func (v *VPC) addSubnets(plan subnetplan.Plan) error {
	for i := range v.zones {
		zone := &v.zones[i]
		zone.subnets = map[subnetplan.Tier]*string{}
		zone.blocks = map[subnetplan.Tier]string{}
		for _, tier := range subnetplan.Tiers() {
			block, err := plan.Subnet(tier, zone.key)
			if err != nil {
				return err
			}
			zone.blocks[tier] = block.String()
			zone.subnets[tier] = v.addSubnet(tier, *zone)
		}
	}
	return nil
}

// addSubnet returns the id of a new subnet.
func (v *VPC) addSubnet(tier subnetplan.Tier, zone zone) *string {
	id := fmt.Sprintf("%s-%s", tier, zone.key)
	config := subnet.SubnetConfig{
		VpcId:            v.id,
		CidrBlock:        jsii.String(zone.blocks[tier]),
		AvailabilityZone: &zone.name,
		// Also in the public tier: load balancers and NAT bring their own addresses, and nothing else belongs there.
		MapPublicIpOnLaunch: jsii.Bool(false),
		Tags:                tf.StringMap(v.props.Naming.Child(id).Tags()),
	}
	if len(v.props.Zones) == 0 {
		// A zone that AWS adds to the account's list may shift it. That must not move a subnet.
		config.Lifecycle = &cdktf.TerraformResourceLifecycle{IgnoreChanges: jsii.Strings("availability_zone")}
	}
	if v.props.IPv6 {
		config.Ipv6CidrBlock = cdktf.Token_AsString(cdktf.Fn_Cidrsubnet(v.vpc.Ipv6CidrBlock(), jsii.Number(8),
			jsii.Number(ipv6Offset[tier]+slices.Index(subnetplan.Zones(), zone.key))), nil)
		config.AssignIpv6AddressOnCreation = jsii.Bool(tier == subnetplan.Private)
	}
	return subnet.NewSubnet(v.node, &id, &config).Id()
}
