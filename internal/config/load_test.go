package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// valid is a complete document, to be broken one field at a time.
const valid = `{"baseline": {
	"defaults": {
		"project": "acme", "owner": "platform", "costCenter": "42", "compliance": "cis", "region": "eu-central-1",
		"tags": {"Team": "blue"}
	},
	"environments": {
		"dev": {"profile": "ephemeral"},
		"staging": {"profile": "standard"},
		"prod": {"profile": "production", "accountId": "111122223333",
			"logging": {"alarmEmails": ["security@example.com"]}}
	}
}}`

func contextOf(t testing.TB, text string) map[string]any {
	t.Helper()
	var context map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &context))
	return context
}

// edit sets a value, given as JSON, at a path below baseline; an empty value removes what is there.
func edit(t testing.TB, context map[string]any, path, value string) {
	t.Helper()
	names := strings.Split("baseline."+path, ".")
	if value == "" {
		parent, _ := layer(context).get(names[:len(names)-1])
		delete(parent.(map[string]any), names[len(names)-1])
		return
	}
	var parsed any
	require.NoError(t, json.Unmarshal([]byte(value), &parsed))
	layer(context).set(names, parsed)
}

func TestLayersMergeFieldByField(t *testing.T) {
	context := contextOf(t, valid)
	edit(t, context, "defaults.kms",
		`{"deletionWindowDays": 10, "administrators": ["arn:aws:iam::111122223333:role/a"]}`)
	edit(t, context, "environments.dev.kms",
		`{"rotationDays": 90, "administrators": ["arn:aws:iam::111122223333:role/b"]}`)
	edit(t, context, "environments.dev.tags", `{"Level": "low"}`)
	cfg, err := resolve(context, "dev", true)
	require.NoError(t, err)
	assert.Equal(t, "dev", cfg.Environment)
	assert.Equal(t, "acme", cfg.Project)
	assert.Equal(t, map[string]string{"Team": "blue", "Level": "low"}, cfg.Tags, "objects are merged")
	assert.Equal(t, []string{"arn:aws:iam::111122223333:role/b"}, cfg.KMS.Administrators, "lists are replaced")
	assert.Equal(t, 10, cfg.KMS.DeletionWindowDays, "defaults win over the profile")
	assert.Equal(t, 90, cfg.KMS.RotationDays)
	assert.True(t, cfg.KMS.AccountMayDelete, "the profile fills what nobody sets")
}

func TestFalseIsNotUnset(t *testing.T) {
	context := contextOf(t, valid)
	edit(t, context, "environments.prod.rds", `{"preventDestroy": false}`)
	cfg, err := resolve(context, "prod", true)
	require.NoError(t, err)
	assert.False(t, cfg.RDS.PreventDestroy)
}

func TestProfilesSetDefaults(t *testing.T) {
	for environment, want := range map[string]KMS{
		"dev":     {AccountMayDelete: true, DeletionWindowDays: 7, RotationDays: 365},
		"staging": {DeletionWindowDays: 14, RotationDays: 365},
		"prod":    {DeletionWindowDays: 30, RotationDays: 365},
	} {
		cfg, err := resolve(contextOf(t, valid), environment, true)
		require.NoError(t, err)
		assert.Equal(t, want, cfg.KMS, environment)
		assert.Equal(t, LocalBackend, cfg.Backend.Type)
	}
}

func variables(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := values[name]
		return value, set
	}
}

// projectDir is a directory with a cdktf.json.
func projectDir(t testing.TB, content string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, File), []byte(content), 0o600))
	return dir
}

func file(context string) string { return `{"app": "x", "context": ` + context + `}` }

func TestFileAndCLIGiveTheSame(t *testing.T) {
	dir := projectDir(t, file(valid))
	fromFile, err := Load(dir, variables(nil))
	require.NoError(t, err)
	assert.Equal(t, DefaultEnvironment, fromFile.Environment)
	assert.Equal(t, File, fromFile.Source)
	fromCLI, err := Load(dir, variables(map[string]string{ContextVar: valid}))
	require.NoError(t, err)
	assert.Equal(t, fromFile, fromCLI)
	empty, err := Load(dir, variables(map[string]string{ContextVar: ""}))
	require.NoError(t, err)
	assert.Equal(t, fromFile, empty, "nothing was handed over")
}

// TestSource compares what the variable says with the file.
func TestSource(t *testing.T) {
	other := strings.Replace(valid, `"platform"`, `"other"`, 1)
	for name, test := range map[string]struct{ dir, variable, want, owner string }{
		"the same": {projectDir(t, file(valid)), valid, File, "platform"},
		"the same, other space": {projectDir(t, file(valid)), strings.Join(strings.Fields(valid), ""), File,
			"platform"},
		"more besides": {projectDir(t, file(valid)), `{"x": 1, ` + strings.TrimSpace(valid)[1:], File,
			"platform"},
		"different":        {projectDir(t, file(valid)), other, ContextVar, "other"},
		"no file":          {t.TempDir(), valid, ContextVar, "platform"},
		"no context in it": {projectDir(t, "{}"), valid, ContextVar, "platform"},
	} {
		cfg, err := Load(test.dir, variables(map[string]string{ContextVar: test.variable}))
		require.NoError(t, err, name)
		assert.Equal(t, test.want, cfg.Source, name)
		assert.Equal(t, test.owner, cfg.Owner, name)
	}
	cfg, err := Load(projectDir(t, file(valid)),
		variables(map[string]string{ContextVar: `{"baseline": {"environments": {}}}`}))
	assert.Error(t, err)
	assert.Equal(t, Config{Source: ContextVar}, cfg,
		"also when it is wrong: whoever looks for the mistake must know where")
}

