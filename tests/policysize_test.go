package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
	"securebaseline/internal/policysize"
	"securebaseline/internal/testkit"
)

// roles names roles of the account.
func roles(count int, purpose string) []string {
	arns := make([]string, count)
	for i := range arns {
		arns[i] = fmt.Sprintf("arn:aws:iam::%s:role/%s-%03d", account, purpose, i)
	}
	return arns
}

// TestPolicySizes compares the sizes by which the configuration refuses lists with the policies that the constructs
// write.
func TestPolicySizes(t *testing.T) {
	some := testkit.Settings{"kms.administrators": roles(3, "admin"), "kms.breakGlass": roles(2, "break-glass"),
		"logging.auditors":           roles(4, "auditor"),
		"logging.trailNotifications": true,
		"s3.buckets": map[string]any{"reports": map[string]any{},
			"a-bucket-of-20-chars": map[string]any{}}}
	one := testkit.Settings{"kms.administrators": roles(1, "admin"), "kms.breakGlass": roles(1, "break-glass"),
		"logging.auditors": roles(1, "auditor")}
	everyKind := append(roles(2, "a"), testkit.AuditorPrincipal, permissionSet+"_*", permissionSet+"2_*")
	kinds := testkit.Settings{"kms.breakGlass": everyKind, "logging.auditors": everyKind}
	far := testkit.Settings{"region": "us-gov-west-1", "project": "another-project",
		"logging.auditors": []string{"arn:aws-us-gov:iam::" + account + ":role/a"}}
	for name, test := range map[string]struct {
		environment string
		replaced    testkit.Settings
	}{
		"defaults of dev":  {"dev", nil},
		"defaults of prod": {"prod", nil},
		"deletion by everybody": {"dev",
			testkit.Settings{"accountId": account, "kms.administrators": roles(2, "admin")}},
		"one of each":         {"prod", testkit.Offline(one)},
		"some of each":        {"prod", testkit.Offline(some)},
		"people of each kind": {"prod", testkit.Offline(kinds)},
		"roles with a path": {"prod", testkit.Offline(testkit.Settings{"iamPath": "/platform/baseline/",
			"logging.auditors": roles(1, "a")})},
		"no database": {"prod", testkit.Offline(testkit.Settings{"rds.enabled": false,
			"logging.auditors": roles(1, "a")})},
		"further databases": {"prod", testkit.Offline(testkit.Settings{"logging.auditors": roles(1, "a"),
			"rds.instances": map[string]any{"orders": map[string]any{}, "a-name-of-20-letters": map[string]any{}}})},
		"no trail": {"prod", testkit.Offline(testkit.Settings{"logging.trail": "none", "iamPath": "/platform/",
			"logging.auditors": roles(1, "a")})},
		"neither trail nor database": {"prod", testkit.Offline(testkit.Settings{"logging.trail": "none",
			"rds.enabled": false, "logging.auditors": roles(1, "a")})},
		"an organization's trail": {"prod", testkit.Offline(testkit.Settings{"logging.trail": "organization",
			"logging.organizationId": testkit.OrganizationID, "logging.auditors": roles(1, "a")})},
		"another partition": {"staging", far},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testkit.Load(t, test.environment, test.replaced)
			sizes, stack := sizesOf(t, cfg), testkit.Synthesize(t, test.environment, test.replaced)
			size := func(kind, path, attribute string) int { return len(stack.At(t, kind, path).Text(t, attribute)) }
			assert.Equal(t, size("aws_kms_key", "logs-key/Resource", "policy"), sizes.LogsKey(), "logs key")
			assert.Equal(t, size("aws_kms_key", "data-key/Resource", "policy"), sizes.DataKey(), "data key")
			if cfg.RDS.Enabled {
				assert.Equal(t, size("aws_kms_key", "database-key/Resource", "policy"), sizes.DatabaseKey(),
					"database key")
			}
			if len(cfg.Logging.Auditors) > 0 {
				assert.Equal(t, size("aws_iam_role", "auditor/Resource", "assume_role_policy"), sizes.Trust(),
					"trust policy")
			}
		})
	}
}

// sizesOf measures a configuration as its checks do. An account that nobody knows is an expression in the JSON.
func sizesOf(t *testing.T, cfg config.Config) policysize.Stack {
	t.Helper()
	id := cfg.AccountID
	if id == "" {
		id = "${data.aws_caller_identity.current.account_id}"
	}
	env, err := awsenv.New(string(cfg.Region), id)
	require.NoError(t, err)
	return cfg.PolicySizes(env)
}

// TestLongestListsSynthesize looks for the longest list of each field that the configuration accepts, and synthesizes
// it: what it accepts, the constructs accept, too.
func TestLongestListsSynthesize(t *testing.T) {
	if testing.Short() {
		t.Skip("searches through configurations with a thousand entries")
	}
	lists := map[string]func(count int) any{
		"kms.administrators": func(count int) any { return roles(count, "admin") },
		"kms.breakGlass":     func(count int) any { return roles(count, "break-glass") },
		"logging.auditors":   func(count int) any { return roles(count, "auditor") },
		"s3.buckets": func(count int) any {
			buckets := map[string]any{}
			for i := range count {
				buckets[fmt.Sprintf("reports-%03d", i)] = map[string]any{"expireAfterDays": 400}
			}
			return buckets
		},
	}
	for path, list := range lists {
		t.Run(path, func(t *testing.T) {
			most := 0
			for step := 1024; step > 0; step /= 2 { // the bits of the largest number that is accepted
				if _, err := testkit.TryLoad(t, "prod",
					testkit.Offline(testkit.Settings{path: list(most + step)})); err == nil {
					most += step
				} else {
					require.Contains(t, err.Error(), "."+path+" = ", "%d", most+step)
					require.Equal(t, 1, strings.Count(err.Error(), "must be short enough for a "), err)
				}
			}
			require.Positive(t, most)
			testkit.Synthesize(t, "prod", testkit.Offline(testkit.Settings{path: list(most)}))
			t.Logf("%s takes %d", path, most)
		})
	}
}
