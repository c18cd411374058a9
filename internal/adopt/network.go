package adopt

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// byTags finds what EC2 knows by an id of its own only, by the tags that the stack gives it. What is being deleted does
// not count.
func byTags(ctx context.Context, a Account, r resource) ([]string, error) {
	var tags []types.Filter
	for _, key := range knownBy {
		tags = append(tags, types.Filter{Name: aws.String("tag:" + key), Values: []string{r.tag(key)}})
	}
	switch r.Type {
	case "aws_egress_only_internet_gateway":
		out, err := a.ec2.DescribeEgressOnlyInternetGateways(ctx,
			&ec2.DescribeEgressOnlyInternetGatewaysInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.EgressOnlyInternetGateways, func(g types.EgressOnlyInternetGateway) *string {
			return g.EgressOnlyInternetGatewayId
		}), nil
	case "aws_eip":
		out, err := a.ec2.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.Addresses, func(address types.Address) *string { return address.AllocationId }), nil
	case "aws_flow_log":
		out, err := a.ec2.DescribeFlowLogs(ctx, &ec2.DescribeFlowLogsInput{Filter: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.FlowLogs, func(log types.FlowLog) *string { return log.FlowLogId }), nil
	case "aws_internet_gateway":
		out, err := a.ec2.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.InternetGateways, func(g types.InternetGateway) *string { return g.InternetGatewayId }), nil
	case "aws_nat_gateway":
		out, err := a.ec2.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{
			Filter: append(tags, types.Filter{Name: aws.String("state"), Values: []string{"pending", "available"}})})
		if err != nil {
			return absent(err)
		}
		return each(out.NatGateways, func(g types.NatGateway) *string { return g.NatGatewayId }), nil
	case "aws_network_acl":
		out, err := a.ec2.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.NetworkAcls, func(acl types.NetworkAcl) *string { return acl.NetworkAclId }), nil
	case "aws_route_table":
		out, err := a.ec2.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.RouteTables, func(table types.RouteTable) *string { return table.RouteTableId }), nil
	case "aws_security_group":
		out, err := a.ec2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.SecurityGroups, func(group types.SecurityGroup) *string { return group.GroupId }), nil
	case "aws_subnet":
		out, err := a.ec2.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.Subnets, func(subnet types.Subnet) *string { return subnet.SubnetId }), nil
	case "aws_vpc_endpoint":
		out, err := a.ec2.DescribeVpcEndpoints(ctx, &ec2.DescribeVpcEndpointsInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.VpcEndpoints, func(endpoint types.VpcEndpoint) *string {
			// EC2 writes states in small letters, its API reference in capitals.
			if strings.HasPrefix(strings.ToLower(string(endpoint.State)), "delet") {
				return nil
			}
			return endpoint.VpcEndpointId
		}), nil
	default:
		out, err := a.ec2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: tags})
		if err != nil {
			return absent(err)
		}
		return each(out.Vpcs, func(vpc types.Vpc) *string { return vpc.VpcId }), nil
	}
}

// table describes the route table that a resource names, or none where it is not known yet.
func table(ctx context.Context, a Account, r resource) (types.RouteTable, error) {
	id := r.value("route_table_id")
	if id == "" {
		return types.RouteTable{}, nil
	}
	out, err := a.ec2.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{id}})
	if notFound(err) || err == nil && len(out.RouteTables) == 0 {
		return types.RouteTable{}, nil
	}
	if err != nil {
		return types.RouteTable{}, err
	}
	return out.RouteTables[0], nil
}

// route finds a route by its table and its destination, which name it.
func route(ctx context.Context, a Account, r resource) ([]string, error) {
	in, err := table(ctx, a, r)
	for _, one := range in.Routes {
		for destination, wanted := range map[*string]string{
			one.DestinationCidrBlock:     r.value("destination_cidr_block"),
			one.DestinationIpv6CidrBlock: r.value("destination_ipv6_cidr_block"),
			one.DestinationPrefixListId:  r.value("destination_prefix_list_id"),
		} {
			if wanted != "" && aws.ToString(destination) == wanted {
				return []string{aws.ToString(in.RouteTableId) + "_" + wanted}, err
			}
		}
	}
	return nil, err
}

// routeTableAssociation finds out whether the table is that of the subnet already.
func routeTableAssociation(ctx context.Context, a Account, r resource) ([]string, error) {
	in, err := table(ctx, a, r)
	subnet := r.value("subnet_id")
	for _, one := range in.Associations {
		if subnet != "" && aws.ToString(one.SubnetId) == subnet {
			return []string{subnet + "/" + aws.ToString(in.RouteTableId)}, err
		}
	}
	return nil, err
}

// endpointSubnet finds out whether the endpoint is in the subnet already.
func endpointSubnet(ctx context.Context, a Account, r resource) ([]string, error) {
	endpoint, subnet := r.value("vpc_endpoint_id"), r.value("subnet_id")
	if endpoint == "" || subnet == "" {
		return nil, nil
	}
	out, err := a.ec2.DescribeVpcEndpoints(ctx, &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{endpoint}})
	if err != nil {
		return absent(err)
	}
	return each(out.VpcEndpoints, func(e types.VpcEndpoint) *string {
		if !slices.Contains(e.SubnetIds, subnet) {
			return nil
		}
		return aws.String(endpoint + "/" + subnet)
	}), nil
}

// secondaryBlock finds a further block of the VPC.
func secondaryBlock(ctx context.Context, a Account, r resource) ([]string, error) {
	vpc, block := r.value("vpc_id"), r.value("cidr_block")
	if vpc == "" {
		return nil, nil
	}
	out, err := a.ec2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{vpc}})
	if err != nil {
		return absent(err)
	}
	var associations []types.VpcCidrBlockAssociation
	for _, one := range out.Vpcs {
		associations = append(associations, one.CidrBlockAssociationSet...)
	}
	return each(associations, func(one types.VpcCidrBlockAssociation) *string {
		if aws.ToString(one.CidrBlock) == block &&
			one.CidrBlockState.State == types.VpcCidrBlockStateCodeAssociated {
			return one.AssociationId
		}
		return nil
	}), nil
}
