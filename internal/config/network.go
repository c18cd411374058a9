package config

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/s3rules"
	"securebaseline/internal/subnetplan"
)

// Network configures the VPC.
type Network struct {
	CIDR               string                                `json:"cidr,omitempty"`
	Zones              []string                              `json:"zones,omitempty"`
	ZoneCount          int                                   `json:"zoneCount,omitempty"`
	ExcludeZoneIDs     []string                              `json:"excludeZoneIds,omitempty"`
	NAT                string                                `json:"nat,omitempty"`
	Subnets            Subnets                               `json:"subnets,omitzero"`
	InterfaceEndpoints []EndpointService                     `json:"interfaceEndpoints,omitempty"`
	EndpointZones      map[EndpointService][]subnetplan.Zone `json:"endpointZones,omitempty"`
	DynamoDBEndpoint   bool                                  `json:"dynamodbEndpoint,omitempty"`
	IPv6               bool                                  `json:"ipv6,omitempty"`
	SecondaryCIDRs     []string                              `json:"secondaryCidrs,omitempty"`
	IPAMPoolID         string                                `json:"ipamPoolId,omitempty"`
	IPAMNetmaskLength  int                                   `json:"ipamNetmaskLength,omitempty"`
	PublicAccess       string                                `json:"publicAccess,omitempty"`
	PublicHTTP         bool                                  `json:"publicHttp,omitempty"`
	Trust              Trust                                 `json:"trust,omitzero"`
}

var networkFields = map[string]Field{
	"cidr": {
		Meaning: "The IPv4 block of the VPC.",
		Allowed: fmt.Sprintf("a private block from /%d to /%d", subnetplan.ShortestPrefix, subnetplan.LongestVPC),
	},
	"zones": {
		Meaning: "Names the availability zones, for example \"eu-central-1a\".",
		Allowed: fmt.Sprintf("%d to %d zones of the region", subnetplan.MinZones, subnetplan.MaxZones),
		Default: "the first zoneCount zones of the account",
	},
	"zoneCount": {
		Meaning: "How many of the account's availability zones are used when zones names none; otherwise it must be " +
			"their number.",
		Bounds: &Bounds{subnetplan.MinZones, subnetplan.MaxZones, "zones"},
	},
	"excludeZoneIds": {
		Meaning: "The ids of availability zones to leave out when zones names none: zones that lack an instance " +
			"class or an endpoint, by the ids that are the same in all accounts. It does not move subnets that exist.",
		Allowed: "ids of zones, such as use1-az3", Unique: true, MaxItems: subnetplan.MaxZones,
	},
	"nat": {
		Meaning: "How private subnets reach the internet: through a gateway in each zone, a single one, or none. " +
			"Each gateway costs by the hour.",
		Enum: []string{"none", "single", "per-zone"},
	},
	"subnets": {Meaning: "Sets the sizes of the subnets."},
	"interfaceEndpoints": {
		Meaning: "Names the AWS services that private subnets reach without the internet. Each costs by the hour and" +
			" zone.",
		Unique: true,
	},
	"endpointZones": {
		Meaning: "The zones in which an interface endpoint is placed, by its service, for services that AWS does not " +
			"offer in every zone: `aws ec2 describe-vpc-endpoint-services` says which. Workloads of the other zones " +
			"reach it across zones.",
		Allowed: "for services of interfaceEndpoints, the last letters of zones of the network; where zones names " +
			"none, a is the first, b the second, and so on",
		Default: "all zones",
	},
	"dynamodbEndpoint": {
		Meaning: "Adds a gateway endpoint for DynamoDB, which is free, like the one for S3 that is always there.",
	},
	"ipv6": {
		Meaning: "Gives every subnet an IPv6 block; with NAT, private subnets then reach out through an egress-only " +
			"gateway.",
	},
	"secondaryCidrs": {
		Meaning: "Further IPv4 blocks of the VPC, for subnets that others create for workloads. Beyond 4 of them the " +
			"account needs higher quotas for blocks per VPC and rules per network ACL.",
		Allowed: "private blocks from /16 to /28", Unique: true, MaxItems: maxSecondary,
	},
	"ipamPoolId": {
		Meaning: "The IPAM pool that the VPC's block is allocated from, so that no other VPC gets it: the block of " +
			"cidr, or one of ipamNetmaskLength.",
		Allowed: "the id of a pool, ipam-pool-…", Pattern: `^ipam-pool-[0-9a-f]+$`,
	},
	"ipamNetmaskLength": {
		Meaning: "Lets the pool choose the VPC's block, of this prefix length, in place of cidr. The subnets lie " +
			"in it as in any block of that size; secondaryCidrs are not allowed. A change replaces the network, " +
			"like a change of cidr.",
		Bounds:  &Bounds{subnetplan.ShortestPrefix, subnetplan.LongestVPC, "bits"},
		Default: "cidr is the block",
	},
	"publicHttp": {
		Meaning: "Lets clients reach port 80 in public subnets, for load balancers that redirect to HTTPS.",
	},
	"trust": {
		Meaning: "What private subnets reach through the endpoints besides the account's own resources. The rest is " +
			"out of reach, whatever other policies allow: traffic to S3 in the region always takes its endpoint.",
	},
	"publicAccess": {
		Meaning: "Blocks internet traffic for all VPCs of the account in the region: what comes in, or both ways.",
		Enum:    []string{"block-ingress", "block-bidirectional"}, Default: "the account's setting is left alone",
	},
}

