package tfplan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// updated, created and deleted are changes of a plan, as Terraform 1.11 prints them.
const (
	updated = `{"address": "aws_sns_topic.t", "mode": "managed", "type": "aws_sns_topic", "change": {
		"actions": ["update"], "before": {"id": "t", "policy": "old", "tags": {"a": "1", "b": "2"}, "size": 1},
		"after": {"id": "t", "policy": "new", "tags": {"a": "1", "b": "3"}, "size": 1}, "after_unknown": {"tags": {}},
		"before_sensitive": {}, "after_sensitive": {"policy": true}}}`
	created = `{"address": "aws_eip.e[\"a\"]", "mode": "managed", "type": "aws_eip", "change": {"actions": ["create"],
		"before": null, "after": {"domain": "vpc", "cost": 12345678901234567890}, "after_unknown": {"id": true}}}`
	replaced = `{"address": "aws_db_instance.d", "mode": "managed", "type": "aws_db_instance", "change": {
		"actions": ["create", "delete"], "before": {"id": "d", "engine": "a", "skip_final_snapshot": false,
		"latest_restorable_time": "2026-11-30T10:00:00Z"}, "after": {"engine": "b"}, "after_unknown": {"id": true},
		"replace_paths": [["engine"]]}}`
	unchanged = `{"address": "aws_vpc.v", "mode": "managed", "type": "aws_vpc", "change": {"actions": ["no-op"],
		"before": {"id": "v"}, "after": {"id": "v"}, "after_unknown": {}}}`
	looked = `{"address": "data.aws_region.r", "mode": "data", "type": "aws_region", "change": {"actions": ["read"],
		"before": null, "after": {}, "after_unknown": {"id": true}}}`
	outputs = `"o": {"actions": ["update"], "before": "1", "after": "2", "after_unknown": false},
		"same": {"actions": ["no-op"], "before": "1", "after": "1", "after_unknown": false}`
)

func planned(changes ...string) string {
	return fmt.Sprintf(`{"format_version": "1.2", "timestamp": "2026-11-30T10:00:00Z", "configuration": {},
		"resource_changes": [%s], "output_changes": {%s}, "resource_drift": [%s]}`, strings.Join(changes, ","), outputs,
		strings.Replace(unchanged, "no-op", "update", 1))
}

func parse(t *testing.T, text string) Plan {
	t.Helper()
	plan, err := Parse(strings.NewReader(text))
	require.NoError(t, err, text)
	return plan
}

func TestParse(t *testing.T) {
	plan := parse(t, planned(updated, unchanged, created, looked, replaced))
	changes := plan.Changes()
	var addresses []string
	for _, change := range changes {
		addresses = append(addresses, change.Address)
	}
	assert.Equal(t, []string{"aws_db_instance.d", `aws_eip.e["a"]`, "aws_sns_topic.t"}, addresses)
	assert.Equal(t, "1 to replace, 1 to update, 1 to create", Count(changes))
	assert.Equal(t, []string{"o"}, plan.ChangedOutputs())
	assert.False(t, plan.Empty())
	assert.True(t, plan.Drifted("aws_vpc.v"))
	assert.False(t, plan.Drifted("aws_sns_topic.t"))

	nothing := parse(t, `{"format_version": "1.2", "configuration": {}, "resource_changes": [`+unchanged+`]}`)
	assert.True(t, nothing.Empty())
	assert.Equal(t, "no resource changes", Count(nothing.Changes()))

	for text, want := range map[string]string{
		"":  "must be a saved plan as terraform show -json prints it",
		"{": "must be a saved plan as terraform show -json prints it",
		`{"format_version": "1.0", "terraform_version": "1.11.4", "values": {}}`: "must be a saved plan as terraform " +
			"show -json prints it",
		`{"format_version": "2.0", "configuration": {}}`: `format_version = "2.0": must be 1.x`,
	} {
		_, err := Parse(strings.NewReader(text))
		assert.EqualError(t, err, want, text)
	}
}

