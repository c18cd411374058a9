// Package rds makes a PostgreSQL instance whose version AWS keeps current and whose password nobody ever sees. It is
// encrypted, private, reached by TLS only, logged, watched, and not lost by mistake.
//
// The engine is PostgreSQL alone. What MySQL and MariaDB need differs in most of what follows: parameters, logs,
// families of versions, the number of connections and the alarms. They would be constructs of their own.
package rds

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbinstance"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iamrole"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/rdsrules"
	"securebaseline/internal/tf"
)

const (
	engine = "postgres"
	// familyPrefix is what a family of parameter groups is called by, before its major version.
	familyPrefix = "postgres"
)

// Insights is how long RDS keeps the history of the database's load.
type Insights string

// The modes of Database Insights (RDS User Guide, "Monitoring with Database Insights"). Each has its own retention: no
// other combination is accepted.
const (
	// InsightsStandard keeps 7 days, free of charge. It is the default.
	InsightsStandard Insights = "standard"
	// InsightsAdvanced keeps 15 months and analyzes them, for a price.
	InsightsAdvanced Insights = "advanced"
	// InsightsNone keeps nothing, for regions that offer neither.
	InsightsNone Insights = "none"
)

// InsightsModes lists the modes.
func InsightsModes() []Insights { return []Insights{InsightsNone, InsightsStandard, InsightsAdvanced} }

// retentionDays is the retention that belongs to a mode.
var retentionDays = map[Insights]int{InsightsStandard: 7, InsightsAdvanced: 465}

// Props configures an Instance.
type Props struct {
	// Naming gives every resource its tags. Required.
	Naming naming.Scope
	// Env is where the instance is. Required.
	Env awsenv.Env
	// Names are the names of the instance, which policies and log groups mention before it exists, and of what belongs
	// to it. Required.
	Names inventory.Database
	// Key encrypts storage, insights and the master secret. It cannot be changed later without a new instance.
	// Required.
	Key tf.Ref
	// Network is where the instance is reached. Required.
	Network Network
	// LogGroups are the log groups that rdsrules.LogGroupNames lists. RDS would make missing ones itself, without key
	// and retention. Required.
	LogGroups []tf.Ref
	// Class is the instance class, one of rdsrules.Classes, such as "db.t4g.medium". Required.
	Class string

	// MajorVersion is the major version of PostgreSQL. A higher one upgrades the instance, for which ApplyImmediately
	// must be set: until the maintenance window the old parameter group would stay in use, and could not be deleted.
	// Default: AWS's default when the instance is made; it then stays.
	MajorVersion string
	// Storage is the size and speed of the volume.
	Storage Storage
	// SingleZone gives up the standby in another zone, and with it surviving the loss of one. Default: Multi-AZ.
	SingleZone bool
	// Zone is the zone of a single-zone instance, for example "eu-central-1a". It is fixed when the instance is made: a
	// later change is ignored. Default: RDS chooses.
	Zone string
	// Restore makes the instance of a snapshot or of another instance's backups. Default: it is new and empty.
	Restore Restore
	// Backup is when backups are made and how long they are kept.
	Backup Backup
	// MaintenanceWindow is the weekly time of upgrades, "ddd:hh:mm-ddd:hh:mm" in UTC. Default "sun:03:30-sun:04:30".
	MaintenanceWindow string
	// ApplyImmediately makes changes at once instead of in the maintenance window. Default: in the window.
	ApplyImmediately bool
	// Insights is how long the history of load is kept. Default: standard.
	Insights Insights
	// Users are who connects.
	Users Users
	// CACertificate is the authority of the instance's certificate, one of rdsrules.CACertificates. Default: the first.
	CACertificate string
	// NoAudit leaves out the extension pgaudit, which records who changed roles and structures, without passwords.
	// Default: pgaudit is loaded; an administrator must run "CREATE EXTENSION pgaudit" once.
	NoAudit bool
	// LogSlowStatements logs statements that take a second or more, as they were written: with the literals in them,
	// which may be data or passwords. Default: off.
	LogSlowStatements bool
	// Topic is what alarms and events publish to. Its policy, and that of its key, must let both. Default: nobody is
	// notified; the alarms are there all the same.
	Topic tf.Ref

	// AllowDeletion lets AWS delete the instance when asked to. Default: deletion protection refuses.
	AllowDeletion bool
	// AllowDestroy lets Terraform delete the instance. Default: a plan that would delete it fails.
	AllowDestroy bool
	// DiscardOnDestroy deletes the automated backups with the instance and takes no final snapshot. Default: both stay.
	DiscardOnDestroy bool

	// PermissionsBoundary is the ARN of a managed policy that limits the monitoring role. Default none.
	PermissionsBoundary string
}

