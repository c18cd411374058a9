package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

// The tests of this file know nothing of the constructs. They find in the synthesized JSON what is encrypted and who
// writes to it, and ask the policies that stand there as AWS will, with the context that each service really sends. A
// policy that forgets a writer makes its messages disappear without an error; these tests find it.

// keyOfReference returns the key that an expression such as "${aws_kms_key.x.arn}" leads to: its policy, and its ARN.
func keyOfReference(t testing.TB, s testkit.Stack, reference any) (policy iampolicy.Document, arn string) {
	t.Helper()
	expression, _ := reference.(string)
	return s.Get(t, testkit.Target(t, expression)).Policy(t, "policy"), testkit.Resolve(expression)
}

// assertOnly demands that a service may do the actions, and that nobody may who differs in one thing: another service,
// another principal, or any one value of the context that tells apart whose work it is.
func assertOnly(t *testing.T, what string, policy iampolicy.Document, service, resource string, context requestContext,
	telling []string, actions ...string) {
	t.Helper()
	for _, action := range actions {
		assert.Equal(t, iampolicy.Allowed, ask(policy, iampolicy.Service(service), action, resource, context),
			"%s: %s %s", what, service, action)
		for _, key := range telling {
			require.Contains(t, context, key)
			strange := context.with(key, strings.ReplaceAll(context[key], account, foreign))
			assert.NotEqual(t, iampolicy.Allowed, ask(policy, iampolicy.Service(service), action, resource, strange),
				"%s: %s %s with %v", what, service, action, strange)
			missing := context.with(key, "")
			delete(missing, key)
			assert.NotEqual(t, iampolicy.Allowed, ask(policy, iampolicy.Service(service), action, resource, missing),
				"%s: %s %s without %s", what, service, action, key)
		}
		for _, stranger := range []iampolicy.Caller{
			iampolicy.Service("stranger.amazonaws.com"), iampolicy.Role(workload), iampolicy.Root(rootARN),
			iampolicy.Root(foreignRootARN), iampolicy.Anonymous(),
		} {
			assert.NotContains(t, []iampolicy.Decision{iampolicy.Allowed, iampolicy.Delegated},
				ask(policy, stranger, action, resource, context), "%s: %v %s", what, stranger, action)
		}
	}
}

func TestEveryLogGroupCanBeWritten(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	groups := stack.OfType("aws_cloudwatch_log_group")
	require.GreaterOrEqual(t, len(groups), 2)
	const context = "kms:EncryptionContext:aws:logs:arn"
	service := "logs." + region + ".amazonaws.com"
	for _, group := range groups {
		key, arn := keyOfReference(t, stack, group.Attributes["kms_key_id"])
		of := requestContext{context: logGroupARN + group.Text(t, "name")}
		assertOnly(t, group.Path, key, service, arn, of, []string{context},
			"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")
		for _, strange := range []requestContext{of.with(context, of[context]+"2"),
			of.with(context, of[context]+":*")} {
			assert.Equal(t, iampolicy.ImplicitDeny, ask(key, iampolicy.Service(service), "kms:Encrypt", arn, strange),
				strange)
		}
	}
}

// TestLogsKeyNamesExactlyTheGroupsThatExist finds groups that are gone but may still be encrypted.
func TestLogsKeyNamesExactlyTheGroupsThatExist(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	var exist []string
	for _, group := range stack.OfType("aws_cloudwatch_log_group") {
		exist = append(exist, logGroupARN+group.Text(t, "name"))
	}
	for _, statement := range stack.At(t, "aws_kms_key", "logs-key/Resource").Policy(t, "policy").Statements {
		for _, condition := range statement.Conditions {
			if condition.Key == "kms:EncryptionContext:aws:logs:arn" {
				assert.ElementsMatch(t, exist, condition.Values, statement.Sid)
			}
		}
	}
}

// publisher is a service that publishes to a topic, as the topic and its key see it.
type publisher struct {
	what, service string
	context       requestContext // what tells whose work it is
}

// publishers finds who publishes to the topic at an address.
func publishers(t testing.TB, s testkit.Stack, address string) []publisher {
	t.Helper()
	found, err := evidence.Publishers(s.Template)
	require.NoError(t, err)
	var all []publisher
	for _, p := range found {
		if p.Topic.Address != address {
			continue
		}
		context := requestContext{}
		for key, values := range p.Context {
			context[key] = values[0]
		}
		all = append(all, publisher{p.Source.Path, p.Service, context})
	}
	return all
}

