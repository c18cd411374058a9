package logging

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchlogmetricfilter"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchmetricalarm"

	"securebaseline/internal/cisalarms"
	"securebaseline/internal/faults"
	"securebaseline/internal/naming"
	"securebaseline/internal/tf"
)

// AlarmsProps configures Alarms.
type AlarmsProps struct {
	// Naming gives the alarms their names, metrics and tags. Required.
	Naming naming.Scope
	// LogGroupName is the trail's log group. Given as an attribute of the group, it makes the filters wait for it. Required.
	LogGroupName string
	// TopicARN is the topic that alarms publish to; its policy must let them. Required.
	TopicARN string
	// Tuning changes single alarms of package cisalarms, by key. Default: all are on, and go off at the first event.
	Tuning map[string]Tuning
	// DependsOn must contain the Ready of the topic and of its key: an alarm that cannot publish says so in its history only.
	DependsOn tf.Deps
}

// Tuning changes one alarm.
type Tuning struct {
	// Off leaves the alarm out.
	Off bool
	// Threshold is the number of events within a period from which on the alarm goes off. Default 1.
	Threshold int
	// PeriodSeconds is the time over which events are counted, 60 to 86400 seconds in steps of 60. Default 300.
	PeriodSeconds int
}

func (t Tuning) withDefaults() Tuning {
	if t.Threshold == 0 {
		t.Threshold = cisalarms.DefaultThreshold
	}
	if t.PeriodSeconds == 0 {
		t.PeriodSeconds = cisalarms.DefaultPeriodSeconds
	}
	return t
}

func (p AlarmsProps) validate() error {
	var f faults.List
	f.Require("LogGroupName", p.LogGroupName == "", "the trail's log group")
	f.Require("TopicARN", p.TopicARN == "", "the topic that alarms publish to")
	for _, key := range slices.Sorted(maps.Keys(p.Tuning)) {
		tuning := p.Tuning[key].withDefaults()
		if !slices.Contains(cisalarms.Keys(), key) {
			f.Add("Tuning: %q is not an alarm; allowed are %s", key, strings.Join(cisalarms.Keys(), ", "))
		}
		field := fmt.Sprintf("Tuning[%q]", key)
		f.Check(field+".Threshold", tuning.Threshold, cisalarms.CheckThreshold(tuning.Threshold))
		f.Check(field+".PeriodSeconds", tuning.PeriodSeconds, cisalarms.CheckPeriod(tuning.PeriodSeconds))
	}
	return f.Err()
}

// Alarms tell of events in the audit trail, as the CIS AWS Foundations Benchmark asks.
type Alarms struct{ names []string }

// NewAlarms adds a metric filter and an alarm for each kind of event to scope.
func NewAlarms(scope constructs.Construct, id string, props AlarmsProps) (*Alarms, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("alarms %q: %w", id, err)
	}
	node := constructs.NewConstruct(scope, &id)
	made := &Alarms{}
	for _, alarm := range cisalarms.All() {
		if tuning := props.Tuning[alarm.Key].withDefaults(); !tuning.Off {
			made.names = append(made.names, addAlarm(node, props, alarm, tuning))
		}
	}
	return made, nil
}

// addAlarm counts events in a metric and watches it. It returns the alarm's name.
func addAlarm(node constructs.Construct, props AlarmsProps, alarm cisalarms.Alarm, tuning Tuning) string {
	scope, namespace := props.Naming.Child(alarm.Key), props.Naming.MetricNamespace()
	name := scope.Name(naming.Alarm)
	cloudwatchlogmetricfilter.NewCloudwatchLogMetricFilter(node, jsii.String(alarm.Key+"-filter"), &cloudwatchlogmetricfilter.CloudwatchLogMetricFilterConfig{
		Name:         &name,
		LogGroupName: &props.LogGroupName,
		Pattern:      &alarm.Pattern,
		MetricTransformation: &cloudwatchlogmetricfilter.CloudwatchLogMetricFilterMetricTransformation{
			Namespace: &namespace, Name: &alarm.Key, Value: jsii.String("1"),
		},
	})
	cloudwatchmetricalarm.NewCloudwatchMetricAlarm(node, jsii.String(alarm.Key+"-alarm"), &cloudwatchmetricalarm.CloudwatchMetricAlarmConfig{
		AlarmName:          &name,
		AlarmDescription:   jsii.String(fmt.Sprintf("%s (CIS AWS Foundations Benchmark %s)", alarm.Title, alarm.Control)),
		Namespace:          &namespace,
		MetricName:         &alarm.Key,
		Statistic:          jsii.String("Sum"),
		ComparisonOperator: jsii.String("GreaterThanOrEqualToThreshold"),
		Threshold:          jsii.Number(tuning.Threshold),
		Period:             jsii.Number(tuning.PeriodSeconds),
		EvaluationPeriods:  jsii.Number(1),
		// The metric has values only while events match.
		TreatMissingData: jsii.String("notBreaching"),
		AlarmActions:     jsii.Strings(props.TopicARN),
		Tags:             tf.StringMap(scope.Tags()),
		DependsOn:        props.DependsOn.Ptr(),
	})
	return name
}

// Names lists the names of the alarms.
func (a *Alarms) Names() []string { return slices.Clone(a.names) }
