package rds

import (
	"maps"
	"slices"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbinstance"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbparametergroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbsubnetgroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/secretsmanagersecretrotation"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcsecuritygroupingressrule"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/naming"
	"securebaseline/internal/tf"
)

// noExtendedSupport lets AWS upgrade a version that has reached its end instead of charging for its support (RDS User
// Guide, "Using Amazon RDS Extended Support").
const noExtendedSupport = "open-source-rds-extended-support-disabled"

// addSecurityGroup makes the group of the instance: clients in, nothing out. AWS gives a new group an open egress rule,
// which the provider takes away again.
func (i *Instance) addSecurityGroup() {
	scope := i.props.Naming
	i.group = securitygroup.NewSecurityGroup(i.node, jsii.String("security-group"), &securitygroup.SecurityGroupConfig{
		Name:        jsii.String(scope.Name(naming.SecurityGroup)),
		Description: jsii.String("Database: PostgreSQL from named clients in, nothing out"),
		VpcId:       &i.props.Network.VPCID,
		Tags:        tf.StringMap(scope.Tags()),
	})
	for _, client := range slices.Sorted(maps.Keys(i.props.Network.Clients)) {
		id := "from-" + client
		vpcsecuritygroupingressrule.NewVpcSecurityGroupIngressRule(i.node, &id, &vpcsecuritygroupingressrule.VpcSecurityGroupIngressRuleConfig{
			SecurityGroupId:           i.group.Id(),
			ReferencedSecurityGroupId: jsii.String(i.props.Network.Clients[client]),
			Description:               jsii.String("PostgreSQL from " + client),
			IpProtocol:                jsii.String("tcp"), FromPort: jsii.Number(port), ToPort: jsii.Number(port),
			Tags: tf.StringMap(scope.Child(id).Tags()),
		})
	}
}

func (i *Instance) addSubnetGroup() dbsubnetgroup.DbSubnetGroup {
	return dbsubnetgroup.NewDbSubnetGroup(i.node, jsii.String("subnets"), &dbsubnetgroup.DbSubnetGroupConfig{
		Name:        jsii.String(i.props.Naming.Name(naming.DBSubnetGroup)),
		Description: jsii.String("Subnets without a way to the internet"),
		SubnetIds:   jsii.Strings(i.props.Network.SubnetIDs...),
		Tags:        tf.StringMap(i.props.Naming.Tags()),
	})
}

