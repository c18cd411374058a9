package rds

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbeventsubscription"

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
	// lowMemoryPercent and lowStoragePercent are of what the class and the initial volume have. RDS enlarges the volume
	// at the same level, so the alarm tells that it does not or cannot.
	lowMemoryPercent  = 5
	lowStoragePercent = 10
	// connectionsPercent leaves room for what RDS itself takes of the memory from which PostgreSQL derives its limit.
	connectionsPercent = 70
	// oldestTransaction is half of what PostgreSQL can tell apart. Beyond, it stops to accept writes (AWS Database
	// Blog, "Implement an Early Warning System for Transaction ID Wraparound in Amazon RDS for PostgreSQL").
	oldestTransaction = 1_000_000_000
)

type watch struct {
	id, metric, description string
	threshold               int
	below                   bool
}

// watches are what an instance is watched for, by the ids of rdsrules.Alarms. There is none for the lag of replicas: a
// standby is not one, and the construct makes no others.
func watches(p Props) []watch {
	memory, _ := rdsrules.Memory(p.Class) // validated
	return []watch{
		{id: "cpu", metric: "CPUUtilization", threshold: cpuPercent,
			description: "The processors have been busy for a quarter of an hour"},
		{id: "memory", metric: "FreeableMemory", threshold: memory / 100 * lowMemoryPercent, below: true,
			description: "Memory is nearly used up; the database may restart"},
		{id: "storage", metric: "FreeStorageSpace", threshold: p.Storage.GiB * rdsrules.GiB / 100 * lowStoragePercent,
			below:       true,
			description: "Storage is nearly full and was not enlarged; the database stops when it is"},
		{id: "connections", metric: "DatabaseConnections",
			threshold:   rdsrules.MaxConnections(memory) * connectionsPercent / 100,
			description: "Connections are nearly used up; clients will be refused"},
		{id: "transaction-ids", metric: "MaximumUsedTransactionIDs", threshold: oldestTransaction,
			description: "Vacuum has not kept up; the database stops to accept writes when transaction ids run out"},
	}
}

func addAlarms(node constructs.Construct, p Props, identifier string) {
	for _, w := range watches(p) {
		comparison := alarm.Above
		if w.below {
			comparison = alarm.Below
		}
		alarm.Add(node, w.id+"-alarm", alarm.Props{
			Name:          p.Names.Alarms[w.id],
			Description:   w.description,
			Namespace:     "AWS/RDS",
			Metric:        w.metric,
			Dimensions:    map[string]string{"DBInstanceIdentifier": identifier},
			Statistic:     "Average",
			PeriodSeconds: alarmPeriodSeconds,
			Periods:       alarmPeriods,
			Comparison:    comparison,
			Threshold:     w.threshold,
			Missing:       alarm.MissingIsBad, // an instance that reports nothing is stopped or lost
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

func addEventSubscription(node constructs.Construct, p Props, identifier *string) {
	if p.Topic.ARN == "" {
		return
	}
	dbeventsubscription.NewDbEventSubscription(node, jsii.String("events"),
		&dbeventsubscription.DbEventSubscriptionConfig{
			Name:            &p.Names.EventSubscription,
			SnsTopic:        &p.Topic.ARN,
			SourceType:      jsii.String("db-instance"),
			SourceIds:       &[]*string{identifier},
			EventCategories: jsii.Strings(eventCategories...),
			Tags:            tf.StringMap(p.Naming.Child("events").Tags()),
			// RDS publishes to the topic when it makes the subscription, and refuses one that it may not publish to
			// (RDS User Guide, "Granting permissions to publish notifications to an Amazon SNS topic").
			DependsOn: p.Topic.Ready.Ptr(),
		})
}
