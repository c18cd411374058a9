package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/constructs/kms"
	"securebaseline/constructs/network"
	"securebaseline/internal/subnetplan"
)

// addOutputs publishes what other stacks and people need: ids and ARNs, never a secret.
func addOutputs(stack cdktf.TerraformStack, keys keys, vpc *network.VPC) {
	for _, key := range []struct {
		purpose string
		key     *kms.Key
	}{
		{"logs", keys.logs}, {"data", keys.data}, {"database", keys.database},
	} {
		output(stack, key.purpose+"_key_arn", "ARN of the "+key.purpose+" key", key.key.ARN())
		output(stack, key.purpose+"_key_alias", "Alias of the "+key.purpose+" key", key.key.AliasName())
	}
	output(stack, "vpc_id", "Id of the VPC", vpc.ID())
	output(stack, "vpc_cidr", "IPv4 block of the VPC", vpc.CIDR())
	for _, tier := range subnetplan.Tiers() {
		output(stack, string(tier)+"_subnet_ids", "Ids of the "+string(tier)+" subnets, by zone", vpc.SubnetIDs(tier))
		output(stack, string(tier)+"_route_table_ids", "Ids of the route tables of the "+string(tier)+" subnets, by zone", vpc.RouteTableIDs(tier))
	}
	output(stack, "nat_addresses", "Public addresses that private subnets are seen with", vpc.NATAddresses())
	output(stack, "workload_security_group_id", "Security group for workloads in private subnets", vpc.WorkloadSecurityGroupID())
}

// output publishes a string, a list or a map.
func output(stack cdktf.TerraformStack, id, description string, value any) {
	cdktf.NewTerraformOutput(stack, jsii.String(id), &cdktf.TerraformOutputConfig{
		Description: &description,
		Value:       value,
	})
}