// Network is where an instance is reached.
type Network struct {
	// VPCID is the VPC of the subnets.
	VPCID string
	// SubnetIDs are the subnets that the instance and its standby are placed in, of two zones or more.
	SubnetIDs []string
	// Clients are the security groups that may connect, by nouns that name them, such as "workloads".
	Clients map[string]string
	// Ready lists what must exist before the instance is reached. Default none.
	Ready tf.Deps
}

// Storage is the size and speed of a gp3 volume.
type Storage struct {
	// GiB is the initial size, 20 to 59578. Default 20.
	GiB int
	// MaxGiB is the size up to which RDS enlarges the volume, at least 10 % more than GiB. Default: five times GiB.
	MaxGiB int
	// IOPS and ThroughputMiB set the speed of volumes of 400 GiB and more, 12000 to 64000 IOPS and 500 to 4000 MiB/s.
	// Default: the baseline of the size. It is written out from 400 GiB on: RDS refuses a volume that grows to that
	// size with the speed of a smaller one, and keeps a speed that is no longer asked for.
	IOPS, ThroughputMiB int
}

// Restore is what an instance is made of: a snapshot, or the backups of another instance at a point in time. Both must
// be encrypted with Props.Key: RDS keeps the key of what it restores, and Terraform would replace the instance to
// change it. It counts when the instance is made; later changes are ignored.
type Restore struct {
	// Snapshot is the identifier or ARN of a snapshot of an instance.
	Snapshot string
	// Source is the identifier of an instance, or the ARN of the backups that outlived one.
	Source string
	// Time is the moment to restore from Source, in RFC 3339. Default: the latest.
	Time string
}

// Backup is when backups are made and how long they are kept.
type Backup struct {
	// RetentionDays is how far back the database can be restored, 1 to 35 days. Default 35.
	RetentionDays int
	// Window is the daily time of backups, "hh:mm-hh:mm" in UTC, outside of the maintenance window. Default
	// "02:00-03:00".
	Window string
}

// Users are who connects.
type Users struct {
	// Master administers the database, with the password that RDS keeps in Secrets Manager. It is fixed when the
	// instance is made: a later change is ignored. Default "dbadmin".
	Master string
	// RotationDays is how often RDS replaces that password, 1 to 1000 days. Default: RDS's own schedule, which is every
	// rdsrules.OwnRotationDays and stays what it was where RotationDays is no longer set.
	RotationDays int
	// Connect is the user that workloads connect as, with IAM credentials. An administrator must make it and run "GRANT
	// rds_iam TO" it. Default "app".
	Connect string
	// Database is the name of a database to make with the instance, besides "postgres". A later change is ignored.
	// Default none.
	Database string
}

// Instance is a PostgreSQL instance with what belongs to it.
type Instance struct {
	instance         dbinstance.DbInstance
	masterSecretARN  string
	connectPolicyARN string
}

// New adds an instance to scope, with its subnet group, parameter group, security group, monitoring role, alarms and
// policy for workloads.
func New(scope constructs.Construct, id string, props Props) (*Instance, error) {
	props = props.withDefaults()
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("rds %q: %w", id, err)
	}
	monitoring, err := iamrole.Define(monitoringRole(props))
	if err != nil {
		return nil, fmt.Errorf("rds %q: %w", id, err)
	}
	connect, err := iamrole.DefinePolicy(connectPolicy(props))
	if err != nil {
		return nil, fmt.Errorf("rds %q: %w", id, err)
	}

	node := constructs.NewConstruct(scope, &id)
	role := monitoring.Add(node, "monitoring-role")
	group := addSecurityGroup(node, props)
	parameters := addParameterGroup(node, props)
	instance := addInstance(node, props, parts{
		monitoring: role, securityGroup: group, subnets: addSubnetGroup(node, props), parameters: parameters,
	})
	secretARN := instance.MasterUserSecret().Get(jsii.Number(0)).SecretArn()
	if props.Users.RotationDays != 0 {
		addRotation(node, props, secretARN)
	}
	connectARN := connect.Replace(resourceIDPlaceholder, *instance.ResourceId()).Add(node, "connect-policy")
	addAlarms(node, props, instance)
	addEventSubscriptions(node, props, instance.Identifier(), parameters.Name())
	return &Instance{instance, *secretARN, connectARN}, nil
}

// Address is the host name that clients connect to, a token until apply.
func (i *Instance) Address() string { return *i.instance.Address() }

// Port is the TCP port that clients connect to.
func (i *Instance) Port() int { return rdsrules.Port }

// ARN is the instance's ARN, a token until apply.
func (i *Instance) ARN() string { return *i.instance.Arn() }

// MasterSecretARN names the secret that holds the master password, a token until apply. RDS makes and rotates it.
func (i *Instance) MasterSecretARN() string { return i.masterSecretARN }

// ConnectPolicyARN is the managed policy that workloads attach to connect with IAM credentials, a token until apply.
func (i *Instance) ConnectPolicyARN() string { return i.connectPolicyARN }
