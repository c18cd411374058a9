package network

import (
	"fmt"
	"maps"
	"slices"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/problem"
	"securebaseline/internal/subnetplan"
)

// zonePlan is the place of one zone in the network.
type zonePlan struct {
	key    subnetplan.Zone
	places map[subnetplan.Tier]subnetplan.Subnet
}

// validate checks the props and carves the subnets of each zone.
func (p Props) validate() ([]zonePlan, error) {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the tags")
	l.Require("props.Env", !p.Env.IsZero(), "where the VPC is")
	l.Require("props.Names.Workloads", p.Names.Workloads != "", "the name of a security group")
	l.Require("props.Names.Endpoints", p.Names.Endpoints != "" || len(p.InterfaceEndpoints) == 0,
		"the name of a security group")
	l.Require("props.Names.FlowLogDelivery", p.Names.FlowLogDelivery.Role != "" && p.Names.FlowLogDelivery.Policy != "",
		"the names of a role and of its policy")
	l.Require("props.FlowLogs.Name", p.FlowLogs.Name != "", "the name of a log group")
	l.CheckThat(p.ZoneCount >= subnetplan.MinZones && p.ZoneCount <= subnetplan.MaxZones, "props.ZoneCount",
		p.ZoneCount,
		"must be %d to %d", subnetplan.MinZones, subnetplan.MaxZones)
	l.CheckThat(slices.Contains(NATs(), p.NAT), "props.NAT", p.NAT, "must be one of %v", NATs())
	modes := []PublicAccess{PublicAccessUnmanaged, BlockIngress, BlockBidirectional}
	l.CheckThat(slices.Contains(modes, p.PublicAccess), "props.PublicAccess", p.PublicAccess,
		"must be %q or %q, or left out", BlockIngress, BlockBidirectional)
	l.CheckThat(p.PublicAccess != BlockBidirectional || p.NAT == NATNone, "props.PublicAccess", p.PublicAccess,
		"must not stop NAT too; it goes with NAT %q only", NATNone)
	p.validateEndpoints(&l)
	p.Trust.validate(&l)
	zones := p.validateZones(&l)
	p.validateEndpointZones(&l, zones)
	plan := p.validateBlocks(&l)
	if err := l.Err(); err != nil {
		return nil, err
	}

	plans := make([]zonePlan, len(zones))
	for i, zone := range zones {
		plans[i] = zonePlan{zone, map[subnetplan.Tier]subnetplan.Subnet{}}
		for _, tier := range subnetplan.Tiers() {
			place, err := plan.Subnet(tier, zone)
			if err != nil {
				return nil, err
			}
			plans[i].places[tier] = place
		}
	}
	return plans, nil
}

// validateZones returns the zones that are named, by their letters, or as many as are asked for.
func (p Props) validateZones(l *problem.List) []subnetplan.Zone {
	for i, id := range p.ExcludeZoneIDs {
		l.Check(fmt.Sprintf("props.ExcludeZoneIDs[%d]", i), id, subnetplan.CheckZoneID(id))
	}
	l.CheckThat(len(p.ExcludeZoneIDs) == 0 || len(p.Zones) == 0, "props.ExcludeZoneIDs", p.ExcludeZoneIDs,
		"must be empty where Zones names the zones")
	if len(p.Zones) > 0 {
		zones, err := subnetplan.ParseZones(p.Env.Region(), p.Zones)
		l.Check("props.Zones", p.Zones, err)
		return zones
	}
	return subnetplan.Zones()[:min(max(p.ZoneCount, 0), subnetplan.MaxZones)]
}

// validateBlocks carves the VPC's block.
func (p Props) validateBlocks(l *problem.List) subnetplan.Plan {
	vpc, err := subnetplan.Parse(p.CIDR)
	path, value := "props.CIDR", any(p.CIDR)
	if p.IPAMNetmaskLength != 0 {
		vpc, err = subnetplan.Unallocated(p.IPAMNetmaskLength), nil
		path, value = "props.IPAMNetmaskLength", p.IPAMNetmaskLength
		l.CheckThat(p.IPAMPoolID != "", "props.IPAMPoolID", nil, "must be set with IPAMNetmaskLength")
		l.CheckThat(p.CIDR == "", "props.CIDR", p.CIDR, "must be empty with IPAMNetmaskLength: the pool chooses")
		l.CheckThat(len(p.SecondaryCIDRs) == 0, "props.SecondaryCIDRs", p.SecondaryCIDRs,
			"must be empty with IPAMNetmaskLength: whether they overlap is not known before the block is allocated")
	}
	l.Check(path, value, err)
	if err != nil {
		return subnetplan.Plan{}
	}
	plan, err := subnetplan.New(vpc, p.Sizes)
	l.Check(path, value, err)
	for i, err := range subnetplan.CheckSecondary(vpc, p.SecondaryCIDRs) {
		l.Check(fmt.Sprintf("props.SecondaryCIDRs[%d]", i), p.SecondaryCIDRs[i], err)
	}
	return plan
}

// validateEndpointZones demands zones that there are, at least one for each service.
func (p Props) validateEndpointZones(l *problem.List, zones []subnetplan.Zone) {
	for _, service := range slices.Sorted(maps.Keys(p.EndpointZones)) {
		path, chosen := "props.EndpointZones."+service, p.EndpointZones[service]
		l.CheckThat(slices.Contains(p.InterfaceEndpoints, service), path, nil, "must be one of InterfaceEndpoints")
		l.Check(path, chosen, subnetplan.CheckSubset(chosen, zones))
	}
}

func (p Props) validateEndpoints(l *problem.List) {
	const path = "props.InterfaceEndpoints"
	if len(p.InterfaceEndpoints) > 0 && !p.Env.HasInterfaceEndpoints() {
		l.CheckThat(false, path, p.InterfaceEndpoints, "must be empty in partition %q, where they are not supported",
			p.Env.Partition())
		return
	}
	for i, name := range p.InterfaceEndpoints {
		element := fmt.Sprintf("%s[%d]", path, i)
		l.CheckThat(slices.Contains(awsenv.EndpointServices(), name), element, name, "must be one of %v",
			awsenv.EndpointServices())
		l.CheckThat(!slices.Contains(p.InterfaceEndpoints[:i], name), element, name, "must not be a duplicate")
	}
}
