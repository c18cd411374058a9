package config

import (
	"fmt"
	"net/netip"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/subnetplan"
)

// network checks the VPC's addresses as the construct will carve them.
func (c *checker) network(env awsenv.Env, network Network) {
	vpc, err := subnetplan.Parse(network.CIDR)
	c.problemIf(c.where("network", "cidr"), network.CIDR, err)
	if err == nil {
		sizes := subnetplan.Sizes{Public: network.Subnets.Public, Private: network.Subnets.Private, Database: network.Subnets.Database}
		_, err := subnetplan.New(vpc, sizes)
		c.problemIf(c.where("network", "cidr"), network.CIDR, err)
		c.secondary(vpc, network.SecondaryCIDRs)
	}
	if len(network.Zones) > 0 {
		_, err := subnetplan.ParseZones(env.Region(), network.Zones)
		c.problemIf(c.where("network", "zones"), network.Zones, err)
	}
	if len(network.InterfaceEndpoints) > 0 && !env.HasInterfaceEndpoints() {
		c.problem(c.where("network", "interfaceEndpoints"), network.InterfaceEndpoints,
			fmt.Sprintf("not supported in partition %q", env.Partition()))
	}
	if network.PublicAccess == "block-bidirectional" && network.NAT != "none" {
		c.problem(c.where("network", "publicAccess"), network.PublicAccess,
			fmt.Sprintf(`also stops NAT; allowed with network.nat "none", not with %q`, network.NAT))
	}
}

func (c *checker) secondary(vpc netip.Prefix, cidrs []string) {
	blocks := make([]netip.Prefix, len(cidrs))
	for i, cidr := range cidrs {
		block, err := subnetplan.Parse(cidr)
		if err != nil {
			c.problem(fmt.Sprintf("%s[%d]", c.where("network", "secondaryCidrs"), i), cidr, err.Error())
			return
		}
		blocks[i] = block
	}
	c.problemIf(c.where("network", "secondaryCidrs"), cidrs, subnetplan.CheckSecondary(vpc, blocks...))
}
