// Package alarm makes CloudWatch alarms, all of them in the project. To watch something else, add a row to the table of
// its owner (internal/cisalarms for events in the audit trail, constructs/rds/monitoring.go for the database) or call
// Add from a new owner. Policies let every alarm of the stack publish by the pattern of its name.
package alarm

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchmetricalarm"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/tf"
)

// Missing is what an alarm makes of a period without data.
type Missing string

// The treatments of missing data that are used (CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing
// data").
const (
	MissingIsGood Missing = "notBreaching"
	// MissingIsUnknown leaves OK and alarm for "insufficient data", the state that an alarm also begins with: what
	// reports nothing yet does not fire, and what has stopped to report can be told of by NotifyUnknown.
	MissingIsUnknown Missing = "missing"
)

// Comparison is how values are compared with the threshold.
type Comparison string

// The comparisons that are used (CloudWatch API Reference, PutMetricAlarm, ComparisonOperator).
const (
	AtLeast Comparison = "GreaterThanOrEqualToThreshold"
	Above   Comparison = "GreaterThanThreshold"
	Below   Comparison = "LessThanThreshold"
)

// Props configures an alarm. Fields are required unless they have a default.
type Props struct {
	Name        string
	Description string

	Namespace string
	Metric    string
	// Dimensions pick one series of the metric. Default none.
	Dimensions map[string]string
	// Statistic is how values within a period become one, such as "Sum" or "Average".
	Statistic     string
	PeriodSeconds int
	// Periods is how many periods in a row must break the threshold before the alarm fires.
	Periods    int
	Comparison Comparison
	// Threshold is what values are compared with, in the unit of the metric.
	Threshold int
	// ThresholdExpression is a Terraform expression that yields the threshold, where only Terraform knows it. Default:
	// Threshold.
	ThresholdExpression string
	Missing             Missing

	// Topic is notified when the alarm fires. It is waited for: an alarm that may not publish says so in its history
	// only. Default: nobody is notified.
	Topic tf.Ref
	// NotifyOK also notifies the topic when the alarm goes back to OK.
	NotifyOK bool
	// NotifyUnknown also notifies the topic when the alarm loses its data.
	NotifyUnknown bool
	Tags          map[string]string
}

// Add adds an alarm to scope.
func Add(scope constructs.Construct, id string, props Props) {
	config := cloudwatchmetricalarm.CloudwatchMetricAlarmConfig{
		AlarmName:          &props.Name,
		AlarmDescription:   &props.Description,
		Namespace:          &props.Namespace,
		MetricName:         &props.Metric,
		Statistic:          &props.Statistic,
		Period:             jsii.Number(props.PeriodSeconds),
		EvaluationPeriods:  jsii.Number(props.Periods),
		ComparisonOperator: jsii.String(string(props.Comparison)),
		Threshold:          jsii.Number(props.Threshold),
		TreatMissingData:   jsii.String(string(props.Missing)),
		Tags:               tf.StringMap(props.Tags),
		DependsOn:          props.Topic.Ready.Ptr(),
	}
	if props.ThresholdExpression != "" {
		config.Threshold = cdktf.Token_AsNumber(props.ThresholdExpression)
	}
	if len(props.Dimensions) > 0 {
		config.Dimensions = tf.StringMap(props.Dimensions)
	}
	if props.Topic.ARN != "" {
		config.AlarmActions = jsii.Strings(props.Topic.ARN)
		if props.NotifyOK {
			config.OkActions = config.AlarmActions
		}
		if props.NotifyUnknown {
			config.InsufficientDataActions = config.AlarmActions
		}
	}
	cloudwatchmetricalarm.NewCloudwatchMetricAlarm(scope, &id, &config)
}
