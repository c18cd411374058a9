package config

import (
	"fmt"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/subscriber"
)

// Logging configures the audit trail, its alarms and the log groups.
type Logging struct {
	Trail               string           `json:"trail,omitempty"`
	OrganizationID      string           `json:"organizationId,omitempty"`
	ManagementAccountID string           `json:"managementAccountId,omitempty"`
	TrailLogGroup       string           `json:"trailLogGroup,omitempty"`
	RetentionDays       RetentionDays    `json:"retentionDays,omitempty"`
	KeepOnDestroy       bool             `json:"keepOnDestroy,omitempty"`
	AlarmEmails         []string         `json:"alarmEmails,omitempty"`
	AlarmWebhooks       []string         `json:"alarmWebhooks,omitempty"`
	Alarms              map[string]Alarm `json:"alarms,omitempty"`
	DataEvents          bool             `json:"dataEvents,omitempty"`
	Insights            bool             `json:"insights,omitempty"`
	TrailNotifications  bool             `json:"trailNotifications,omitempty"`
	Auditors            []string         `json:"auditors,omitempty"`
}

// What logging.trail may be.
const (
	OwnTrail          = "own"
	OrganizationTrail = "organization"
	NoTrail           = "none"
)

// HasTrail reports whether the stack makes an audit trail.
func (l Logging) HasTrail() bool { return l.Trail != NoTrail }

// Watched reports whether alarms watch an audit trail, be it one that the stack does not make.
func (l Logging) Watched() bool { return l.HasTrail() || l.TrailLogGroup != "" }

var loggingFields = map[string]Field{
	"trail": {
		Meaning: "The audit trail: \"own\" records this account, and \"organization\" all accounts of the " +
			"organization, from its management account or a delegated administrator's. \"none\" makes no trail, no " +
			"bucket and no log group for it, where another trail records the account: AWS charges for a second " +
			"copy of management events.",
		Enum: []string{OwnTrail, OrganizationTrail, NoTrail},
	},
	"organizationId": {
		Meaning: "The organization that the trail records. Required with \"organization\".",
		Allowed: "the id of an organization, o-…", Pattern: awsenv.OrganizationPattern,
	},
	"managementAccountId": {
		Meaning: "The management account, which owns the organization's trail, where a delegated administrator " +
			"creates it.",
		Allowed: "an account id of 12 digits", Pattern: awsenv.AccountPattern, Default: "the stack's own account",
	},
	"trailLogGroup": {
		Meaning: "With trail \"none\": the log group of this account and region that another trail is delivered to, " +
			"for the alarms. Without it there are no alarms on the audit trail.",
		Allowed: "the name of a log group, such as aws-controltower/CloudTrailLogs", Pattern: logGroupPattern,
	},
	"retentionDays": {Meaning: "How long log groups keep events." + productionMinimum},
	"keepOnDestroy": {Meaning: "Leaves the log groups and the evidence in them when the stack is destroyed."},
	"alarmEmails": {
		Meaning: "The addresses that are notified of alarms; profile \"production\" needs one, or a webhook. Each " +
			"must first confirm a message from AWS.",
		Allowed: "e-mail addresses", Unique: true,
	},
	"alarmWebhooks": {
		Meaning: "The HTTPS URLs that are notified of alarms. Each must first confirm a message from AWS.",
		Allowed: "HTTPS URLs", Unique: true,
	},
	"alarms": {Meaning: "Tunes the alarms by name."},
	"dataEvents": {
		Meaning: "Also records reads and writes of objects in the data buckets. AWS charges by event.",
	},
	"insights": {Meaning: "Also reports unusual rates of calls and errors. AWS charges by event."},
	"trailNotifications": {
		Meaning: "Adds a topic that is notified of each file of the trail, for programs that process the files.",
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
		Meaning: "The alarm fires at this number of events within a period.",
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
	c.auditTrail(logging)
	c.each(logging.AlarmEmails, subscriber.CheckEmail, "logging", "alarmEmails")
	c.each(logging.AlarmWebhooks, subscriber.CheckHTTPS, "logging", "alarmWebhooks")
	c.each(logging.Auditors, peopleIn(env), "logging", "auditors")
}

// logGroupPattern is what names of log groups are made of (CloudWatch Logs API Reference, CreateLogGroup).
const logGroupPattern = `^[A-Za-z0-9_/.#-]{1,512}$`

// auditTrail refuses what belongs to another kind of trail than the configured one.
func (c *checker) auditTrail(logging Logging) {
	if c.reported(c.where("logging", "trail")) {
		return
	}
	organization := logging.Trail == OrganizationTrail
	c.organization(organization, logging.OrganizationID, "logging", "trail")
	leftOut := func(allowed bool, trail, field, value string) {
		if value != "" && !allowed {
			c.problem(c.where("logging", field), value,
				fmt.Sprintf("must be left out unless logging.trail is %q", trail))
		}
	}
	leftOut(organization, OrganizationTrail, "managementAccountId", logging.ManagementAccountID)
	leftOut(!logging.HasTrail(), NoTrail, "trailLogGroup", logging.TrailLogGroup)
	if logging.HasTrail() {
		return
	}
	for _, field := range []struct {
		name string
		on   bool
	}{
		{"dataEvents", logging.DataEvents}, {"insights", logging.Insights},
		{"trailNotifications", logging.TrailNotifications},
	} {
		if field.on {
			c.problem(c.where("logging", field.name), true, `must be false while logging.trail is "none"`)
		}
	}
}
