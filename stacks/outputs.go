package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/constructs/kms"
	"securebaseline/constructs/network"
	"securebaseline/constructs/rds"
	"securebaseline/internal/inventory"
	"securebaseline/internal/subnetplan"
)

// addOutputs publishes what other stacks and people need: ids and ARNs, never a secret.
func (b baseline) addOutputs(
	keys keys, storage storage, audit audit, vpc *network.VPC, databases map[string]*rds.Instance,
) {
	for _, key := range []struct {
		purpose string
		key     *kms.Key
	}{
		{"logs", keys.logs}, {"data", keys.data}, {"database", keys.database},
	} {
		if key.key == nil {
			continue
		}
		b.output(key.purpose+"_key_arn", "ARN of the "+key.purpose+" key", key.key.Ref().ARN)
		b.output(key.purpose+"_key_alias", "Alias of the "+key.purpose+" key", key.key.AliasName())
	}
	names, readers, writers := map[string]string{}, map[string]string{}, map[string]string{}
	for name, data := range storage.data {
		names[name], readers[name], writers[name] = data.bucket.Ref().Name, data.policies.ReaderARN,
			data.policies.WriterARN
	}
	b.output("data_bucket_names", "Names of the data buckets", names)
	b.output("data_reader_policy_arns", "Policies for workloads that read the data buckets", readers)
	b.output("data_writer_policy_arns", "Policies for workloads that write to the data buckets", writers)
	if audit.trail != nil {
		b.output("trail_arn", "ARN of the audit trail", audit.trail.ARN())
		b.output("trail_log_group_name", "Log group that the audit trail is delivered to", audit.group.Ref().Name)
	}
	b.output("alarm_topic_arn", "ARN of the topic that alarms are published to", audit.alarmTopic.Ref().ARN)
	if audit.alarms != nil {
		b.output("alarm_names", "Names of the alarms on the audit trail", audit.alarms.Names())
	}
	if audit.notifications != nil {
		b.output("trail_topic_arn", "ARN of the topic that is told of each file of the audit trail",
			audit.notifications.Ref().ARN)
	}
	if audit.auditor != nil {
		b.output("auditor_role_arn", "ARN of the role that reads the audit trail and the log groups",
			audit.auditor.RoleARN())
	}
	b.output("vpc_id", "Id of the VPC", vpc.ID())
	b.output("vpc_cidr", "IPv4 block of the VPC", vpc.CIDR())
	for _, tier := range subnetplan.Tiers() {
		b.output(string(tier)+"_subnet_ids", "Ids of the "+string(tier)+" subnets, by zone", vpc.SubnetIDs(tier))
		b.output(string(tier)+"_route_table_ids", "Ids of the route tables of the "+string(tier)+" subnets, by zone",
			vpc.RouteTableIDs(tier))
	}
	b.output("nat_addresses", "Public addresses that private subnets are seen with", vpc.NATAddresses())
	b.output("workload_security_group_id", "Security group for workloads in private subnets",
		vpc.WorkloadSecurityGroupID())
	b.outputDatabases(databases)
}

// outputDatabases publishes how to reach the first database, and the same of the others by name.
func (b baseline) outputDatabases(databases map[string]*rds.Instance) {
	others := map[string]any{}
	for name, database := range databases {
		if name != inventory.FirstDatabase {
			others[name] = map[string]any{
				"address": database.Address(), "port": database.Port(), "arn": database.ARN(),
				"master_secret_arn": database.MasterSecretARN(), "connect_policy_arn": database.ConnectPolicyARN(),
			}
		}
	}
	if len(others) > 0 {
		b.output("database_instances", "Host names, ports and ARNs of the further databases, by name", others)
	}
	first, found := databases[inventory.FirstDatabase]
	if !found {
		return
	}
	b.output("database_address", "Host name of the database", first.Address())
	b.output("database_port", "Port of the database", first.Port())
	b.output("database_arn", "ARN of the database", first.ARN())
	b.output("database_master_secret_arn", "ARN of the secret that RDS keeps the master password in",
		first.MasterSecretARN())
	b.output("database_connect_policy_arn", "Policy for workloads that connect to the database",
		first.ConnectPolicyARN())
}

// output publishes a string, a list or a map.
func (b baseline) output(id, description string, value any) {
	cdktf.NewTerraformOutput(b.stack, jsii.String(id), &cdktf.TerraformOutputConfig{
		Description: &description,
		Value:       value,
	})
}
