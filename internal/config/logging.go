package config

import (
	"securebaseline/internal/awsenv"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/subscriber"
)

// Logging configures the audit trail, its alarms and the log groups.
type Logging struct {
	// RetentionDays is how long log groups keep events. At least 365 in profile "production".
	RetentionDays RetentionDays `json:"retentionDays,omitempty"`
	// KeepOnDestroy leaves the log groups and the evidence in them when the stack is destroyed.
	KeepOnDestroy bool `json:"keepOnDestroy,omitempty"`
	// AlarmEmails are the addresses that are told of alarms; profile "production" needs one, or a webhook. Each must confirm a message from AWS first.
	AlarmEmails []string `json:"alarmEmails,omitempty" jsonschema:"uniqueItems=true" jsonschema_extras:"x-allowed=e-mail addresses"`
	// AlarmWebhooks are the HTTPS URLs that are told of alarms. Each must confirm a message from AWS first.
	AlarmWebhooks []string `json:"alarmWebhooks,omitempty" jsonschema:"uniqueItems=true" jsonschema_extras:"x-allowed=HTTPS URLs"`
	// Alarms tunes the alarms by name.
	Alarms map[string]Alarm `json:"alarms,omitempty"`
	// DataEvents also records reads and writes of objects in the data buckets. They are priced by event.
	DataEvents bool `json:"dataEvents,omitempty"`
	// Insights also reports unusual rates of calls and errors. They are priced by event.
	Insights bool `json:"insights,omitempty"`
	// TrailNotifications adds a topic that is told of each file of the trail, for programs that process them.
	TrailNotifications bool `json:"trailNotifications,omitempty"`
	// Auditors are the ARNs of the IAM roles and users that may assume a role, with MFA, that reads the audit trail and the log groups and nothing else. Without any there is no such role.
	Auditors []string `json:"auditors,omitempty" jsonschema:"uniqueItems=true" jsonschema_extras:"x-allowed=ARNs of IAM roles and users"`
}

// RetentionDays is a time in days that CloudWatch Logs can keep events.
type RetentionDays int

// Alarm tunes one alarm.
type Alarm struct {
	// Enabled makes the alarm.
	Enabled bool `json:"enabled,omitempty" jsonschema:"default=true"`
	// Threshold is the number of events within a period from which on the alarm goes off.
	Threshold int `json:"threshold,omitempty" jsonschema:"minimum=1,maximum=100000,default=1" jsonschema_extras:"x-unit=events"`
	// PeriodSeconds is the time over which events are counted.
	PeriodSeconds int `json:"periodSeconds,omitempty" jsonschema:"minimum=60,maximum=86400,default=300" jsonschema_extras:"x-unit=seconds,x-allowed=60 to 86400 seconds in steps of 60"`
}

// alarmDefaults is how every alarm is unless the configuration tunes it.
func alarmDefaults() map[string]any {
	all := map[string]any{}
	for _, key := range cisalarms.Keys() {
		all[key] = map[string]any{
			"enabled": true, "threshold": cisalarms.DefaultThreshold, "periodSeconds": cisalarms.DefaultPeriodSeconds,
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
	c.each(logging.Auditors, principalIn(env), "logging", "auditors")
}
