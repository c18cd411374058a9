// Package network makes the VPC that everything private lives in: three tiers of subnets in each availability zone,
// of which the database tier has no way to the internet, flow logs, and endpoints that reach AWS without it.
package network

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/faults"
	"securebaseline/internal/naming"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// NAT is how private subnets reach the internet.
type NAT string

// The ways to the internet. Each gateway costs by the hour, each zone without its own fails with another one.
const (
	// NATPerZone gives each zone its own gateway. It is the default.
	NATPerZone NAT = "per-zone"
	// NATSingle puts one gateway into the first zone, for all zones.
	NATSingle NAT = "single"
	// NATNone leaves private subnets without a way to the internet.
	NATNone NAT = "none"
)

// NATs lists the ways to the internet.
func NATs() []NAT { return []NAT{NATNone, NATSingle, NATPerZone} }

// PublicAccess is how much internet traffic AWS blocks for all VPCs of the account in the region.
type PublicAccess string

// The modes of VPC Block Public Access (VPC User Guide, "Block public access to VPCs and subnets").
const (
	// PublicAccessUnmanaged leaves the account's setting alone. It is the default: the setting is one for the account
	// and region, and may belong to somebody else.
	PublicAccessUnmanaged PublicAccess = ""
	// BlockIngress blocks what comes from the internet, except answers through NAT.
	BlockIngress PublicAccess = "block-ingress"
	// BlockBidirectional blocks both ways.
	BlockBidirectional PublicAccess = "block-bidirectional"
)

const (
	defaultZoneCount    = 3
	defaultDatabasePort = 5432
)

// Props configures a VPC.
type Props struct {
	// Naming gives every resource its name and tags. Required.
	Naming naming.Scope
	// Env is where the VPC is. Required.
	Env awsenv.Env
	// CIDR is the VPC's IPv4 block, /16 to /23 and private. Required.
	CIDR string
	// FlowLogs is where flow logs are delivered. Required.
	FlowLogs FlowLogs

	// Zones names the availability zones, for example "eu-central-1a". Default: the first ZoneCount of the account's,
	// called a, b, c and so on in their order, whatever their letters are.
	Zones []string
	// ZoneCount is how many of the account's zones are used when Zones is empty, 2 to 6. Default 3.
	ZoneCount int
	// Sizes are the prefix lengths of the tiers' subnets. Default: that of subnetplan.
	Sizes subnetplan.Sizes
	// NAT is how private subnets reach the internet. Default: per zone.
	NAT NAT
	// DatabasePort is the port that private subnets may reach in the database tier. Default 5432.
	DatabasePort int
	// InterfaceEndpoints names the AWS services to reach without the internet, of EndpointServices. Default none.
	InterfaceEndpoints []string
	// DynamoDBEndpoint adds a gateway endpoint for DynamoDB. The one for S3 is always there: both are free.
	DynamoDBEndpoint bool
	// IPv6 gives every subnet an IPv6 block; private subnets then reach out through an egress-only gateway.
	IPv6 bool
	// SecondaryCIDRs are further IPv4 blocks of the VPC, for subnets that others make. Default none.
	SecondaryCIDRs []string
	// IPAMPoolID is the IPAM pool that CIDR is allocated from, so that no other VPC gets it. Default none.
	IPAMPoolID string
	// PublicAccess blocks internet traffic for all VPCs of the account in the region. Default: unmanaged.
	PublicAccess PublicAccess
	// PermissionsBoundary is the ARN of a managed policy that limits the flow log role. Default none.
	PermissionsBoundary string
	// DependsOn lists what must exist before the VPC.
	DependsOn tf.Deps
}

// FlowLogs is where flow logs are delivered.
type FlowLogs struct {
	// GroupName is the name of an encrypted log group of this account and region.
	GroupName string
	// Ready is the log group's Ready.
	Ready tf.Deps
}

func (p Props) withDefaults() Props {
	if p.ZoneCount == 0 {
		p.ZoneCount = defaultZoneCount
	}
	if p.NAT == "" {
		p.NAT = NATPerZone
	}
	if p.DatabasePort == 0 {
		p.DatabasePort = defaultDatabasePort
	}
	return p
}

// plan checks the props, carves the subnets, and finds the zones that are named.
func (p Props) plan() (subnetplan.Plan, []subnetplan.Zone, error) {
	var f faults.List
	// Here the rules name the value themselves: it may be one of several.
	fault := func(field string, err error) {
		if err != nil {
			f.Add("%s: %w", field, err)
		}
	}
	vpc, err := subnetplan.Parse(p.CIDR)
	f.Check("CIDR", p.CIDR, err)
	var plan subnetplan.Plan
	if err == nil {
		plan, err = subnetplan.New(vpc, p.Sizes)
		f.Check("CIDR", p.CIDR, err)
		fault("SecondaryCIDRs", checkSecondary(vpc, p.SecondaryCIDRs))
	}
	if count := p.ZoneCount; count < subnetplan.MinZones || count > subnetplan.MaxZones {
		f.Add("ZoneCount is %d; allowed are %d to %d", count, subnetplan.MinZones, subnetplan.MaxZones)
	}
	if !slices.Contains(NATs(), p.NAT) {
		f.Add("NAT is %q; allowed are %q", p.NAT, NATs())
	}
	if p.PublicAccess == BlockBidirectional && p.NAT != NATNone {
		f.Add("PublicAccess is %q, which also stops NAT; allowed with NAT %q only", p.PublicAccess, NATNone)
	}
	fault("InterfaceEndpoints", checkEndpoints(p.Env, p.InterfaceEndpoints))
	var named []subnetplan.Zone
	if len(p.Zones) > 0 {
		named, err = subnetplan.ParseZones(p.Env.Region(), p.Zones)
		fault("Zones", err)
	}
	f.Require("FlowLogs.GroupName", p.FlowLogs.GroupName == "", "the name of a log group")
	return plan, named, f.Err()
}

// checkSecondary reports the first fault of each block, with the block.
func checkSecondary(vpc netip.Prefix, cidrs []string) error {
	var faults []error
	var blocks []netip.Prefix
	for _, cidr := range cidrs {
		block, err := subnetplan.Parse(cidr)
		if err == nil {
			err = subnetplan.CheckSecondary(block, vpc, blocks...)
			blocks = append(blocks, block)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%q %w", cidr, err))
		}
	}
	return errors.Join(faults...)
}

// New adds a VPC with subnets, gateways, routes, network ACLs, security groups, endpoints and flow logs to scope.
func New(scope constructs.Construct, id string, props Props) (*VPC, error) {
	props = props.withDefaults()
	plan, named, err := props.plan()
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", id, err)
	}
	policies, err := renderEndpointPolicies(props)
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", id, err)
	}

	v := &VPC{node: constructs.NewConstruct(scope, &id), props: props, ways: map[subnetplan.Tier]tf.Deps{}}
	v.addVPC()
	v.emptyDefaults()
	v.addZones(named)
	if err := v.addSubnets(plan); err != nil {
		return nil, fmt.Errorf("network %q: %w", id, err)
	}
	v.addRoutes()
	v.addNetworkACLs()
	v.addSecurityGroups()
	v.addEndpoints(policies)
	if err := v.addFlowLogs(); err != nil {
		return nil, fmt.Errorf("network %q: %w", id, err)
	}
	return v, nil
}
