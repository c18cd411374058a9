package logging

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchlogmetricfilter"

	"securebaseline/internal/alarm"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
	"securebaseline/internal/tf"
)

// AlarmsProps configures Alarms.
type AlarmsProps struct {
	// Naming gives the alarms their metrics and tags. Required.
	Naming naming.Scope
	// Names are the names of the alarms and of their filters, by the keys of package cisalarms. Required.
	Names map[string]string
	// LogGroupName is the trail's log group. Given as an attribute of the group, it makes the filters wait for it.
	// Required.
	LogGroupName string
	// Topic is what alarms publish to; its policy and its key's must let them. Required.
	Topic tf.Ref
	// Tuning changes single alarms of package cisalarms, by key. Default: all are on.
	Tuning map[string]Tuning
}

// Tuning changes one alarm.
type Tuning struct {
	// Off leaves the alarm out.
	Off bool
	// Threshold is the number of events within a period at which the alarm fires. Default: that of the alarm.
	Threshold int
	// PeriodSeconds is the time over which events are counted, 60 to 86400 seconds in steps of 60. Default 300.
	PeriodSeconds int
}

// of returns the tuning of an alarm, with its defaults.
func (t Tuning) of(event cisalarms.Alarm) Tuning {
	t.Threshold = cmp.Or(t.Threshold, event.Threshold())
	t.PeriodSeconds = cmp.Or(t.PeriodSeconds, cisalarms.DefaultPeriodSeconds)
	return t
}

func (p AlarmsProps) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the alarms' metrics and tags")
	l.Require("props.LogGroupName", p.LogGroupName != "", "the trail's log group")
	l.Require("props.Topic.ARN", p.Topic.ARN != "", "the topic that alarms publish to")
	for _, key := range cisalarms.Keys() {
		l.Require(fmt.Sprintf("props.Names[%q]", key), p.Names[key] != "", "the name of the alarm")
	}
	for _, key := range slices.Sorted(maps.Keys(p.Tuning)) {
		tuning, path := p.Tuning[key].of(cisalarms.Alarm{}), fmt.Sprintf("props.Tuning[%q]", key)
		l.CheckThat(slices.Contains(cisalarms.Keys(), key), path, nil, "must be for one of the alarms %s",
			strings.Join(cisalarms.Keys(), ", "))
		l.Check(path+".Threshold", tuning.Threshold, cisalarms.CheckThreshold(tuning.Threshold))
		l.Check(path+".PeriodSeconds", tuning.PeriodSeconds, cisalarms.CheckPeriod(tuning.PeriodSeconds))
	}
	return l.Err()
}

// Alarms watch for events in the audit trail, as the CIS AWS Foundations Benchmark asks.
type Alarms struct{ names []string }

// NewAlarms adds a metric filter and an alarm for each kind of event to scope.
func NewAlarms(scope constructs.Construct, id string, props AlarmsProps) (*Alarms, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("alarms %q: %w", id, err)
	}
	node := constructs.NewConstruct(scope, &id)
	var names []string
	for _, event := range cisalarms.All() {
		if tuning := props.Tuning[event.Key].of(event); !tuning.Off {
			addAlarm(node, props, event, tuning)
			names = append(names, props.Names[event.Key])
		}
	}
	return &Alarms{names}, nil
}

// addAlarm counts events in a metric and watches it.
func addAlarm(node constructs.Construct, props AlarmsProps, event cisalarms.Alarm, tuning Tuning) {
	name, namespace := props.Names[event.Key], props.Naming.MetricNamespace()
	cloudwatchlogmetricfilter.NewCloudwatchLogMetricFilter(node, jsii.String(event.Key+"-filter"),
		&cloudwatchlogmetricfilter.CloudwatchLogMetricFilterConfig{
			Name:         &name,
			LogGroupName: &props.LogGroupName,
			Pattern:      &event.Pattern,
			MetricTransformation: &cloudwatchlogmetricfilter.CloudwatchLogMetricFilterMetricTransformation{
				Namespace: &namespace, Name: &event.Key, Value: jsii.String("1"),
			},
		})
	alarm.Add(node, event.Key+"-alarm", alarm.Props{
		Name:          name,
		Description:   fmt.Sprintf("%s (CIS AWS Foundations Benchmark %s)", event.Title, event.Control),
		Namespace:     namespace,
		Metric:        event.Key,
		Statistic:     "Sum",
		Comparison:    alarm.AtLeast,
		Threshold:     tuning.Threshold,
		PeriodSeconds: tuning.PeriodSeconds,
		Periods:       1,
		Missing:       alarm.MissingIsGood, // the metric has values only while events match
		Topic:         props.Topic,
		Tags:          props.Naming.Child(event.Key).Tags(),
	})
}

// Names lists the names of the alarms.
func (a *Alarms) Names() []string { return slices.Clone(a.names) }
