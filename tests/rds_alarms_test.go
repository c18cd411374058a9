package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/testkit"
)

func TestDatabaseAlarms(t *testing.T) {
	const gib = 1 << 30
	stack := testkit.Synthesize(t, "prod", nil)
	for id, want := range map[string][]any{
		"cpu":    {"CPUUtilization", "GreaterThanThreshold", 90.0},
		"memory": {"FreeableMemory", "LessThanThreshold", float64(8 * gib / 100 * 5)},
		"storage": {"FreeStorageSpace", "LessThanThreshold", "${floor(" +
			stack.Address(t, "aws_db_instance", "database/Resource") + ".allocated_storage * 1073741824 * 10 / 100)}"},
		"connections":     {"DatabaseConnections", "GreaterThanThreshold", 630.0},
		"transaction-ids": {"MaximumUsedTransactionIDs", "GreaterThanThreshold", 1e9},
	} {
		alarm := stack.At(t, "aws_cloudwatch_metric_alarm", "database/"+id+"-alarm")
		assert.Equal(t, want,
			[]any{alarm.Attributes["metric_name"], alarm.Attributes["comparison_operator"],
				alarm.Attributes["threshold"]})
		assert.Equal(t, "AWS/RDS", alarm.Attributes["namespace"])
		assert.Equal(t, map[string]any{"DBInstanceIdentifier": "${" +
			stack.Address(t, "aws_db_instance", "database/Resource") + ".identifier}"}, alarm.Attributes["dimensions"])
		assert.Equal(t, "acme-database-"+id+"-prod", alarm.Attributes["alarm_name"],
			"the pattern by which the key and the topic let alarms publish")
		topic := []any{"${" + stack.Address(t, "aws_sns_topic", "alarm-topic/Resource") + ".arn}"}
		assert.Equal(t, topic, alarm.Attributes["alarm_actions"])
		assert.Equal(t, topic, alarm.Attributes["ok_actions"])
		assert.Equal(t, "missing", alarm.Attributes["treat_missing_data"], "a new instance reports nothing at first")
		if id == "cpu" {
			assert.Equal(t, topic, alarm.Attributes["insufficient_data_actions"], "one that reports nothing is lost")
		} else {
			assert.Nil(t, alarm.Attributes["insufficient_data_actions"], "one alarm is enough")
		}
	}
	small := testkit.Synthesize(t, "dev", nil)
	assert.Equal(t, 157.0,
		small.At(t, "aws_cloudwatch_metric_alarm", "database/connections-alarm").Attributes["threshold"],
		"of the class")

	parameters := stack.At(t, "aws_db_event_subscription", "database/parameter-events")
	assert.Equal(t, stack.Address(t, "aws_sns_topic", "alarm-topic/Resource"), parameters.Refers(t, "sns_topic"))
	assert.Equal(t, "db-parameter-group", parameters.Attributes["source_type"])
	assert.Equal(t, []any{"${" + stack.Address(t, "aws_db_parameter_group", "database/parameters") + ".name}"},
		parameters.Attributes["source_ids"])
	assert.Equal(t, []any{"configuration change"}, parameters.Attributes["event_categories"])

	events := stack.At(t, "aws_db_event_subscription", "database/events")
	assert.Equal(t, stack.Address(t, "aws_sns_topic", "alarm-topic/Resource"), events.Refers(t, "sns_topic"))
	assert.Equal(t, "db-instance", events.Attributes["source_type"])
	assert.Equal(t, []any{"${" + stack.Address(t, "aws_db_instance", "database/Resource") + ".identifier}"},
		events.Attributes["source_ids"])
	for _, category := range []string{"availability", "deletion", "failover", "failure", "low storage", "maintenance"} {
		assert.Contains(t, events.Attributes["event_categories"], category)
	}
}