// maxSecondary is how many secondary blocks have rules in the network ACLs, which hold 40 at most beside 16 others (VPC
// User Guide, "Amazon VPC quotas").
const maxSecondary = 24

// Subnets are the prefix lengths of the subnets in each zone.
type Subnets struct {
	Public   int `json:"public,omitempty"`
	Private  int `json:"private,omitempty"`
	Database int `json:"database,omitempty"`
}

var subnetsFields = map[string]Field{
	"public": {
		Meaning: "The prefix length of public subnets.",
		Bounds:  &Bounds{subnetplan.ShortestPrefix, subnetplan.LongestPrefix, "bits"},
		Default: fmt.Sprintf("the VPC's prefix length plus %d, at most %d", subnetplan.PublicBits,
			subnetplan.LongestPublicPrefix),
	},
	"private": {
		Meaning: "The prefix length of private subnets.",
		Bounds:  &Bounds{subnetplan.ShortestPrefix, subnetplan.LongestPrefix, "bits"},
		Default: fmt.Sprintf("the VPC's prefix length plus %d", subnetplan.PrivateBits),
	},
	"database": {
		Meaning: "The prefix length of database subnets.",
		Bounds:  &Bounds{subnetplan.ShortestPrefix, subnetplan.LongestPrefix, "bits"},
		Default: fmt.Sprintf("the VPC's prefix length plus %d, at most %d", subnetplan.DatabaseBits,
			subnetplan.LongestPrefix),
	},
}

// Trust is what endpoint policies let through besides the account's own resources.
type Trust struct {
	Accounts       []string    `json:"accounts,omitempty"`
	OrganizationID string      `json:"organizationId,omitempty"`
	Buckets        []string    `json:"buckets,omitempty"`
	AWSBuckets     []AWSBucket `json:"awsBuckets,omitempty"`
}

var trustFields = map[string]Field{
	"accounts": {
		Meaning: "The ids of accounts whose principals and resources count as the account's own, for roles that are " +
			"assumed there and data that is shared.",
		Allowed: "account ids of 12 digits", Unique: true, MaxItems: 50,
	},
	"organizationId": {
		Meaning: "Lets principals of the organization reach its resources.",
		Allowed: "the id of an organization, o-…", Pattern: awsenv.OrganizationPattern,
	},
	"buckets": {
		Meaning: "The names of buckets that principals of the account may read and write, whoever owns them.",
		Allowed: "names of buckets", Unique: true, MaxItems: 50,
	},
	"awsBuckets": {
		Meaning: "What workloads need AWS's own buckets for. Everybody in the network may then read them, and with " +
			"\"cloudformation\" write answers by URLs that CloudFormation has signed.",
		Unique: true,
	},
}

// AWSBucket is what workloads need buckets of AWS for.
type AWSBucket string

// EndpointService is an AWS service that can have an interface endpoint.
type EndpointService string

// network checks the VPC's addresses as the construct will carve them.
func (c *checker) network(env awsenv.Env, network Network) {
	if vpc, known := c.vpc(network); known {
		c.subnets(vpc, network)
	}
	c.zones(env, network)
	c.endpointZones(network)
	if len(network.InterfaceEndpoints) > 0 && !env.HasInterfaceEndpoints() {
		c.problem(c.where("network", "interfaceEndpoints"), network.InterfaceEndpoints,
			fmt.Sprintf("must be left out in the partition %s, where endpoints have other names", env.Partition()))
	}
	c.each(network.Trust.Accounts, awsenv.CheckAccountID, "network", "trust", "accounts")
	c.each(network.Trust.Buckets, s3rules.CheckBucketName, "network", "trust", "buckets")
	if network.PublicAccess == "block-bidirectional" && network.NAT != "none" {
		c.problem(c.where("network", "publicAccess"), network.PublicAccess,
			fmt.Sprintf(`must be "block-ingress" with network.nat %q: the other direction is NAT's`, network.NAT))
	}
}

