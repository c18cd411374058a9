// Package inventory knows the physical name of every resource of a stack before the stack exists: the names that
// policies must mention, and the table by which the configuration finds two resources that would have the same one.
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

// FirstDatabase is what the database is called that needs no name of its own.
const FirstDatabase = ""

// Names are the physical names of a stack's resources. Policies mention them before the resources exist, and constructs
// are given them: nobody computes one a second time.
type Names struct {
	// LogsKey, DataKey and DatabaseKey are the aliases of the keys, without "alias/".
	LogsKey, DataKey, DatabaseKey string

	AccessLogs string            // the bucket that access to the others is logged to
	Archive    string            // the trail's bucket
	Data       map[string]Bucket // data buckets, by the names of the configuration

	Trail         string
	TrailDelivery naming.RoleNames
	TrailLogs     string // log group
	TrailTopic    string
	AlarmTopic    string
	Alarms        map[string]string // on the audit trail, by the keys of package cisalarms
	AlarmPattern  string            // that matches all alarms, also the database's
	Auditor       naming.RoleNames

	FlowLogs        string // log group
	FlowLogDelivery naming.RoleNames
	Workloads       string // security group
	Endpoints       string // security group

	Databases map[string]Database // by the names of the configuration; FirstDatabase has none

	LogGroups []string // every log group under the logs key
}

// Bucket are the names of a data bucket and of the policies for its users.
type Bucket struct{ Name, ReaderPolicy, WriterPolicy string }

// Database are the names of a database and of what belongs to it.
type Database struct {
	Identifier           string // of the instance
	SubnetGroup          string
	ParameterGroupPrefix string // to which Terraform adds what makes the name unique
	SecurityGroup        string
	// EventSubscription is to events of the instance, ParameterSubscription to changes of its parameter group.
	EventSubscription, ParameterSubscription string
	Alarms                                   map[string]string // by the ids of rdsrules.Alarms
	Monitoring                               naming.RoleNames
	ConnectPolicy                            string
}

// New names the resources of a stack.
func New(scope naming.Scope, env awsenv.Env, options Options) Names {
	trail, topic := scope.Child("trail"), scope.Child("alarms")
	n := Names{
		LogsKey:         scope.Child("logs").Name(naming.KMSAlias),
		DataKey:         scope.Child("data").Name(naming.KMSAlias),
		DatabaseKey:     scope.Child("database").Name(naming.KMSAlias),
		AccessLogs:      scope.Child(accessLogsNoun).BucketName(env),
		Archive:         scope.Child(archiveNoun).BucketName(env),
		Data:            make(map[string]Bucket, len(options.Buckets)),
		Trail:           trail.Name(naming.Trail),
		TrailDelivery:   trail.Child("delivery").RoleNames(),
		TrailLogs:       trail.Name(naming.LogGroup),
		TrailTopic:      trail.Name(naming.SNSTopic),
		AlarmTopic:      topic.Name(naming.SNSTopic),
		Alarms:          map[string]string{},
		AlarmPattern:    scope.Pattern(),
		Auditor:         scope.Child("auditor").RoleNames(),
		FlowLogs:        scope.Child("flow-logs").Name(naming.LogGroup),
		FlowLogDelivery: scope.Child("network").Child("flow-logs").RoleNames(),
		Workloads:       scope.Child("network").Child("workloads").Name(naming.SecurityGroup),
		Endpoints:       scope.Child("network").Child("endpoints").Name(naming.SecurityGroup),
		Databases:       make(map[string]Database, len(options.Databases)),
	}
	for _, name := range options.Databases {
		n.Databases[name] = database(scope.Child(name).Child("database"))
	}
	for _, name := range options.Buckets {
		bucket := scope.Child(name)
		n.Data[name] = Bucket{
			Name:         bucket.BucketName(env),
			ReaderPolicy: bucket.Child("reader").Name(naming.IAMPolicy),
			WriterPolicy: bucket.Child("writer").Name(naming.IAMPolicy),
		}
	}
	for _, key := range cisalarms.Keys() {
		n.Alarms[key] = scope.Child(key).Name(naming.Alarm)
	}
	n.LogGroups = []string{n.FlowLogs}
	if !options.NoTrail {
		n.LogGroups = append(n.LogGroups, n.TrailLogs)
	}
	for _, database := range n.DatabaseList() {
		n.LogGroups = append(n.LogGroups, rdsrules.LogGroupNames(database.Identifier)...)
	}
	return n
}

