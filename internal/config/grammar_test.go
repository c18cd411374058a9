package config

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"securebaseline/internal/problem"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// grammar is the form of every error: the field, its value if it has one, and what is allowed.
var grammar = regexp.MustCompile(`^([^\s"=]|"(?:[^"\\]|\\.)*"?)+( = .+?)?: must [^\n]+$`)

func allBroken() []breakage {
	return slices.Concat(brokenShapes, brokenTexts, brokenKeys, brokenBackends, brokenNetworks, brokenDatabases,
		brokenBuckets,
		brokenLogging, brokenProduction, brokenPolicies)
}

// assertGrammar demands of a problem that it names path, value and rule, each once.
func assertGrammar(t testing.TB, p problem.Problem) {
	t.Helper()
	text := p.String()
	require.Regexp(t, grammar, text)
	assert.True(t, strings.HasPrefix(text, p.Path), text)
	assert.NotContains(t, p.Message, p.Path, "the path once")
	if p.Value == nil {
		return
	}
	value := problem.Show(p.Value)
	assert.True(t, strings.HasPrefix(text, p.Path+" = "+value+": must "), text)
	if utf8.RuneCountInString(value) > len(`"dev"`) { // shorter ones are part of words
		assert.NotContains(t, p.Message, value, "the value once")
	}
}

// TestGrammar asks every message of every table.
func TestGrammar(t *testing.T) {
	all := allBroken()
	assert.GreaterOrEqual(t, len(all), 220)
	for _, test := range all {
		context := contextOf(t, valid)
		edit(t, context, test.path, test.value)
		_, err := resolve(context, askedFor(test.path), true)
		var problems Problems
		require.ErrorAs(t, err, &problems, test.path)
		for _, p := range problems {
			assertGrammar(t, p)
		}
	}
	for _, text := range []string{"x: is wrong", "x = 7 must be 8", "must be 8", "x: not allowed; must be 8",
		"x: must be\n8"} {
		assert.NotRegexp(t, grammar, text)
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	assert.Equal(t, []string{
		defaultsPath + `owner: must be set, here or in context.baseline.environments.dev`,
		defaultsPath + `region = "eu-cental-1": must be one of 44 values, see the schema; did you mean "eu-central-1"?`,
		devPath + `kms.rotationDays = 1: must be 90 to 2560 days`,
		devPath + `projct = "acme": must be a known field; did you mean "project"?`,
		prodPath + `kms.deletionWindowDays = "30": must be a whole number, not a string`,
	}, broken(t, "dev", map[string]string{
		"defaults.owner": ``, "defaults.region": `"eu-cental-1"`, "environments.dev.kms.rotationDays": `1`,
		"environments.dev.projct": `"acme"`, "environments.prod.kms.deletionWindowDays": `"30"`,
	}), "also in environments that were not asked for")
}

func TestTooManyTags(t *testing.T) {
	tags := make([]string, 44)
	for i := range tags {
		tags[i] = `"` + strings.Repeat("k", i+1) + `": "v"`
	}
	assert.Equal(t, []string{defaultsPath +
		`tags: must be at most 43 tags, not 44, so that with the required ones there are no more than 50`},
		broken(t, "dev", map[string]string{"defaults.tags": "{" + strings.Join(tags, ",") + "}"}))
}

// TestPromisesOfProductionHoldForDefaults breaks them where all environments have it, which is right for the others.
func TestPromisesOfProductionHoldForDefaults(t *testing.T) {
	const promise = `: must be at least 365 days in profile "production", a year of evidence`
	for path, value := range map[string]string{"logging.retentionDays": "90", "s3.accessLogs.expireAfterDays": "90",
		"s3.trail.expireAfterDays": "364"} {
		edits := map[string]string{"defaults." + path: value}
		assert.Contains(t, broken(t, "prod", edits), defaultsPath+path+" = "+value+promise)
		context := contextOf(t, valid)
		edit(t, context, "defaults."+path, value)
		_, err := resolve(context, "staging", true)
		assert.NoError(t, err, path)
	}
	context := contextOf(t, valid)
	edit(t, context, "environments.prod.logging", `{"alarmWebhooks": ["https://alarms.example.com"]}`)
	_, err := resolve(context, "prod", true)
	assert.NoError(t, err, "a webhook is somebody too")
}

// TestOneFaultOnePlace lets two faults that follow from another be silent.
func TestOneFaultOnePlace(t *testing.T) {
	assert.Equal(t, []string{
		devPath + "rds.iops = 12000: must be left out below 400 GiB of storage, where the speed is fixed",
		devPath + "rds.throughputMiB = 500: must be left out below 400 GiB of storage, where the speed is fixed",
	}, broken(t, "dev", map[string]string{"environments.dev.rds": `{"storageGiB":399,"iops":12000,` +
		`"throughputMiB":500}`}), "each of its own")
	assert.Equal(t, []string{devPath + "s3.trail.objectLock.days = 0: must be 1 to 36500 days"},
		broken(t, "dev", map[string]string{"environments.dev.s3": `{"preventDestroy":true,` +
			`"trail":{"objectLock":{"mode":"governance","days":0}}}`}))
}
