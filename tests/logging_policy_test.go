package tests

import (
	"testing"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

const (
	trailARN    = "arn:aws:cloudtrail:" + region + ":" + account + ":trail/acme-trail-prod"
	logGroupARN = "arn:aws:logs:" + region + ":" + account + ":log-group:"
	archiveARN  = "arn:aws:s3:::acme-trail-prod-" + account + "-" + region
)

func TestTrailDeliveryRole(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	t.Run("trust", func(t *testing.T) {
		assertDecisions(t, stack.At(t, "aws_iam_role", "trail/delivery-role/Resource").Policy(t, "assume_role_policy"),
			"", []request{
				{"CloudTrail", iampolicy.Service("cloudtrail.amazonaws.com"), "sts:AssumeRole", nil, iampolicy.Allowed},
				{"another service", iampolicy.Service("ec2.amazonaws.com"), "sts:AssumeRole", nil,
					iampolicy.ImplicitDeny},
				{"a role of the account", iampolicy.Role(workload), "sts:AssumeRole", nil, iampolicy.ImplicitDeny},
				{"the account's root user", iampolicy.Root(rootARN), "sts:AssumeRole", nil, iampolicy.ImplicitDeny},
			})
	})
	policy := stack.At(t, "aws_iam_policy", "trail/delivery-role/policy").Policy(t, "policy")
	role := iampolicy.Role("arn:aws:iam::" + account + ":role/acme-trail-delivery-prod")
	for _, stream := range []string{account + "_CloudTrail_" + region, account + "_CloudTrail_" + region + "_2"} {
		t.Run("its stream "+stream, func(t *testing.T) {
			assertDecisions(t, policy, logGroupARN+"acme-trail-prod:log-stream:"+stream, []request{
				{"make", role, "logs:CreateLogStream", nil, iampolicy.Allowed},
				{"write", role, "logs:PutLogEvents", nil, iampolicy.Allowed},
				{"read", role, "logs:GetLogEvents", nil, iampolicy.ImplicitDeny},
				{"delete", role, "logs:DeleteLogStream", nil, iampolicy.ImplicitDeny},
			})
		})
	}
	for name, resource := range map[string]string{
		"another stream of the group": logGroupARN + "acme-trail-prod:log-stream:other",
		"a stream of another account": logGroupARN + "acme-trail-prod:log-stream:" + foreign + "_CloudTrail_" +
			region,
		"a stream of another region": logGroupARN + "acme-trail-prod:log-stream:" + account +
			"_CloudTrail_us-east-1",
		"a stream of another group": logGroupARN + "acme-flow-logs-prod:log-stream:" + account + "_CloudTrail_" +
			region,
		"a group whose name goes on": logGroupARN + "acme-trail-prod-2:log-stream:" + account + "_CloudTrail_" +
			region,
		"the group itself": logGroupARN + "acme-trail-prod",
		"the same in a foreign account": "arn:aws:logs:" + region + ":" + foreign +
			":log-group:acme-trail-prod:log-stream:" + account + "_CloudTrail_" + region,
	} {
		t.Run(name, func(t *testing.T) {
			assertDecisions(t, policy, resource, []request{
				{"make", role, "logs:CreateLogStream", nil, iampolicy.ImplicitDeny},
				{"write", role, "logs:PutLogEvents", nil, iampolicy.ImplicitDeny},
				{"change retention", role, "logs:PutRetentionPolicy", nil, iampolicy.ImplicitDeny},
				{"delete", role, "logs:DeleteLogGroup", nil, iampolicy.ImplicitDeny},
			})
		})
	}
}

func TestAlarmTopicPolicy(t *testing.T) {
	const (
		topic    = "arn:aws:sns:" + region + ":" + account + ":acme-alarms-prod"
		alarm    = "arn:aws:cloudwatch:" + region + ":" + account + ":alarm:acme-root-use-prod"
		database = "arn:aws:rds:" + region + ":" + account + ":db:acme-database-prod"
		// Terraform ends the name of a parameter group with what makes it unique.
		parameters = "arn:aws:rds:" + region + ":" + account + ":pg:acme-database-prod-20261125120000000000000001"
	)
	alarms, events := iampolicy.Service("cloudwatch.amazonaws.com"), iampolicy.Service("events.rds.amazonaws.com")
	from := func(owner, source, tls string) requestContext {
		return requestContext{"aws:SourceAccount": owner, "aws:SourceArn": source, "aws:SecureTransport": tls}
	}
	assertDecisions(t, testkit.Synthesize(t, "prod", testkit.Offline(nil)).At(t, "aws_sns_topic_policy",
		"alarm-topic/policy").Policy(t, "policy"), topic, []request{
		{"an alarm", alarms, "sns:Publish", from(account, alarm, "true"), iampolicy.Allowed},
		{"an alarm over plain HTTP", alarms, "sns:Publish", from(account, alarm, "false"), iampolicy.ExplicitDeny},
		{"an alarm of another environment", alarms, "sns:Publish", from(account, alarm+"2", "true"),
			iampolicy.ImplicitDeny},
		{"an alarm of another account", alarms, "sns:Publish",
			from(foreign, "arn:aws:cloudwatch:"+region+":"+foreign+":alarm:acme-root-use-prod", "true"),
			iampolicy.ImplicitDeny},
		{"an ARN of this account on behalf of another", alarms, "sns:Publish", from(foreign, alarm, "true"),
			iampolicy.ImplicitDeny},
		{"an alarm of another region", alarms, "sns:Publish",
			from(account, "arn:aws:cloudwatch:us-east-1:"+account+":alarm:acme-root-use-prod", "true"),
			iampolicy.ImplicitDeny},
		{"CloudWatch for nobody", alarms, "sns:Publish", nil, iampolicy.ImplicitDeny},
		{"CloudWatch changes the topic", alarms, "sns:SetTopicAttributes", from(account, alarm, "true"),
			iampolicy.ImplicitDeny},
		{"the database", events, "sns:Publish", from(account, database, "true"), iampolicy.Allowed},
		{"its parameter group", events, "sns:Publish", from(account, parameters, "true"), iampolicy.Allowed},
		{"another parameter group", events, "sns:Publish",
			from(account, "arn:aws:rds:"+region+":"+account+":pg:other", "true"), iampolicy.ImplicitDeny},
		{"a parameter group of another account", events, "sns:Publish",
			from(foreign, "arn:aws:rds:"+region+":"+foreign+":pg:acme-database-prod-1", "true"),
			iampolicy.ImplicitDeny},
		{"the database over plain HTTP", events, "sns:Publish", from(account, database, "false"),
			iampolicy.ExplicitDeny},
		{"another database", events, "sns:Publish", from(account, database+"2", "true"), iampolicy.ImplicitDeny},
		{"a database of another account", events, "sns:Publish",
			from(foreign, "arn:aws:rds:"+region+":"+foreign+":db:acme-database-prod", "true"), iampolicy.ImplicitDeny},
		{"the database on behalf of another account", events, "sns:Publish", from(foreign, database, "true"),
			iampolicy.ImplicitDeny},
		{"CloudTrail, which has a topic of its own", iampolicy.Service("cloudtrail.amazonaws.com"), "sns:Publish",
			from(account, trailARN, "true"), iampolicy.ImplicitDeny},
		{"another service", iampolicy.Service("s3.amazonaws.com"), "sns:Publish", from(account, alarm, "true"),
			iampolicy.ImplicitDeny},
		{"a role by the topic's policy alone", iampolicy.Role(workload), "sns:Publish",
			requestContext{"aws:SecureTransport": "true"}, iampolicy.ImplicitDeny},
		{"a role over plain HTTP, whatever its policies say", iampolicy.Role(workload), "sns:Publish",
			requestContext{"aws:SecureTransport": "false"}, iampolicy.ExplicitDeny},
		{"another account subscribes", iampolicy.Root(foreignRootARN), "sns:Subscribe", nil, iampolicy.ImplicitDeny},
	})
}

func TestTrailTopicPolicy(t *testing.T) {
	const topic = "arn:aws:sns:" + region + ":" + account + ":acme-trail-prod"
	service := iampolicy.Service("cloudtrail.amazonaws.com")
	from := func(source, tls string) requestContext {
		return requestContext{"aws:SourceArn": source, "aws:SecureTransport": tls}
	}
	assertDecisions(t, testkit.Synthesize(t, "prod", testkit.AllLogging()).At(t, "aws_sns_topic_policy",
		"trail-topic/policy").Policy(t, "policy"), topic, []request{
		{"the trail", service, "sns:Publish", from(trailARN, "true"), iampolicy.Allowed},
		{"the trail over plain HTTP", service, "sns:Publish", from(trailARN, "false"), iampolicy.ExplicitDeny},
		{"another trail", service, "sns:Publish", from(trailARN+"2", "true"), iampolicy.ImplicitDeny},
		{"a trail of another account", service, "sns:Publish",
			from("arn:aws:cloudtrail:"+region+":"+foreign+":trail/acme-trail-prod", "true"), iampolicy.ImplicitDeny},
		{"CloudTrail for nobody", service, "sns:Publish", nil, iampolicy.ImplicitDeny},
		{"alarms, which have a topic of their own", iampolicy.Service("cloudwatch.amazonaws.com"), "sns:Publish",
			requestContext{"aws:SourceAccount": account,
				"aws:SourceArn": "arn:aws:cloudwatch:" + region + ":" + account + ":alarm:acme-root-use-prod"},
			iampolicy.ImplicitDeny},
	})
}

func TestAuditorReadsTheEvidenceAndNothingElse(t *testing.T) {
	settings := testkit.AllLogging()
	settings["logging.auditors"] = []string{testkit.AuditorPrincipal, workload, permissionSet + "_*"}
	stack := testkit.Synthesize(t, "prod", settings)
	person := iampolicy.User(testkit.AuditorPrincipal)
	t.Run("trust", func(t *testing.T) {
		assertDecisions(t, stack.At(t, "aws_iam_role", "auditor/Resource").Policy(t, "assume_role_policy"), "",
			[]request{
				{"a user with MFA", person, "sts:AssumeRole", mfa, iampolicy.Allowed},
				{"a user without MFA", person, "sts:AssumeRole", noMFA, iampolicy.ImplicitDeny},
				{"a user with long-term keys, which carry no MFA context", person, "sts:AssumeRole", nil,
					iampolicy.ImplicitDeny},
				{"another user with MFA", iampolicy.User("arn:aws:iam::" + account + ":user/other"), "sts:AssumeRole",
					mfa, iampolicy.ImplicitDeny},
				{"a role, whose session carries no MFA", iampolicy.Role(workload), "sts:AssumeRole", nil,
					iampolicy.Allowed},
				{"another role", iampolicy.Role(admin), "sts:AssumeRole", nil, iampolicy.ImplicitDeny},
				{"a permission set, if its own policy allows it", iampolicy.Role(permissionSet + "_0123456789abcdef"),
					"sts:AssumeRole", nil, iampolicy.Delegated},
				{"another permission set", iampolicy.Role(permissionSet + "Readers_0123456789abcdef"),
					"sts:AssumeRole", nil, iampolicy.ImplicitDeny},
				{"the root user", iampolicy.Root(rootARN), "sts:AssumeRole", mfa, iampolicy.ImplicitDeny},
				{"a service", iampolicy.Service("ec2.amazonaws.com"), "sts:AssumeRole", nil, iampolicy.ImplicitDeny},
			})
	})

	policy := stack.At(t, "aws_iam_policy", "auditor/policy").Policy(t, "policy")
	role := iampolicy.Role("arn:aws:iam::" + account + ":role/acme-auditor-prod")
	asked := func(action string, want iampolicy.Decision) request {
		return request{action, role, action, nil, want}
	}
	yes, no := iampolicy.Allowed, iampolicy.ImplicitDeny
	for resource, rows := range map[string][]request{
		archiveARN: {asked("s3:ListBucket", yes), asked("s3:GetBucketLocation", yes), asked("s3:PutBucketPolicy", no),
			asked("s3:DeleteBucket", no)},
		archiveARN + "/AWSLogs/" + account + "/CloudTrail/x.json.gz": {
			asked("s3:GetObject", yes), asked("s3:GetObjectVersion", yes), asked("s3:PutObject", no),
			asked("s3:DeleteObject", no),
			asked("s3:DeleteObjectVersion", no), asked("s3:BypassGovernanceRetention", no),
		},
		archiveARN + "/other": {asked("s3:GetObject", no)},
		"arn:aws:s3:::acme-data-prod-" + account + "-" + region:          {asked("s3:ListBucket", no)},
		"arn:aws:s3:::acme-data-prod-" + account + "-" + region + "/a/b": {asked("s3:GetObject", no)},
		logGroupARN + "acme-trail-prod:log-stream:x": {
			asked("logs:GetLogEvents", yes), asked("logs:FilterLogEvents", yes), asked("logs:StartQuery", yes),
			asked("logs:GetQueryResults", yes), asked("logs:DescribeLogStreams", yes),
			asked("logs:PutLogEvents", no), asked("logs:DeleteLogStream", no), asked("logs:DeleteLogGroup", no),
			asked("logs:PutRetentionPolicy", no),
			asked("logs:CreateExportTask", no), asked("logs:PutSubscriptionFilter", no),
			asked("logs:DeleteMetricFilter", no),
		},
		logGroupARN + "acme-flow-logs-prod:*": {asked("logs:FilterLogEvents", yes)},
		logGroupARN + "other":                 {asked("logs:DescribeLogGroups", yes), asked("logs:DeleteLogGroup", no)},
		logGroupARN + "other:*": {asked("logs:FilterLogEvents", no), asked("logs:StartQuery", no),
			asked("logs:GetQueryResults", no)},
		trailARN: {
			asked("cloudtrail:GetTrail", yes), asked("cloudtrail:GetTrailStatus", yes),
			asked("cloudtrail:GetEventSelectors", yes), asked("cloudtrail:GetInsightSelectors", yes),
			asked("cloudtrail:StopLogging", no), asked("cloudtrail:UpdateTrail", no),
			asked("cloudtrail:DeleteTrail", no),
			asked("cloudtrail:PutEventSelectors", no), asked("cloudtrail:LookupEvents", no),
		},
		trailARN + "2": {asked("cloudtrail:GetTrail", no), asked("cloudtrail:GetTrailStatus", no)},
		// What AWS evaluates on everything: the calls name no resource.
		"*": {asked("cloudtrail:DescribeTrails", yes), asked("cloudtrail:ListPublicKeys", yes),
			asked("logs:DescribeLogGroups", yes), asked("logs:StopQuery", yes), asked("logs:GetQueryResults", no),
			asked("cloudtrail:CreateTrail", no), asked("s3:ListAllMyBuckets", no)},
	} {
		t.Run(resource, func(t *testing.T) { assertDecisions(t, policy, resource, rows) })
	}
	through := func(service string) requestContext {
		return requestContext{"kms:ViaService": service + "." + region + ".amazonaws.com"}
	}
	t.Run("the logs key", func(t *testing.T) {
		assertDecisions(t, policy, testkit.KeyARN("logs"), []request{
			{"through S3", role, "kms:Decrypt", through("s3"), yes},
			{"through CloudWatch Logs", role, "kms:Decrypt", through("logs"), yes},
			{"through another service", role, "kms:Decrypt", through("ec2"), no},
			{"directly", role, "kms:Decrypt", nil, no},
			{"encrypting", role, "kms:GenerateDataKey", through("s3"), no},
		})
	})
	t.Run("another key", func(t *testing.T) {
		assertDecisions(t, policy, testkit.KeyARN("data"),
			[]request{{"through S3", role, "kms:Decrypt", through("s3"), no}})
	})
}

// TestAuditorDecryptsThroughServicesOnly asks the key's and the role's policies together, as AWS does.
func TestAuditorDecryptsThroughServicesOnly(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllLogging())
	key := stack.At(t, "aws_kms_key", "logs-key/Resource").Policy(t, "policy")
	own := stack.At(t, "aws_iam_policy", "auditor/policy").Policy(t, "policy")
	auditor := iampolicy.AssumedRole("arn:aws:iam::"+account+":role/acme-auditor-prod", "alice")
	other := iampolicy.Role(workload)
	file := func(trail, via string) requestContext {
		return requestContext{"kms:ViaService": via, "kms:EncryptionContext:aws:cloudtrail:arn": trail,
			"kms:EncryptionContext:aws:s3:arn": archiveARN + "/x"}
	}
	event := func(group, via string) requestContext {
		return requestContext{"kms:ViaService": via, "kms:EncryptionContext:aws:logs:arn": logGroupARN + group}
	}
	s3, logs := "s3."+region+".amazonaws.com", "logs."+region+".amazonaws.com"
	policies := together{Identity: []iampolicy.Document{own}, Resource: &key, ResourceKind: iampolicy.KeyPolicy}
	assertDecisions(t, policies, testkit.KeyARN("logs"), []request{
		{"a file of the trail", auditor, "kms:Decrypt", file(trailARN, s3), iampolicy.Allowed},
		{"a file from another region", auditor, "kms:Decrypt",
			file("arn:aws:cloudtrail:us-east-1:"+account+":trail/acme-trail-prod", s3), iampolicy.Allowed},
		{"a file of another trail", auditor, "kms:Decrypt", file(trailARN+"2", s3), iampolicy.ImplicitDeny},
		{"a file through another service", auditor, "kms:Decrypt", file(trailARN, "ec2."+region+".amazonaws.com"),
			iampolicy.ImplicitDeny},
		{"a file without a service", auditor, "kms:Decrypt",
			requestContext{"kms:EncryptionContext:aws:cloudtrail:arn": trailARN}, iampolicy.ImplicitDeny},
		{"an object that is no file of a trail", auditor, "kms:Decrypt",
			requestContext{"kms:ViaService": s3, "kms:EncryptionContext:aws:s3:arn": archiveARN},
			iampolicy.ImplicitDeny},
		{"events of the trail", auditor, "kms:Decrypt", event("acme-trail-prod", logs), iampolicy.Allowed},
		{"events of flow logs", auditor, "kms:Decrypt", event("acme-flow-logs-prod", logs), iampolicy.Allowed},
		{"events of another group", auditor, "kms:Decrypt", event("other", logs), iampolicy.ImplicitDeny},
		{"events through S3", auditor, "kms:Decrypt", event("acme-trail-prod", s3), iampolicy.ImplicitDeny},
		{"encrypting", auditor, "kms:GenerateDataKey", file(trailARN, s3), iampolicy.ImplicitDeny},
		{"grants", auditor, "kms:CreateGrant", file(trailARN, s3), iampolicy.ImplicitDeny},
		{"another role with the same policy", other, "kms:Decrypt", file(trailARN, s3), iampolicy.ImplicitDeny},
		{"another role with the same policy, events", other, "kms:Decrypt", event("acme-trail-prod", logs),
			iampolicy.ImplicitDeny},
	})
}

