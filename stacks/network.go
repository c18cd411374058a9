package stacks

import (
	"securebaseline/constructs/network"
	"securebaseline/internal/awsbuckets"
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
	endpointZones := make(map[string][]subnetplan.Zone, len(cfg.EndpointZones))
	for service, zones := range cfg.EndpointZones {
		endpointZones[string(service)] = zones
	}
	cidr := cfg.CIDR
	if cfg.IPAMNetmaskLength != 0 {
		cidr = "" // the default, which nobody has set
	}
	trust := network.Trust{Accounts: cfg.Trust.Accounts, OrganizationID: cfg.Trust.OrganizationID,
		Buckets: cfg.Trust.Buckets}
	for _, purpose := range cfg.Trust.AWSBuckets {
		trust.AWSBuckets = append(trust.AWSBuckets, awsbuckets.Purpose(purpose))
	}
	return network.New(b.stack, "network", network.Props{
		Naming: b.scope.Child("network"),
		Env:    b.env,
		CIDR:   cidr,
		Names: network.Names{
			Workloads: b.names.Workloads, Endpoints: b.names.Endpoints, FlowLogDelivery: b.names.FlowLogDelivery,
		},
		FlowLogs:       flowLogs.Ref(),
		Zones:          cfg.Zones,
		ZoneCount:      cfg.ZoneCount,
		ExcludeZoneIDs: cfg.ExcludeZoneIDs,
		Sizes: subnetplan.Sizes{
			Public: cfg.Subnets.Public, Private: cfg.Subnets.Private, Database: cfg.Subnets.Database,
		},
		NoDatabase:          !b.cfg.RDS.Enabled,
		NAT:                 network.NAT(cfg.NAT),
		InterfaceEndpoints:  endpoints,
		EndpointZones:       endpointZones,
		Trust:               trust,
		DynamoDBEndpoint:    cfg.DynamoDBEndpoint,
		IPv6:                cfg.IPv6,
		SecondaryCIDRs:      cfg.SecondaryCIDRs,
		IPAMPoolID:          cfg.IPAMPoolID,
		IPAMNetmaskLength:   cfg.IPAMNetmaskLength,
		PublicHTTP:          cfg.PublicHTTP,
		PublicAccess:        network.PublicAccess(cfg.PublicAccess),
		PermissionsBoundary: b.cfg.PermissionsBoundary,
	})
}
