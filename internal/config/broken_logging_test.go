package config

import (
	"strings"
	"testing"
)

var brokenLogging = []breakage{
	{"environments.dev.logging.retentionDays", `100`,
		devPath + `logging.retentionDays = 100: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, ` +
			`545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653`},
	{"environments.dev.logging.retentionDays", `"365"`,
		devPath + `logging.retentionDays = "365": must be a whole number, not a string`},
	{"environments.dev.logging.keepOnDestory", `true`,
		devPath + `logging.keepOnDestory = true: must be a known field; did you mean "keepOnDestroy"?`},
	{"environments.dev.logging.alarms.root-usage", `{}`,
		devPath + `logging.alarms.root-usage = {}: must be a known field; did you mean "root-use"?`},
	{"defaults.logging.alarms.unauthorised-calls", `{}`,
		defaultsPath + `logging.alarms.unauthorised-calls = {}: must be a known field; did you mean ` +
			`"unauthorized-calls"?`},
	{"environments.dev.logging.alarms.weather", `{}`,
		devPath + `logging.alarms.weather = {}: must be a known field, one of bucket-policy-changes, ` +
			`cloudtrail-changes, config-changes, gateway-changes, iam-policy-changes, key-deletion, ` +
			`network-acl-changes, organization-changes, root-use, route-table-changes, security-group-changes, ` +
			`sign-in-failures, sign-in-without-mfa, unauthorized-calls, vpc-changes`},
	{"environments.dev.logging.alarms", `["root-use"]`,
		devPath + `logging.alarms = ["root-use"]: must be an object, not a list`},
	{"environments.dev.logging.alarms.root-use", `false`,
		devPath + `logging.alarms.root-use = false: must be an object, not a boolean`},
	{"environments.dev.logging.alarms.root-use.enable", `false`,
		devPath + `logging.alarms.root-use.enable = false: must be a known field; did you mean "enabled"?`},
	{"environments.dev.logging.alarms.root-use.enabled", `"no"`,
		devPath + `logging.alarms.root-use.enabled = "no": must be true or false, not a string`},
	{"environments.dev.logging.alarms.root-use.threshold", `0`,
		devPath + `logging.alarms.root-use.threshold = 0: must be 1 to 100000 events`},
	{"environments.dev.logging.alarms.root-use.threshold", `1.5`,
		devPath + `logging.alarms.root-use.threshold = 1.5: must be a whole number, not a fraction`},
	{"environments.dev.logging.alarms.root-use.periodSeconds", `30`,
		devPath + `logging.alarms.root-use.periodSeconds = 30: must be 60 to 86400 seconds in steps of 60`},
	{"environments.dev.logging.alarms.root-use.periodSeconds", `90`,
		devPath + `logging.alarms.root-use.periodSeconds = 90: must be 60 to 86400 seconds in steps of 60`},
	{"environments.dev.logging.alarms.root-use.periodSeconds", `90000`,
		devPath + `logging.alarms.root-use.periodSeconds = 90000: must be 60 to 86400 seconds in steps of 60`},
	{"environments.dev.logging.alarmEmails", `["a@example.com","security"]`,
		devPath + `logging.alarmEmails[1] = "security": must be an e-mail address, such as security@example.com`},
	{"environments.dev.logging.alarmEmails", `["a@example.com","a@example.com"]`,
		devPath + `logging.alarmEmails = ["a@example.com","a@example.com"]: must hold no duplicates; item 2 ` +
			`repeats item 1`},
	{"environments.dev.logging.alarmEmails", `"a@example.com"`,
		devPath + `logging.alarmEmails = "a@example.com": must be a list, not a string`},
	{"defaults.logging.alarmWebhooks", `["http://example.com"]`,
		defaultsPath + `logging.alarmWebhooks[0] = "http://example.com": must be an HTTPS URL, such as ` +
			`https://alarms.example.com/aws`},
	{"defaults.logging.alarmWebhooks", `["https://u:p@example.com"]`,
		defaultsPath + `logging.alarmWebhooks[0] = "https://u:p@example.com": must not hold a user or password: it ` +
			`would be readable in the configuration and the state`},
	{"environments.dev.logging.auditors", `["alice"]`,
		devPath + `logging.auditors[0] = "alice": must be the ARN of an IAM role or user, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.logging.auditors", `["arn:aws:iam::111122223333:root"]`,
		devPath + `logging.auditors[0] = "arn:aws:iam::111122223333:root": must be the ARN of an IAM role or user, ` +
			`such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.logging.auditors", `["arn:aws-cn:iam::111122223333:role/a"]`,
		devPath + `logging.auditors[0] = "arn:aws-cn:iam::111122223333:role/a": must be in the region's partition, ` +
			`aws`},
	{"environments.dev.logging.dataEvents", `"all"`,
		devPath + `logging.dataEvents = "all": must be true or false, not a string`},
	{"environments.dev.logging.insight", `true`,
		devPath + `logging.insight = true: must be a known field; did you mean "insights"?`},
	{"environments.dev.logging.alarmEmails", `[".a@example.com"]`,
		devPath + `logging.alarmEmails[0] = ".a@example.com": must have letters, digits, signs and single dots ` +
			`between them before the @`},
	{"environments.dev.logging.alarmEmails", `["a..b@example.com"]`,
		devPath + `logging.alarmEmails[0] = "a..b@example.com": must have letters, digits, signs and single dots ` +
			`between them before the @`},
	{"environments.dev.logging.alarmEmails", `["a@b"]`,
		devPath + `logging.alarmEmails[0] = "a@b": must have a host behind the @ that is a full name, such as ` +
			`alarms.example.com`},
	{"environments.dev.logging.alarmEmails", `["a@10.0.0.1"]`,
		devPath + `logging.alarmEmails[0] = "a@10.0.0.1": must have a host behind the @ that is a name and no IP ` +
			`address`},
	{"environments.dev.logging.alarmEmails", `["a@example..com"]`,
		devPath + `logging.alarmEmails[0] = "a@example..com": must have a host behind the @ that is of parts of 1 ` +
			`to 63 letters, digits and hyphens between them, joined by dots`},
	{"environments.dev.logging.alarmEmails", `[""]`,
		devPath + `logging.alarmEmails[0] = "": must be an e-mail address, such as security@example.com`},
	{"environments.dev.logging.alarmEmails", `[" "]`,
		devPath + `logging.alarmEmails[0] = " ": must be an e-mail address, such as security@example.com`},
	{"environments.dev.logging.alarmEmails", `["a@example.com "]`,
		devPath + `logging.alarmEmails[0] = "a@example.com ": must have a host behind the @ that is of parts of 1 ` +
			`to 63 letters, digits and hyphens between them, joined by dots`},
	{"environments.dev.logging.alarmEmails", `["a@x.com;b@y.com"]`,
		devPath + `logging.alarmEmails[0] = "a@x.com;b@y.com": must be an e-mail address, such as ` +
			`security@example.com`},
	{"environments.dev.logging.alarmEmails", `["` + long[:65] + `@example.com"]`,
		devPath + `logging.alarmEmails[0] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: must be ` +
			`at most 254 characters long, of which 64 before the @`},
	{"environments.dev.logging.alarmEmails", `["a@` + long[:64] + `.com"]`,
		devPath + `logging.alarmEmails[0] = "a@xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: must ` +
			`have a host behind the @ that is of parts of 1 to 63 letters, digits and hyphens between them, joined ` +
			`by dots`},
	{"environments.dev.logging.alarmEmails", `["a@mail.local"]`,
		devPath + `logging.alarmEmails[0] = "a@mail.local": must have a host behind the @ that does not end with ` +
			`local, by which no server is reached from the internet`},
	{"environments.dev.logging.alarmWebhooks", `["https://a..b"]`,
		devPath + `logging.alarmWebhooks[0] = "https://a..b": must have a host that is of parts of 1 to 63 letters, ` +
			`digits and hyphens between them, joined by dots`},
	{"environments.dev.logging.alarmWebhooks", `["https://-x.com"]`,
		devPath + `logging.alarmWebhooks[0] = "https://-x.com": must have a host that is of parts of 1 to 63 ` +
			`letters, digits and hyphens between them, joined by dots`},
	{"environments.dev.logging.alarmWebhooks", `["https://example.com:99999"]`,
		devPath + `logging.alarmWebhooks[0] = "https://example.com:99999": must have a port of 1 to 65535, or none`},
	{"environments.dev.logging.alarmWebhooks", `["https://example.com:0"]`,
		devPath + `logging.alarmWebhooks[0] = "https://example.com:0": must have a port of 1 to 65535, or none`},
	{"environments.dev.logging.alarmWebhooks", `["https://10.0.0.1/x"]`,
		devPath + `logging.alarmWebhooks[0] = "https://10.0.0.1/x": must have a host that is a name and no IP address`},
	{"environments.dev.logging.alarmWebhooks", `["https://[::1]/x"]`,
		devPath + `logging.alarmWebhooks[0] = "https://[::1]/x": must have a host that is a name and no IP address`},
	{"environments.dev.logging.alarmWebhooks", `["https://localhost/x"]`,
		devPath + `logging.alarmWebhooks[0] = "https://localhost/x": must have a host that is a full name, such as ` +
			`alarms.example.com`},
	{"environments.dev.logging.alarmWebhooks", `["https://alarms"]`,
		devPath + `logging.alarmWebhooks[0] = "https://alarms": must have a host that is a full name, such as ` +
			`alarms.example.com`},
	{"environments.dev.logging.alarmWebhooks", `["https://api.acme.internal"]`,
		devPath + `logging.alarmWebhooks[0] = "https://api.acme.internal": must have a host that does not end with ` +
			`internal, by which no server is reached from the internet`},
	{"environments.dev.logging.alarmWebhooks", `[""]`,
		devPath + `logging.alarmWebhooks[0] = "": must be an HTTPS URL, such as https://alarms.example.com/aws`},
	{"environments.dev.logging.alarmWebhooks", `["https://example.com/${x}"]`,
		devPath + `logging.alarmWebhooks[0] = "https://example.com/${x}": must be an HTTPS URL, such as ` +
			`https://alarms.example.com/aws`},
	{"environments.dev.logging.alarmWebhooks", `["https://example.com/` + strings.Repeat("a", 2048) + `"]`,
		devPath + `logging.alarmWebhooks[0] = "https://example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…: must ` +
			`be at most 2048 characters long, not 2068`},
	{"environments.dev.logging.auditors", `["arn:aws:iam::111122223333:role/a","arn:aws:iam::111122223333:role/a"]`,
		devPath + `logging.auditors = ["arn:aws:iam::111122223333:role/a","arn:aws:iam::1111222233…: must hold no ` +
			`duplicates; item 2 repeats item 1`},
	{"environments.dev.logging.auditors", `[""]`,
		devPath + `logging.auditors[0] = "": must be the ARN of an IAM role or user, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.logging.retentionDays", `0`,
		devPath + `logging.retentionDays = 0: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, ` +
			`545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653`},
	{"environments.dev.logging.trail", `"org"`,
		devPath + `logging.trail = "org": must be one of own, organization, none; did you mean "organization"?`},
	{"environments.dev.logging.trail", `"organization"`,
		devPath + `logging.organizationId: must be set with logging.trail "organization"`},
	{"environments.dev.logging.organizationId", `"o-abcdefghij"`,
		devPath + `logging.organizationId = "o-abcdefghij": must be left out unless logging.trail is "organization"`},
	{"environments.dev.logging.organizationId", `"acme"`,
		devPath + `logging.organizationId = "acme": must be the id of an organization, o-…`},
	{"environments.dev.logging.managementAccountId", `"222233334444"`,
		devPath + `logging.managementAccountId = "222233334444": must be left out unless logging.trail is ` +
			`"organization"`},
	{"environments.dev.logging.managementAccountId", `"2222"`,
		devPath + `logging.managementAccountId = "2222": must be an account id of 12 digits`},
	{"environments.dev.logging.trailLogGroup", `"logs"`,
		devPath + `logging.trailLogGroup = "logs": must be left out unless logging.trail is "none"`},
	{"environments.dev.logging.trailLogGroup", `"a b"`,
		devPath + `logging.trailLogGroup = "a b": must be the name of a log group, such as ` +
			`aws-controltower/CloudTrailLogs`},
	{"environments.dev.logging", `{"trail":"none","dataEvents":true}`,
		devPath + `logging.dataEvents = true: must be false while logging.trail is "none"`},
	{"environments.dev.logging", `{"trail":"none","insights":true}`,
		devPath + `logging.insights = true: must be false while logging.trail is "none"`},
	{"environments.dev.logging", `{"trail":"none","trailNotifications":true}`,
		devPath + `logging.trailNotifications = true: must be false while logging.trail is "none"`},
	{"environments.dev.logging.retentionDays", `null`,
		devPath + `logging.retentionDays: must be a whole number, not null`},
}

func TestBrokenLogging(t *testing.T) { assertBroken(t, brokenLogging) }
