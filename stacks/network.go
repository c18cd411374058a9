package stacks

import (
	"securebaseline/constructs/network"
	"securebaseline/internal/subnetplan"
)

// addNetwork adds the VPC and the log group that it reports to.
func (b baseline) addNetwork(keys keys) (*network.VPC, error) {
	cfg := b.cfg.Network
	flowLogs, err := b.addLogGroup(keys, "flow", b.names.FlowLogs)
	if err != nil {
		return nil, err
	}
	endpoints := make([]string, len(cfg.InterfaceEndpoints))
	for i, service := range cfg.InterfaceEndpoints {
		endpoints[i] = string(service)
	}
	return network.New(b.stack, "network", network.Props{
		Naming: b.scope.Child("network"),
		Env:    b.env,
		CIDR:   cfg.CIDR,
		Names: network.Names{
			Workloads: b.names.Workloads, Endpoints: b.names.Endpoints, FlowLogDelivery: b.names.FlowLogDelivery,
		},
		FlowLogs:  flowLogs.Ref(),
		Zones:     cfg.Zones,
		ZoneCount: cfg.ZoneCount,
		Sizes: subnetplan.Sizes{
			Public: cfg.Subnets.Public, Private: cfg.Subnets.Private, Database: cfg.Subnets.Database,
		},
		NAT:                 network.NAT(cfg.NAT),
		InterfaceEndpoints:  endpoints,
		DynamoDBEndpoint:    cfg.DynamoDBEndpoint,
		IPv6:                cfg.IPv6,
		SecondaryCIDRs:      cfg.SecondaryCIDRs,
		IPAMPoolID:          cfg.IPAMPoolID,
		PublicAccess:        network.PublicAccess(cfg.PublicAccess),
		PermissionsBoundary: b.cfg.PermissionsBoundary,
	})
}
