package template

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/iampolicy"
)

// stack is a small stack as CDKTF writes it.
const stack = `{
	"//": {"metadata": {"stackName": "s"}},
	"data": {"aws_caller_identity": {"current": {"//": {"metadata": {"path": "s/current"}}}}},
	"output": {"key_arn": {"value": "${aws_kms_key.logs.arn}"}},
	"provider": {"aws": [{"region": "eu-central-1"}]},
	"terraform": {"required_version": ">= 1.10"},
	"resource": {
		"aws_kms_key": {"logs": {
			"//": {"metadata": {"path": "s/logs-key/Resource"}},
			"policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Root\",\"Effect\":\"Allow\",` +
	`\"Principal\":{\"AWS\":\"arn:aws:iam::${data.aws_caller_identity.current.account_id}:root\"},` +
	`\"Action\":\"kms:DescribeKey\",\"Resource\":\"*\"}]}"
		}},
		"aws_cloudwatch_log_group": {
			"a": {"//": {"metadata": {"path": "s/a-logs"}}, "kms_key_id": "${aws_kms_key.logs.arn}",
				"name": "$${aws_kms_key.logs}"},
			"b": {"//": {"metadata": {"path": "s/b-logs"}}, "depends_on": ["aws_cloudwatch_log_group.a"],
				"name": "b-${length(aws_kms_key.logs.arn)}", "rule": [{"status": "Enabled"}]}
		},
		"terraform_data": {"c": {"lifecycle": {"replace_triggered_by": ["aws_kms_key.logs"]}, "input": "${self.id}"}}
	}
}`

func parsed(t *testing.T) *Template {
	t.Helper()
	parsed, err := Parse([]byte(stack))
	require.NoError(t, err)
	return parsed
}

func at(t *testing.T, address string) Resource {
	t.Helper()
	r, exists := parsed(t).Resource(address)
	require.True(t, exists, address)
	return r
}

func TestTemplate(t *testing.T) {
	s := parsed(t)
	assert.Equal(t, []string{
		"aws_cloudwatch_log_group.a", "aws_cloudwatch_log_group.b", "aws_kms_key.logs", "terraform_data.c",
	}, s.Addresses())
	assert.Equal(t, []Resource{{
		Address: "data.aws_caller_identity.current", Mode: Data, Type: "aws_caller_identity", Name: "current",
		Path:       "current",
		Attributes: map[string]any{},
	}}, s.DataSources())
	assert.Len(t, s.OfType("aws_cloudwatch_log_group"), 2)
	assert.Empty(t, s.OfType("aws_caller_identity"), "data sources are no managed resources")
	assert.Equal(t, "s", s.Stack)
	assert.Equal(t, "eu-central-1", s.Provider["aws"][0]["region"])
	assert.Equal(t, ">= 1.10", s.Terraform["required_version"])
	assert.Equal(t, "${aws_kms_key.logs.arn}", s.Output["key_arn"]["value"])

	found, err := s.AtPath("aws_kms_key", "logs-key/Resource")
	require.NoError(t, err)
	assert.Equal(t, "aws_kms_key.logs", found.Address)
	_, err = s.AtPath("aws_cloudwatch_log_group", "logs")
	assert.EqualError(t, err, `no aws_cloudwatch_log_group at "logs": must be one of a-logs, b-logs`)
}

// TestUnread keeps readers that must lose nothing from losing something.
func TestUnread(t *testing.T) {
	parsed, err := Parse([]byte(`{"//": {}, "check": {}, "ephemeral": {}, "import": [{"to": "a.b", "id": "1"}],
		"locals": {"x": 1}, "variable": {"v": {"type": "string"}}, "moved": [{"from": "a.b", "to": "a.c"}],
		"removed": [{"from": "a.kept", "lifecycle": {"destroy": false}}, {"from": "a.d"},
			{"from": "a.e", "lifecycle": {"destroy": true}}]}`))
	require.NoError(t, err)
	assert.Equal(t, []string{"check", "ephemeral", "removed a.d", "removed a.e"}, parsed.Unread())
	assert.Equal(t, []string{"a.kept"}, parsed.Removed)
	assert.Equal(t, map[string]string{"a.b": "a.c"}, parsed.Moved)
	assert.Equal(t, []map[string]any{{"to": "a.b", "id": "1"}}, parsed.Import)
	assert.Equal(t, map[string]any{"x": 1.0}, parsed.Locals)
	assert.Equal(t, map[string]map[string]any{"v": {"type": "string"}}, parsed.Variable)
}

func TestRead(t *testing.T) {
	directory := t.TempDir()
	_, err := Read(directory)
	require.ErrorIs(t, err, fs.ErrNotExist)
	path := filepath.Join(directory, File)
	require.NoError(t, os.WriteFile(path, []byte(stack), 0o600))
	read, err := Read(directory)
	require.NoError(t, err)
	assert.Equal(t, parsed(t), read)
	require.NoError(t, os.WriteFile(path, []byte(`{"resource": []}`), 0o600))
	_, err = Read(directory)
	require.ErrorContains(t, err, path+": ")
}

