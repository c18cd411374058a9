package config

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// several is a document of the given environments, over the defaults of the valid one.
func several(t *testing.T, environments string) map[string]any {
	t.Helper()
	context := contextOf(t, valid)
	edit(t, context, "environments", environments)
	return context
}

// assertTogether demands the one problem whichever environment is asked for, or none.
func assertTogether(t *testing.T, environments, want string) {
	t.Helper()
	asked := 0
	for name := range several(t, environments)["baseline"].(map[string]any)["environments"].(map[string]any) {
		asked++
		if want == "" {
			_, err := resolve(several(t, environments), name, true)
			assert.NoError(t, err, "%s of %s", name, environments)
			continue
		}
		assert.Equal(t, []string{want}, problemsOf(t, several(t, environments), name), "%s of %s", name, environments)
	}
	require.Greater(t, asked, 1)
}

func TestNamesOfTwoEnvironments(t *testing.T) {
	const (
		one   = `, "accountId": "111122223333"`
		two   = `, "accountId": "999900001111"`
		away  = `, "region": "eu-west-1"`
		china = `, "region": "cn-north-1"`
		both  = "context.baseline.environments.%s: must not name resources like those of the environment dev; both " +
			"have the %s"
		bucket = "aws_s3_bucket acme-data-x-dev-%s-eu-central-1"
	)
	// Bucket names are global in a partition, but hold account and region.
	dev, xdev := `"dev": {"profile": "ephemeral", "s3": {"buckets": {"data-x": {}}}`, `"x-dev": {"profile": "ephemeral"`
	for _, test := range []struct{ dev, xdev, want string }{
		{"", "", fmt.Sprintf(bucket, "<account-id>")},
		{one, "", fmt.Sprintf(bucket, "111122223333")},
		{"", one, fmt.Sprintf(bucket, "111122223333")},
		{one, one, fmt.Sprintf(bucket, "111122223333")},
		{one, two, ""},
		{"", away, ""},
		{one, one + away, ""},
		{"", china, ""},
	} {
		if test.want != "" {
			test.want = fmt.Sprintf(both, "x-dev", test.want)
		}
		assertTogether(t, `{`+dev+test.dev+`}, `+xdev+test.xdev+`}}`, test.want)
	}

	// Names of IAM are global in an account, whatever the region.
	dev, wdev := `"dev": {"profile": "ephemeral", "s3": {"buckets": {"data-reader": {}}}`,
		`"writer-dev": {"profile": "ephemeral"`
	policy := fmt.Sprintf(both, "writer-dev", "aws_iam_policy acme-data-reader-writer-dev")
	assertTogether(t, `{`+dev+`}, `+wdev+`}}`, policy)
	assertTogether(t, `{`+dev+one+`}, `+wdev+one+away+`}}`, policy)
	assertTogether(t, `{`+dev+one+`}, `+wdev+two+`}}`, "")

	// All others are names of a region. The projects differ, and so does what is made of them.
	dev, tdev := `"dev": {"profile": "ephemeral", "project": "acme-trail"`, `"trail-dev": {"profile": "ephemeral"`
	names := fmt.Sprintf(both, "trail-dev", "aws_s3_bucket acme-trail-trail-dev-%s-eu-central-1 and 2 more")
	assertTogether(t, `{`+dev+`}, `+tdev+`}}`, fmt.Sprintf(names, "<account-id>"))
	assertTogether(t, `{`+dev+one+`}, `+tdev+one+`}}`, fmt.Sprintf(names, "111122223333"))
	assertTogether(t, `{`+dev+one+`}, `+tdev+one+away+`}}`, "")
	assertTogether(t, `{`+dev+one+`}, `+tdev+two+`}}`, "")
}

// TestNamesThatOnlyLookAlike must all be allowed.
func TestNamesThatOnlyLookAlike(t *testing.T) {
	for _, environments := range []string{
		`{"prod": {"profile": "ephemeral"}, "eu-prod": {"profile": "ephemeral"}, "us-prod": {"profile": "ephemeral"}}`,
		`{"dev": {"profile": "ephemeral", "s3": {"buckets": {"x-data": {}}}}, "x-dev": {"profile": "ephemeral"}}`,
		`{"dev": {"profile": "ephemeral", "project": "acme-x"}, "x-dev": {"profile": "ephemeral"}}`,
		`{"a": {"profile": "ephemeral"}, "b": {"profile": "ephemeral"}, "a-b": {"profile": "ephemeral"}, "b-a": ` +
			`{"profile": "ephemeral"}}`,
		`{"dev": {"profile": "ephemeral", "s3": {"buckets": {"data-x": {}}}}, "x-dev": {"profile": "ephemeral", ` +
			`"project": "other"}}`,
	} {
		assertTogether(t, environments, "")
	}
}

