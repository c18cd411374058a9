package rds

import (
	"maps"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbinstance"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbparametergroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbsubnetgroup"
	rotation "github.com/cdktf/cdktf-provider-aws-go/aws/v19/secretsmanagersecretrotation"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/iamrole"
	"securebaseline/internal/rdsrules"
	"securebaseline/internal/securitygroup"
	"securebaseline/internal/tf"
)

// noExtendedSupport lets AWS upgrade a version that has reached its end instead of charging for its support (RDS User
// Guide, "Using Amazon RDS Extended Support").
const noExtendedSupport = "open-source-rds-extended-support-disabled"

// addSecurityGroup adds the group of the instance, clients in, nothing out, and returns its id.
func addSecurityGroup(node constructs.Construct, p Props) string {
	var ingress []securitygroup.Rule
	for _, client := range slices.Sorted(maps.Keys(p.Network.Clients)) {
		ingress = append(ingress, securitygroup.Rule{Description: "PostgreSQL from " + client,
			Group: p.Network.Clients[client], Port: rdsrules.Port})
	}
	return securitygroup.Add(node, "security-group", securitygroup.Props{
		Name:        p.Names.SecurityGroup,
		Description: "Database: PostgreSQL from named clients in, nothing out",
		VPCID:       p.Network.VPCID,
		Tags:        p.Naming.Tags(),
		Ingress:     ingress,
	})
}

func addSubnetGroup(node constructs.Construct, p Props) dbsubnetgroup.DbSubnetGroup {
	return dbsubnetgroup.NewDbSubnetGroup(node, jsii.String("subnets"), &dbsubnetgroup.DbSubnetGroupConfig{
		Name:        &p.Names.SubnetGroup,
		Description: jsii.String("Subnets without a way to the internet"),
		SubnetIds:   jsii.Strings(p.Network.SubnetIDs...),
		Tags:        tf.StringMap(p.Naming.Tags()),
	})
}

// parts are what an instance is put together from.
type parts struct {
	monitoring    *iamrole.Role
	securityGroup string // id
	subnets       dbsubnetgroup.DbSubnetGroup
	parameters    dbparametergroup.DbParameterGroup
}

func addInstance(node constructs.Construct, p Props, parts parts) dbinstance.DbInstance {
	config := dbinstance.DbInstanceConfig{
		Identifier:    &p.Names.Identifier,
		InstanceClass: &p.Class,

		Engine: jsii.String(engine),
		// The major version alone: RDS picks its default minor version, and upgrades minor versions by itself.
		EngineVersion:            cdktf.Fn_Trimprefix(parts.parameters.Family(), jsii.String(familyPrefix)),
		ParameterGroupName:       parts.parameters.Name(),
		AutoMinorVersionUpgrade:  jsii.Bool(true),
		AllowMajorVersionUpgrade: jsii.Bool(p.MajorVersion != ""),
		EngineLifecycleSupport:   jsii.String(noExtendedSupport),
		MaintenanceWindow:        &p.MaintenanceWindow,
		ApplyImmediately:         jsii.Bool(p.ApplyImmediately),

		StorageType:         jsii.String("gp3"),
		AllocatedStorage:    jsii.Number(p.Storage.GiB),
		MaxAllocatedStorage: jsii.Number(p.Storage.MaxGiB),
		StorageEncrypted:    jsii.Bool(true),
		KmsKeyId:            &p.Key.ARN,

		DbSubnetGroupName:   parts.subnets.Name(),
		VpcSecurityGroupIds: jsii.Strings(parts.securityGroup),
		PubliclyAccessible:  jsii.Bool(false),
		Port:                jsii.Number(rdsrules.Port),
		CaCertIdentifier:    &p.CACertificate,
		MultiAz:             jsii.Bool(!p.SingleZone),
		AvailabilityZone:    tf.OptString(p.Zone),

		Username: &p.Users.Master,
		DbName:   tf.OptString(p.Users.Database),
		// RDS makes the password, keeps it in Secrets Manager and tells nobody, not even the state.
		ManageMasterUserPassword:         jsii.Bool(true),
		MasterUserSecretKmsKeyId:         &p.Key.ARN,
		IamDatabaseAuthenticationEnabled: jsii.Bool(true),

		BackupRetentionPeriod:  jsii.Number(p.Backup.RetentionDays),
		BackupWindow:           &p.Backup.Window,
		CopyTagsToSnapshot:     jsii.Bool(true),
		DeleteAutomatedBackups: jsii.Bool(p.DiscardOnDestroy),
		DeletionProtection:     jsii.Bool(!p.AllowDeletion),
		SkipFinalSnapshot:      jsii.Bool(p.DiscardOnDestroy),

		EnabledCloudwatchLogsExports: jsii.Strings(rdsrules.LogExports()...),
		MonitoringInterval:           jsii.Number(monitoringSeconds),
		MonitoringRoleArn:            jsii.String(parts.monitoring.ARN()),
		PerformanceInsightsEnabled:   jsii.Bool(p.Insights != InsightsNone),

		Tags: tf.StringMap(p.Naming.Tags()),
		Lifecycle: &cdktf.TerraformResourceLifecycle{
			PreventDestroy: jsii.Bool(!p.AllowDestroy),
			// RDS cannot change these (RDS API Reference, ModifyDBInstance), nor what an instance was restored from;
			// Terraform would make another instance, and lose what is in this one.
			IgnoreChanges: jsii.Strings("availability_zone", "db_name", "restore_to_point_in_time",
				"snapshot_identifier", "username"),
		},
		// RDS checks the permissions of the monitoring role, and the reference to the role does not wait for its policy
		// (IAM User Guide, "Troubleshoot IAM"). It makes missing log groups itself, without key and retention, and the
		// stack's own then exist already (RDS User Guide, "Publishing PostgreSQL logs to Amazon CloudWatch Logs").
		DependsOn: tf.After(parts.monitoring.Ready(), p.logGroupsReady(), p.Key.Ready, p.Network.Ready).Ptr(),
	}
	if p.Storage.IOPS > 0 {
		config.Iops, config.StorageThroughput = jsii.Number(p.Storage.IOPS), jsii.Number(p.Storage.ThroughputMiB)
	}
	// Without its mode a change would turn off Performance Insights alone, and leave what is paid for.
	config.DatabaseInsightsMode = jsii.String(string(p.insightsMode()))
	if p.Insights != InsightsNone {
		config.PerformanceInsightsRetentionPeriod = jsii.Number(retentionDays[p.Insights])
		config.PerformanceInsightsKmsKeyId = &p.Key.ARN
	}
	p.Restore.addTo(&config)
	if !p.DiscardOnDestroy {
		config.FinalSnapshotIdentifier = jsii.String(p.Names.Identifier + "-final-" + addIncarnation(node, p))
	}
	return dbinstance.NewDbInstance(node, jsii.String("Resource"), &config)
}

