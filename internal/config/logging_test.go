package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/cisalarms"
)

func TestBrokenLogging(t *testing.T) {
	const alarmNames = "bucket-policy-changes, cloudtrail-changes, config-changes, gateway-changes, iam-policy-changes, key-deletion, " +
		"network-acl-changes, organization-changes, root-use, route-table-changes, security-group-changes, sign-in-failures, " +
		"sign-in-without-mfa, unauthorized-calls, vpc-changes"
	tests := []struct{ path, value, want string }{
		{"environments.dev.logging.alarms.root-usage", `{}`, devPath + `logging.alarms.root-usage: unknown field; did you mean "root-use"?`},
		{"defaults.logging.alarms.unauthorised-calls", `{}`, defaultsPath + `logging.alarms.unauthorised-calls: unknown field; did you mean "unauthorized-calls"?`},
		{"environments.dev.logging.alarms.weather", `{}`, devPath + `logging.alarms.weather: unknown field; allowed are ` + alarmNames},
		{"environments.dev.logging.alarms", `["root-use"]`, devPath + `logging.alarms = ["root-use"]: must be an object, not a list`},
		{"environments.dev.logging.alarms.root-use", `false`, devPath + `logging.alarms.root-use = false: must be an object, not a boolean`},
		{"environments.dev.logging.alarms.root-use.enable", `false`, devPath + `logging.alarms.root-use.enable: unknown field; did you mean "enabled"?`},
		{"environments.dev.logging.alarms.root-use.enabled", `"no"`, devPath + `logging.alarms.root-use.enabled = "no": must be true or false, not a string`},
		{"environments.dev.logging.alarms.root-use.threshold", `0`, devPath + `logging.alarms.root-use.threshold = 0: out of range; allowed is 1 to 100000 events`},
		{"environments.dev.logging.alarms.root-use.threshold", `1.5`, devPath + `logging.alarms.root-use.threshold = 1.5: must be a whole number, not a fraction`},
		{"environments.dev.logging.alarms.root-use.periodSeconds", `30`, devPath + `logging.alarms.root-use.periodSeconds = 30: out of range; allowed is 60 to 86400 seconds`},
		{"environments.dev.logging.alarms.root-use.periodSeconds", `90`, devPath + `logging.alarms.root-use.periodSeconds = 90: must be 60 to 86400 seconds in steps of 60`},
		{"environments.dev.logging.alarms.root-use.periodSeconds", `90000`, devPath + `logging.alarms.root-use.periodSeconds = 90000: out of range; allowed is 60 to 86400 seconds`},
		{"environments.dev.logging.alarmEmails", `["a@example.com","security"]`, devPath + `logging.alarmEmails[1] = "security": must be an e-mail address, such as security@example.com`},
		{"environments.dev.logging.alarmEmails", `["a@example.com","a@example.com"]`, devPath + `logging.alarmEmails = ["a@example.com","a@example.com"]: item 2 repeats item 1; each may stand once`},
		{"environments.dev.logging.alarmEmails", `"a@example.com"`, devPath + `logging.alarmEmails = "a@example.com": must be a list, not a string`},
		{"defaults.logging.alarmWebhooks", `["http://example.com"]`, defaultsPath + `logging.alarmWebhooks[0] = "http://example.com": must be an HTTPS URL, such as https://alarms.example.com/aws`},
		{"defaults.logging.alarmWebhooks", `["https://u:p@example.com"]`, defaultsPath + `logging.alarmWebhooks[0] = "https://u:p@example.com": must not hold a user or password: it would be readable in the configuration and the state`},
		{"environments.dev.logging.auditors", `["alice"]`, devPath + `logging.auditors[0] = "alice": must be the ARN of an IAM role or user: arn:aws:iam::ACCOUNT:role/NAME`},
		{"environments.dev.logging.auditors", `["arn:aws:iam::111122223333:root"]`, devPath + `logging.auditors[0] = "arn:aws:iam::111122223333:root": must be the ARN of an IAM role or user: arn:aws:iam::ACCOUNT:role/NAME`},
		{"environments.dev.logging.auditors", `["arn:aws-cn:iam::111122223333:role/a"]`, devPath + `logging.auditors[0] = "arn:aws-cn:iam::111122223333:role/a": must be in the region's partition "aws", not in "aws-cn"`},
		{"environments.dev.logging.dataEvents", `"all"`, devPath + `logging.dataEvents = "all": must be true or false, not a string`},
		{"environments.dev.logging.insight", `true`, devPath + `logging.insight: unknown field; did you mean "insights"?`},
	}
	for _, test := range tests {
		t.Run(test.path+" "+test.value, func(t *testing.T) {
			assert.Equal(t, []string{test.want}, broken(t, "dev", map[string]string{test.path: test.value}))
		})
	}
}

