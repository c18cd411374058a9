package access

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/template"
)

// small is a stack with what the project's own has not: a policy inside of a role, a boundary that it makes, policies
// that AWS manages, a bucket and an endpoint without policies.
const small = `{
	"provider": {"aws": [{"region": "eu-central-1", "allowed_account_ids": ["111122223333"]}]},
	"data": {"aws_iam_policy": {"found": {"name": "found"}}},
	"resource": {
		"aws_s3_bucket": {"plain": {"bucket": "plain"}},
		"aws_vpc_endpoint": {"s3": {"service_name": "com.amazonaws.eu-central-1.s3", "tags": {"Name": "way-out"}}},
		"aws_iam_role": {"app": {"name": "app", "permissions_boundary": "${aws_iam_policy.limit.arn}",
			"assume_role_policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",` +
	`\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}"}},
		"aws_iam_role_policy": {"inside": {"name": "inside", "role": "${aws_iam_role.app.name}",
			"policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",` +
	`\"Action\":[\"s3:*\",\"iam:GetRole\"],` +
	`\"Resource\":[\"${aws_s3_bucket.plain.arn}/*\",\"arn:aws:iam::*\"]}}"}},
		"aws_iam_policy": {"limit": {"name": "limit", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":` +
	`{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\",\"iam:Get*\"],\"Resource\":\"*\"}}"}},
		"aws_iam_role_policy_attachment": {
			"aws": {"role": "${aws_iam_role.app.name}", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
			"found": {"role": "${aws_iam_role.app.name}", "policy_arn": "${data.aws_iam_policy.found.arn}"}
		}
	}
}`

func smallStack(t *testing.T) *Stack {
	t.Helper()
	parsed, err := template.Parse([]byte(small))
	require.NoError(t, err)
	s, err := New(parsed)
	require.NoError(t, err)
	return s
}

func TestStacksOfOthers(t *testing.T) {
	s := smallStack(t)
	var names []string
	for _, p := range s.Principals() {
		names = append(names, p.Name)
	}
	assert.Equal(t, []string{"app", "ec2.amazonaws.com", "root", "anonymous"}, names,
		"a boundary is no workload's policy")

	for _, row := range []struct {
		q       Question
		allowed bool
		says    string
	}{
		{Question{As: "app", Do: "s3:GetObject", On: "plain/x"}, true,
			"  identity policy inside (aws_iam_role_policy.inside): statement 1 allows it\n" +
				"  permissions boundary limit (aws_iam_policy.limit): statement 1 allows it\n"},
		{Question{As: "app", Do: "s3:PutObject", On: "plain/x"}, false,
			"  to change that, the permissions boundary of the caller must allow it\n" +
				"  or the permissions boundary of the caller must allow it, and the policy of the resource must " +
				"allow it to the caller itself\n"},
		{Question{As: "app", Do: "s3:GetObject", On: "plain/x", Via: "way-out"}, true, "endpoint policy way-out " +
			"(aws_vpc_endpoint.s3): FullAccess allows it\n"},
		{Question{As: "app", Do: "iam:GetRole", On: "aws_iam_role.app"}, true, "allows it\n"}, // no matter of trust
		{Question{As: "root", Do: "s3:PutObject", On: "plain"}, true, "  " + NeedsNone + "\n"},
		{Question{As: "arn:aws:sts::999900001111:assumed-role/x/session", Do: "s3:GetObject", On: "plain"}, false,
			"or its account\n"},
		{Question{As: "arn:aws:iam::999900001111:root", Do: "s3:GetObject", On: "plain"}, false,
			"to change that, the policy of the resource must allow it to the caller or its account\n"},
		{Question{As: "app", Do: "s3:GetObject", On: "plain/x"}, true, "not consulted: the policy " +
			"arn:aws:iam::aws:policy/ReadOnlyAccess; the policy ${data.aws_iam_policy.found.arn}; " + notConsulted +
			"\n"},
		{Question{As: "app", Do: "kms:Decrypt", On: "arn:aws:kms:eu-central-1:111122223333:key/x"}, false,
			"the policy of arn:aws:kms:eu-central-1:111122223333:key/x, which the stack does not make"},
		{Question{As: "app", Do: "s3:ListAllMyBuckets", On: "*"}, false, "s3:ListAllMyBuckets on *: not allowed\n"},
	} {
		answer, err := s.Ask(row.q)
		require.NoError(t, err)
		assert.Equal(t, row.allowed, answer.Allowed(), answer)
		assert.Contains(t, answer.String(), row.says)
	}
}

func TestParseContext(t *testing.T) {
	context, err := ParseContext(" aws:SecureTransport=false  s3:prefix=a s3:prefix=b=c aws:SourceIp= ")
	require.NoError(t, err)
	assert.Equal(t, Context{"aws:SecureTransport": {"false"}, "s3:prefix": {"a", "b=c"}, "aws:SourceIp": nil}, context)
	for _, text := range []string{"aws:SourceIp", "prefix=a", "="} {
		_, err := ParseContext("a:b=c " + text)
		assert.EqualError(t, err, `WITH = "`+text+
			`": must be condition keys and values, as in aws:SecureTransport=false`)
	}
	completed, added := Context{"AWS:SecureTransport": nil}.complete([]Assumption{{"aws:SecureTransport", "true", ""},
		{"aws:SourceIp", "10.0.0.1", ""}})
	assert.Equal(t, Context{"AWS:SecureTransport": nil, "aws:SourceIp": {"10.0.0.1"}}, completed, "what is given stays")
	assert.Len(t, added, 1)
}

func TestNewRefuses(t *testing.T) {
	for text, says := range map[string]string{
		`{"provider": {"aws": [{"region": "eu-central-9"}]}}`: `provider: region "eu-central-9" is not a region of AWS`,
		`{"provider": {"aws": [{"region": "eu-central-1"}]},
			"resource": {"aws_kms_key": {"x": {"policy": "{}"}}}}`: "aws_kms_key.x.policy: policy document: ",
	} {
		parsed, err := template.Parse([]byte(text))
		require.NoError(t, err)
		_, err = New(parsed)
		assert.ErrorContains(t, err, says)
	}
}
