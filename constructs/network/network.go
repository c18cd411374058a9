// Package network makes the VPC that everything private lives in: three tiers of subnets in each availability zone,
// of which the database tier has no way to the internet, flow logs, and endpoints that reach AWS without it.
package network

import (
	"cmp"
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iamrole"
	"securebaseline/internal/naming"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// NAT is how private subnets reach the internet.
type NAT string

// The modes of NAT. Each gateway costs by the hour, each zone without its own fails with another one.
const (
	// NATPerZone gives each zone its own gateway. It is the default.
	NATPerZone NAT = "per-zone"
	// NATSingle puts one gateway into the first zone, for all zones.
	NATSingle NAT = "single"
	// NATNone leaves private subnets without internet access.
	NATNone NAT = "none"
)

// NATs lists the modes.
func NATs() []NAT { return []NAT{NATNone, NATSingle, NATPerZone} }

// PublicAccess is how much internet traffic AWS blocks for all VPCs of the account in the region.
type PublicAccess string

// The modes of VPC Block Public Access (VPC User Guide, "Block public access to VPCs and subnets").
const (
	// PublicAccessUnmanaged leaves the account's setting alone. It is the default: the setting is one for the account
	// and region, and may belong to another team.
	PublicAccessUnmanaged PublicAccess = ""
	// BlockIngress blocks what comes from the internet, except answers through NAT.
	BlockIngress PublicAccess = "block-ingress"
	// BlockBidirectional blocks both ways.
	BlockBidirectional PublicAccess = "block-bidirectional"
)

const defaultZoneCount = 3

// Props configures a VPC.
type Props struct {
	// Naming gives every resource its tags. Required.
	Naming naming.Scope
	// Env is where the VPC is. Required.
	Env awsenv.Env
	// Names are the names of what has one in a network. Required.
	Names Names
	// CIDR is the VPC's IPv4 block, /16 to /23 and private. Required, unless IPAMNetmaskLength is set.
	CIDR string
	// FlowLogs is the encrypted log group of this account and region that flow logs are delivered to. Required.
	FlowLogs tf.Ref

	// Zones names the availability zones, for example "eu-central-1a". Default: the first ZoneCount of the account's,
	// called a, b, c and so on in their order, whatever their letters are.
	Zones []string
	// ZoneCount is how many of the account's zones are used when Zones is empty, 2 to 6. Default 3.
	ZoneCount int
	// ExcludeZoneIDs are the ids of zones that are left out when Zones is empty, for example "use1-az3". Default none.
	ExcludeZoneIDs []string
	// Sizes are the prefix lengths of the tiers' subnets. Default: that of subnetplan.
	Sizes subnetplan.Sizes
	// NAT is how private subnets reach the internet. Default: per zone.
	NAT NAT
	// NoDatabase closes the database tier, which is there all the same. Default: private subnets reach it.
	NoDatabase bool
	// PublicHTTP lets clients reach port 80 in public subnets, for load balancers that redirect to HTTPS.
	PublicHTTP bool
	// InterfaceEndpoints names the AWS services to reach without the internet, of awsenv.EndpointServices. Default
	// none.
	InterfaceEndpoints []string
	// EndpointZones are the zones, by their keys, in which an interface endpoint is placed, by its service: AWS offers
	// some services in some zones only. Workloads of the other zones reach the endpoint across zones. Default: all.
	EndpointZones map[string][]subnetplan.Zone
	// Trust is what can be reached through the endpoints besides the account's own resources. Default nothing.
	Trust Trust
	// DynamoDBEndpoint adds a gateway endpoint for DynamoDB. The one for S3 is always there: both are free.
	DynamoDBEndpoint bool
	// IPv6 gives every subnet an IPv6 block; private subnets then reach out through an egress-only gateway.
	IPv6 bool
	// SecondaryCIDRs are further IPv4 blocks of the VPC, for subnets that others make. Default none.
	SecondaryCIDRs []string
	// IPAMPoolID is the IPAM pool that the VPC's block is allocated from, so that no other VPC gets it. Default none.
	IPAMPoolID string
	// IPAMNetmaskLength lets the pool choose the block, of this prefix length, 16 to 23. Then CIDR is left out, and
	// there are no SecondaryCIDRs: whether they overlap the block is not known before it is allocated. Default: CIDR.
	IPAMNetmaskLength int
	// PublicAccess blocks internet traffic for all VPCs of the account in the region. Default: unmanaged.
	PublicAccess PublicAccess
	// PermissionsBoundary is the ARN of a managed policy that limits the flow log role. Default none.
	PermissionsBoundary string
}

// Names are the names of what has one in a network.
type Names struct {
	// Workloads is the security group of workloads, Endpoints that of interface endpoints.
	Workloads, Endpoints string
	// FlowLogDelivery are the names of the role that delivers flow logs, and of its policy.
	FlowLogDelivery naming.RoleNames
}

func (p Props) withDefaults() Props {
	p.ZoneCount = cmp.Or(p.ZoneCount, defaultZoneCount)
	p.NAT = cmp.Or(p.NAT, NATPerZone)
	return p
}

// New adds a VPC with subnets, gateways, routes, network ACLs, security groups, endpoints and flow logs to scope.
func New(scope constructs.Construct, id string, props Props) (*VPC, error) {
	props = props.withDefaults()
	plan, err := props.validate()
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", id, err)
	}
	policies, err := renderEndpointPolicies(props)
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", id, err)
	}
	delivery, err := iamrole.Define(flowLogRole(props))
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", id, err)
	}

	b := builder{constructs.NewConstruct(scope, &id), props}
	base := b.addVPC()
	b.emptyDefaults(base)
	zones := b.addSubnets(base, b.addZones(base, plan))
	routes := b.addRoutes(base, zones)
	rules := b.addNetworkACLs(base, zones)
	endpoints, reach := b.addEndpoints(base, zones, routes, policies)
	workloads := b.addWorkloads(base, zones, reach)
	b.addFlowLogs(base, delivery)

	vpc := &VPC{id: *base.id, cidr: base.cidr, zones: zones, routes: routes, workloads: workloads,
		ready: map[subnetplan.Tier]tf.Deps{}}
	for _, tier := range subnetplan.Tiers() {
		vpc.ready[tier] = tf.After(routes.of[tier], rules[tier])
		// Databases call nobody.
		if tier != subnetplan.Database {
			vpc.ready[tier] = tf.After(vpc.ready[tier], endpoints)
		}
	}
	return vpc, nil
}

// builder adds resources to the node of a VPC.
type builder struct {
	node  constructs.Construct
	props Props
}
