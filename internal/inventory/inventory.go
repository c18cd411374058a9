// Package inventory knows the physical name of every resource of a stack before the stack exists: the names that policies
// must mention, and the table by which the configuration finds two resources that would have the same one.
//
// The package is pure. A test over the synthesized stack proves that the table is complete.
package inventory

import (
	"maps"
	"slices"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/naming"
	"securebaseline/internal/rdsrules"
)

// Nouns of the buckets that every stack makes for itself.
const (
	archiveNoun    = "trail"
	accessLogsNoun = "access-logs"
)

// ReservedBuckets lists the names that no data bucket can have, because a stack has a bucket of that name already.
func ReservedBuckets() []string { return []string{archiveNoun, accessLogsNoun} }

// Names are the physical names that policies must mention before the resources exist.
type Names struct {
	Trail      string
	TrailLogs  string
	TrailTopic string
	FlowLogs   string
	LogGroups  []string // every log group under the logs key
	Alarms     string   // a pattern
	Auditor    string
	AccessLogs string
	Archive    string            // the trail's bucket
	Data       map[string]string // data buckets, by the names of the configuration
	Database   string
}

// New names the resources of a stack with the given data buckets.
func New(scope naming.Scope, env awsenv.Env, buckets []string) Names {
	n := Names{
		FlowLogs:   scope.Child("flow-logs").Name(naming.LogGroup),
		Trail:      scope.Child("trail").Name(naming.Trail),
		TrailLogs:  scope.Child("trail").Name(naming.LogGroup),
		TrailTopic: scope.Child("trail").Name(naming.SNSTopic),
		Auditor:    scope.Child("auditor").Name(naming.IAMRole),
		Alarms:     scope.Pattern(),
		AccessLogs: scope.Child(accessLogsNoun).BucketName(env),
		Archive:    scope.Child(archiveNoun).BucketName(env),
		Data:       make(map[string]string, len(buckets)),
		Database:   scope.Child("database").Name(naming.RDSIdentifier),
	}
	for _, name := range buckets {
		n.Data[name] = scope.Child(name).BucketName(env)
	}
	n.LogGroups = append([]string{n.FlowLogs, n.TrailLogs}, rdsrules.LogGroupNames(n.Database)...)
	return n
}

// DataBuckets lists the names of the data buckets, in the order of the configuration's names.
func (n Names) DataBuckets() []string {
	buckets := make([]string, 0, len(n.Data))
	for _, name := range slices.Sorted(maps.Keys(n.Data)) {
		buckets = append(buckets, n.Data[name])
	}
	return buckets
}

// Realm is where a name must be the only one of its kind.
type Realm int

// The realms, from the widest to the narrowest.
const (
	// Partition is all accounts of a partition together: names of buckets.
	Partition Realm = iota
	// Account is one account: names of IAM.
	Account
	// Region is one account in one region: all others.
	Region
	// Stack is what the stack makes for itself alone, such as the security groups of its own VPC.
	Stack
)

// Resource is a resource with a name of its own.
type Resource struct {
	Type  string // in Terraform's words
	Realm Realm
	Name  string
}

// Options are what decides which resources a stack has.
type Options struct {
	Buckets            []string // data buckets
	AlarmsOff          []string // alarms of package cisalarms that are left out
	TrailNotifications bool
	Auditor            bool
	Endpoints          bool // interface endpoints
}

// Resources lists every resource of a stack that has a name, by type and name. Only Terraform's own additions are left out:
// the end of the parameter group's name, which makes it unique.
func Resources(scope naming.Scope, env awsenv.Env, options Options) []Resource {
	t := table{scope: scope}
	names := New(scope, env, options.Buckets)
	t.keys()
	t.buckets(names, options)
	t.roles(options)
	t.audit(names, options)
	t.database(names)
	t.named("aws_security_group", Stack, naming.SecurityGroup, "network-workloads", "database")
	if options.Endpoints {
		t.named("aws_security_group", Stack, naming.SecurityGroup, "network-endpoints")
	}
	return t.rows
}

// table is the list while it is made.
type table struct {
	scope naming.Scope
	rows  []Resource
}

func (t *table) add(kind string, realm Realm, names ...string) {
	for _, name := range names {
		t.rows = append(t.rows, Resource{kind, realm, name})
	}
}

// named adds resources that are called by a noun.
func (t *table) named(kind string, realm Realm, limit naming.Limit, nouns ...string) {
	for _, noun := range nouns {
		t.add(kind, realm, t.scope.Child(noun).Name(limit))
	}
}

func (t *table) keys() {
	for _, purpose := range []string{"logs", "data", "database"} {
		t.add("aws_kms_alias", Region, "alias/"+t.scope.Child(purpose).Name(naming.KMSAlias))
	}
}

func (t *table) buckets(names Names, options Options) {
	t.add("aws_s3_bucket", Partition, names.AccessLogs, names.Archive)
	t.add("aws_s3_bucket", Partition, names.DataBuckets()...)
	for _, bucket := range options.Buckets {
		t.named("aws_iam_policy", Account, naming.IAMPolicy, bucket+"-reader", bucket+"-writer")
	}
}

// roles adds the roles, each with the policy of the same name.
func (t *table) roles(options Options) {
	roles := []string{"trail-delivery", "network-flow-logs", "database-monitoring"}
	if options.Auditor {
		roles = append(roles, "auditor")
	}
	t.named("aws_iam_role", Account, naming.IAMRole, roles...)
	t.named("aws_iam_policy", Account, naming.IAMPolicy, append(roles, "database-connect")...)
}

func (t *table) audit(names Names, options Options) {
	t.add("aws_cloudwatch_log_group", Region, names.LogGroups...)
	t.add("aws_cloudtrail", Region, names.Trail)
	t.named("aws_sns_topic", Region, naming.SNSTopic, "alarms")
	if options.TrailNotifications {
		t.add("aws_sns_topic", Region, names.TrailTopic)
	}
	for _, key := range cisalarms.Keys() {
		if !slices.Contains(options.AlarmsOff, key) {
			t.named("aws_cloudwatch_metric_alarm", Region, naming.Alarm, key)
			t.named("aws_cloudwatch_log_metric_filter", Stack, naming.Alarm, key)
		}
	}
}

func (t *table) database(names Names) {
	t.add("aws_db_instance", Region, names.Database)
	t.named("aws_db_subnet_group", Region, naming.DBSubnetGroup, "database")
	t.add("aws_db_parameter_group", Stack, t.scope.Child("database").Name(naming.DBParameterGroupPrefix-1)+"-")
	t.named("aws_db_event_subscription", Region, naming.DBEventSubscription, "database-events")
	t.named("aws_cloudwatch_metric_alarm", Region, naming.Alarm,
		"database-cpu", "database-memory", "database-storage", "database-connections", "database-transaction-ids")
}
