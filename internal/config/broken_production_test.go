package config

import "testing"

var brokenProduction = []breakage{
	{"environments.prod.accountId", ``,
		prodPath + `accountId: must be set in profile "production", so that nothing reaches the wrong account`},
	{"environments.prod.logging.alarmEmails", ``,
		prodPath + `logging.alarmEmails: must hold an address in profile "production", unless ` +
			`logging.alarmWebhooks holds a URL: without either, alarms notify nobody`},
	{"environments.prod.logging.alarmEmails", `[]`,
		prodPath + `logging.alarmEmails = []: must hold an address in profile "production", unless ` +
			`logging.alarmWebhooks holds a URL: without either, alarms notify nobody`},
	{"environments.prod.logging", `{"alarmEmails":[],"alarmWebhooks":[]}`,
		prodPath + `logging.alarmEmails = []: must hold an address in profile "production", unless ` +
			`logging.alarmWebhooks holds a URL: without either, alarms notify nobody`},
	{"environments.prod.logging.retentionDays", `180`,
		prodPath + `logging.retentionDays = 180: must be at least 365 days in profile "production", a year of ` +
			`evidence`},
	{"environments.prod.logging.retentionDays", `1`,
		prodPath + `logging.retentionDays = 1: must be at least 365 days in profile "production", a year of evidence`},
	{"environments.prod.s3.trail", `{"archiveAfterDays":0,"expireAfterDays":2}`,
		prodPath + `s3.trail.expireAfterDays = 2: must be at least 365 days in profile "production", a year of ` +
			`evidence`},
	{"environments.prod.s3.trail", `{"archiveAfterDays":90,"expireAfterDays":364}`,
		prodPath + `s3.trail.expireAfterDays = 364: must be at least 365 days in profile "production", a year of ` +
			`evidence`},
	{"environments.prod.s3.accessLogs.expireAfterDays", `364`,
		prodPath + `s3.accessLogs.expireAfterDays = 364: must be at least 365 days in profile "production", a year ` +
			`of evidence`},
	{"environments.prod.s3.accessLogs.expireAfterDays", `1`,
		prodPath + `s3.accessLogs.expireAfterDays = 1: must be at least 365 days in profile "production", a year of ` +
			`evidence`},
	{"environments.prod.permissionsBoundary", `"arn:aws:iam::999900001111:policy/x"`,
		prodPath + `permissionsBoundary = "arn:aws:iam::999900001111:policy/x": must be a policy of the account ` +
			`111122223333, not of another`},
	{"environments.prod.rds.discardOnDestroy", `true`,
		prodPath + `rds.discardOnDestroy = true: must be false in profile "production"; its backups would be lost ` +
			`with the database`},
	{"environments.prod.rds", `{"zone":"eu-central-1a"}`,
		prodPath + `rds.zone = "eu-central-1a": must be left out of a Multi-AZ deployment, which RDS places itself`},
	{"environments.prod.accountId", `"1"`, prodPath + `accountId = "1": must be 12 digits`},
	{"environments.prod.profile", `"prodution"`,
		prodPath + `profile = "prodution": must be one of ephemeral, standard, production; did you mean "production"?`},
}

func TestBrokenProduction(t *testing.T) { assertBroken(t, brokenProduction) }