func TestLogsKeyLetsPublishersEncrypt(t *testing.T) {
	const (
		topic    = "arn:aws:sns:" + region + ":" + account + ":acme-trail-prod"
		database = "arn:aws:rds:" + region + ":" + account + ":db:acme-database-prod"
		// Terraform ends the name of a parameter group with what makes it unique.
		parameters = "arn:aws:rds:" + region + ":" + account + ":pg:acme-database-prod-20261125120000000000000001"
	)
	cloudTrail, events := iampolicy.Service("cloudtrail.amazonaws.com"), iampolicy.Service("events.rds.amazonaws.com")
	about := func(source, topic string) requestContext {
		return requestContext{"aws:SourceArn": source, "kms:EncryptionContext:aws:sns:topicArn": topic}
	}
	of := func(owner, source string) requestContext {
		return requestContext{"aws:SourceAccount": owner, "aws:SourceArn": source}
	}
	assertDecisions(t, keyPolicy(t, "logs", "prod", testkit.AllLogging()), keyARN, []request{
		{"a notification of the trail", cloudTrail, "kms:GenerateDataKey", about(trailARN, topic), iampolicy.Allowed},
		{"the same, decrypted", cloudTrail, "kms:Decrypt", about(trailARN, topic), iampolicy.Allowed},
		{"a notification to another topic", cloudTrail, "kms:GenerateDataKey", about(trailARN, topic+"2"),
			iampolicy.ImplicitDeny},
		{"a notification of another trail", cloudTrail, "kms:GenerateDataKey", about(trailARN+"2", topic),
			iampolicy.ImplicitDeny},
		{"no topic at all", cloudTrail, "kms:GenerateDataKey", requestContext{"aws:SourceArn": trailARN},
			iampolicy.ImplicitDeny},
		{"an event of the database", events, "kms:GenerateDataKey", of(account, database), iampolicy.Allowed},
		{"the same, decrypted", events, "kms:Decrypt", of(account, database), iampolicy.Allowed},
		{"an event of its parameter group", events, "kms:GenerateDataKey", of(account, parameters), iampolicy.Allowed},
		{"an event of another parameter group", events, "kms:GenerateDataKey",
			of(account, "arn:aws:rds:"+region+":"+account+":pg:other"), iampolicy.ImplicitDeny},
		{"an event of another database", events, "kms:GenerateDataKey", of(account, database+"2"),
			iampolicy.ImplicitDeny},
		{"an event on behalf of another account", events, "kms:GenerateDataKey", of(foreign, database),
			iampolicy.ImplicitDeny},
	})
	assertDecisions(t, keyPolicy(t, "logs", "prod", testkit.Offline(nil)), keyARN, []request{
		{"without notifications", cloudTrail, "kms:GenerateDataKey", about(trailARN, topic), iampolicy.ImplicitDeny},
	})
}