func TestProductionKeepsAYearOfLogs(t *testing.T) {
	const prod = "context.baseline.environments.prod.logging.retentionDays"
	assert.Equal(t, []string{prod + ` = 180: must be at least 365 days in profile "production"`},
		broken(t, "prod", map[string]string{"environments.prod.logging.retentionDays": "180"}))
	assert.Equal(t, []string{defaultsPath + `logging.retentionDays = 90: must be at least 365 days in profile "production"`},
		broken(t, "prod", map[string]string{"defaults.logging.retentionDays": "90"}))
	for environment, days := range map[string]string{"staging": "180", "prod": "365"} {
		context := contextOf(t, valid)
		edit(t, context, "environments."+environment+".logging.retentionDays", days)
		_, err := resolve(context, environment)
		assert.NoError(t, err, environment)
	}
}

func TestAlarmsAreOnUnlessTuned(t *testing.T) {
	context := contextOf(t, valid)
	edit(t, context, "defaults.logging.alarms", `{"unauthorized-calls": {"threshold": 20}, "root-use": {"enabled": false}}`)
	edit(t, context, "environments.dev.logging.alarms", `{"unauthorized-calls": {"periodSeconds": 60}, "root-use": {"enabled": true}, "vpc-changes": {"enabled": false}}`)
	cfg, err := resolve(context, "dev")
	require.NoError(t, err)
	want := map[string]Alarm{}
	for _, key := range cisalarms.Keys() {
		want[key] = Alarm{Enabled: true, Threshold: 1, PeriodSeconds: 300}
	}
	want["unauthorized-calls"] = Alarm{Enabled: true, Threshold: 20, PeriodSeconds: 60}
	want["vpc-changes"] = Alarm{Enabled: false, Threshold: 1, PeriodSeconds: 300}
	assert.Equal(t, want, cfg.Logging.Alarms)
}

// TestAlarmLimitsAgree keeps the schema's limits, which are text in tags, and the checks of the construct in step.
func TestAlarmLimitsAgree(t *testing.T) {
	properties := rulesAt(mustCompile(t).rules, "#/$defs/Alarm/properties")
	threshold := properties["threshold"].(map[string]any)
	assert.Equal(t, []any{float64(cisalarms.MinThreshold), float64(cisalarms.MaxThreshold), float64(cisalarms.DefaultThreshold)},
		[]any{threshold["minimum"], threshold["maximum"], threshold["default"]})
	period := properties["periodSeconds"].(map[string]any)
	assert.Equal(t, []any{float64(cisalarms.PeriodStepSeconds), float64(cisalarms.MaxPeriodSeconds), float64(cisalarms.DefaultPeriodSeconds)},
		[]any{period["minimum"], period["maximum"], period["default"]})
	assert.Equal(t, true, properties["enabled"].(map[string]any)["default"])
}

func mustCompile(t *testing.T) compiled {
	t.Helper()
	compiled, err := compile()
	require.NoError(t, err)
	return compiled
}
