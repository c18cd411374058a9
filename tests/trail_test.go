package tests

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

// TestWithoutTrail leaves out the trail, all that is there for it, and all that was allowed because of it.
func TestWithoutTrail(t *testing.T) {
	auditors := testkit.Settings{"logging.auditors": []string{testkit.AuditorPrincipal}}
	full := testkit.Synthesize(t, "prod", testkit.Offline(auditors))
	without := maps.Clone(auditors)
	without["logging.trail"] = "none"
	less := testkit.Synthesize(t, "prod", testkit.Offline(without))
	gone, added, changed := difference(full, less)
	assert.Empty(t, added)
	for _, path := range gone {
		assert.Regexp(t, `^(trail|trail-bucket|alarms)/|^trail-logs$`, path)
	}
	assert.Equal(t, []string{"access-logs-bucket/policy", "auditor/policy", "logs-key/Resource"}, changed,
		"who logged to it, read it or encrypted it")
	assertNoTrace(t, less, "cloudtrail", "acme-trail")
	for name := range less.Output {
		assert.False(t, strings.HasPrefix(name, "trail_") || name == "alarm_names", name)
	}

	auditor := iampolicy.Role("arn:aws:iam::" + account + ":role/acme-auditor-prod")
	through := func(service string) requestContext {
		return requestContext{"kms:ViaService": service + "." + region + ".amazonaws.com",
			"kms:EncryptionContext:aws:logs:arn":       logGroupARN + "acme-flow-logs-prod",
			"kms:EncryptionContext:aws:cloudtrail:arn": trailARN}
	}
	assertDecisions(t, less.At(t, "aws_kms_key", "logs-key/Resource").Policy(t, "policy"), keyARN, []request{
		{"the auditor reads log groups", auditor, "kms:Decrypt", through("logs"), iampolicy.Delegated},
		{"the auditor reads files", auditor, "kms:Decrypt", through("s3"), iampolicy.ImplicitDeny},
		{"CloudTrail encrypts", iampolicy.Service("cloudtrail.amazonaws.com"), "kms:GenerateDataKey",
			requestContext{"aws:SourceArn": trailARN, "kms:EncryptionContext:aws:cloudtrail:arn": trailARN},
			iampolicy.ImplicitDeny},
	})

	assert.Contains(t, summaryOf(t, "prod", testkit.Offline(without)), "left out: the audit trail, its bucket and its "+
		"log group (logging.trail); the alarms on the audit trail (logging.trailLogGroup)\n")
}

// TestAlarmsOnAnotherTrail adds to a stack without a trail the alarms on one that others deliver, and nothing else.
func TestAlarmsOnAnotherTrail(t *testing.T) {
	const group = "aws-controltower/CloudTrailLogs"
	settings := testkit.Settings{"logging.trail": "none"}
	without := testkit.Synthesize(t, "prod", testkit.Offline(settings))
	settings["logging.trailLogGroup"] = group
	watched := testkit.Synthesize(t, "prod", testkit.Offline(settings))
	gone, added, changed := difference(without, watched)
	assert.Empty(t, gone)
	assert.Empty(t, changed)
	own := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	var alarms []string
	for _, kind := range []string{"aws_cloudwatch_log_metric_filter", "aws_cloudwatch_metric_alarm"} {
		for _, resource := range own.OfType(kind) {
			if strings.HasPrefix(resource.Path, "alarms/") {
				alarms = append(alarms, resource.Path)
			}
		}
	}
	slices.Sort(alarms)
	assert.Equal(t, alarms, added)
	for _, filter := range watched.OfType("aws_cloudwatch_log_metric_filter") {
		assert.Equal(t, group, filter.Attributes["log_group_name"], filter.Path)
	}
}

