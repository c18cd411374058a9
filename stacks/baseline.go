// Package stacks builds the one stack of the project. This file is the only place that wires constructs together.
package stacks

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/constructs/kms"
	"securebaseline/constructs/logging"
	"securebaseline/constructs/network"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/subnetplan"
)

// Name is the name of an environment's stack, and of its folder below the output folder. It holds the environment, so
// that two environments never share a state file or an initialized Terraform folder.
func Name(environment string) string { return "baseline-" + environment }

// New adds the stack of one environment to app.
func New(app constructs.Construct, cfg config.Config) (cdktf.TerraformStack, error) {
	name := Name(cfg.Environment)
	stack := cdktf.NewTerraformStack(app, &name)
	env, err := addProvider(stack, cfg)
	if err != nil {
		return nil, err
	}
	addBackend(stack, cfg)

	scope := naming.New(cfg.Project, cfg.Environment, naming.Tags{
		Owner: cfg.Owner, CostCenter: cfg.CostCenter, Compliance: cfg.Compliance, Extra: cfg.Tags,
	})
	names := physicalNames(scope, env)

	keys, err := addKeys(stack, cfg.KMS, env, scope, names)
	if err != nil {
		return nil, err
	}
	vpc, err := addNetwork(stack, cfg, env, scope, names, keys.logs)
	if err != nil {
		return nil, err
	}
	addOutputs(stack, keys, vpc)
	return stack, nil
}

// keys are the customer managed keys of the stack, one for each kind of data, so that no one key opens everything.
type keys struct {
	logs     *kms.Key // audit trail, log groups and alarm messages
	data     *kms.Key // objects in the data buckets
	database *kms.Key // database storage, its insights and its master secret
}

func addKeys(stack cdktf.TerraformStack, cfg config.KMS, env awsenv.Env, scope naming.Scope, names names) (keys, error) {
	var made keys
	for _, key := range []struct {
		key     **kms.Key
		purpose string
		protect string
		use     []iampolicy.Statement
	}{
		{&made.logs, "logs", "Audit trail, log groups and alarm messages", append(kms.CloudTrailUse(env, names.trail),
			kms.LogGroupsUse(env, names.logGroups...), kms.AlarmsUse(env, names.alarms))},
		{&made.data, "data", "Objects in the data buckets",
			[]iampolicy.Statement{kms.BucketsUse(env, names.dataBucket)}},
		{&made.database, "database", "Database storage, Performance Insights and master secret", kms.DatabaseUse(env)},
	} {
		var err error
		*key.key, err = kms.New(stack, key.purpose+"-key", kms.Props{
			Naming:             scope.Child(key.purpose),
			Env:                env,
			Description:        key.protect,
			Administrators:     cfg.Administrators,
			BreakGlass:         cfg.BreakGlass,
			AccountMayDelete:   cfg.AccountMayDelete,
			AllowDestroy:       !cfg.PreventDestroy,
			DeletionWindowDays: cfg.DeletionWindowDays,
			RotationDays:       cfg.RotationDays,
			Use:                key.use,
		})
		if err != nil {
			return keys{}, fmt.Errorf("%s key: %w", key.purpose, err)
		}
	}
	return made, nil
}

// addNetwork adds the VPC and the log group that it reports to.
func addNetwork(stack cdktf.TerraformStack, cfg config.Config, env awsenv.Env, scope naming.Scope, names names, key *kms.Key) (*network.VPC, error) {
	flowLogs, err := logging.NewGroup(stack, "flow-logs", logging.GroupProps{
		Naming:        scope.Child("flow-logs"),
		Name:          names.flowLogs,
		KeyARN:        key.ARN(),
		RetentionDays: int(cfg.Logging.RetentionDays),
		AllowDestroy:  !cfg.Logging.KeepOnDestroy,
		DependsOn:     key.Ready(),
	})
	if err != nil {
		return nil, err
	}
	endpoints := make([]string, len(cfg.Network.InterfaceEndpoints))
	for i, service := range cfg.Network.InterfaceEndpoints {
		endpoints[i] = string(service)
	}
	return network.New(stack, "network", network.Props{
		Naming:              scope.Child("network"),
		Env:                 env,
		CIDR:                cfg.Network.CIDR,
		FlowLogs:            network.FlowLogs{GroupName: flowLogs.Name(), Ready: flowLogs.Ready()},
		Zones:               cfg.Network.Zones,
		ZoneCount:           cfg.Network.ZoneCount,
		Sizes:               subnetplan.Sizes{Public: cfg.Network.Subnets.Public, Private: cfg.Network.Subnets.Private, Database: cfg.Network.Subnets.Database},
		NAT:                 network.NAT(cfg.Network.NAT),
		InterfaceEndpoints:  endpoints,
		DynamoDBEndpoint:    cfg.Network.DynamoDBEndpoint,
		IPv6:                cfg.Network.IPv6,
		SecondaryCIDRs:      cfg.Network.SecondaryCIDRs,
		IPAMPoolID:          cfg.Network.IPAMPoolID,
		PublicAccess:        network.PublicAccess(cfg.Network.PublicAccess),
		PermissionsBoundary: cfg.PermissionsBoundary,
	})
}
