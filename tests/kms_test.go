package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/kms"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
)

const (
	admin      = "arn:aws:iam::" + account + ":role/key-admin"
	breakGlass = "arn:aws:iam::" + account + ":role/break-glass"
	workload   = "arn:aws:iam::" + account + ":role/workload"

	breakGlassUser = "arn:aws:iam::" + account + ":user/break-glass"
	// permissionSet is the ARN of a permission set's role without the digits at its end.
	permissionSet = "arn:aws:iam::" + account + ":role/aws-reserved/sso.amazonaws.com/" + region +
		"/AWSReservedSSO_Security"
)

const keyARN = "arn:aws:kms:" + region + ":" + account + ":key/1"

func keyPolicy(t *testing.T, purpose, environment string, replaced testkit.Settings) iampolicy.Document {
	t.Helper()
	return testkit.Synthesize(t, environment, replaced).At(t, "aws_kms_key", purpose+"-key/Resource").Policy(t,
		"policy")
}

func TestKeyAdministration(t *testing.T) {
	root, role := iampolicy.Root(rootARN), iampolicy.Role(admin)

	t.Run("by the account", func(t *testing.T) {
		assertDecisions(t, keyPolicy(t, "data", "prod", testkit.Offline(nil)), keyARN, []request{
			{"root may repair the policy", root, "kms:PutKeyPolicy", nil, iampolicy.Allowed},
			{"IAM may let a role administer", role, "kms:PutKeyPolicy", nil, iampolicy.Delegated},
			{"root may not decrypt", root, "kms:Decrypt", nil, iampolicy.ImplicitDeny},
			{"root may not encrypt", root, "kms:Encrypt", nil, iampolicy.ImplicitDeny},
			{"root may not make data keys", root, "kms:GenerateDataKey", nil, iampolicy.ImplicitDeny},
			{"root may not sign", root, "kms:Sign", nil, iampolicy.ImplicitDeny},
			{"root may not hand out grants", root, "kms:CreateGrant", nil, iampolicy.ImplicitDeny},
			{"root may not delete", root, "kms:ScheduleKeyDeletion", nil, iampolicy.ImplicitDeny},
			{"root may not delete even with MFA", root, "kms:ScheduleKeyDeletion", mfa, iampolicy.ImplicitDeny},
			{"root may not disable", root, "kms:DisableKey", mfa, iampolicy.ImplicitDeny},
			{"root may not stop rotation", root, "kms:DisableKeyRotation", mfa, iampolicy.ImplicitDeny},
			{"another account may not look", iampolicy.Root(foreignRootARN), "kms:DescribeKey", nil,
				iampolicy.ImplicitDeny},
			{"nobody may look anonymously", iampolicy.Anonymous(), "kms:DescribeKey", nil, iampolicy.ImplicitDeny},
		})
	})

	t.Run("by named administrators", func(t *testing.T) {
		policy := keyPolicy(t, "data", "prod", testkit.Offline(testkit.Settings{"kms.administrators": []string{admin}}))
		assertDecisions(t, policy, keyARN, []request{
			{"an administrator may change the policy", role, "kms:PutKeyPolicy", nil, iampolicy.Allowed},
			{"an administrator may rotate", role, "kms:EnableKeyRotation", nil, iampolicy.Allowed},
			{"an administrator may not decrypt", role, "kms:Decrypt", nil, iampolicy.ImplicitDeny},
			{"an administrator may not hand out grants", role, "kms:CreateGrant", nil, iampolicy.ImplicitDeny},
			{"an administrator may not delete", role, "kms:ScheduleKeyDeletion", nil, iampolicy.ImplicitDeny},
			{"IAM cannot make another role an administrator", iampolicy.Role(workload), "kms:PutKeyPolicy", nil,
				iampolicy.ImplicitDeny},
			{"the root user can repair the policy", root, "kms:PutKeyPolicy", nil, iampolicy.Allowed},
			{"the root user can do no more", root, "kms:TagResource", nil, iampolicy.ImplicitDeny},
			{"the root user of another account cannot", iampolicy.Root(foreignRootARN), "kms:PutKeyPolicy", nil,
				iampolicy.ImplicitDeny},
		})
	})

	t.Run("deletion by break-glass principals", func(t *testing.T) {
		policy := keyPolicy(t, "data", "prod", testkit.Offline(testkit.Settings{
			"kms.administrators": []string{admin},
			"kms.breakGlass":     []string{breakGlassUser, breakGlass, permissionSet + "_*"},
		}))
		user, emergency := iampolicy.User(breakGlassUser), iampolicy.Role(breakGlass)
		assigned := iampolicy.Role(permissionSet + "_0123456789abcdef")
		assertDecisions(t, policy, keyARN, []request{
			{"a user with MFA", user, "kms:ScheduleKeyDeletion", mfa, iampolicy.Allowed},
			{"a user with MFA, disable", user, "kms:DisableKey", mfa, iampolicy.Allowed},
			{"a user in a session without MFA", user, "kms:ScheduleKeyDeletion", noMFA, iampolicy.ImplicitDeny},
			{"a user with long-term keys, which carry no MFA context", user, "kms:ScheduleKeyDeletion", nil,
				iampolicy.ImplicitDeny},
			{"another user with MFA", iampolicy.User(breakGlassUser + "2"), "kms:ScheduleKeyDeletion", mfa,
				iampolicy.ImplicitDeny},
			{"a user: no use", user, "kms:Decrypt", mfa, iampolicy.ImplicitDeny},
			{"a user: no administration", user, "kms:PutKeyPolicy", mfa, iampolicy.ImplicitDeny},
			{"a role, whose session carries no MFA", emergency, "kms:ScheduleKeyDeletion", nil, iampolicy.Allowed},
			{"a role: no use", emergency, "kms:Decrypt", nil, iampolicy.ImplicitDeny},
			{"a role: no administration", emergency, "kms:PutKeyPolicy", nil, iampolicy.ImplicitDeny},
			{"a permission set, if its own policy allows it", assigned, "kms:ScheduleKeyDeletion", nil,
				iampolicy.Delegated},
			{"a permission set after it was assigned anew", iampolicy.Role(permissionSet + "_fedcba9876543210"),
				"kms:CancelKeyDeletion", nil, iampolicy.Delegated},
			{"a permission set: no use", assigned, "kms:Decrypt", nil, iampolicy.ImplicitDeny},
			{"another permission set", iampolicy.Role(permissionSet + "Readers_0123456789abcdef"),
				"kms:ScheduleKeyDeletion", nil, iampolicy.ImplicitDeny},
			{"the permission set in another account",
				iampolicy.Role(strings.Replace(permissionSet, account, foreign, 1) + "_0123456789abcdef"),
				"kms:ScheduleKeyDeletion", nil, iampolicy.ImplicitDeny},
			{"a role that somebody names like a permission set",
				iampolicy.Role("arn:aws:iam::" + account + ":role/AWSReservedSSO_Security_0123456789abcdef"),
				"kms:ScheduleKeyDeletion", nil, iampolicy.ImplicitDeny},
			{"root", root, "kms:ScheduleKeyDeletion", mfa, iampolicy.ImplicitDeny},
			{"an administrator", role, "kms:ScheduleKeyDeletion", nil, iampolicy.ImplicitDeny},
		})
	})

	t.Run("ephemeral lets destroy work", func(t *testing.T) {
		assertDecisions(t, keyPolicy(t, "data", "dev", nil), keyARN, []request{
			{"IAM may let a role delete", role, "kms:ScheduleKeyDeletion", nil, iampolicy.Delegated},
			{"but not decrypt", role, "kms:Decrypt", nil, iampolicy.ImplicitDeny},
			{"not from another account", iampolicy.Role("arn:aws:iam::" + foreign + ":role/x"),
				"kms:ScheduleKeyDeletion", nil, iampolicy.ImplicitDeny},
		})
	})
}

