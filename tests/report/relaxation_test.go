package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
	"securebaseline/internal/evidence"
	"securebaseline/internal/relaxation"
	"securebaseline/internal/testkit"
)

// relaxed compares an environment of cdktf.json, with some settings replaced, with production.
func relaxed(t *testing.T, environment string, replaced testkit.Settings) evidence.Relaxation {
	t.Helper()
	context, err := json.Marshal(testkit.Edit(t, environment, replaced)["context"])
	require.NoError(t, err)
	found, err := relaxation.Of(t.TempDir(), func(name string) (string, bool) {
		value, set := map[string]string{config.ContextVar: string(context), config.EnvironmentVar: environment}[name]
		return value, set
	}, testkit.JSON(t, environment, replaced), testkit.Account)
	require.NoError(t, err)
	return found
}

// said are the words of what is weaker, each once.
func said(all []evidence.Weaker) []string {
	var words []string
	for _, one := range all {
		words = append(words, one.Why)
	}
	return slices.Compact(slices.Sorted(slices.Values(words)))
}

// TestProductionRelaxesNothing compares production with itself.
func TestProductionRelaxesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("synthesizes each stack a second time, as production")
	}
	assert.Equal(t, evidence.Relaxation{Profile: "production", Settings: []evidence.RelaxedSetting{},
		Demands: []string{}, Weaker: []evidence.Weaker{}, Unjudged: []evidence.Weaker{}}, relaxed(t, "prod", nil))
	assert.Equal(t, relaxed(t, "prod", nil), relaxed(t, "prod", testkit.Settings{"tags": map[string]any{"Team": "x"},
		"logging.dataEvents": true}), "settings that do not depend on the profile are the same on both sides")
}

// TestProfilesRelax demands that each setting that a profile has otherwise is listed, and that what is weaker by it is
// found in the stack.
func TestProfilesRelax(t *testing.T) {
	for environment, profile := range map[string]config.Profile{"dev": config.Ephemeral, "staging": config.Standard} {
		t.Run(environment, func(t *testing.T) {
			var want []string
			for _, setting := range config.ProfileDefaults() {
				if setting.In(profile) != setting.Production {
					want = append(want, setting.Path)
				}
			}
			found := relaxed(t, environment, nil)
			var paths []string
			for _, setting := range found.Settings {
				paths = append(paths, setting.Path)
				assert.NotEqual(t, setting.Here, setting.Production)
			}
			assert.Equal(t, want, paths)
			for _, words := range []string{"no standby in another zone", "the log is kept for a shorter time",
				"backups are kept for a shorter time", "less time to stop the deletion of the key"} {
				assert.Contains(t, said(found.Weaker), words)
			}
			assert.Empty(t, found.Failure)
			assert.Contains(t, strings.Join(found.Demands, "\n"), "."+environment+".logging.alarmEmails: must hold")
			assert.Equal(t, environment == "dev", strings.Contains(strings.Join(found.Demands, "\n"), ".accountId"))
			for _, one := range found.Weaker {
				assert.NotEmpty(t, one.Construct, one.Address)
				assert.NotContains(t, one.Why, "${data.", "the account is named")
			}
		})
	}
}

// TestSettingsRelax finds what an environment of production gives up by settings of its own, also of further databases,
// and nothing in what is stricter than the profile.
func TestSettingsRelax(t *testing.T) {
	found := relaxed(t, "prod", testkit.Settings{"rds.multiAz": false, "logging.retentionDays": 3653,
		"rds.instances": map[string]any{"orders": map[string]any{"backupRetentionDays": 7}}})
	assert.Equal(t, []evidence.RelaxedSetting{
		{Path: "logging.retentionDays", Here: "3653", Production: "365",
			Gain: "a year of evidence, as benchmarks ask for"},
		{Path: "rds.multiAz", Here: "false", Production: "true", Gain: "a failed zone costs minutes, and no data"},
		{Path: "rds.instances.orders.backupRetentionDays", Here: "7", Production: "35", Gain: "the database can be " +
			"restored to any second of the longest period that AWS offers"},
	}, found.Settings)
	assert.Equal(t, []string{"backups are kept for a shorter time", "no standby in another zone"}, said(found.Weaker))
	assert.Empty(t, found.Demands)

	found = relaxed(t, "prod", testkit.Settings{"rds.multiAz": false, "rds.zone": "eu-central-1a",
		"network.zones": testkit.Zones("a", "b", "c")})
	assert.Contains(t, found.Demands[0], `rds.zone = "eu-central-1a": must be left out of a Multi-AZ deployment`)
	assert.Contains(t, found.Failure, "must be")
	assert.Empty(t, found.Weaker)
}

// TestPageComparesWithProduction looks for everything that a comparison has found.
func TestPageComparesWithProduction(t *testing.T) {
	if testing.Short() {
		t.Skip("synthesizes each stack a second time, as production")
	}
	for environment, nothing := range map[string]bool{"dev": false, "prod": true} {
		found := relaxed(t, environment, nil)
		report := reportOn(t, testkit.Synthesize(t, environment, nil), environment, exceptions(t), reported)
		report.Relaxed = &found
		text := pageOf(t, report, "")
		assertTags(t, text)
		assertLinks(t, elements(t, text))
		section := ""
		for _, node := range elements(t, text) {
			if attributeOf(node, "id") == "relaxed" {
				section = textOf(node)
			}
		}
		assert.Equal(t, nothing, strings.Contains(section, "Nothing is relaxed"))
		for _, setting := range found.Settings {
			assert.Contains(t, section, strings.Join([]string{setting.Path, setting.Here, setting.Production,
				setting.Gain}, " "))
		}
		for _, demand := range found.Demands {
			assert.Contains(t, section, demand)
		}
		for _, one := range found.Weaker {
			assert.Contains(t, section, one.Why+": "+one.Address+" "+one.Argument)
		}
	}
}
