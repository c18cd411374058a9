package diff

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorded is a plan that the real provider has made; a test of the provider writes it.
func recorded(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "plan.json"))
	require.NoError(t, err)
	return data
}

func TestPlan(t *testing.T) {
	review, err := Plan(recorded(t))
	require.NoError(t, err)
	actions := map[string]Action{}
	for _, change := range review.Changes {
		actions[change.Address] = change.Action
	}
	assert.Equal(t, map[string]Action{
		"aws_cloudwatch_log_group.moved":         Changed,
		"aws_db_instance.database":               Replaced,
		"aws_iam_role_policy_attachment.admin":   Added,
		"aws_kms_key.key":                        Changed,
		"aws_kms_key.new":                        Added,
		"aws_s3_bucket.data":                     Replaced,
		"aws_s3_bucket_policy.data":              Changed,
		"aws_s3_bucket_public_access_block.data": Changed,
		"aws_security_group.database":            Changed,
		"aws_sns_topic.alarms":                   Removed,
	}, actions)
	assert.Equal(t, []string{
		"aws_cloudwatch_log_group.moved retention_in_days: the log is kept for a shorter time",
		"aws_db_instance.database backup_retention_period: backups are kept for a shorter time",
		"aws_db_instance.database: made anew: its data goes with the former one",
		`aws_iam_role_policy_attachment.admin: attaches "arn:aws:iam::aws:policy/AdministratorAccess" to "acme"`,
		"aws_kms_key.key enable_key_rotation: the key is no longer rotated",
		"aws_s3_bucket.data: made anew: its objects go with the former one",
		"aws_s3_bucket_policy.data policy: statement Read added: allows the account arn:aws:iam::999900001111:root " +
			"to call s3:GetObject on arn:aws:s3:::acme-data/*",
		"aws_s3_bucket_policy.data policy: statement DenyPlainHTTP removed: denies everyone s3:* on " +
			"arn:aws:s3:::acme-data and arn:aws:s3:::acme-data/*, if aws:SecureTransport is false",
		"aws_s3_bucket_public_access_block.data block_public_policy: public policies are let through",
		"aws_security_group.database ingress: lets in more: tcp 22-5432 from 0.0.0.0/0",
		"aws_sns_topic.alarms: nobody is told",
	}, short(review.Weakenings()))
	assert.Equal(t, []string{"aws_db_instance.database kms_key_id: weaker if no customer managed key encrypts the " +
		"storage"},
		short(review.Unjudged()), "what is known after apply alone")

	moved := changeOf(t, review, "aws_cloudwatch_log_group.moved")
	assert.Equal(t, "aws_cloudwatch_log_group.logs", moved.Former)
	bucket := changeOf(t, review, "aws_s3_bucket.data")
	assert.Equal(t, []string{"bucket"}, bucket.ReplacedBy)
	assert.Equal(t, []Argument{{Path: "bucket", Old: `"acme-data"`, New: `"acme-data-2"`},
		{Path: "tags", Old: none, New: `{"Owner":"b"}`}}, bucket.Arguments, "and not what AWS chooses")
	database := changeOf(t, review, "aws_db_instance.database")
	assert.Equal(t, []string{"kms_key_id"}, database.ReplacedBy)
	assert.Contains(t, database.Arguments, Argument{Path: "password", Old: notShown, New: notShown})
	for _, text := range rendered(t, review) {
		assert.NotContains(t, text, "secret-word")
	}
}

// TestPlanHidesWhatItMarks marks everything in the plan as sensitive, and then nothing of it is shown.
func TestPlanHidesWhatItMarks(t *testing.T) {
	for name, marks := range map[string]any{
		"before": map[string]any{"before_sensitive": true}, "after": map[string]any{"after_sensitive": true},
		"a list": map[string]any{"after_sensitive": map[string]any{"list": []any{false, true}}},
		"deep": map[string]any{"before_sensitive": map[string]any{"list": []any{true},
			"deep": map[string]any{"er": true}}},
	} {
		change := map[string]any{"actions": []any{"update"},
			"before": map[string]any{"list": []any{"hush-1"}, "deep": map[string]any{"er": "hush-2"},
				"plain": "hush-3"},
			"after": map[string]any{"list": []any{"shown", "hush-4"}, "deep": map[string]any{"er": []any{"hush-5"}},
				"plain": "hush-6"}}
		for key, value := range marks.(map[string]any) {
			change[key] = value
		}
		data, err := json.Marshal(map[string]any{"format_version": "1.2",
			"configuration": map[string]any{}, "resource_changes": []any{map[string]any{
				"address": "aws_x.y", "mode": "managed", "type": "aws_x", "change": change}}})
		require.NoError(t, err)
		review, err := Plan(data)
		require.NoError(t, err)
		for _, text := range rendered(t, review) {
			switch name {
			case "before", "after":
				assert.NotContains(t, text, "hush", name)
			case "a list":
				assert.NotContains(t, text, "hush-4")
				assert.Contains(t, text, "hush-6", "what is not marked is shown")
			case "deep":
				for _, secret := range []string{"hush-1", "hush-2", "hush-5"} {
					assert.NotContains(t, text, secret)
				}
			}
		}
	}
}

func TestPlanActions(t *testing.T) {
	for name, test := range map[string]struct {
		change map[string]any
		want   Action
		title  string
	}{
		"moved": {map[string]any{"actions": []any{"no-op"}, "before": map[string]any{"a": "b"},
			"after": map[string]any{"a": "b"}},
			Moved, "moved aws_x.y (formerly aws_x.z)"},
		"forgotten": {map[string]any{"actions": []any{"forget"}, "before": map[string]any{"a": "b"}},
			Forgot, "forgotten aws_x.y (formerly aws_x.z)"},
		"imported": {map[string]any{"actions": []any{"no-op"}, "before": map[string]any{"a": "b"},
			"after": map[string]any{"a": "c"}, "importing": map[string]any{"id": "1"}},
			Changed, "changed aws_x.y (formerly aws_x.z), imported"},
		"tainted": {map[string]any{"actions": []any{"create", "delete"}, "before": map[string]any{"a": "b"},
			"after": map[string]any{"a": "b"}}, Replaced,
			"replaced aws_x.y (formerly aws_x.z), because of the plan's own reason"},
	} {
		data, err := json.Marshal(map[string]any{"format_version": "1.2",
			"configuration": map[string]any{}, "resource_changes": []any{map[string]any{
				"address": "aws_x.y", "previous_address": "aws_x.z", "mode": "managed", "type": "aws_x",
				"change": test.change}}})
		require.NoError(t, err)
		review, err := Plan(data)
		require.NoError(t, err)
		require.Len(t, review.Changes, 1, name)
		assert.Equal(t, test.want, review.Changes[0].Action, name)
		assert.Equal(t, test.title, review.Changes[0].title(), name)
	}
}

func TestPlanRefusesWhatIsNone(t *testing.T) {
	for data, want := range map[string]string{
		"PK":                        "the plan: must be what terraform show -json writes of a plan: ",
		"{}":                        "the plan: must be what terraform show -json writes of a plan",
		`{"format_version": "1.0"}`: "the plan: must be what terraform show -json writes of a plan",
		`{"configuration": {}, "format_version": "2.0",
			"resource_changes": []}`: `the plan: format_version "2.0" must be 1.x`,
		`{"configuration": {}, "format_version": "1.2", "resource_changes": [],
			"errored": true}`: "the plan: Terraform could not finish it",
	} {
		_, err := Plan([]byte(data))
		assert.ErrorContains(t, err, want)
	}
}