// TestOrganizationTrail compares with the default what an organization's trail changes, where the management account
// makes it and where a delegated administrator does, whose trail is the management account's all the same.
func TestOrganizationTrail(t *testing.T) {
	const management = testkit.TrustedAccount
	for name, test := range map[string]struct {
		owner    string
		settings testkit.Settings
	}{
		"of the management account":    {account, testkit.Settings{}},
		"of a delegated administrator": {management, testkit.Settings{"logging.managementAccountId": management}},
	} {
		t.Run(name, func(t *testing.T) {
			settings := testkit.AllLogging()
			maps.Copy(settings, test.settings)
			settings["logging.trail"], settings["logging.organizationId"] = "organization", testkit.OrganizationID
			plain := testkit.Synthesize(t, "prod", testkit.AllLogging())
			stack := testkit.Synthesize(t, "prod", settings)
			gone, added, changed := difference(plain, stack)
			assert.Empty(t, gone)
			assert.Empty(t, added)
			want := []string{"auditor/policy", "trail-bucket/policy", "trail/Resource", "trail/delivery-role/policy"}
			if test.owner != account {
				want = append(want, "logs-key/Resource", "trail-topic/policy")
			}
			assert.ElementsMatch(t, want, changed)
			assert.Equal(t, true, stack.At(t, "aws_cloudtrail", "trail/Resource").Attributes["is_organization_trail"])
			t.Run("files", func(t *testing.T) { organizationFiles(t, stack, test.owner) })
			t.Run("key", func(t *testing.T) { organizationKey(t, stack, test.owner) })
			t.Run("streams", func(t *testing.T) { organizationStreams(t, stack) })
		})
	}
}

func organizationFiles(t *testing.T, stack testkit.Stack, owner string) {
	policy := stack.At(t, "aws_s3_bucket_policy", "trail-bucket/policy").Policy(t, "policy")
	service, trail := iampolicy.Service("cloudtrail.amazonaws.com"), trailOf(owner)
	from := func(trail string) requestContext {
		return requestContext{"aws:SourceArn": trail, "aws:SecureTransport": "true",
			"s3:x-amz-acl": "bucket-owner-full-control"}
	}
	for prefix, want := range map[string]iampolicy.Decision{
		owner:                                  iampolicy.Allowed,
		testkit.OrganizationID + "/" + foreign: iampolicy.Allowed,
		"o-zzzzzzzzzz/" + foreign:              iampolicy.ImplicitDeny,
		foreign:                                iampolicy.ImplicitDeny,
	} {
		object := archiveARN + "/AWSLogs/" + prefix + "/CloudTrail/" + region + "/x.json.gz"
		assertDecisions(t, policy, object, []request{
			{"the trail writes below " + prefix, service, "s3:PutObject", from(trail), want},
			{"another trail writes below " + prefix, service, "s3:PutObject", from(trailOf(foreign)),
				iampolicy.ImplicitDeny},
		})
	}
	assertDecisions(t, policy, archiveARN, []request{
		{"the trail checks the bucket", service, "s3:GetBucketAcl", from(trail), iampolicy.Allowed},
		{"another trail checks it", service, "s3:GetBucketAcl", from(trailOf(foreign)), iampolicy.ImplicitDeny},
	})
}

func organizationKey(t *testing.T, stack testkit.Stack, owner string) {
	from := func(trail string) requestContext {
		return requestContext{"aws:SourceArn": trail, "kms:EncryptionContext:aws:cloudtrail:arn": trail}
	}
	service := iampolicy.Service("cloudtrail.amazonaws.com")
	assertDecisions(t, stack.At(t, "aws_kms_key", "logs-key/Resource").Policy(t, "policy"), keyARN, []request{
		{"the trail encrypts", service, "kms:GenerateDataKey", from(trailOf(owner)), iampolicy.Allowed},
		{"a trail of a member encrypts", service, "kms:GenerateDataKey", from(trailOf(foreign)),
			iampolicy.ImplicitDeny},
	})
}

func organizationStreams(t *testing.T, stack testkit.Stack) {
	policy := stack.At(t, "aws_iam_policy", "trail/delivery-role/policy").Policy(t, "policy")
	role := iampolicy.Role("arn:aws:iam::" + account + ":role/acme-trail-delivery-prod")
	for stream, want := range map[string]iampolicy.Decision{
		account + "_CloudTrail_" + region:                                  iampolicy.Allowed,
		testkit.OrganizationID + "_" + foreign + "_CloudTrail_" + region:   iampolicy.Allowed,
		testkit.OrganizationID + "zz_" + foreign + "_CloudTrail_" + region: iampolicy.ImplicitDeny,
		foreign + "_CloudTrail_" + region:                                  iampolicy.ImplicitDeny,
	} {
		assertDecisions(t, policy, logGroupARN+"acme-trail-prod:log-stream:"+stream, []request{
			{"write " + stream, role, "logs:PutLogEvents", nil, want},
		})
	}
}

// trailOf is the ARN of the trail in an account.
func trailOf(owner string) string {
	return "arn:aws:cloudtrail:" + region + ":" + owner + ":trail/acme-trail-prod"
}