func TestAction(t *testing.T) {
	for text, want := range map[string]Action{
		unchanged: "",
		looked:    "",
		updated:   Update,
		created:   Create,
		replaced:  Replace,
		strings.Replace(replaced, `"create", "delete"`, `"delete", "create"`, 1):                           Replace,
		strings.Replace(replaced, `"create", "delete"`, `"delete"`, 1):                                     Delete,
		strings.Replace(replaced, `"create", "delete"`, `"forget"`, 1):                                     Forget,
		strings.Replace(unchanged, `"mode"`, `"previous_address": "aws_vpc.old", "mode"`, 1):               Move,
		strings.Replace(unchanged, `"actions"`, `"importing": {"id": "vpc-1"}, "actions"`, 1):              Import,
		strings.Replace(updated, `"actions"`, `"importing": {"id": "topic"}, "actions"`, 1):                Update,
		strings.Replace(unchanged, `"mode": "managed"`, `"mode": "data", "previous_address": "data.x"`, 1): "",
	} {
		assert.Equal(t, want, parse(t, planned(text)).Resources[0].Action(), text)
	}
}

// TestFingerprintIsTheSame holds what two plans may differ in.
func TestFingerprintIsTheSame(t *testing.T) {
	want := parse(t, planned(updated, created, replaced)).Fingerprint()
	require.Regexp(t, "^[0-9a-f]{64}$", want)
	usual := planned(updated, created, replaced)
	for name, text := range map[string]string{
		"another order":       planned(replaced, updated, created),
		"what stays as it is": planned(updated, unchanged, created, looked, replaced),
		"another order of names": strings.Replace(usual, `"id": "t", "policy": "old"`,
			`"policy": "old", "id": "t"`, 1),
		"another time":            strings.Replace(usual, "2026-11-30T10:00:00Z", "2026-12-01T10:00:00Z", 1),
		"drift that nobody minds": strings.Replace(usual, `"resource_drift"`, `"relevant_attributes": [1], "x"`, 1),
		"a value that an update leaves as it is": strings.NewReplacer(`"size": 1`, `"size": 2`, `"a": "1"`,
			`"a": "9"`).Replace(usual),
		"a time that RDS moves on": strings.Replace(usual, `"latest_restorable_time": "2026-11-30T10:00:00Z"`,
			`"latest_restorable_time": "2026-11-30T10:05:00Z"`, 1),
	} {
		require.NotEqual(t, usual, text, name)
		assert.Equal(t, want, parse(t, text).Fingerprint(), name)
	}
}

// TestFingerprintIsAnother changes one thing of a plan after the other.
func TestFingerprintIsAnother(t *testing.T) {
	usual := planned(updated, created, replaced)
	seen := map[string]string{parse(t, usual).Fingerprint(): "the usual plan"}
	for name, change := range map[string][2]string{
		"an address":            {`"aws_sns_topic.t"`, `"aws_sns_topic.u"`},
		"a former address":      {`"type": "aws_sns_topic"`, `"previous_address": "x"`},
		"a deposed object":      {`"type": "aws_sns_topic"`, `"deposed": "x"`},
		"an action":             {`"create", "delete"`, `"delete", "create"`},
		"a deletion":            {`"create", "delete"`, `"delete"`},
		"a value before":        {`"policy": "old"`, `"policy": "older"`},
		"a value after":         {`"policy": "new"`, `"policy": "newer"`},
		"a value deep inside":   {`"b": "3"`, `"b": "4"`},
		"a value that is added": {`"policy": "new"`, `"policy": "new", "more": 1`},
		"a value that goes":     {`"policy": "new", `, ``},
		"a digit":               {"12345678901234567890", "12345678901234567891"},
		"another object":        {`"id": "t"`, `"id": "s"`},
		"what is unknown":       {`"after_unknown": {"tags": {}}`, `"after_unknown": {"tags": {"c": true}}`},
		"why it is replaced":    {`[["engine"]]`, `[["engine"], ["id"]]`},
		"how it is deleted":     {`"skip_final_snapshot": false`, `"skip_final_snapshot": true`},
		"what is imported": {`"actions": ["update"], "before": {`, `"importing": {"id": "x"}, "actions": ["update"],
			"before": {`},
		"an output after":        {`"after": "2"`, `"after": "3"`},
		"an output before":       {`"before": "1", "after": "2"`, `"before": "0", "after": "2"`},
		"an output's name":       {`"o": {`, `"p": {`},
		"another resource":       {"," + created, "," + created + "," + strings.Replace(created, "_eip", "_ip", 1)},
		"a resource less":        {"," + created, ""},
		"an output that changes": {`"same": {"actions": ["no-op"]`, `"same": {"actions": ["update"]`},
	} {
		text := strings.ReplaceAll(usual, change[0], change[1])
		require.NotEqual(t, usual, text, name)
		fingerprint := parse(t, text).Fingerprint()
		assert.Empty(t, seen[fingerprint], "%s gives the same", name)
		seen[fingerprint] = name
	}
}
