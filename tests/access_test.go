package tests

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/access"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
	"securebaseline/internal/testkit/goldenfile"
)

func accessTo(t *testing.T, stack testkit.Stack) *access.Stack {
	t.Helper()
	opened, err := access.New(stack.Template)
	require.NoError(t, err)
	return opened
}

func answerTo(t *testing.T, stack *access.Stack, as, do, on, with, via string) (access.Answer, error) {
	t.Helper()
	context, err := access.ParseContext(with)
	require.NoError(t, err)
	return stack.Ask(access.Question{As: as, Do: do, On: on, With: context, Via: via})
}

// decidedBy lists the statements that decide each step, as POLICY KIND: SID.
func decidedBy(a access.Answer) []string {
	var all []string
	for _, step := range a.Steps {
		var said []string
		for _, opinion := range step.Opinions {
			effect := iampolicy.Allow
			if step.Decision == iampolicy.ExplicitDeny {
				effect = iampolicy.Deny
			}
			for _, trace := range opinion.Said.Applied(effect) {
				said = append(said, opinion.Policy.Kind.String()+": "+trace.Statement.Sid)
			}
		}
		all = append(all, step.Decision.String()+" "+strings.Join(said, ", "))
	}
	return all
}

// TestWhoMayDoWhat asks the stacks of environments, and one that has everything.
func TestWhoMayDoWhat(t *testing.T) {
	dev, prod := accessTo(t, testkit.Synthesize(t, "dev", nil)), accessTo(t, testkit.Synthesize(t, "prod", nil))
	everything := accessTo(t, testkit.Synthesize(t, "prod", testkit.Everything()))
	assert.False(t, dev.AccountKnown())
	assert.True(t, prod.AccountKnown())
	assert.Equal(t, "444455556666", prod.Env().AccountID())
	const nothing = "implicit deny "
	for _, row := range []struct {
		name              string
		stack             *access.Stack
		as, do, on        string
		with, via         string
		want              []string
		missing, resource string
	}{
		{name: "a reader reads", stack: prod, as: "data-reader", do: "s3:GetObject", on: "data/a/b", want: []string{
			"allow identity policy: ReadObjects",
			"allow identity policy: DecryptObjects, key policy: AccountEncryptsObjectsThroughS3"}},
		{name: "in an account that is not known", stack: dev, as: "data-reader", do: "s3:GetObject", on: "data/a/b",
			want: []string{"allow identity policy: ReadObjects",
				"allow identity policy: DecryptObjects, key policy: AccountEncryptsObjectsThroughS3"},
			resource: "arn:aws:s3:::acme-data-dev-123456789012-eu-central-1/a/b"},
		{name: "a reader does not write", stack: prod, as: "acme-data-reader-prod", do: "s3:PutObject",
			on: "acme-data-prod-444455556666-eu-central-1", want: []string{nothing,
				nothing + "key policy: AccountEncryptsObjectsThroughS3"},
			resource: "arn:aws:s3:::acme-data-prod-444455556666-eu-central-1/object"},
		{name: "a writer writes", stack: prod, as: "aws_iam_policy.data-writer", do: "s3:PutObject", on: "data",
			want: []string{"allow identity policy: WriteObjects",
				"allow identity policy: EncryptObjects, key policy: AccountEncryptsObjectsThroughS3"}},
		{name: "through the endpoint", stack: prod, as: "data-writer", do: "s3:PutObject", on: "data", via: "s3",
			want: []string{"allow identity policy: WriteObjects, endpoint policy: OwnPrincipalsReachOwnResources",
				"allow identity policy: EncryptObjects, key policy: AccountEncryptsObjectsThroughS3"}},
		{name: "through the endpoint to another account", stack: prod, as: "data-writer", do: "s3:PutObject",
			on: "arn:aws:s3:::elsewhere/x", via: "s3", want: []string{nothing},
			missing: "the policy of arn:aws:s3:::elsewhere/x, which the stack does not make"},
		{name: "over plain HTTP", stack: prod, as: "data-writer", do: "s3:PutObject", on: "data",
			with: "aws:SecureTransport=false", want: []string{"explicit deny bucket policy: DenyPlainHTTP",
				"allow identity policy: EncryptObjects, key policy: AccountEncryptsObjectsThroughS3"}},
		{name: "without a header", stack: prod, as: "data-writer", do: "s3:PutObject", on: "data",
			with: "s3:x-amz-server-side-encryption=", want: []string{"explicit deny bucket policy: DenyMissingHeader",
				"allow identity policy: EncryptObjects, key policy: AccountEncryptsObjectsThroughS3"}},
		{name: "a key by itself", stack: prod, as: "data-reader", do: "kms:Decrypt", on: "alias/acme-data-prod",
			want: []string{nothing}},
		{name: "root and a key", stack: prod, as: "root", do: "kms:Decrypt", on: "logs-key", want: []string{nothing}},
		{name: "root repairs a key's policy", stack: prod, as: "root", do: "kms:PutKeyPolicy", on: "acme-data-prod",
			want: []string{"allow key policy: AccountAdministersKey"}},
		{name: "the trail is delivered", stack: prod, as: "cloudtrail", do: "s3:PutObject",
			on: "trail/AWSLogs/444455556666/CloudTrail/x", want: []string{"allow bucket policy: CloudTrailWritesTrail",
				"allow key policy: CloudTrailEncryptsTrail"}},
		{name: "somebody else's trail is not", stack: prod, as: "cloudtrail", do: "s3:PutObject",
			on:   "trail/AWSLogs/444455556666/CloudTrail/x",
			with: "aws:SourceArn=arn:aws:cloudtrail:eu-central-1:999900001111:trail/x", want: []string{nothing,
				nothing}},
		{name: "an alarm is told", stack: prod, as: "cloudwatch", do: "sns:Publish", on: "acme-alarms-prod",
			want: []string{
				"allow topic policy: AlarmsPublish", "allow key policy: CloudWatchEncryptsAlarmMessages",
				"allow key policy: CloudWatchEncryptsAlarmMessages"}},
		{name: "a log group is written", stack: prod, as: "logs", do: "kms:GenerateDataKey", on: "logs-key",
			want: []string{"allow key policy: CloudWatchLogsEncryptsLogGroups"}},
		{name: "access logs are delivered", stack: prod, as: "logging.s3", do: "s3:PutObject", on: "access-logs",
			want: []string{"allow bucket policy: S3DeliversAccessLogs"}},
		{name: "CloudTrail takes its role", stack: prod, as: "cloudtrail.amazonaws.com", do: "sts:AssumeRole",
			on: "acme-trail-delivery-prod", want: []string{"allow trust policy: ServiceAssumesRole"}},
		{name: "and the role writes its stream", stack: prod, as: "trail-delivery", do: "logs:PutLogEvents",
			on:   "acme-trail-prod:log-stream:444455556666_CloudTrail_eu-central-1",
			want: []string{"allow identity policy: WriteTrail"}},
		{name: "and no other", stack: prod, as: "trail-delivery", do: "logs:PutLogEvents", on: "acme-trail-prod",
			want:     []string{nothing},
			resource: "arn:aws:logs:eu-central-1:444455556666:log-group:acme-trail-prod:log-stream:stream"},
		{name: "a workload connects", stack: prod, as: "database-connect", do: "rds-db:connect", on: "database/app",
			want:     []string{"allow identity policy: ConnectAsUser"},
			resource: "arn:aws:rds-db:eu-central-1:444455556666:dbuser:db-ACME-DATABASE-PROD/app"},
		{name: "as another user", stack: prod, as: "database-connect", do: "rds-db:connect", on: "database/admin",
			want: []string{nothing}},
		{name: "a role that the stack does not make", stack: prod, as: "arn:aws:iam::444455556666:role/app",
			do: "s3:GetObject", on: "data", want: []string{nothing, nothing +
				"key policy: AccountEncryptsObjectsThroughS3"},
			missing: "policies of arn:aws:iam::444455556666:role/app, which the stack does not make"},
		{name: "nobody signed", stack: prod, as: "anonymous", do: "s3:GetObject", on: "trail",
			want: []string{nothing, nothing}},
		{name: "an auditor without MFA", stack: everything, as: "user/auditor", do: "sts:AssumeRole",
			on:   "acme-auditor-prod",
			want: []string{nothing}},
		{name: "an auditor with MFA", stack: everything, as: testkit.AuditorPrincipal, do: "sts:AssumeRole",
			on: "acme-auditor-prod", with: "aws:MultiFactorAuthPresent=true",
			want: []string{"allow trust policy: PrincipalsAssumeRoleWithMFA"}},
		{name: "a boundary that is elsewhere", stack: everything, as: "acme-auditor-prod", do: "s3:GetObject",
			on: "trail/AWSLogs/" + account + "/x", want: []string{"allow identity policy: ReadFilesOfTrail",
				"allow identity policy: DecryptThroughServices, key policy: AuditorReadsTrailThroughS3"},
			missing: "the permissions boundary arn:aws:iam::" + account + ":policy/boundary"},
	} {
		t.Run(row.name, func(t *testing.T) {
			answer, err := answerTo(t, row.stack, row.as, row.do, row.on, row.with, row.via)
			require.NoError(t, err)
			assert.Equal(t, row.want, decidedBy(answer), answer.String())
			if row.missing != "" {
				assert.Contains(t, answer.Missing, row.missing)
			}
			if row.resource != "" {
				assert.Equal(t, row.resource, answer.Resource)
			}
		})
	}
}