func TestLoadAll(t *testing.T) {
	all, err := LoadAll(projectDir(t, file(valid)), variables(nil))
	require.NoError(t, err)
	for i, name := range []string{"dev", "prod", "staging"} {
		alone, err := Load(projectDir(t, file(valid)), variables(map[string]string{EnvironmentVar: name}))
		require.NoError(t, err)
		assert.Equal(t, alone, all[i])
	}

	broken := strings.Replace(strings.Replace(valid, `"profile": "ephemeral"`, `"profile": "ephemral"`, 1),
		`"profile": "standard"`, `"profile": "standard", "permissionsBoundary": "x"`, 1)
	_, err = LoadAll(projectDir(t, file(broken)), variables(nil))
	var problems Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 2, "each once")
	assert.Equal(t, devPath+"profile", problems[0].Path)
	assert.Equal(t, "context.baseline.environments.staging.permissionsBoundary", problems[1].Path)

	// What is wrong in the defaults is wrong in every environment, and said once.
	for _, test := range []struct{ path, value, want string }{
		{"owner", `5`, `owner = 5: must be a string, not a number`},
		{"network", `{"zones":["eu-central-1a"]}`, `network.zones = ["eu-central-1a"]: must be 2 to 6 zones, not 1`},
	} {
		context := contextOf(t, valid)
		edit(t, context, "defaults."+test.path, test.value)
		encoded, err := json.Marshal(context)
		require.NoError(t, err)
		_, err = LoadAll(projectDir(t, file(string(encoded))), variables(nil))
		assert.EqualError(t, err, "the configuration has 1 problem:\n  "+defaultsPath+test.want)
	}

	_, err = LoadAll(projectDir(t, file(`{"baseline": {}}`)), variables(nil))
	assert.EqualError(t, err, "the configuration has 1 problem:\n  context.baseline.environments: must define an "+
		"environment, such as dev; none is defined")
}

func TestEnvironmentThatIsAskedFor(t *testing.T) {
	withoutDev := strings.Replace(valid, `"dev": {"profile": "ephemeral"},`, "", 1)
	for _, test := range []struct {
		context string
		values  map[string]string
		want    string
	}{
		{valid, map[string]string{EnvironmentVar: "prd"},
			`ENVIRONMENT = "prd": must be one of dev, prod, staging; did you mean "prod"?`},
		{valid, map[string]string{EnvironmentVar: "qa"}, `ENVIRONMENT = "qa": must be one of dev, prod, staging`},
		{valid, map[string]string{EnvironmentVar: ""},
			`ENVIRONMENT = "": must be one of dev, prod, staging; unset means dev`},
		{valid, map[string]string{EnvironmentVar: " "}, `ENVIRONMENT = " ": must be one of dev, prod, staging`},
		{valid, map[string]string{EnvironmentVar: "dev "},
			`ENVIRONMENT = "dev ": must be one of dev, prod, staging; did you mean "dev"?`},
		{valid, map[string]string{EnvironmentVar: "all"}, `ENVIRONMENT = "all": must be one of dev, prod, staging; ` +
			`all of them at once are for synth, json, summary, validate and diff alone`},
		{strings.Replace(valid, `"dev": {`, `"all": {`, 1), map[string]string{EnvironmentVar: "prod"},
			`context.baseline.environments.all: must have another name: ENVIRONMENT=all means every environment`},
		{withoutDev, nil, `ENVIRONMENT: must be one of prod, staging; unset means dev`},
		{`{"baseline": {}}`, map[string]string{EnvironmentVar: ""},
			`context.baseline.environments: must define an environment, such as dev; none is defined`},
	} {
		_, err := Load(projectDir(t, file(test.context)), variables(test.values))
		assert.EqualError(t, err, "the configuration has 1 problem:\n  "+test.want)
	}
	cfg, err := Load(projectDir(t, file(valid)), variables(map[string]string{EnvironmentVar: "prod"}))
	require.NoError(t, err)
	assert.Equal(t, "prod", cfg.Environment)
}

func FuzzLoad(f *testing.F) {
	f.Add(valid, "dev")
	f.Add(`{"baseline": {"defaults": {"tags": {"1": null}, "kms": {"breakGlass": [1, "x", {}]}}, "environments": `+
		`{"7": []}}}`, "7")
	f.Add(`{"baseline": {"environments": {"dev": {"kms": {"rotationDays": 1e30, "breakGlass": ["a", "a"]}}}}}`, "dev")
	f.Add(`{"baseline": {"defaults": null, "environments": null}}`, "")
	f.Add(`{"baseline": {"defaults": {"a": 1, "a": 1e400, "\ud800": "\udc00\ud800"}, "environments": {"x y": {}, `+
		`"": {}}}} {}`, "x y")
	f.Add("\ufeff{}", "dev")
	f.Add("{\"baseline\": \"\xff\"}", "dev")
	for _, test := range allBroken() {
		context := contextOf(f, valid)
		edit(f, context, test.path, test.value)
		text, err := json.Marshal(context)
		require.NoError(f, err)
		f.Add(string(text), askedFor(test.path))
	}
	f.Fuzz(func(t *testing.T, context, environment string) {
		cfg, err := Load("", variables(map[string]string{ContextVar: context, EnvironmentVar: environment}))
		if err == nil {
			assert.NotEmpty(t, cfg.Project)
			return
		}
		assert.Equal(t, Config{Source: cfg.Source}, cfg)
		var problems Problems
		require.ErrorAs(t, err, &problems)
		require.NotEmpty(t, problems)
		for _, problem := range problems {
			assertGrammar(t, problem)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load("", variables(map[string]string{ContextVar: valid})); err != nil {
			b.Fatal(err)
		}
	}
}