func TestLogsKeyUse(t *testing.T) {
	const (
		trail        = "arn:aws:cloudtrail:" + region + ":" + account + ":trail/acme-trail-prod"
		foreignTrail = "arn:aws:cloudtrail:" + region + ":" + foreign + ":trail/acme-trail-prod"
		groups       = "arn:aws:logs:" + region + ":" + account + ":log-group:"
		alarm        = "arn:aws:cloudwatch:" + region + ":" + account + ":alarm:acme-root-use-prod"
	)
	cloudTrail := iampolicy.Service("cloudtrail.amazonaws.com")
	logs := iampolicy.Service("logs." + region + ".amazonaws.com")
	alarms := iampolicy.Service("cloudwatch.amazonaws.com")
	logContext := func(arn string) requestContext { return requestContext{"kms:EncryptionContext:aws:logs:arn": arn} }
	trailContext := func(source, arn string) requestContext {
		return requestContext{"aws:SourceArn": source, "kms:EncryptionContext:aws:cloudtrail:arn": arn}
	}

	assertDecisions(t, keyPolicy(t, "logs", "prod", testkit.Offline(nil)), keyARN, []request{
		{"CloudTrail encrypts its files", cloudTrail, "kms:GenerateDataKey", trailContext(trail, trail),
			iampolicy.Allowed},
		{"CloudTrail encrypts files of other regions", cloudTrail, "kms:GenerateDataKey",
			trailContext(trail, "arn:aws:cloudtrail:us-east-1:"+account+":trail/acme-trail-prod"), iampolicy.Allowed},
		{"CloudTrail describes the key", cloudTrail, "kms:DescribeKey", requestContext{"aws:SourceArn": trail},
			iampolicy.Allowed},
		{"CloudTrail checks a bucket with a bucket key", cloudTrail, "kms:Decrypt",
			requestContext{"aws:SourceArn": trail}, iampolicy.Allowed},
		{"not for a trail of another account", cloudTrail, "kms:GenerateDataKey",
			trailContext(foreignTrail, foreignTrail), iampolicy.ImplicitDeny},
		{"not for another trail of this account", cloudTrail, "kms:GenerateDataKey", trailContext(trail+"2", trail+"2"),
			iampolicy.ImplicitDeny},
		{"not with the context of another trail", cloudTrail, "kms:GenerateDataKey", trailContext(trail, foreignTrail),
			iampolicy.ImplicitDeny},
		{"not without a source", cloudTrail, "kms:DescribeKey", nil, iampolicy.ImplicitDeny},

		{"the trail's log group", logs, "kms:Encrypt", logContext(groups + "acme-trail-prod"), iampolicy.Allowed},
		{"the flow logs' log group", logs, "kms:GenerateDataKey", logContext(groups + "acme-flow-logs-prod"),
			iampolicy.Allowed},
		{"the database's log group", logs, "kms:Decrypt",
			logContext(groups + "/aws/rds/instance/acme-database-prod/postgresql"), iampolicy.Allowed},
		{"a log group of another account", logs, "kms:Encrypt",
			logContext("arn:aws:logs:" + region + ":" + foreign + ":log-group:acme-trail-prod"),
			iampolicy.ImplicitDeny},
		{"a log group that is not of the stack", logs, "kms:Encrypt", logContext(groups + "other"),
			iampolicy.ImplicitDeny},
		{"CloudWatch Logs of another region", iampolicy.Service("logs.us-east-1.amazonaws.com"), "kms:Encrypt",
			logContext(groups + "acme-trail-prod"), iampolicy.ImplicitDeny},
		{"CloudWatch Logs without its region", iampolicy.Service("logs.amazonaws.com"), "kms:Encrypt",
			logContext(groups + "acme-trail-prod"), iampolicy.ImplicitDeny},

		{"an alarm publishes to the topic", alarms, "kms:GenerateDataKey",
			requestContext{"aws:SourceAccount": account, "aws:SourceArn": alarm}, iampolicy.Allowed},
		{"an alarm of another account", alarms, "kms:GenerateDataKey",
			requestContext{"aws:SourceAccount": foreign, "aws:SourceArn": alarm}, iampolicy.ImplicitDeny},
		{"an alarm of another environment", alarms, "kms:GenerateDataKey",
			requestContext{"aws:SourceAccount": account, "aws:SourceArn": alarm + "2"}, iampolicy.ImplicitDeny},
		{"another service", iampolicy.Service("s3.amazonaws.com"), "kms:GenerateDataKey",
			requestContext{"aws:SourceAccount": account, "aws:SourceArn": alarm}, iampolicy.ImplicitDeny},
		{"a role of the account", iampolicy.Role(workload), "kms:Decrypt", logContext(groups + "acme-trail-prod"),
			iampolicy.ImplicitDeny},
	})
}