// TestQuestionsThatAreNotUnderstood demands that an answer in the negative says what there is, and what is near.
func TestQuestionsThatAreNotUnderstood(t *testing.T) {
	stack := accessTo(t, testkit.Synthesize(t, "prod", nil))
	for _, row := range []struct{ as, do, on, via, says string }{
		{"acme-data-raeder-prod", "s3:GetObject", "data", "", `AS = "acme-data-raeder-prod": must be a principal`},
		{"acme-data-raeder-prod", "s3:GetObject", "data", "", `did you mean "acme-data-reader-prod"?`},
		{"data", "s3:GetObject", "data", "",
			`AS = "data": must name one of these, in full: acme-database-monitoring-prod, acme-data-reader-prod, `},
		{"", "s3:GetObject", "data", "", "AS: must name a principal, one of "},
		{"root", "s3:Get*", "data", "", `DO = "s3:Get*": must be one action in full, such as s3:GetObject`},
		{"root", "", "data", "", `DO = "": must be one action in full`},
		{"root", "s3:GetObject", "acme-dta-prod-444455556666-eu-central-1", "",
			`did you mean "acme-data-prod-444455556666-eu-central-1"?`},
		{"root", "s3:GetObject", "prod", "", `ON = "prod": must name one of these, in full: acme-access-logs-prod-`},
		{"root", "sns:Publish", "", "",
			`ON: must name a resource: an ARN, "*" for an action without one, or one of acme-alarms-prod`},
		{"root", "lambda:InvokeFunction", "x", "",
			`ON = "x": must be an ARN, "*", or what lambda:InvokeFunction is about: nothing in this stack`},
		{"root", "s3:GetObject", "data", "s4",
			`VIA = "s4": must be a VPC endpoint: one of acme-network-s3-endpoint-prod`},
	} {
		_, err := answerTo(t, stack, row.as, row.do, row.on, "", row.via)
		assert.ErrorContains(t, err, row.says)
	}
}

// TestAnswersAreReadable compares the whole text of an answer of each kind.
func TestAnswersAreReadable(t *testing.T) {
	stack := accessTo(t, testkit.Synthesize(t, "prod", nil))
	for name, ask := range map[string][5]string{
		"allowed":     {"data-writer", "s3:PutObject", "data/a", "", "s3"},
		"not-allowed": {"data-reader", "kms:Decrypt", "acme-data-prod", "", ""},
		"denied":      {"data-writer", "s3:PutObject", "data/a", "s3:x-amz-server-side-encryption=AES256", ""},
	} {
		answer, err := answerTo(t, stack, ask[0], ask[1], ask[2], ask[3], ask[4])
		require.NoError(t, err)
		goldenfile.Assert(t, filepath.Join("testdata", "can", name+".txt"), answer.String())
	}
}
