package config

import "testing"

var brokenNetworks = []breakage{
	{"defaults.network.cidr", `"10.0.0.0"`,
		defaultsPath + `network.cidr = "10.0.0.0": must be an IPv4 network, such as 10.0.0.0/16`},
	{"defaults.network.cidr", `"10.0.0.1/16"`,
		defaultsPath + `network.cidr = "10.0.0.1/16": must begin with the first address of the network, as in ` +
			`10.0.0.0/16`},
	{"defaults.network.cidr", `"10.0.0.0/8"`,
		defaultsPath + `network.cidr = "10.0.0.0/8": must have a prefix of /16 to /28`},
	{"defaults.network.cidr", `"8.8.0.0/16"`,
		defaultsPath + `network.cidr = "8.8.0.0/16": must be private, within one of 10.0.0.0/8, 172.16.0.0/12, ` +
			`192.168.0.0/16, 100.64.0.0/10`},
	{"defaults.network.cidr", `"10.0.0.0/24"`,
		defaultsPath + `network.cidr = "10.0.0.0/24": must be /23 or larger: even with the smallest subnets, public ` +
			`/28, private /28 and database /28, 6 zones take 288 addresses, and this has 256`},
	{"defaults.network.cidr", `"fd00::/16"`,
		defaultsPath + `network.cidr = "fd00::/16": must be an IPv4 network, such as 10.0.0.0/16`},
	{"defaults.network.zones", `["eu-central-1a"]`,
		defaultsPath + `network.zones = ["eu-central-1a"]: must be 2 to 6 zones, not 1`},
	{"defaults.network.zones", `["eu-central-1a","eu-west-1b"]`,
		defaultsPath + `network.zones[1] = "eu-west-1b": must be a zone of the region, eu-central-1a to eu-central-1f`},
	{"defaults.network.zones", `["eu-central-1a","eu-central-1a"]`,
		defaultsPath + `network.zones[1] = "eu-central-1a": must not be a duplicate`},
	{"defaults.network.zoneCount", `1`, defaultsPath + `network.zoneCount = 1: must be 2 to 6 zones`},
	{"defaults.network.zoneCount", `7`, defaultsPath + `network.zoneCount = 7: must be 2 to 6 zones`},
	{"defaults.network.nat", `"perzone"`,
		defaultsPath + `network.nat = "perzone": must be one of none, single, per-zone; did you mean "per-zone"?`},
	{"defaults.network.nat", `"instance"`,
		defaultsPath + `network.nat = "instance": must be one of none, single, per-zone`},
	{"environments.dev.network.subnets.private", `29`, devPath + `network.subnets.private = 29: must be 16 to 28 bits`},
	{"environments.dev.network.subnets", `{"private":18}`,
		devPath + `network.cidr = "10.0.0.0/16": must have room for 6 zones with subnets of public /24, private /18 ` +
			`and database /24, which take 101376 addresses, and has 65536; take subnets such as public /24, private ` +
			`/19 and database /24`},
	{"environments.dev.network.subnets.web", `24`,
		devPath + `network.subnets.web = 24: must be a known field, one of database, private, public`},
	{"environments.dev.network.interfaceEndpoints", `["secretmanager"]`,
		devPath + `network.interfaceEndpoints[0] = "secretmanager": must be one of 20 values, see the schema; did ` +
			`you mean "secretsmanager"?`},
	{"environments.dev.network.interfaceEndpoints", `["bedrock"]`,
		devPath + `network.interfaceEndpoints[0] = "bedrock": must be one of autoscaling, ec2, ec2messages, ` +
			`ecr.api, ecr.dkr, ecs, elasticloadbalancing, events, kms, lambda, logs, monitoring, rds, ` +
			`secretsmanager, sns, sqs, ssm, ssmmessages, states, sts`},
	{"environments.dev.network.interfaceEndpoints", `["kms","kms"]`,
		devPath + `network.interfaceEndpoints = ["kms","kms"]: must hold no duplicates; item 2 repeats item 1`},
	{"environments.dev.network.secondaryCidrs", `["10.0.128.0/20"]`,
		devPath + `network.secondaryCidrs[0] = "10.0.128.0/20": must not overlap 10.0.0.0/16: the blocks of a VPC ` +
			`are disjoint`},
	{"environments.dev.network.secondaryCidrs", `["100.64.0.0/8"]`,
		devPath + `network.secondaryCidrs[0] = "100.64.0.0/8": must have a prefix of /16 to /28`},
	{"environments.dev.network", `{"ipamNetmaskLength":20}`,
		devPath + `network.ipamPoolId: must be set with network.ipamNetmaskLength`},
	{"environments.dev.network", `{"ipamPoolId":"ipam-pool-1","ipamNetmaskLength":20,"cidr":"10.0.0.0/20"}`,
		devPath + `network.cidr = "10.0.0.0/20": must be left out with network.ipamNetmaskLength: the pool ` +
			`chooses the block`},
	{"environments.dev.network",
		`{"ipamPoolId":"ipam-pool-1","ipamNetmaskLength":20,"secondaryCidrs":["100.64.0.0/16"]}`,
		devPath + `network.secondaryCidrs = ["100.64.0.0/16"]: must be left out with network.ipamNetmaskLength: ` +
			`whether they overlap the block is not known before it is allocated`},
	{"environments.dev.network", `{"ipamPoolId":"ipam-pool-1","ipamNetmaskLength":24}`,
		devPath + `network.ipamNetmaskLength = 24: must be 16 to 23 bits`},
	{"environments.dev.network", `{"ipamPoolId":"ipam-pool-1","ipamNetmaskLength":20,"subnets":{"private":20}}`,
		devPath + `network.ipamNetmaskLength = 20: must have room for 6 zones with subnets of public /27, private ` +
			`/20 and database /28, which take 24864 addresses, and has 4096; take /17 or larger, or subnets such as ` +
			`public /27, private /23 and database /28`},
	{"environments.dev.network", `{"endpointZones":{"sts":["a"]}}`,
		devPath + `network.endpointZones.sts: must be one of the services that network.interfaceEndpoints names`},
	{"environments.dev.network", `{"interfaceEndpoints":["sts"],"endpointZones":{"sts":["c"]}}`,
		devPath + `network.endpointZones.sts = ["c"]: must be zones of the network, of a, b; "c" is none`},
	{"environments.dev.network", `{"interfaceEndpoints":["sts"],"endpointZones":{"sts":["a","a"]}}`,
		devPath + `network.endpointZones.sts = ["a","a"]: must not hold "a" twice`},
	{"environments.dev.network",
		`{"interfaceEndpoints":["sts"],"zones":["eu-central-1b","eu-central-1c"],"endpointZones":{"sts":["a"]}}`,
		devPath + `network.endpointZones.sts = ["a"]: must be zones of the network, of b, c; "a" is none`},
	{"environments.dev.network", `{"interfaceEndpoints":["sts"],"endpointZones":{"sts":[]}}`,
		devPath + `network.endpointZones.sts = []: must be one zone at least`},
	{"environments.dev.network.ipamPoolId", `"pool"`,
		devPath + `network.ipamPoolId = "pool": must be the id of a pool, ipam-pool-…`},
	{"environments.dev.network.excludeZoneIds", `["eu-central-1a"]`,
		devPath + `network.excludeZoneIds[0] = "eu-central-1a": must be the id of an availability zone, such as ` +
			`use1-az3`},
	{"environments.dev.network", `{"zones":["eu-central-1a","eu-central-1b"],"excludeZoneIds":["euc1-az1"]}`,
		devPath + `network.excludeZoneIds = ["euc1-az1"]: must be left out where network.zones names the zones`},
	{"environments.dev.network.publicAccess", `"block"`,
		devPath + `network.publicAccess = "block": must be one of block-ingress, block-bidirectional; did you mean ` +
			`"block-ingress"?`},
	{"environments.dev.network.publicAccess", `"block-bidirectional"`,
		devPath + `network.publicAccess = "block-bidirectional": must be "block-ingress" with network.nat "single": ` +
			`the other direction is NAT's`},
	{"environments.dev.network.ipv6", `1`, devPath + `network.ipv6 = 1: must be true or false, not a number`},
	{"defaults.network.cidr", `""`, defaultsPath + `network.cidr = "": must be an IPv4 network, such as 10.0.0.0/16`},
	{"defaults.network.cidr", `"10.0.0.0/16 "`,
		defaultsPath + `network.cidr = "10.0.0.0/16 ": must be an IPv4 network, such as 10.0.0.0/16`},
	{"defaults.network.cidr", `"10.0.0.0/28"`,
		defaultsPath + `network.cidr = "10.0.0.0/28": must be /23 or larger: even with the smallest subnets, public ` +
			`/28, private /28 and database /28, 6 zones take 288 addresses, and this has 16`},
	{"defaults.network.cidr", `"169.254.0.0/16"`,
		defaultsPath + `network.cidr = "169.254.0.0/16": must be private, within one of 10.0.0.0/8, 172.16.0.0/12, ` +
			`192.168.0.0/16, 100.64.0.0/10`},
	{"defaults.network.cidr", `7`, defaultsPath + `network.cidr = 7: must be a string, not a number`},
	{"defaults.network.zones", `[]`, defaultsPath + `network.zones = []: must be 2 to 6 zones, not 0`},
	{"defaults.network.zones", `["eu-central-1a","eu-central-1g"]`,
		defaultsPath + `network.zones[1] = "eu-central-1g": must be a zone of the region, eu-central-1a to ` +
			`eu-central-1f`},
	{"defaults.network.zones", `["eu-central-1a","eu-central-1-ham-1a"]`,
		defaultsPath + `network.zones[1] = "eu-central-1-ham-1a": must be a zone of the region, eu-central-1a to ` +
			`eu-central-1f`},
	{"defaults.network.zones",
		`["eu-central-1a","eu-central-1b","eu-central-1c","eu-central-1d",` +
			`"eu-central-1e","eu-central-1f","eu-central-1a"]`,
		defaultsPath + `network.zones = ["eu-central-1a","eu-central-1b","eu-central-1c","eu-central…: ` +
			`must be 2 to 6 zones, not 7`},
	{"defaults.network", `{"zones":["eu-central-1a","eu-central-1b"],"zoneCount":3}`,
		defaultsPath + `network.zoneCount = 3: must be 2, as many as network.zones names, or be left out`},
	{"environments.dev.network", `{"zones":["eu-central-1a","eu-central-1b","eu-central-1c"],"zoneCount":2}`,
		devPath + `network.zoneCount = 2: must be 3, as many as network.zones names, or be left out`},
	{"environments.dev.network", `{"cidr":"10.0.0.0/20","subnets":{"public":16}}`,
		devPath + `network.subnets.public = 16: must be 20, as that of the VPC, to 28`},
	{"environments.dev.network", `{"cidr":"10.0.0.0/20","subnets":{"database":19}}`,
		devPath + `network.subnets.database = 19: must be 20, as that of the VPC, to 28`},
	{"environments.dev.network.secondaryCidrs", `["10.1.0.0/16","10.1.4.0/24"]`,
		devPath + `network.secondaryCidrs[1] = "10.1.4.0/24": must not overlap 10.1.0.0/16: the blocks of a VPC are ` +
			`disjoint`},
	{"environments.dev.network.secondaryCidrs", `["172.16.0.0/16"]`,
		devPath + `network.secondaryCidrs[0] = "172.16.0.0/16": must not be of 172.16.0.0/12, which AWS does not ` +
			`add to a VPC of 10.0.0.0/8`},
	{"environments.dev.network.secondaryCidrs", `["10.1.0.1/16"]`,
		devPath + `network.secondaryCidrs[0] = "10.1.0.1/16": must begin with the first address of the network, as ` +
			`in 10.1.0.0/16`},
	{"environments.dev.network.secondaryCidrs", `["8.8.0.0/16"]`,
		devPath + `network.secondaryCidrs[0] = "8.8.0.0/16": must be private, within one of 10.0.0.0/8, ` +
			`172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10`},
	{"environments.dev.network.secondaryCidrs", `[""]`,
		devPath + `network.secondaryCidrs[0] = "": must be an IPv4 network, such as 10.0.0.0/16`},
	{"environments.dev.network.secondaryCidrs", `[` + blocks(50) + `]`,
		devPath + `network.secondaryCidrs = ["10.1.0.0/28","10.1.1.0/28","10.1.2.0/28","10.1.3.0/28","10…: must ` +
			`hold at most 24 items, not 50`},
	{"environments.dev.network.ipamPoolId", `"ipam-pool-XYZ"`,
		devPath + `network.ipamPoolId = "ipam-pool-XYZ": must be the id of a pool, ipam-pool-…`},
	{"environments.dev.network.publicAccess", `""`,
		devPath + `network.publicAccess = "": must be one of block-ingress, block-bidirectional`},
	{"environments.dev.network.interfaceEndpoints", `[""]`,
		devPath + `network.interfaceEndpoints[0] = "": must be one of autoscaling, ec2, ec2messages, ecr.api, ` +
			`ecr.dkr, ecs, elasticloadbalancing, events, kms, lambda, logs, monitoring, rds, secretsmanager, sns, ` +
			`sqs, ssm, ssmmessages, states, sts`},
	{"environments.dev.network.nat", `null`, devPath + `network.nat: must be a string, not null`},
	{"environments.dev.network.zoneCount", `2.5`,
		devPath + `network.zoneCount = 2.5: must be a whole number, not a fraction`},
}

func TestBrokenNetworks(t *testing.T) { assertBroken(t, brokenNetworks) }