func TestDataKeyUse(t *testing.T) {
	const bucket = "arn:aws:s3:::acme-data-prod-" + account + "-" + region
	role := iampolicy.Role(workload)
	through := func(service, arn string) requestContext {
		return requestContext{"kms:ViaService": service + ".amazonaws.com", "kms:EncryptionContext:aws:s3:arn": arn}
	}
	assertDecisions(t, keyPolicy(t, "data", "prod", testkit.Offline(nil)), keyARN, []request{
		{"through S3 with a bucket key", role, "kms:Decrypt", through("s3."+region, bucket), iampolicy.Delegated},
		{"through S3 without a bucket key", role, "kms:GenerateDataKey", through("s3."+region, bucket+"/a/b"),
			iampolicy.Delegated},
		{"directly", role, "kms:Decrypt", nil, iampolicy.ImplicitDeny},
		{"through S3 for another bucket", role, "kms:Decrypt", through("s3."+region, bucket+"2"),
			iampolicy.ImplicitDeny},
		{"through S3 of another region", role, "kms:Decrypt", through("s3.us-east-1", bucket), iampolicy.ImplicitDeny},
		{"through another service", role, "kms:Decrypt", through("ec2."+region, bucket), iampolicy.ImplicitDeny},
		{"a role of another account", iampolicy.Role("arn:aws:iam::" + foreign + ":role/x"), "kms:Decrypt",
			through("s3."+region, bucket), iampolicy.ImplicitDeny},
		{"grants", role, "kms:CreateGrant", through("s3."+region, bucket), iampolicy.ImplicitDeny},
	})
}