func TestEveryPublisherReachesItsTopic(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	policies := map[string]iampolicy.Document{}
	for _, policy := range stack.OfType("aws_sns_topic_policy") {
		policies[policy.Refers(t, "arn")] = policy.Policy(t, "policy")
	}
	alarmed := 0
	for _, topic := range stack.OfType("aws_sns_topic") {
		address := topic.Address
		policy, found := policies[address]
		require.True(t, found, "%s has no policy of its own", address)
		key, keyARN := keyOfReference(t, stack, topic.Attributes["kms_master_key_id"])
		arn := "arn:aws:sns:" + region + ":" + account + ":" + topic.Text(t, "name")
		publishers := publishers(t, stack, address)
		require.NotEmpty(t, publishers, "nobody publishes to %s", address)
		for _, p := range publishers {
			telling := make([]string, 0, len(p.context))
			for name := range p.context {
				telling = append(telling, name)
			}
			assertOnly(t, p.what, policy, p.service, arn, p.context.with("aws:SecureTransport", "true"), telling,
				"sns:Publish")
			assert.Equal(t, iampolicy.ExplicitDeny, ask(policy, iampolicy.Service(p.service), "sns:Publish", arn,
				p.context.with("aws:SecureTransport", "false")), "%s over plain HTTP", p.what)
			assertOnly(t, p.what, key, p.service, keyARN, p.context.with("kms:EncryptionContext:aws:sns:topicArn", arn),
				telling,
				"kms:GenerateDataKey", "kms:Decrypt")
			alarmed++
		}
	}
	assert.GreaterOrEqual(t, alarmed, len(stack.OfType("aws_cloudwatch_metric_alarm"))+2,
		"alarms, the trail and the database")
}

func TestEveryTrailCanBeDelivered(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	require.NotEmpty(t, stack.OfType("aws_cloudtrail"))
	for _, trail := range stack.OfType("aws_cloudtrail") {
		const service = "cloudtrail.amazonaws.com"
		source := "arn:aws:cloudtrail:" + region + ":" + account + ":trail/" + trail.Text(t, "name")
		key, keyARN := keyOfReference(t, stack, trail.Attributes["kms_key_id"])
		for _, at := range []string{region, "us-east-1", "ap-southeast-2"} {
			const context = "kms:EncryptionContext:aws:cloudtrail:arn"
			assertOnly(t, "files of "+at, key, service, keyARN,
				requestContext{"aws:SourceArn": source, context: strings.Replace(source, region, at, 1)},
				[]string{"aws:SourceArn", context}, "kms:GenerateDataKey")
		}
		check := requestContext{"aws:SourceArn": source}
		assertOnly(t, "the check of the key", key, service, keyARN, check, []string{"aws:SourceArn"}, "kms:Decrypt")
		// Administrators may describe the key too, so that it cannot be asked who else may not.
		assert.Equal(t, iampolicy.Allowed, ask(key, iampolicy.Service(service), "kms:DescribeKey", keyARN, check))
		assert.Equal(t, iampolicy.ImplicitDeny,
			ask(key, iampolicy.Service(service), "kms:DescribeKey", keyARN, check.with("aws:SourceArn", source+"2")))

		bucket := "arn:aws:s3:::" + trail.Text(t, "s3_bucket_name")
		policy := policyOfBucket(t, stack, trail.Text(t, "s3_bucket_name"))
		connection := requestContext{"aws:SourceArn": source, "aws:SecureTransport": "true", "s3:TlsVersion": "1.2"}
		assertOnly(t, "the check of the bucket", policy, service, bucket, connection, []string{"aws:SourceArn"},
			"s3:GetBucketAcl")
		for _, at := range []string{region, "us-east-1"} {
			for what, headers := range map[string]requestContext{
				fmt.Sprintf("CloudTrail/%s/2026/01/02/x.json.gz", at):        {sse: "aws:kms", sseKey: keyARN},
				fmt.Sprintf("CloudTrail-Digest/%s/2026/01/02/x.json.gz", at): {sse: "AES256"},
			} {
				file := connection.with("s3:x-amz-acl", "bucket-owner-full-control")
				for name, value := range headers {
					file = file.with(name, value)
				}
				assertOnly(t, what, policy, service, bucket+"/AWSLogs/"+account+"/"+what, file,
					[]string{"aws:SourceArn"}, "s3:PutObject")
			}
		}
		assert.NotEqual(t, iampolicy.Allowed,
			ask(policy, iampolicy.Service(service), "s3:PutObject", bucket+"/AWSLogs/"+foreign+"/CloudTrail/x",
				connection.with("s3:x-amz-acl", "bucket-owner-full-control")), "files of another account")

		role := stack.Get(t, trail.Refers(t, "cloud_watch_logs_role_arn"))
		assert.Equal(t, iampolicy.Allowed,
			ask(role.Policy(t, "assume_role_policy"), iampolicy.Service(service), "sts:AssumeRole", "", nil))
		group := stack.Get(t, logGroupOf(t, trail))
		stream := logGroupARN + group.Text(t, "name") + ":log-stream:" + account + "_CloudTrail_" + region
		for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
			var decisions []iampolicy.Decision
			for _, attached := range policiesOfRole(t, stack, role) {
				decisions = append(decisions,
					ask(attached, iampolicy.Role("arn:aws:iam::"+account+":role/"+role.Text(t, "name")), action, stream,
						nil))
			}
			assert.Equal(t, []iampolicy.Decision{iampolicy.Allowed}, decisions, action)
		}
	}
}

