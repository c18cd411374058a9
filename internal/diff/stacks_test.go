package diff

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOrderIsNoChange turns every list of a stack around, those in policies as well, and writes policies as text.
func TestOrderIsNoChange(t *testing.T) {
	s := golden(t, "prod")
	before := s.json()
	var turn func(value any) any
	turn = func(value any) any {
		switch value := value.(type) {
		case map[string]any:
			for key := range value {
				value[key] = turn(value[key])
			}
			if value["Statement"] != nil {
				text, err := json.Marshal(value)
				require.NoError(t, err)
				return string(text)
			}
		case []any:
			for i := range value {
				value[i] = turn(value[i])
			}
			slices.Reverse(value)
		}
		return value
	}
	s.document["resource"] = turn(s.document["resource"])
	review, err := Stacks(before, s.json())
	require.NoError(t, err)
	assert.Empty(t, review.Changes)
	assert.Equal(t, "the stack: no changes\n", review.Text())
}

// changeOf returns the change of a resource by its address without the hash.
func changeOf(t *testing.T, review Review, address string) Change {
	t.Helper()
	i := slices.IndexFunc(review.Changes, func(c Change) bool {
		return hash.ReplaceAllString(c.Address,
			"") == address
	})
	require.GreaterOrEqual(t, i, 0, address)
	return review.Changes[i]
}

// rename moves a resource to another name, with a moved block for each step, and takes the references along.
func rename(address string, names ...string) edit {
	return func(s stack) {
		kind, name := s.find(address)
		var moved []any
		for _, next := range names {
			from, to := kind+"."+name, kind+"."+next
			text := replaceAddress(string(s.json()), from, to)
			clear(s.document)
			require.NoError(s.t, json.Unmarshal([]byte(text), &s.document))
			named := s.ofType(kind)
			named[next] = named[name]
			delete(named, name)
			moved = append(moved, map[string]any{"from": from, "to": to})
			name = next
		}
		s.document["moved"] = moved
	}
}

func TestMoves(t *testing.T) {
	review := reviewed(t, "prod", nil, edits(rename(dataKey, "key-of-data", "key")))
	assert.Empty(t, short(review.Weakenings()))
	moved := changeOf(t, review, "aws_kms_key.key")
	assert.Equal(t, Moved, moved.Action)
	assert.Equal(t, dataKey, hash.ReplaceAllString(moved.Former, ""))
	for _, change := range review.Changes {
		assert.Equal(t, "aws_kms_key.key", change.Address, "what refers to the key does not change")
	}

	review = reviewed(t, "prod", nil, edits(rename(dataKey, "key"), set("aws_kms_key.key", "enable_key_rotation",
		false)))
	moved = changeOf(t, review, "aws_kms_key.key")
	assert.Equal(t, Changed, moved.Action)
	assert.NotEmpty(t, moved.Former)
	assert.Equal(t, []string{"aws_kms_key.key enable_key_rotation: the key is no longer rotated"},
		short(review.Weakenings()))

	review = reviewed(t, "prod", nil, edits(rename(dataKey, "key"), func(s stack) { delete(s.document, "moved") }))
	assert.Equal(t, Removed, changeOf(t, review, dataKey).Action)
	assert.Contains(t, short(review.Weakenings()), dataKey+": what it encrypts cannot be read any more")
}

// TestRenamedStatement gives a statement another name, and nothing else.
func TestRenamedStatement(t *testing.T) {
	review := reviewed(t, "prod", nil, edits(statement(reader, "policy", "ReadObjects", put("Sid", "Read"))))
	changed := changeOf(t, review, reader).Policies[0].Statements
	require.Len(t, changed, 1, "the same statement before and after")
	assert.Equal(t, "statement Read rewritten: the policy allows and denies the same", changed[0].words())
}