func database(scope naming.Scope) Database {
	d := Database{
		Identifier:            scope.Name(naming.RDSIdentifier),
		SubnetGroup:           scope.Name(naming.DBSubnetGroup),
		ParameterGroupPrefix:  scope.Name(naming.DBParameterGroupPrefix-1) + "-",
		SecurityGroup:         scope.Name(naming.SecurityGroup),
		EventSubscription:     scope.Child("events").Name(naming.DBEventSubscription),
		ParameterSubscription: scope.Child("parameter-events").Name(naming.DBEventSubscription),
		Alarms:                map[string]string{},
		Monitoring:            scope.Child("monitoring").RoleNames(),
		ConnectPolicy:         scope.Child("connect").Name(naming.IAMPolicy),
	}
	for _, id := range rdsrules.Alarms() {
		d.Alarms[id] = scope.Child(id).Name(naming.Alarm)
	}
	return d
}

// EventSources are the ARNs of what publishes the events of databases: each instance, and a pattern of its parameter
// groups (RDS User Guide, "Granting permissions to publish notifications to an Amazon SNS topic").
func EventSources(env awsenv.Env, databases ...Database) []string {
	var sources []string
	for _, d := range databases {
		sources = append(sources, env.ARN("rds", "db:"+d.Identifier), env.ARN("rds", "pg:"+d.ParameterGroupPrefix+"*"))
	}
	return sources
}

// DatabaseList lists the databases, the first before those that have names, which are sorted.
func (n Names) DatabaseList() []Database {
	list := make([]Database, 0, len(n.Databases))
	for _, name := range slices.Sorted(maps.Keys(n.Databases)) {
		list = append(list, n.Databases[name])
	}
	return list
}

// DataBuckets lists the names of the data buckets, in the order of the configuration's names.
func (n Names) DataBuckets() []string {
	buckets := make([]string, 0, len(n.Data))
	for _, name := range slices.Sorted(maps.Keys(n.Data)) {
		buckets = append(buckets, n.Data[name].Name)
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
	Endpoints          bool     // interface endpoints
	Databases          []string // FirstDatabase, and the names of further ones
	NoTrail            bool     // neither a trail nor its bucket and log group
}

// Resources lists every resource of a stack that has a name, by type and name. Only Terraform's own additions are left
// out: the end of the parameter group's name, which makes it unique.
func Resources(scope naming.Scope, env awsenv.Env, options Options) []Resource {
	n := New(scope, env, options)
	var list []Resource
	add := func(resourceType string, realm Realm, names ...string) {
		for _, name := range names {
			list = append(list, Resource{resourceType, realm, name})
		}
	}
	addRole := func(role naming.RoleNames) {
		add("aws_iam_role", Account, role.Role)
		add("aws_iam_policy", Account, role.Policy)
	}
	addEach := func(resourceType string, realm Realm, names map[string]string, off ...string) {
		for _, key := range slices.Sorted(maps.Keys(names)) {
			if !slices.Contains(off, key) {
				add(resourceType, realm, names[key])
			}
		}
	}

	add("aws_kms_alias", Region, "alias/"+n.LogsKey, "alias/"+n.DataKey)
	add("aws_s3_bucket", Partition, n.AccessLogs)
	for _, name := range slices.Sorted(maps.Keys(n.Data)) {
		add("aws_s3_bucket", Partition, n.Data[name].Name)
		add("aws_iam_policy", Account, n.Data[name].ReaderPolicy, n.Data[name].WriterPolicy)
	}
	if !options.NoTrail {
		add("aws_s3_bucket", Partition, n.Archive)
		add("aws_cloudtrail", Region, n.Trail)
		addRole(n.TrailDelivery)
	}
	add("aws_cloudwatch_log_group", Region, n.LogGroups...)
	add("aws_sns_topic", Region, n.AlarmTopic)
	if options.TrailNotifications {
		add("aws_sns_topic", Region, n.TrailTopic)
	}
	addEach("aws_cloudwatch_metric_alarm", Region, n.Alarms, options.AlarmsOff...)
	addEach("aws_cloudwatch_log_metric_filter", Stack, n.Alarms, options.AlarmsOff...)
	if options.Auditor {
		addRole(n.Auditor)
	}
	addRole(n.FlowLogDelivery)
	add("aws_security_group", Stack, n.Workloads)
	if options.Endpoints {
		add("aws_security_group", Stack, n.Endpoints)
	}
	if len(n.Databases) > 0 {
		add("aws_kms_alias", Region, "alias/"+n.DatabaseKey)
	}
	for _, database := range n.DatabaseList() {
		add("aws_security_group", Stack, database.SecurityGroup)
		add("aws_db_instance", Region, database.Identifier)
		add("aws_db_subnet_group", Region, database.SubnetGroup)
		add("aws_db_parameter_group", Stack, database.ParameterGroupPrefix)
		add("aws_db_event_subscription", Region, database.EventSubscription, database.ParameterSubscription)
		addEach("aws_cloudwatch_metric_alarm", Region, database.Alarms)
		addRole(database.Monitoring)
		add("aws_iam_policy", Account, database.ConnectPolicy)
	}
	return list
}