// TestNamesOfABrokenEnvironment reports the mistake and no names that follow from it.
func TestNamesOfABrokenEnvironment(t *testing.T) {
	context := several(t,
		`{"dev": {"profile": "ephemeral", "s3": {"buckets": {"data-x": {}}}}, "x-dev": {"profile": "ephemeral", `+
			`"region": "x"}}`)
	assert.Len(t, problemsOf(t, context, "dev"), 1)
	context = several(t, `{"dev": {"profile": "ephemeral", "s3": {"buckets": {"Data-x": {}}}}, "x-dev": {"profile": `+
		`"ephemeral"}}`)
	assert.Len(t, problemsOf(t, context, "dev"), 1)
}

func TestStateOfTwoEnvironments(t *testing.T) {
	const (
		s3     = `"profile": "ephemeral", "backend": {"type": "s3", "bucket": "acme-state", "region": "eu-west-1"`
		shared = "must differ from that of the environment a, whose state is kept in the same object"
		place  = "context.baseline.environments.b.backend.key"
	)
	for _, test := range []struct{ environments, want string }{
		{`{"a": {` + s3 + `}}, "b": {` + s3 + `}}}`, ""},
		{`{"a": {` + s3 + `, "key": "x"}}, "b": {` + s3 + `, "key": "x"}}}`, place + ` = "x": ` + shared},
		{`{"a": {` + s3 + `, "key": "x"}}, "b": {` + s3 + `, "key": "X"}}}`, ""},
		{`{"a": {` + s3 + `, "key": "acme/b/baseline.tfstate"}}, "b": {` + s3 + `}}}`, place + ": " + shared},
		{`{"a": {` + s3 + `}}, "b": {` + s3 + `, "key": "{project}/a/baseline.tfstate"}}}`,
			place + ` = "{project}/a/baseline.tfstate": ` + shared},
		{`{"a": {` + s3 + `, "key": "{environment}b"}}, "b": {` + s3 + `, "key": "a{environment}"}}}`,
			place + ` = "a{environment}": ` + shared},
		{`{"a": {` + s3 + `, "key": "x"}}, "b": {` + s3 + `, "key": "x", "bucket": "other"}}}`, ""},
		{`{"a": {` + s3 + `, "key": "x"}}, "b": {"profile": "ephemeral"}}`, ""},
		{`{"a": {` + s3 + `, "key": "x"}, "accountId": "111122223333"}, "b": {` + s3 +
			`, "key": "x"}, "accountId": "999900001111"}}`,
			place + ` = "x": ` + shared},
	} {
		assertTogether(t, test.environments, test.want)
	}
}

func TestWorkspaceOfTwoEnvironments(t *testing.T) {
	const (
		cloud = `"profile": "ephemeral", "backend": {"type": "cloud", "organization": "acme"`
		want  = "context.baseline.environments.b.backend.workspace = \"w\": must differ from that of the environment " +
			"a, whose state is kept in the same workspace"
	)
	for _, test := range []struct{ environments, want string }{
		{`{"a": {` + cloud + `}}, "b": {` + cloud + `}}}`, ""},
		{`{"a": {` + cloud + `, "workspace": "w"}}, "b": {` + cloud + `, "workspace": "w"}}}`, want},
		{`{"a": {` + cloud + `, "workspace": "w"}}, "b": {` + cloud + `, "workspace": "w", "hostname": ` +
			`"terraform.example.com"}}}`, ""},
	} {
		assertTogether(t, test.environments, test.want)
	}
}

func TestStateKey(t *testing.T) {
	for key, want := range map[string]string{
		"": "acme/dev/baseline.tfstate", "{environment}/{project}/{environment}": "dev/acme/dev", "plain": "plain",
		"{project}": "acme",
	} {
		assert.Equal(t, want, Backend{Key: key}.StateKey("acme", "dev"))
	}
	// A key is replaced once: a project cannot be called like a placeholder, but must not be taken for one either.
	assert.Equal(t, "{environment}", Backend{Key: "{project}"}.StateKey("{environment}", "dev"))
}

func TestKeyOfTheDefaults(t *testing.T) {
	context := contextOf(t, valid)
	edit(t, context, "defaults.backend",
		`{"type": "s3", "bucket": "acme-state", "region": "eu-west-1", "key": "states/{environment}"}`)
	cfg, err := resolve(context, "dev", true)
	require.NoError(t, err)
	assert.Equal(t, "states/dev", cfg.Backend.StateKey(cfg.Project, cfg.Environment))
	edit(t, context, "defaults.backend.key", `"states/one"`)
	edit(t, context, "environments.dev.backend", `{"key": "states/dev"}`)
	want := []string{defaultsPath +
		`backend.key = "states/one": must hold {environment}, or be set in each environment instead: one state ` +
		`cannot serve several`}
	for _, environment := range []string{"dev", "staging", "prod"} {
		assert.Equal(t, want, problemsOf(t, context, environment))
	}
}