func TestReplacements(t *testing.T) {
	review := reviewed(t, "prod", nil, edits(
		set("aws_s3_bucket.data-bucket", "bucket", "another"),
		set("aws_subnet.network_private-a", "cidr_block", "10.0.200.0/24"),
		set("aws_subnet.network_private-b", "availability_zone", "eu-central-1x"), // ignored
		set(database, "instance_class", "db.m6g.xlarge"),
		set("aws_kms_key.logs-key", "lifecycle.replace_triggered_by",
			[]any{"aws_db_instance.database_EBDE4557.instance_class"}),
		set("terraform_data.database_incarnation", "triggers_replace.key", "x"),
	))
	replaced := map[string][]string{}
	for _, change := range review.Of(Replaced) {
		replaced[hash.ReplaceAllString(change.Address, "")] = change.ReplacedBy
	}
	assert.Equal(t, map[string][]string{
		"aws_s3_bucket.data-bucket":           {"bucket"},
		"aws_subnet.network_private-a":        {"cidr_block"},
		"aws_kms_key.logs-key":                {"lifecycle.replace_triggered_by"},
		"terraform_data.database_incarnation": {"triggers_replace"},
	}, replaced)
	assert.Equal(t, []string{
		"aws_kms_key.logs-key: made anew: what the former key encrypted cannot be read without it",
		"aws_s3_bucket.data-bucket: made anew: its objects go with the former one",
	}, short(review.Weakenings()))
	ignored := changeOf(t, review, "aws_subnet.network_private-b")
	assert.Equal(t, Changed, ignored.Action)
	assert.True(t, ignored.Arguments[0].Ignored)
}

// TestAccountWrittenOut names the account of a stack that has left it to the credentials.
func TestAccountWrittenOut(t *testing.T) {
	s := golden(t, "dev")
	before := s.json()
	var after map[string]any
	require.NoError(t, json.Unmarshal([]byte(callersAccount.ReplaceAllString(string(before), account)), &after))
	after["provider"].(map[string]any)["aws"].([]any)[0].(map[string]any)["allowed_account_ids"] = []any{account}
	s.document = after
	review, err := Stacks(before, s.json())
	require.NoError(t, err)
	require.Len(t, review.Changes, 1)
	assert.Equal(t, "provider.aws", review.Changes[0].Address)
	assert.Empty(t, review.Weakenings())
	back, err := Stacks(s.json(), before)
	require.NoError(t, err)
	assert.Equal(t, []string{"provider.aws allowed_account_ids: Terraform may change another account"},
		short(back.Weakenings()))
}

func TestStacksRefusesWhatIsNone(t *testing.T) {
	_, err := Stacks([]byte("{"), []byte("{}"))
	assert.ErrorContains(t, err, "the stack before: ")
	_, err = Stacks([]byte("{}"), []byte(`{"resource": []}`))
	assert.ErrorContains(t, err, "the stack after: ")
}

// TestSecretsStayHidden changes what nobody may read.
func TestSecretsStayHidden(t *testing.T) {
	review := reviewed(t, "prod", edits(set(database, "password", "former-secret")),
		edits(set(database, "password", "latter-secret")))
	assert.Equal(t, []Argument{{Path: "password", Old: notShown, New: notShown}}, changeOf(t, review,
		database).Arguments)
	for _, text := range rendered(t, review) {
		assert.NotContains(t, text, "-secret")
	}
}

// rendered is a review in every format.
func rendered(t *testing.T, review Review) []string {
	t.Helper()
	text, err := review.JSON()
	require.NoError(t, err)
	return []string{text, review.Text(), review.Markdown()}
}

func TestAddressesAreReplacedAsAWhole(t *testing.T) {
	const from, to = "aws_kms_key.a", "aws_kms_key.b"
	for text, want := range map[string]string{
		"${aws_kms_key.a.arn}":        "${aws_kms_key.b.arn}",
		"aws_kms_key.a":               "aws_kms_key.b",
		"aws_kms_key.a-b":             "aws_kms_key.a-b",
		"my_aws_kms_key.a":            "my_aws_kms_key.a",
		"${data.aws_kms_key.a.arn}":   "${data.aws_kms_key.a.arn}",
		"${aws_kms_key.a[0].arn}":     "${aws_kms_key.b[0].arn}",
		"aws_kms_key.a aws_kms_key.a": "aws_kms_key.b aws_kms_key.b",
	} {
		assert.Equal(t, want, replaceAddress(text, from, to))
	}
	cycle := moves{"a": "b", "b": "a"}
	assert.Contains(t, []string{"a", "b"}, cycle.to("a"))
	assert.True(t, strings.HasPrefix(Marker("s"), "<!--"))
}
