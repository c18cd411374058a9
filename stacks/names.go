package stacks

import (
	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
)

// names are the physical names that policies must mention before the resources exist.
type names struct {
	trail      string
	flowLogs   string
	logGroups  []string // every log group under the logs key
	alarms     string   // a pattern
	dataBucket string
	database   string
}

// databaseLogs are the logs that PostgreSQL on RDS exports (RDS User Guide, "RDS for PostgreSQL database log files").
var databaseLogs = []string{"postgresql", "upgrade", "iam-db-auth-error"}

func physicalNames(scope naming.Scope, env awsenv.Env) names {
	n := names{
		flowLogs:   scope.Child("flow-logs").Name(naming.LogGroup),
		trail:      scope.Child("trail").Name(naming.Trail),
		alarms:     scope.Pattern(),
		dataBucket: scope.Child("data").BucketName(env),
		database:   scope.Child("database").Name(naming.RDSIdentifier),
	}
	n.logGroups = []string{n.flowLogs, scope.Child("trail").Name(naming.LogGroup)}
	for _, log := range databaseLogs {
		n.logGroups = append(n.logGroups, "/aws/rds/instance/"+n.database+"/"+log)
	}
	return n
}
