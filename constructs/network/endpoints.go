package network

import (
	"fmt"
	"slices"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpoint"
	tableassociation "github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpointroutetableassociation"
	subnetassociation "github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpointsubnetassociation"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/securitygroup"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// renderEndpointPolicies returns the policy of each endpoint by service, so that nothing is built when one is refused.
func renderEndpointPolicies(props Props) (map[string]string, error) {
	services := append(props.gatewayServices(), props.InterfaceEndpoints...)
	policies := make(map[string]string, len(services))
	for _, service := range services {
		policy, err := iampolicy.Render(iampolicy.EndpointPolicy,
			endpointPolicy{props.Env, props.Trust, service}.statements()...)
		if err != nil {
			return nil, fmt.Errorf("policy of endpoint %s: %w", service, err)
		}
		policies[service] = policy
	}
	return policies, nil
}

// gatewayServices are the services with a gateway endpoint, which are free. The one for S3 is always there.
func (p Props) gatewayServices() []string {
	if p.DynamoDBEndpoint {
		return []string{"s3", "dynamodb"}
	}
	return []string{"s3"}
}

// addEndpoints returns what must exist before the endpoints can be used, and the rules by which workloads get there.
func (b builder) addEndpoints(
	base base, zones []zone, routes routes, policies map[string]string,
) (tf.Deps, []securitygroup.Rule) {
	added, rules := b.addGatewayEndpoints(base, zones, routes, policies)
	if len(b.props.InterfaceEndpoints) > 0 {
		interfaces, rule := b.addInterfaceEndpoints(base, zones, policies)
		added, rules = tf.After(added, interfaces), append(rules, rule)
	}
	return added, rules
}

// addGatewayEndpoints leads private subnets to S3, and to DynamoDB if asked for. The database tier needs neither: what
// RDS stores and logs does not pass through the VPC.
func (b builder) addGatewayEndpoints(
	base base, zones []zone, routes routes, policies map[string]string,
) (added tf.Deps, rules []securitygroup.Rule) {
	for _, service := range b.props.gatewayServices() {
		endpoint := b.addEndpoint(base, service, policies[service], vpcendpoint.VpcEndpointConfig{
			VpcEndpointType: jsii.String("Gateway"),
		})
		added = append(added, endpoint)
		for _, zone := range zones {
			added = append(added, tableassociation.NewVpcEndpointRouteTableAssociation(b.node,
				jsii.String(service+"-endpoint-"+string(zone.key)),
				&tableassociation.VpcEndpointRouteTableAssociationConfig{
					VpcEndpointId: endpoint.Id(), RouteTableId: jsii.String(routes.private[zone.key]),
				}))
		}
		rules = append(rules, securitygroup.Rule{Description: "Gateway endpoint for " + service,
			PrefixList: *endpoint.PrefixListId(), Port: https})
	}
	return added, rules
}

func (b builder) addInterfaceEndpoints(
	base base, zones []zone, policies map[string]string,
) (added tf.Deps, rule securitygroup.Rule) {
	var ingress []securitygroup.Rule
	for _, cidr := range append([]string{base.cidr}, b.props.SecondaryCIDRs...) {
		ingress = append(ingress, securitygroup.Rule{Description: "HTTPS from " + cidr, IPv4: cidr, Port: https})
	}
	group := b.addSecurityGroup(base, "endpoints", securitygroup.Props{
		Name: b.props.Names.Endpoints, Description: "Interface endpoints: HTTPS from the VPC", Ingress: ingress,
	})
	for _, service := range slices.Sorted(slices.Values(b.props.InterfaceEndpoints)) {
		endpoint := b.addEndpoint(base, service, policies[service], vpcendpoint.VpcEndpointConfig{
			VpcEndpointType:   jsii.String("Interface"),
			PrivateDnsEnabled: jsii.Bool(true),
			SecurityGroupIds:  &[]*string{&group},
		})
		added = append(added, endpoint)
		for _, zone := range zones {
			if chosen, limited := b.props.EndpointZones[service]; limited && !slices.Contains(chosen, zone.key) {
				continue
			}
			added = append(added, subnetassociation.NewVpcEndpointSubnetAssociation(b.node,
				jsii.String(service+"-endpoint-"+string(zone.key)),
				&subnetassociation.VpcEndpointSubnetAssociationConfig{
					VpcEndpointId: endpoint.Id(), SubnetId: jsii.String(zone.subnets[subnetplan.Private]),
				}))
		}
	}
	return added, securitygroup.Rule{Description: "AWS through interface endpoints", Group: group, Port: https}
}

// addEndpoint adds what endpoints of both types have to the arguments of one.
func (b builder) addEndpoint(base base, service, policy string,
	config vpcendpoint.VpcEndpointConfig) vpcendpoint.VpcEndpoint {
	id := service + "-endpoint"
	config.VpcId = base.id
	config.ServiceName = jsii.String(b.props.Env.EndpointService(service))
	config.Policy = &policy
	config.Tags = tf.StringMap(b.props.Naming.Child(id).Tags())
	return vpcendpoint.NewVpcEndpoint(b.node, &id, &config)
}
