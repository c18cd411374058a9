package network

import (
	"fmt"
	"slices"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpoint"
	tableassociation "github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpointroutetableassociation"
	subnetassociation "github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpointsubnetassociation"
	ingressrule "github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcsecuritygroupingressrule"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// renderEndpointPolicies returns the policy of each endpoint by service, so that nothing is built when one is refused.
func renderEndpointPolicies(props Props) (map[string]string, error) {
	services := append(props.gatewayServices(), props.InterfaceEndpoints...)
	policies := make(map[string]string, len(services))
	for _, service := range services {
		policy, err := iampolicy.Render(iampolicy.EndpointPolicy, endpointStatements(props.Env, service)...)
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

// addEndpoints returns what must exist before the endpoints can be used.
func (b builder) addEndpoints(
	base base, zones []zone, routes routes, workloads securitygroup.SecurityGroup, policies map[string]string,
) tf.Deps {
	added := b.addGatewayEndpoints(base, zones, routes, workloads, policies)
	if len(b.props.InterfaceEndpoints) > 0 {
		added = tf.After(added, b.addInterfaceEndpoints(base, zones, workloads, policies))
	}
	return added
}

// addGatewayEndpoints leads private subnets to S3, and to DynamoDB if asked for. The database tier needs neither: what
// RDS stores and logs does not pass through the VPC.
func (b builder) addGatewayEndpoints(
	base base, zones []zone, routes routes, workloads securitygroup.SecurityGroup, policies map[string]string,
) tf.Deps {
	var added tf.Deps
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
		b.addEgress(workloads, "workloads-"+service, "Gateway endpoint for "+service,
			destination{prefixList: endpoint.PrefixListId(), port: https})
	}
	return added
}

func (b builder) addInterfaceEndpoints(
	base base, zones []zone, workloads securitygroup.SecurityGroup, policies map[string]string,
) tf.Deps {
	group := b.addSecurityGroup(base, "endpoints", b.props.Names.Endpoints, "Interface endpoints: HTTPS from the VPC")
	var added tf.Deps
	for i, cidr := range append([]string{b.props.CIDR}, b.props.SecondaryCIDRs...) {
		id := "endpoints-vpc"
		if i > 0 {
			id += "-" + blockID(cidr)
		}
		added = append(added, ingressrule.NewVpcSecurityGroupIngressRule(b.node, &id,
			&ingressrule.VpcSecurityGroupIngressRuleConfig{
				SecurityGroupId: group.Id(),
				Description:     jsii.String("HTTPS from " + cidr),
				IpProtocol:      jsii.String("tcp"), FromPort: jsii.Number(https), ToPort: jsii.Number(https),
				CidrIpv4: &cidr,
				Tags:     tf.StringMap(b.props.Naming.Child("endpoints-vpc").Tags()),
			}))
	}
	b.addEgress(workloads, "workloads-endpoints", "AWS through interface endpoints",
		destination{group: group.Id(), port: https})
	for _, service := range slices.Sorted(slices.Values(b.props.InterfaceEndpoints)) {
		endpoint := b.addEndpoint(base, service, policies[service], vpcendpoint.VpcEndpointConfig{
			VpcEndpointType:   jsii.String("Interface"),
			PrivateDnsEnabled: jsii.Bool(true),
			SecurityGroupIds:  &[]*string{group.Id()},
		})
		added = append(added, endpoint)
		for _, zone := range zones {
			added = append(added, subnetassociation.NewVpcEndpointSubnetAssociation(b.node,
				jsii.String(service+"-endpoint-"+string(zone.key)),
				&subnetassociation.VpcEndpointSubnetAssociationConfig{
					VpcEndpointId: endpoint.Id(), SubnetId: jsii.String(zone.subnets[subnetplan.Private]),
				}))
		}
	}
	return added
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