func TestResource(t *testing.T) {
	b := at(t, "aws_cloudwatch_log_group.b")
	assert.Equal(t, "Enabled", b.Value("rule", "0", "status"))
	for _, path := range [][]string{{"rule", "1"}, {"rule", "-1"}, {"rule", "x"}, {"name", "x"}, {"nothing", "x"}} {
		assert.Nil(t, b.Value(path...), path)
	}
	_, isString := b.String("rule")
	assert.False(t, isString)
	assert.True(t, Stateful("aws_db_instance"))
	assert.False(t, Stateful("aws_route"))
}

func TestReferences(t *testing.T) {
	for address, want := range map[string][]string{
		"aws_cloudwatch_log_group.a": {"aws_kms_key.logs"},
		"aws_cloudwatch_log_group.b": {"aws_kms_key.logs"},
		"aws_kms_key.logs":           {"data.aws_caller_identity.current"},
		"terraform_data.c":           {"aws_kms_key.logs"},
	} {
		assert.Equal(t, want, at(t, address).References(), address)
	}
	for text, want := range map[string]string{
		"${aws_vpc.main.id}":                    "aws_vpc.main",
		"${data.aws_region.here.name}":          "data.aws_region.here",
		"${aws_vpc.main.id}/x":                  "",
		"${length(aws_vpc.main.id)}":            "",
		"${aws_vpc.main.id}${aws_vpc.other.id}": "",
		"$${aws_vpc.main.id}":                   "",
		"${var.name.x}":                         "",
		"${local.name}":                         "",
		"${each.key}":                           "",
		"${count.index}":                        "",
		"${path.module}":                        "",
		"${terraform.workspace}":                "",
		"${self.arn}":                           "",
		"aws_vpc.main.id":                       "",
		"${":                                    "",
	} {
		address, isReference := ReferenceIn(text)
		assert.Equal(t, want, address, text)
		assert.Equal(t, want != "", isReference, text)
	}
}

func TestGraph(t *testing.T) {
	graph := parsed(t).Graph()
	assert.Equal(t, []string{"aws_cloudwatch_log_group.a", "aws_kms_key.logs"}, graph["aws_cloudwatch_log_group.b"])
	assert.Equal(t, map[string]bool{
		"aws_cloudwatch_log_group.a": true, "aws_kms_key.logs": true, "data.aws_caller_identity.current": true,
	}, graph.Ancestors("aws_cloudwatch_log_group.b"))
	assert.Equal(t, []string{
		"data.aws_caller_identity.current", "aws_kms_key.logs", "aws_cloudwatch_log_group.a",
		"aws_cloudwatch_log_group.b",
		"terraform_data.c",
	}, graph.Order())

	graph = Graph{"a": {"b"}, "b": {"c"}, "c": {"d", "b"}, "d": nil}
	assert.Nil(t, graph.Order())
	assert.Equal(t, map[string]bool{"b": true, "c": true, "d": true}, graph.Ancestors("b"), "a cycle ends the walk")
}

func TestPolicy(t *testing.T) {
	key := at(t, "aws_kms_key.logs")
	policy, err := key.Policy("policy", Values{"data.aws_caller_identity.current.account_id": "111122223333"})
	require.NoError(t, err)
	assert.Equal(t, iampolicy.Allowed, policy.Evaluate(iampolicy.Request{
		Caller: iampolicy.Root("arn:aws:iam::111122223333:root"), Action: "kms:DescribeKey",
		Resource: "arn:aws:kms:eu-central-1:111122223333:key/1",
	}))
	_, err = key.Policy("policy", nil)
	assert.EqualError(t, err, "aws_kms_key.logs.policy: ${data.aws_caller_identity.current.account_id} has no value")
	_, err = key.Policy("name", nil)
	assert.EqualError(t, err, "aws_kms_key.logs.name: must be the JSON of a policy")
	_, err = at(t, "aws_cloudwatch_log_group.a").Policy("name", nil)
	assert.ErrorContains(t, err, "aws_cloudwatch_log_group.a.name: policy document: ")
}

func TestReadable(t *testing.T) {
	readable, err := Readable([]byte(`{"//": {}, "b": [{"policy": "{\"Statement\":[{\"Sid\":\"<\"}]}"}], "a": "{}"}`))
	require.NoError(t, err)
	assert.Equal(t, `{
  "a": "{}",
  "b": [
    {
      "policy": {
        "Statement": [
          {
            "Sid": "<"
          }
        ]
      }
    }
  ]
}
`, string(readable))
	_, err = Readable([]byte("{"))
	assert.Error(t, err)
}

func TestAttributesIn(t *testing.T) {
	for text, want := range map[string][]Attribute{
		"plain $${aws_vpc.a.id}": nil,
		"${aws_db_instance.a.master_user_secret[0].secret_arn}": {
			{"aws_db_instance.a", []string{"master_user_secret", "secret_arn"}}},
		"${data.aws_x.a[\"k\"].id} ${self.arn}":    {{"data.aws_x.a", []string{"id"}}, {Self, []string{"arn"}}},
		"${length(aws_vpc.a)} ${var.x} ${local.y}": {{"aws_vpc.a", []string{}}},
	} {
		assert.Equal(t, want, AttributesIn(text), text)
	}
}
