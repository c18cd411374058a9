package stacks

import (
	"maps"
	"slices"

	"securebaseline/constructs/rds"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
	"securebaseline/internal/naming"
)

// names are the physical names that policies must mention before the resources exist.
type names struct {
	trail      string
	trailLogs  string
	trailTopic string
	flowLogs   string
	logGroups  []string // every log group under the logs key
	alarms     string   // a pattern
	auditor    string
	accessLogs string
	archive    string            // the trail's bucket
	data       map[string]string // data buckets, by the names of the configuration
	database   string
}

func physicalNames(scope naming.Scope, env awsenv.Env, buckets map[string]config.DataBucket) names {
	n := names{
		flowLogs:   scope.Child("flow-logs").Name(naming.LogGroup),
		trail:      scope.Child("trail").Name(naming.Trail),
		trailLogs:  scope.Child("trail").Name(naming.LogGroup),
		trailTopic: scope.Child("trail").Name(naming.SNSTopic),
		auditor:    scope.Child("auditor").Name(naming.IAMRole),
		alarms:     scope.Pattern(),
		accessLogs: scope.Child("access-logs").BucketName(env),
		archive:    scope.Child("trail").BucketName(env),
		data:       make(map[string]string, len(buckets)),
		database:   scope.Child("database").Name(naming.RDSIdentifier),
	}
	for name := range buckets {
		n.data[name] = scope.Child(name).BucketName(env)
	}
	n.logGroups = append([]string{n.flowLogs, n.trailLogs}, rds.LogGroupNames(n.database)...)
	return n
}

// dataBuckets lists the names of the data buckets, in the order of the configuration's names.
func (n names) dataBuckets() []string {
	buckets := make([]string, 0, len(n.data))
	for _, name := range slices.Sorted(maps.Keys(n.data)) {
		buckets = append(buckets, n.data[name])
	}
	return buckets
}