func TestDatabaseKeyUse(t *testing.T) {
	role := iampolicy.Role(workload)
	through := func(service string) requestContext {
		return requestContext{"kms:ViaService": service + ".amazonaws.com"}
	}
	grant := func(service, forAWS string) requestContext {
		return requestContext{"kms:ViaService": service + ".amazonaws.com", "kms:GrantIsForAWSResource": forAWS}
	}
	assertDecisions(t, keyPolicy(t, "database", "prod", testkit.Offline(nil)), keyARN, []request{
		{"through RDS", role, "kms:GenerateDataKey", through("rds." + region), iampolicy.Delegated},
		{"through Secrets Manager", role, "kms:Decrypt", through("secretsmanager." + region), iampolicy.Delegated},
		{"RDS keeps a grant", role, "kms:CreateGrant", grant("rds."+region, "true"), iampolicy.Delegated},
		{"no grant for a person", role, "kms:CreateGrant", grant("rds."+region, "false"), iampolicy.ImplicitDeny},
		{"no grant outside RDS", role, "kms:CreateGrant", requestContext{"kms:GrantIsForAWSResource": "true"},
			iampolicy.ImplicitDeny},
		{"directly", role, "kms:Decrypt", nil, iampolicy.ImplicitDeny},
		{"through S3", role, "kms:Decrypt", through("s3." + region), iampolicy.ImplicitDeny},
		{"the service itself, which never calls with its own name", iampolicy.Service("rds.amazonaws.com"),
			"kms:Decrypt", nil, iampolicy.ImplicitDeny},
	})
}

func TestKeyProtectionByProfile(t *testing.T) {
	for environment, want := range map[string]struct {
		window  float64
		protect bool
	}{
		"dev": {7, false}, "staging": {14, true}, "prod": {30, true},
	} {
		stack := testkit.Synthesize(t, environment, nil)
		for _, purpose := range []string{"logs", "data", "database"} {
			key := stack.At(t, "aws_kms_key", purpose+"-key/Resource")
			assert.Equal(t, want.window, key.Attributes["deletion_window_in_days"], environment)
			assert.Equal(t, map[string]any{"prevent_destroy": want.protect}, key.Attributes["lifecycle"], environment)
			assert.Equal(t, true, key.Attributes["enable_key_rotation"])
			assert.Equal(t, "alias/acme-"+purpose+"-"+environment,
				stack.At(t, "aws_kms_alias", purpose+"-key/alias").Attributes["name"])
		}
	}
}

func TestKeyRefusesBadProps(t *testing.T) {
	env, err := awsenv.New(region, account)
	require.NoError(t, err)
	stack := testkit.EmptyStack(t)
	use := kms.AlarmsUse(env, "x")
	use.Conditions = []iampolicy.Condition{iampolicy.StringEquals("aws:SourceAccount", account)}
	anything := use
	anything.Sid, anything.Conditions = "AnySource", []iampolicy.Condition{iampolicy.StringLike("aws:SourceArn", "*")}

	_, err = kms.New(stack, "k", kms.Props{
		Naming: naming.New("acme", "dev", naming.Tags{}), Env: env,
		DeletionWindowDays: 31, RotationDays: 89, Use: []iampolicy.Statement{use, anything},
	})
	assert.EqualError(t, err, `kms "k": props.Alias = "": must be 1 to 250 characters long
props.Description: must be what the key protects
props.DeletionWindowDays = 31: must be 7 to 30 days
props.RotationDays = 89: must be 90 to 2560 days
props.Use[0] = "CloudWatchEncryptsAlarmMessages": must have a condition on aws:SourceArn, kms:ViaService or `+
		`kms:EncryptionContext
props.Use[1] = "AnySource": must have a condition on aws:SourceArn, kms:ViaService or kms:EncryptionContext`)
	assert.Empty(t, *stack.Node().Children(), "nothing is built from refused props")
}
