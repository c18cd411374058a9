package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/constructs/kms"
	"securebaseline/constructs/network"
	"securebaseline/internal/subnetplan"
)

// addOutputs publishes what other stacks and people need: ids and ARNs, never a secret.
func (b baseline) addOutputs(keys keys, storage storage, vpc *network.VPC) {
	for _, key := range []struct {
		purpose string
		key     *kms.Key
	}{
		{"logs", keys.logs}, {"data", keys.data}, {"database", keys.database},
	} {
		b.output(key.purpose+"_key_arn", "ARN of the "+key.purpose+" key", key.key.ARN())
		b.output(key.purpose+"_key_alias", "Alias of the "+key.purpose+" key", key.key.AliasName())
	}
	names, readers, writers := map[string]string{}, map[string]string{}, map[string]string{}
	for name, data := range storage.data {
		names[name], readers[name], writers[name] = data.bucket.Name(), data.policies.ReaderARN, data.policies.WriterARN
	}
	b.output("data_bucket_names", "Names of the data buckets", names)
	b.output("data_reader_policy_arns", "Policies for workloads that read the data buckets", readers)
	b.output("data_writer_policy_arns", "Policies for workloads that write to the data buckets", writers)
	b.output("vpc_id", "Id of the VPC", vpc.ID())
	b.output("vpc_cidr", "IPv4 block of the VPC", vpc.CIDR())
	for _, tier := range subnetplan.Tiers() {
		b.output(string(tier)+"_subnet_ids", "Ids of the "+string(tier)+" subnets, by zone", vpc.SubnetIDs(tier))
		b.output(string(tier)+"_route_table_ids", "Ids of the route tables of the "+string(tier)+" subnets, by zone", vpc.RouteTableIDs(tier))
	}
	b.output("nat_addresses", "Public addresses that private subnets are seen with", vpc.NATAddresses())
	b.output("workload_security_group_id", "Security group for workloads in private subnets", vpc.WorkloadSecurityGroupID())
}

// output publishes a string, a list or a map.
func (b baseline) output(id, description string, value any) {
	cdktf.NewTerraformOutput(b.stack, jsii.String(id), &cdktf.TerraformOutputConfig{
		Description: &description,
		Value:       value,
	})
}