// addTo says what the instance is made of.
func (r Restore) addTo(config *dbinstance.DbInstanceConfig) {
	config.SnapshotIdentifier = tf.OptString(r.Snapshot)
	if r.Source == "" {
		return
	}
	from := dbinstance.DbInstanceRestoreToPointInTime{RestoreTime: tf.OptString(r.Time)}
	if r.Time == "" {
		from.UseLatestRestorableTime = jsii.Bool(true)
	}
	if rdsrules.IsBackupARN(r.Source) {
		from.SourceDbInstanceAutomatedBackupsArn = &r.Source
	} else {
		from.SourceDbInstanceIdentifier = &r.Source
	}
	config.RestoreToPointInTime = &from
}

// insightsMode is the mode as RDS knows it, which has none for "none".
func (p Props) insightsMode() Insights {
	if p.Insights == InsightsNone {
		return InsightsStandard
	}
	return p.Insights
}

func (p Props) logGroupsReady() tf.Deps {
	var ready tf.Deps
	for _, group := range p.LogGroups {
		ready = tf.After(ready, group.Ready)
	}
	return ready
}

// addIncarnation returns an id that lives as long as the instance. A final snapshot named by it keeps its name from
// plan to plan, and the next instance's does not collide with it. A new instance comes with a new stack or another key.
func addIncarnation(node constructs.Construct, p Props) string {
	return tf.NewData(node, "incarnation", map[string]any{"key": p.Key.ARN})
}

// addRotation sets how often RDS replaces the master password. No function is named, because RDS itself rotates its
// secrets (Secrets Manager User Guide, "Managed rotation for AWS Secrets Manager secrets"). Where nothing is asked for
// it is left out, because Terraform ends rotation for good when it deletes the resource.
func addRotation(node constructs.Construct, p Props, secretARN *string) {
	rotation.NewSecretsmanagerSecretRotation(node, jsii.String("rotation"),
		&rotation.SecretsmanagerSecretRotationConfig{
			SecretId: secretARN,
			RotationRules: &rotation.SecretsmanagerSecretRotationRotationRules{
				AutomaticallyAfterDays: jsii.Number(p.Users.RotationDays),
			},
			// A new schedule is no reason to replace a password that is in use.
			RotateImmediately: jsii.Bool(false),
		})
}