// vpc returns the block of the VPC, or one of the size that a pool is to choose.
func (c *checker) vpc(network Network) (vpc netip.Prefix, known bool) {
	if !c.known("network", "ipamNetmaskLength") {
		vpc, err := subnetplan.Parse(network.CIDR)
		c.problemIf(c.where("network", "cidr"), network.CIDR, err)
		if err == nil {
			for i, err := range subnetplan.CheckSecondary(vpc, network.SecondaryCIDRs) {
				c.problemIf(element(c.where("network", "secondaryCidrs"), i), network.SecondaryCIDRs[i], err)
			}
		}
		return vpc, err == nil
	}
	const with = "network.ipamNetmaskLength: "
	if !c.known("network", "ipamPoolId") {
		c.problem(c.where("network", "ipamPoolId"), nil, "must be set with network.ipamNetmaskLength")
	}
	if c.given("network", "cidr") {
		c.problem(c.where("network", "cidr"), network.CIDR, "must be left out with "+with+"the pool chooses the block")
	}
	if c.given("network", "secondaryCidrs") {
		c.problem(c.where("network", "secondaryCidrs"), network.SecondaryCIDRs, "must be left out with "+with+
			"whether they overlap the block is not known before it is allocated")
	}
	return subnetplan.Unallocated(network.IPAMNetmaskLength), network.IPAMNetmaskLength != 0
}

// endpointZones checks the zones of endpoints against those of the network.
func (c *checker) endpointZones(network Network) {
	zones := subnetplan.Zones()[:min(max(network.ZoneCount, subnetplan.MinZones), subnetplan.MaxZones)]
	if len(network.Zones) > 0 {
		zones = nil
		for _, name := range network.Zones {
			zones = append(zones, subnetplan.Zone(name[max(0, len(name)-1):]))
		}
	}
	for _, service := range slices.Sorted(maps.Keys(network.EndpointZones)) {
		place := c.where("network", "endpointZones", string(service))
		if !slices.Contains(network.InterfaceEndpoints, service) {
			c.problem(place, nil, "must be one of the services that network.interfaceEndpoints names")
			continue
		}
		chosen := network.EndpointZones[service]
		c.problemIf(place, chosen, subnetplan.CheckSubset(chosen, zones))
	}
}

// subnets checks the sizes one by one, and then whether all of them have room.
func (c *checker) subnets(vpc netip.Prefix, network Network) {
	sizes := subnetplan.Sizes{Public: network.Subnets.Public, Private: network.Subnets.Private,
		Database: network.Subnets.Database}
	inRange := true
	for _, size := range []struct {
		tier string
		bits int
	}{{"public", sizes.Public}, {"private", sizes.Private}, {"database", sizes.Database}} {
		if size.bits == 0 {
			continue // by default
		}
		err := subnetplan.CheckSize(vpc, size.bits)
		c.problemIf(c.where("network", "subnets", size.tier), size.bits, err)
		inRange = inRange && err == nil
	}
	if inRange {
		_, err := subnetplan.New(vpc, sizes)
		if network.IPAMNetmaskLength != 0 {
			c.problemIf(c.where("network", "ipamNetmaskLength"), network.IPAMNetmaskLength, err)
		} else {
			c.problemIf(c.where("network", "cidr"), network.CIDR, err)
		}
	}
}

func (c *checker) zones(env awsenv.Env, network Network) {
	c.each(network.ExcludeZoneIDs, subnetplan.CheckZoneID, "network", "excludeZoneIds")
	place := c.where("network", "zones")
	if !c.given("network", "zones") {
		return
	}
	if err := subnetplan.CheckZoneCount(len(network.Zones)); err != nil {
		c.problem(place, network.Zones, err.Error())
		return
	}
	if c.given("network", "excludeZoneIds") {
		c.problem(c.where("network", "excludeZoneIds"), network.ExcludeZoneIDs,
			"must be left out where network.zones names the zones")
	}
	for i, name := range network.Zones {
		_, err := subnetplan.ParseZone(env.Region(), name)
		if err == nil && slices.Contains(network.Zones[:i], name) {
			err = errors.New("must not be a duplicate")
		}
		c.problemIf(element(place, i), name, err)
	}
	if count := len(network.Zones); c.given("network", "zoneCount") && network.ZoneCount != count {
		c.problem(c.where("network", "zoneCount"), network.ZoneCount,
			fmt.Sprintf("must be %d, as many as network.zones names, or be left out", count))
	}
}
