package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/cisalarms"
)

func TestAlarmsAreOnUnlessTuned(t *testing.T) {
	context := contextOf(t, valid)
	edit(t, context, "defaults.logging.alarms",
		`{"unauthorized-calls": {"threshold": 20}, "root-use": {"enabled": false}}`)
	edit(t, context, "environments.dev.logging.alarms",
		`{"unauthorized-calls": {"periodSeconds": 60}, "root-use": {"enabled": true}, "vpc-changes": {"enabled": `+
			`false}}`)
	cfg, err := resolve(context, "dev", true)
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
	assert.Equal(t, []any{float64(cisalarms.MinThreshold), float64(cisalarms.MaxThreshold)},
		[]any{threshold["minimum"], threshold["maximum"]})
	period := properties["periodSeconds"].(map[string]any)
	assert.Equal(t, []any{float64(cisalarms.PeriodStepSeconds), float64(cisalarms.MaxPeriodSeconds),
		float64(cisalarms.DefaultPeriodSeconds)},
		[]any{period["minimum"], period["maximum"], period["default"]})
	assert.Equal(t, true, properties["enabled"].(map[string]any)["default"])
}

func mustCompile(t *testing.T) compiled {
	t.Helper()
	compiled, err := compile()
	require.NoError(t, err)
	return compiled
}