// logGroupOf is the address of the group that a trail is delivered to; CloudTrail takes its ARN only with ":*".
func logGroupOf(t testing.TB, trail testkit.Resource) string {
	t.Helper()
	arn, found := strings.CutSuffix(trail.Text(t, "cloud_watch_logs_group_arn"), ":*")
	require.True(t, found, "cloud_watch_logs_group_arn ends with :*")
	return testkit.Target(t, arn)
}

// policiesOfRole are the managed policies that are attached to a role.
func policiesOfRole(t testing.TB, s testkit.Stack, role testkit.Resource) []iampolicy.Document {
	t.Helper()
	var policies []iampolicy.Document
	for _, attachment := range s.OfType("aws_iam_role_policy_attachment") {
		if s.Get(t, attachment.Refers(t, "role")).Path == role.Path {
			policies = append(policies, s.Get(t, attachment.Refers(t, "policy_arn")).Policy(t, "policy"))
		}
	}
	return policies
}

// policyOfBucket is the policy of a bucket by its name.
func policyOfBucket(t testing.TB, s testkit.Stack, name string) iampolicy.Document {
	t.Helper()
	for _, policy := range s.OfType("aws_s3_bucket_policy") {
		if s.Get(t, policy.Refers(t, "bucket")).Attributes["bucket"] == name {
			return policy.Policy(t, "policy")
		}
	}
	require.Failf(t, "no policy", "of bucket %q", name)
	return iampolicy.Document{}
}

// TestEveryBucketCanBeWritten asks the key of each encrypted bucket: in the trail's bucket for CloudTrail, which is
// asked above, and in the others for roles that act through S3.
func TestEveryBucketCanBeWritten(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	trails := map[any]any{}
	for _, trail := range stack.OfType("aws_cloudtrail") {
		trails[trail.Attributes["s3_bucket_name"]] = trail.Attributes["kms_key_id"]
	}
	encrypted := 0
	for _, encryption := range stack.OfType("aws_s3_bucket_server_side_encryption_configuration") {
		rules, _ := encryption.Attributes["rule"].([]any)
		require.Len(t, rules, 1, encryption.Path)
		rule := rules[0].(map[string]any)
		byDefault := rule["apply_server_side_encryption_by_default"].(map[string]any)
		if byDefault["sse_algorithm"] != "aws:kms" {
			continue
		}
		encrypted++
		bucket := stack.Get(t, encryption.Refers(t, "bucket"))
		if trailKey, ofTrail := trails[bucket.Attributes["bucket"]]; ofTrail {
			assert.Equal(t, trailKey, byDefault["kms_master_key_id"], "the trail's key is the bucket's")
			assert.Equal(t, false, rule["bucket_key_enabled"],
				"with a bucket key the context would be the bucket's ARN")
			continue
		}
		key, arn := keyOfReference(t, stack, byDefault["kms_master_key_id"])
		about := "arn:aws:s3:::" + bucket.Text(t, "bucket")
		if rule["bucket_key_enabled"] != true {
			about += "/a/b"
		}
		through := requestContext{"kms:ViaService": "s3." + region + ".amazonaws.com",
			"kms:EncryptionContext:aws:s3:arn": about}
		for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
			assert.Equal(t, iampolicy.Delegated, ask(key, iampolicy.Role(workload), action, arn, through), "%s in %s",
				action, about)
			for _, stranger := range []iampolicy.Caller{iampolicy.Role("arn:aws:iam::" + foreign + ":role/x"),
				iampolicy.Service("s3.amazonaws.com"), iampolicy.Anonymous()} {
				assert.Equal(t, iampolicy.ImplicitDeny, ask(key, stranger, action, arn, through), "%v: %s in %s",
					stranger, action, about)
			}
			assert.Equal(t, iampolicy.ImplicitDeny, ask(key, iampolicy.Role(workload), action, arn,
				through.with("kms:EncryptionContext:aws:s3:arn", "arn:aws:s3:::other")), "%s in another bucket", action)
			assert.Equal(t, iampolicy.ImplicitDeny, ask(key, iampolicy.Role(workload), action, arn, nil),
				"%s outside of S3", action)
		}
	}
	assert.GreaterOrEqual(t, encrypted, 2, "the trail's and the data bucket")
}
