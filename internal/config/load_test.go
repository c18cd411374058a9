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
		"prod": {"profile": "production", "accountId": "111122223333"}
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
	edit(t, context, "defaults.kms", `{"deletionWindowDays": 10, "administrators": ["arn:aws:iam::111122223333:role/a"]}`)
	edit(t, context, "environments.dev.kms", `{"rotationDays": 90, "administrators": ["arn:aws:iam::111122223333:role/b"]}`)
	edit(t, context, "environments.dev.tags", `{"Level": "low"}`)
	cfg, err := resolve(context, "dev")
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
	edit(t, context, "environments.prod.kms", `{"preventDestroy": false}`)
	cfg, err := resolve(context, "prod")
	require.NoError(t, err)
	assert.False(t, cfg.KMS.PreventDestroy)
}

func TestProfilesSetDefaults(t *testing.T) {
	for environment, want := range map[string]KMS{
		"dev":     {AccountMayDelete: true, DeletionWindowDays: 7, RotationDays: 365},
		"staging": {DeletionWindowDays: 14, RotationDays: 365},
		"prod":    {PreventDestroy: true, DeletionWindowDays: 30, RotationDays: 365},
	} {
		cfg, err := resolve(contextOf(t, valid), environment)
		require.NoError(t, err)
		assert.Equal(t, want, cfg.KMS, environment)
		assert.Equal(t, LocalBackend, cfg.Backend.Type)
	}
}

func TestFileAndCLIGiveTheSame(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, File), []byte(`{"app": "x", "context": `+valid+`}`), 0o600))
	fromFile, err := Load(dir, variables(nil))
	require.NoError(t, err)
	fromCLI, err := Load(t.TempDir(), variables(map[string]string{ContextVar: valid}))
	require.NoError(t, err)
	assert.Equal(t, fromFile, fromCLI)
	assert.Equal(t, DefaultEnvironment, fromFile.Environment)
}

func TestUnreadableInput(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, File)
	_, err := Load(dir, variables(nil))
	assert.EqualError(t, err, path+": no such file; run from the project's folder")

	for content, want := range map[string]string{
		"{\n  \"context\": {,}\n}":   `cdktf.json is not JSON: line 2, column 15: invalid character ',' looking for beginning of object key string`,
		"":                           `cdktf.json is not JSON: line 1, column 0: unexpected end of JSON input`,
		"[]":                         `cdktf.json must be an object`,
		"{}":                         "the configuration has 1 problem:\n  context.baseline: must be an object with \"defaults\" and \"environments\"",
		`{"context": 7}`:             "the configuration has 1 problem:\n  context.baseline: must be an object with \"defaults\" and \"environments\"",
		`{"context":{"baseline":7}}`: "the configuration has 1 problem:\n  context.baseline = 7: must be an object with \"defaults\" and \"environments\"",
	} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := Load(dir, variables(nil))
		assert.EqualError(t, err, want, content)
	}
	_, err = Load(dir, variables(map[string]string{ContextVar: "{"}))
	assert.EqualError(t, err, "CDKTF_CONTEXT_JSON is not JSON: line 1, column 1: unexpected end of JSON input")
}

func TestUnknownEnvironment(t *testing.T) {
	_, err := resolve(contextOf(t, valid), "prd")
	assert.EqualError(t, err, "the configuration has 1 problem:\n"+
		`  ENVIRONMENT = "prd": no such environment in context.baseline.environments; allowed are dev, prod, staging; did you mean "prod"?`)
}

func variables(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func FuzzLoad(f *testing.F) {
	f.Add(valid, "dev")
	f.Add(`{"baseline": {"defaults": {"tags": {"1": null}, "kms": {"breakGlass": [1, "x", {}]}}, "environments": {"7": []}}}`, "7")
	f.Add(`{"baseline": {"environments": {"dev": {"kms": {"rotationDays": 1e30, "breakGlass": ["a", "a"]}}}}}`, "dev")
	f.Add(`{"baseline": {"defaults": null, "environments": null}}`, "")
	f.Fuzz(func(t *testing.T, context, environment string) {
		cfg, err := Load(t.TempDir(), variables(map[string]string{ContextVar: context, EnvironmentVar: environment}))
		if err != nil {
			assert.NotEmpty(t, err.Error())
			assert.Empty(t, cfg)
			return
		}
		assert.NotEmpty(t, cfg.Project)
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load("", variables(map[string]string{ContextVar: valid})); err != nil {
			b.Fatal(err)
		}
	}
}