func (i *Instance) addInstance(subnets dbsubnetgroup.DbSubnetGroup, parameters dbparametergroup.DbParameterGroup) {
	p := i.props
	config := dbinstance.DbInstanceConfig{
		Identifier:    &p.Identifier,
		InstanceClass: &p.Class,

		Engine: jsii.String(engine),
		// The major version alone: RDS picks its default minor version, and upgrades minor versions by itself.
		EngineVersion:            cdktf.Fn_Trimprefix(parameters.Family(), jsii.String(familyPrefix)),
		ParameterGroupName:       parameters.Name(),
		AutoMinorVersionUpgrade:  jsii.Bool(true),
		AllowMajorVersionUpgrade: jsii.Bool(p.MajorVersion != ""),
		EngineLifecycleSupport:   jsii.String(noExtendedSupport),
		MaintenanceWindow:        &p.MaintenanceWindow,
		ApplyImmediately:         jsii.Bool(p.ApplyImmediately),

		StorageType:         jsii.String("gp3"),
		AllocatedStorage:    jsii.Number(p.Storage.GiB),
		MaxAllocatedStorage: jsii.Number(p.Storage.MaxGiB),
		StorageEncrypted:    jsii.Bool(true),
		KmsKeyId:            &p.KeyARN,

		DbSubnetGroupName:   subnets.Name(),
		VpcSecurityGroupIds: &[]*string{i.group.Id()},
		PubliclyAccessible:  jsii.Bool(false),
		Port:                jsii.Number(port),
		CaCertIdentifier:    &p.CACertificate,
		MultiAz:             jsii.Bool(!p.SingleZone),
		AvailabilityZone:    tf.OptString(p.Zone),

		Username: &p.Users.Master,
		DbName:   tf.OptString(p.Users.Database),
		// RDS makes the password, keeps it in Secrets Manager and tells nobody, not even the state.
		ManageMasterUserPassword:         jsii.Bool(true),
		MasterUserSecretKmsKeyId:         &p.KeyARN,
		IamDatabaseAuthenticationEnabled: jsii.Bool(true),

		BackupRetentionPeriod:  jsii.Number(p.Backup.RetentionDays),
		BackupWindow:           &p.Backup.Window,
		CopyTagsToSnapshot:     jsii.Bool(true),
		DeleteAutomatedBackups: jsii.Bool(p.DiscardOnDestroy),
		DeletionProtection:     jsii.Bool(!p.AllowDeletion),
		SkipFinalSnapshot:      jsii.Bool(p.DiscardOnDestroy),

		EnabledCloudwatchLogsExports: jsii.Strings(LogExports()...),
		MonitoringInterval:           jsii.Number(monitoringSeconds),
		MonitoringRoleArn:            jsii.String(i.monitoring.ARN()),
		PerformanceInsightsEnabled:   jsii.Bool(p.Insights != InsightsNone),

		Tags:      tf.StringMap(p.Naming.Tags()),
		Lifecycle: &cdktf.TerraformResourceLifecycle{PreventDestroy: jsii.Bool(!p.AllowDestroy)},
		// RDS checks the permissions of the monitoring role, and the reference to the role does not wait for its policy
		// (IAM User Guide, "Troubleshoot IAM"). It makes missing log groups itself, without key and retention, and the
		// stack's own then exist already (RDS User Guide, "Publishing PostgreSQL logs to Amazon CloudWatch Logs").
		DependsOn: tf.After(i.monitoring.Ready(), p.LogGroups, p.DependsOn).Ptr(),
	}
	if p.Storage.IOPS > 0 {
		config.Iops, config.StorageThroughput = jsii.Number(p.Storage.IOPS), jsii.Number(p.Storage.ThroughputMiB)
	}
	if p.Insights != InsightsNone {
		config.DatabaseInsightsMode = jsii.String(string(p.Insights))
		config.PerformanceInsightsRetentionPeriod = jsii.Number(retentionDays[p.Insights])
		config.PerformanceInsightsKmsKeyId = &p.KeyARN
	}
	if !p.DiscardOnDestroy {
		config.FinalSnapshotIdentifier = jsii.String(p.Identifier + "-final-" + i.addIncarnation())
	}
	i.instance = dbinstance.NewDbInstance(i.node, jsii.String("Resource"), &config)
}

// addIncarnation returns an id that lives as long as the instance. A final snapshot named by it keeps its name from plan
// to plan, and the next instance's does not collide with it. A new instance comes with a new stack, or when one of the
// values changes that RDS cannot change (RDS API Reference, ModifyDBInstance).
func (i *Instance) addIncarnation() string {
	p := i.props
	return tf.NewData(i.node, "incarnation", map[string]any{
		"key": p.KeyARN, "master": p.Users.Master, "database": p.Users.Database, "zone": p.Zone,
	})
}

// addRotation says how often RDS replaces the master password. No function is named, because RDS itself rotates its
// secrets (Secrets Manager User Guide, "Managed rotation for AWS Secrets Manager secrets").
func (i *Instance) addRotation() {
	secretsmanagersecretrotation.NewSecretsmanagerSecretRotation(i.node, jsii.String("rotation"),
		&secretsmanagersecretrotation.SecretsmanagerSecretRotationConfig{
			SecretId: i.masterSecretARN(),
			RotationRules: &secretsmanagersecretrotation.SecretsmanagerSecretRotationRotationRules{
				AutomaticallyAfterDays: jsii.Number(i.props.Users.RotationDays),
			},
			// A new schedule is no reason to replace a password that is in use.
			RotateImmediately: jsii.Bool(false),
		})
}

func (i *Instance) masterSecretARN() *string {
	return i.instance.MasterUserSecret().Get(jsii.Number(0)).SecretArn()
}
