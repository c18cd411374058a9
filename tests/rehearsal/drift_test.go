//go:build rehearsal && unix

package rehearsal

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"
)

// rehearseDrift does by hand what an intruder or a hurried operator does to a deployment, beside Terraform: the next
// plan shows each change, and the next apply takes it back.
func rehearseDrift(t *testing.T, w *workspace, e emulator) string {
	ctx, state, stack := t.Context(), w.state(t), w.template(t)
	network, roles := ec2.NewFromConfig(w.aws(e.url)), iam.NewFromConfig(w.aws(e.url))
	id := func(resourceType, path string) (address string, value *string) {
		address = stack.Address(t, resourceType, path)
		return address, aws.String(state[address].text(t, "id"))
	}
	var wanted []string
	expect := func(address string) { wanted = append(wanted, address) }

	for _, path := range []string{"network/workloads", "database/security-group"} {
		address, group := id("aws_security_group", path)
		_, err := network.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: group,
			IpPermissions: []ec2types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22),
				ToPort: aws.Int32(22), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}})
		require.NoError(t, err)
		expect(address)
	}
	for _, tier := range []string{"public", "private", "database"} {
		address, acl := id("aws_network_acl", "network/"+tier+"-acl")
		_, err := network.CreateNetworkAclEntry(ctx, &ec2.CreateNetworkAclEntryInput{NetworkAclId: acl,
			RuleNumber: aws.Int32(1), Protocol: aws.String("-1"), RuleAction: ec2types.RuleActionAllow,
			Egress: aws.Bool(false), CidrBlock: aws.String("0.0.0.0/0")})
		require.NoError(t, err)
		expect(address)
	}
	tableAddress, table := id("aws_route_table", "network/database-route-table")
	_, gateway := id("aws_internet_gateway", "network/internet-gateway")
	_, err := network.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, GatewayId: gateway,
		DestinationCidrBlock: aws.String("0.0.0.0/0")})
	require.NoError(t, err)
	expect(tableAddress)

	const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	for _, role := range stack.OfType("aws_iam_role") {
		name := aws.String(state[role.Address].text(t, "name"))
		_, err := roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("backdoor"),
			PolicyDocument: aws.String(everything)})
		require.NoError(t, err)
	}
	for _, exclusive := range stack.OfType("aws_iam_role_policies_exclusive") {
		expect(exclusive.Address)
	}
	managed, err := roles.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("backdoor"),
		PolicyDocument: aws.String(everything)})
	require.NoError(t, err)
	attached := stack.OfType("aws_iam_role_policy_attachments_exclusive")[0]
	_, err = roles.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{PolicyArn: managed.Policy.Arn,
		RoleName: aws.String(state[attached.Address].text(t, "role_name"))})
	require.NoError(t, err)
	expect(attached.Address)

	slices.Sort(wanted)
	assertDrift(t, w, e, wanted...)
	require.NoError(t, w.apply(t))
	assertDrift(t, w, e)
	_, err = roles.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: managed.Policy.Arn})
	require.NoError(t, err, "it is attached nowhere any more")
	return fmt.Sprintf("%d changes seen and taken back", len(wanted))
}
