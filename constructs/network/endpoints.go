package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpoint"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpointroutetableassociation"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcendpointsubnetassociation"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcsecuritygroupegressrule"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcsecuritygroupingressrule"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

func checkEndpoints(env awsenv.Env, names []string) error {
	if len(names) > 0 && !env.HasInterfaceEndpoints() {
		return fmt.Errorf("interface endpoints are not supported in partition %q", env.Partition())
	}
	for i, name := range names {
		if !slices.Contains(awsenv.EndpointServices(), name) {
			return fmt.Errorf("%q is not a service; allowed are %s", name, strings.Join(awsenv.EndpointServices(), ", "))
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%q stands there twice", name)
		}
	}
	return nil
}

// renderEndpointPolicies returns the policy of each endpoint by service, so that nothing is built when one is refused.
func renderEndpointPolicies(props Props) (map[string]string, error) {
	services := append([]string{"s3"}, props.InterfaceEndpoints...)
	if props.DynamoDBEndpoint {
		services = append(services, "dynamodb")
	}
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

func (v *VPC) addEndpoints(policies map[string]string) {
	v.addGatewayEndpoints(policies)
	if len(v.props.InterfaceEndpoints) == 0 {
		return
	}
	group := v.addSecurityGroup("endpoints", "Interface endpoints: HTTPS from the VPC")
	for i, cidr := range append([]string{v.props.CIDR}, v.props.SecondaryCIDRs...) {
		id := "endpoints-vpc"
		if i > 0 {
			id += "-" + blockID(cidr)
		}
		v.endpoints = append(v.endpoints, vpcsecuritygroupingressrule.NewVpcSecurityGroupIngressRule(v.node, &id,
			&vpcsecuritygroupingressrule.VpcSecurityGroupIngressRuleConfig{
				SecurityGroupId: group.Id(),
				Description:     jsii.String("HTTPS from " + cidr),
				IpProtocol:      jsii.String("tcp"), FromPort: jsii.Number(https), ToPort: jsii.Number(https),
				CidrIpv4: &cidr,
				Tags:     tf.StringMap(v.props.Naming.Child("endpoints-vpc").Tags()),
			}))
	}
	v.addEgress("workloads-endpoints", "AWS through interface endpoints", vpcsecuritygroupegressrule.VpcSecurityGroupEgressRuleConfig{
		ReferencedSecurityGroupId: group.Id(), FromPort: jsii.Number(https), ToPort: jsii.Number(https),
	})
	for _, name := range slices.Sorted(slices.Values(v.props.InterfaceEndpoints)) {
		endpoint := v.addEndpoint(name, policies[name], vpcendpoint.VpcEndpointConfig{
			VpcEndpointType:   jsii.String("Interface"),
			PrivateDnsEnabled: jsii.Bool(true),
			SecurityGroupIds:  &[]*string{group.Id()},
		})
		for _, zone := range v.zones {
			v.endpoints = append(v.endpoints, vpcendpointsubnetassociation.NewVpcEndpointSubnetAssociation(v.node,
				jsii.String(name+"-endpoint-"+string(zone.key)), &vpcendpointsubnetassociation.VpcEndpointSubnetAssociationConfig{
					VpcEndpointId: endpoint.Id(), SubnetId: zone.subnets[subnetplan.Private],
				}))
		}
	}
}

// addGatewayEndpoints leads private subnets to S3, and to DynamoDB if asked for. The database tier needs neither: what
// RDS stores and logs does not pass through the VPC.
func (v *VPC) addGatewayEndpoints(policies map[string]string) {
	services := []string{"s3"}
	if v.props.DynamoDBEndpoint {
		services = append(services, "dynamodb")
	}
	for _, service := range services {
		endpoint := v.addEndpoint(service, policies[service], vpcendpoint.VpcEndpointConfig{VpcEndpointType: jsii.String("Gateway")})
		for _, zone := range v.zones {
			v.endpoints = append(v.endpoints, vpcendpointroutetableassociation.NewVpcEndpointRouteTableAssociation(v.node,
				jsii.String(service+"-endpoint-"+string(zone.key)), &vpcendpointroutetableassociation.VpcEndpointRouteTableAssociationConfig{
					VpcEndpointId: endpoint.Id(), RouteTableId: zone.private,
				}))
		}
		v.addEgress("workloads-"+service, "Gateway endpoint for "+service, vpcsecuritygroupegressrule.VpcSecurityGroupEgressRuleConfig{
			PrefixListId: endpoint.PrefixListId(), FromPort: jsii.Number(https), ToPort: jsii.Number(https),
		})
	}
}

func (v *VPC) addEndpoint(service, policy string, config vpcendpoint.VpcEndpointConfig) vpcendpoint.VpcEndpoint {
	id := service + "-endpoint"
	config.VpcId = v.id
	config.ServiceName = jsii.String(v.props.Env.EndpointService(service))
	config.Policy = &policy
	config.Tags = tf.StringMap(v.props.Naming.Child(id).Tags())
	endpoint := vpcendpoint.NewVpcEndpoint(v.node, &id, &config)
	v.endpoints = append(v.endpoints, endpoint)
	return endpoint
}
