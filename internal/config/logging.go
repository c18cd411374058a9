package config

import (
	"fmt"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/subscriber"
)

// Logging configures the audit trail, its alarms and the log groups.
type Logging struct {
	RetentionDays      RetentionDays    `json:"retentionDays,omitempty"`
	KeepOnDestroy      bool             `json:"keepOnDestroy,omitempty"`
	AlarmEmails        []string         `json:"alarmEmails,omitempty"`
	AlarmWebhooks      []string         `json:"alarmWebhooks,omitempty"`
	Alarms             map[string]Alarm `json:"alarms,omitempty"`
	DataEvents         bool             `json:"dataEvents,omitempty"`
	Insights           bool             `json:"insights,omitempty"`
	TrailNotifications bool             `json:"trailNotifications,omitempty"`
	Auditors           []string         `json:"auditors,omitempty"`
}

var loggingFields = map[string]Field{
	"retentionDays": {Meaning: "How long log groups keep events." + productionMinimum},
	"keepOnDestroy": {Meaning: "Leaves the log groups and the evidence in them when the stack is destroyed."},
	"alarmEmails": {
		Meaning: "The addresses that are notified of alarms; profile \"production\" needs one, or a webhook. Each " +
			"must confirm a message from AWS first.",
		Allowed: "e-mail addresses", Unique: true,
	},
	"alarmWebhooks": {
		Meaning: "The HTTPS URLs that are notified of alarms. Each must confirm a message from AWS first.",
		Allowed: "HTTPS URLs", Unique: true,
	},
	"alarms": {Meaning: "Tunes the alarms by name."},
	"dataEvents": {
		Meaning: "Also records reads and writes of objects in the data buckets. They are priced by event.",
	},
	"insights": {Meaning: "Also reports unusual rates of calls and errors. They are priced by event."},
	"trailNotifications": {
		Meaning: "Adds a topic that is notified of each file of the trail, for programs that process them.",
	},
	"auditors": {
		Meaning: "The people who may assume a role that reads the audit trail and the log groups and nothing " +
			"else. " + peopleMeaning + " Without any there is no such role.",
		Allowed: peopleAllowed, Unique: true,
	},
}

// RetentionDays is a time in days that CloudWatch Logs can keep events.
type RetentionDays int

// Alarm tunes one alarm.
type Alarm struct {
	Enabled       bool `json:"enabled,omitempty"`
	Threshold     int  `json:"threshold,omitempty"`
	PeriodSeconds int  `json:"periodSeconds,omitempty"`
}

var alarmFields = map[string]Field{
	"enabled": {Meaning: "Whether the alarm exists."},
	"threshold": {
		Meaning: "The number of events within a period at which the alarm fires.",
		Bounds:  &Bounds{cisalarms.MinThreshold, cisalarms.MaxThreshold, "events"},
		Default: fmt.Sprintf("%d, or what [the table of alarms](#alarms) says", cisalarms.DefaultThreshold),
	},
	"periodSeconds": {
		Meaning: "The time over which events are counted.",
		Allowed: fmt.Sprintf("%d to %d seconds in steps of %[1]d", cisalarms.PeriodStepSeconds,
			cisalarms.MaxPeriodSeconds),
		Bounds: &Bounds{cisalarms.PeriodStepSeconds, cisalarms.MaxPeriodSeconds, "seconds"},
	},
}

// alarmDefaults is how every alarm is unless the configuration tunes it.
func alarmDefaults() map[string]any {
	all := map[string]any{}
	for _, alarm := range cisalarms.All() {
		all[alarm.Key] = map[string]any{
			"enabled": true, "threshold": alarm.Threshold(), "periodSeconds": cisalarms.DefaultPeriodSeconds,
		}
	}
	return all
}

func (c *checker) logging(env awsenv.Env, logging Logging) {
	for _, key := range cisalarms.Keys() {
		period := logging.Alarms[key].PeriodSeconds
		c.problemIf(c.where("logging", "alarms", key, "periodSeconds"), period, cisalarms.CheckPeriod(period))
	}
	c.each(logging.AlarmEmails, subscriber.CheckEmail, "logging", "alarmEmails")
	c.each(logging.AlarmWebhooks, subscriber.CheckHTTPS, "logging", "alarmWebhooks")
	c.each(logging.Auditors, peopleIn(env), "logging", "auditors")
}
