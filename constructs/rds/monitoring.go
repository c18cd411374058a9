package rds

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchmetricalarm"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbeventsubscription"

	"securebaseline/internal/naming"
	"securebaseline/internal/rdsrules"
	"securebaseline/internal/servicerole"
	"securebaseline/internal/tf"
)

// monitoringSeconds is the interval of enhanced monitoring, the longest and cheapest that RDS offers.
const monitoringSeconds = 60

func (i *Instance) addMonitoringRole() (err error) {
	i.monitoring, err = servicerole.New(i.node, "monitoring-role", servicerole.Props{
		Naming:              i.props.Naming.Child("monitoring"),
		Description:         "Writes the database's operating system metrics to their log group",
		Service:             i.props.Env.ServicePrincipal("monitoring.rds"),
		TrustConditions:     monitoringTrust(i.props.Env, i.props.Identifier),
		Statements:          monitoringStatements(i.props.Env),
		PermissionsBoundary: i.props.PermissionsBoundary,
	})
	return err
}

// When alarms go off. Each value is an average of five minutes, three times in a row, so that a backup or a burst wakes
// nobody.
const (
	alarmPeriodSeconds = 300
	alarmPeriods       = 3

	cpuPercent = 90
	// lowMemoryPercent and lowStoragePercent are of what the class and the initial volume have. RDS enlarges the volume at
	// the same level, so the alarm tells that it does not or cannot.
	lowMemoryPercent  = 5
	lowStoragePercent = 10
	// connectionsPercent leaves room for what RDS itself takes of the memory from which PostgreSQL derives its limit.
	connectionsPercent = 70
	// oldestTransaction is half of what PostgreSQL can tell apart. Beyond, it stops to accept writes (AWS Database Blog,
	// "Implement an Early Warning System for Transaction ID Wraparound in Amazon RDS for PostgreSQL").
	oldestTransaction = 1_000_000_000
)

type alarm struct {
	id, metric, description string
	threshold               int
	below                   bool
}

// alarms are what an instance is watched for. There is none for the lag of replicas: a standby is not one, and the
// construct makes no others.
func alarms(p Props) []alarm {
	memory, _ := rdsrules.Memory(p.Class) // validated
	return []alarm{
		{id: "cpu", metric: "CPUUtilization", threshold: cpuPercent,
			description: "The processors have been busy for a quarter of an hour"},
		{id: "memory", metric: "FreeableMemory", threshold: memory / 100 * lowMemoryPercent, below: true,
			description: "Memory is nearly used up; the database may restart"},
		{id: "storage", metric: "FreeStorageSpace", threshold: p.Storage.GiB * rdsrules.GiB / 100 * lowStoragePercent, below: true,
			description: "Storage is nearly full and was not enlarged; the database stops when it is"},
		{id: "connections", metric: "DatabaseConnections", threshold: rdsrules.MaxConnections(memory) * connectionsPercent / 100,
			description: "Connections are nearly used up; clients will be refused"},
		{id: "transaction-ids", metric: "MaximumUsedTransactionIDs", threshold: oldestTransaction,
			description: "Vacuum has not kept up; the database stops to accept writes when transaction ids run out"},
	}
}

func (i *Instance) addAlarms() {
	var actions *[]*string
	if i.props.Alarms.TopicARN != "" {
		actions = jsii.Strings(i.props.Alarms.TopicARN)
	}
	for _, a := range alarms(i.props) {
		scope := i.props.Naming.Child(a.id)
		comparison := "GreaterThanThreshold"
		if a.below {
			comparison = "LessThanThreshold"
		}
		cloudwatchmetricalarm.NewCloudwatchMetricAlarm(i.node, jsii.String(a.id+"-alarm"), &cloudwatchmetricalarm.CloudwatchMetricAlarmConfig{
			AlarmName:          jsii.String(scope.Name(naming.Alarm)),
			AlarmDescription:   &a.description,
			Namespace:          jsii.String("AWS/RDS"),
			MetricName:         &a.metric,
			Dimensions:         &map[string]*string{"DBInstanceIdentifier": i.instance.Identifier()},
			Statistic:          jsii.String("Average"),
			Period:             jsii.Number(alarmPeriodSeconds),
			EvaluationPeriods:  jsii.Number(alarmPeriods),
			ComparisonOperator: &comparison,
			Threshold:          jsii.Number(a.threshold),
			// An instance that reports nothing is stopped or lost.
			TreatMissingData: jsii.String("breaching"),
			AlarmActions:     actions,
			OkActions:        actions,
			Tags:             tf.StringMap(scope.Tags()),
			DependsOn:        i.props.Alarms.Ready.Ptr(),
		})
	}
}

// eventCategories are those that an operator must know of. Left out are what happens every day, such as backups, and what
// belongs to replicas (RDS User Guide, "Amazon RDS event categories and event messages").
var eventCategories = []string{
	"availability", "configuration change", "deletion", "failover", "failure", "low storage", "maintenance", "notification",
	"recovery", "restoration",
}

func (i *Instance) addEventSubscription() {
	if i.props.Alarms.TopicARN == "" {
		return
	}
	scope := i.props.Naming.Child("events")
	dbeventsubscription.NewDbEventSubscription(i.node, jsii.String("events"), &dbeventsubscription.DbEventSubscriptionConfig{
		Name:            jsii.String(scope.Name(naming.DBEventSubscription)),
		SnsTopic:        &i.props.Alarms.TopicARN,
		SourceType:      jsii.String("db-instance"),
		SourceIds:       &[]*string{i.instance.Identifier()},
		EventCategories: jsii.Strings(eventCategories...),
		Tags:            tf.StringMap(scope.Tags()),
		// RDS publishes to the topic when it makes the subscription, and refuses one that it may not publish to (RDS User
		// Guide, "Granting permissions to publish notifications to an Amazon SNS topic").
		DependsOn: i.props.Alarms.Ready.Ptr(),
	})
}
