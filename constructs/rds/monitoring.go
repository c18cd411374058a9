package rds

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbeventsubscription"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbinstance"

	"securebaseline/internal/alarm"
	"securebaseline/internal/rdsrules"
	"securebaseline/internal/tf"
)

// monitoringSeconds is the interval of enhanced monitoring, the longest and cheapest that RDS offers.
const monitoringSeconds = 60

// Thresholds of the alarms. Each value is an average of five minutes, three times in a row, so that a backup or a burst
// wakes nobody.
const (
	alarmPeriodSeconds = 300
	alarmPeriods       = 3

	cpuPercent = 90
	// lowMemoryPercent and lowStoragePercent are of what the class and the volume have. RDS enlarges the volume at the
	// same level, so the alarm means that it has not, or cannot.
	lowMemoryPercent  = 5
	lowStoragePercent = 10
	// connectionsPercent leaves room for what RDS itself takes of the memory from which PostgreSQL derives its limit.
	connectionsPercent = 70
	// oldestTransaction is half of what PostgreSQL can tell apart. Beyond that it stops accepting writes (AWS Database
	// Blog, "Implement an Early Warning System for Transaction ID Wraparound in Amazon RDS for PostgreSQL").
	oldestTransaction = 1_000_000_000
)

// heartbeat is the alarm that also fires when the instance no longer reports anything.
const heartbeat = "cpu"

type watch struct {
	id, metric, description string
	threshold               int
	expression              string // of the threshold, where Terraform knows it
	below                   bool
}

// watches are what an instance is watched for, by the ids of rdsrules.Alarms. There is none for the lag of replicas: a
// standby is not one, and the construct makes no others.
//
// The volume grows, so the threshold of its alarm is computed from the size that Terraform finds at each plan. What RDS
// adds between two plans only makes the alarm later, not silent: its own event "low storage" reaches the topic, too.
func watches(p Props, instance dbinstance.DbInstance) []watch {
	memory, _ := rdsrules.Memory(p.Class) // validated
	return []watch{
		{id: "cpu", metric: "CPUUtilization", threshold: cpuPercent,
			description: "The processors have been busy for a quarter of an hour"},
		{id: "memory", metric: "FreeableMemory", threshold: memory / 100 * lowMemoryPercent, below: true,
			description: "Memory is nearly used up; the database may restart"},
		{id: "storage", metric: "FreeStorageSpace", below: true,
			expression: fmt.Sprintf("${floor(%s.allocated_storage * %d * %d / 100)}", *instance.Fqn(), rdsrules.GiB,
				lowStoragePercent),
			description: "Storage is nearly full and was not enlarged; the database stops when it is"},
		{id: "connections", metric: "DatabaseConnections",
			threshold:   rdsrules.MaxConnections(memory) * connectionsPercent / 100,
			description: "Connections are nearly used up; clients will be refused"},
		{id: "transaction-ids", metric: "MaximumUsedTransactionIDs", threshold: oldestTransaction,
			description: "Vacuum has not kept up; the database stops to accept writes when transaction ids run out"},
	}
}

func addAlarms(node constructs.Construct, p Props, instance dbinstance.DbInstance) {
	identifier := *instance.Identifier()
	for _, w := range watches(p, instance) {
		comparison := alarm.Above
		if w.below {
			comparison = alarm.Below
		}
		alarm.Add(node, w.id+"-alarm", alarm.Props{
			Name:                p.Names.Alarms[w.id],
			Description:         w.description,
			Namespace:           "AWS/RDS",
			Metric:              w.metric,
			Dimensions:          map[string]string{"DBInstanceIdentifier": identifier},
			Statistic:           "Average",
			PeriodSeconds:       alarmPeriodSeconds,
			Periods:             alarmPeriods,
			Comparison:          comparison,
			Threshold:           w.threshold,
			ThresholdExpression: w.expression,
			// A new instance reports nothing for some minutes, which must wake nobody. One that no longer
			// reports is stopped or lost: one alarm says so, and not all of them.
			Missing:       alarm.MissingIsUnknown,
			NotifyUnknown: w.id == heartbeat,
			Topic:         p.Topic,
			NotifyOK:      true,
			Tags:          p.Naming.Child(w.id).Tags(),
		})
	}
}

// eventCategories are those that an operator must know of. Left out are what happens every day, such as backups, and
// what belongs to replicas (RDS User Guide, "Amazon RDS event categories and event messages").
var eventCategories = []string{
	"availability", "configuration change", "deletion", "failover", "failure", "low storage", "maintenance",
	"notification",
	"recovery", "restoration",
}

// addEventSubscriptions tells the topic what happens to the instance, and when somebody changes its parameters, among
// which is that clients must use TLS.
func addEventSubscriptions(node constructs.Construct, p Props, identifier, parameterGroup *string) {
	if p.Topic.ARN == "" {
		return
	}
	add := func(id, name, sourceType string, source *string, categories []string) {
		dbeventsubscription.NewDbEventSubscription(node, &id, &dbeventsubscription.DbEventSubscriptionConfig{
			Name:            &name,
			SnsTopic:        &p.Topic.ARN,
			SourceType:      &sourceType,
			SourceIds:       &[]*string{source},
			EventCategories: jsii.Strings(categories...),
			Tags:            tf.StringMap(p.Naming.Child(id).Tags()),
			// RDS publishes to the topic when it makes the subscription, and refuses one that it may not publish to
			// (RDS User Guide, "Granting permissions to publish notifications to an Amazon SNS topic").
			DependsOn: p.Topic.Ready.Ptr(),
		})
	}
	add("events", p.Names.EventSubscription, "db-instance", identifier, eventCategories)
	add("parameter-events", p.Names.ParameterSubscription, "db-parameter-group", parameterGroup,
		[]string{"configuration change"})
}
