package logging

import (
	"slices"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/inventory"
)

// topicStatements is the policy of a topic: who publishes, and that nobody does in clear.
func topicStatements(props TopicProps) []iampolicy.Statement {
	env, topic := props.Env, props.Env.ARN("sns", props.Name)
	publish := func(sid, service string, conditions ...iampolicy.Condition) iampolicy.Statement {
		return iampolicy.Statement{
			Sid: sid, Effect: iampolicy.Allow,
			Principal: iampolicy.Principal{Service: []string{env.ServicePrincipal(service)}},
			Actions:   []string{"sns:Publish"}, Resources: []string{topic}, Conditions: conditions,
		}
	}
	ownAccount := iampolicy.StringEquals("aws:SourceAccount", env.AccountID())

	var statements []iampolicy.Statement
	if props.Alarms != "" {
		statements = append(statements, publish("AlarmsPublish", "cloudwatch",
			ownAccount, iampolicy.ArnLike("aws:SourceArn", env.ARN("cloudwatch", "alarm:"+props.Alarms))))
	}
	if !props.Trail.IsZero() {
		// CloudTrail User Guide, "Amazon SNS topic policy for CloudTrail".
		statements = append(statements, publish("TrailPublishes", "cloudtrail",
			iampolicy.StringEquals("aws:SourceArn", props.Trail.ARN())))
	}
	if len(props.Databases) > 0 {
		// RDS User Guide, "Granting permissions to publish notifications to an Amazon SNS topic".
		statements = append(statements, publish("DatabasePublishesEvents", "events.rds",
			ownAccount, iampolicy.ArnLike("aws:SourceArn", inventory.EventSources(env, props.Databases...)...)))
	}
	return append(statements, iampolicy.Statement{
		// sns:Publish alone: SNS takes no action into a topic's policy that is not about the topic, and all other calls
		// go to endpoints that have no plain HTTP (SNS Developer Guide, "Amazon SNS security best practices").
		Sid: "DenyPlainHTTP", Effect: iampolicy.Deny, Principal: iampolicy.Everyone(),
		Actions: []string{"sns:Publish"}, Resources: []string{topic},
		Conditions: []iampolicy.Condition{iampolicy.Bool("aws:SecureTransport", false)},
	})
}

// deliveryStatements let CloudTrail write its own streams of one log group (CloudTrail User Guide, "Role policy
// document for CloudTrail to use CloudWatch Logs for monitoring").
func deliveryStatements(env awsenv.Env, trail awsenv.Trail, group string) []iampolicy.Statement {
	streams := env.LogGroupARN(group) + ":log-stream:"
	resources := []string{streams + env.AccountID() + "_CloudTrail_" + env.Region() + "*"}
	if trail.Organization != "" {
		resources = append(resources, streams+trail.Organization+"_*")
	}
	return []iampolicy.Statement{{
		Sid: "WriteTrail", Effect: iampolicy.Allow,
		Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resources: resources,
	}}
}

// auditorStatements let people read the archive and the log groups, through the services that decrypt for them.
func auditorStatements(props AuditorProps) []iampolicy.Statement {
	env := props.Env
	groups := make([]string, len(props.LogGroups))
	for i, group := range props.LogGroups {
		groups[i] = env.LogGroupARN(group) + ":*"
	}
	statements := []iampolicy.Statement{
		{
			Sid: "ReadLogGroups", Effect: iampolicy.Allow,
			Actions: []string{
				"logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetLogGroupFields",
				"logs:GetLogRecord", "logs:GetQueryResults", "logs:StartQuery",
			},
			Resources: groups,
		},
		{
			Sid: "FindLogGroups", Effect: iampolicy.Allow,
			Actions: []string{"logs:DescribeLogGroups", "logs:StopQuery"}, Resources: []string{"*"},
		},
	}
	services := []string{env.ViaService("logs")}
	if !props.Trail.IsZero() {
		statements = slices.Concat(auditorReadsFiles(props), statements, auditorReadsTrail(props))
		services = append([]string{env.ViaService("s3")}, services...)
	}
	return append(statements, iampolicy.Statement{
		Sid: "DecryptThroughServices", Effect: iampolicy.Allow,
		Actions: []string{"kms:Decrypt"}, Resources: []string{props.KeyARN},
		Conditions: []iampolicy.Condition{iampolicy.StringEquals("kms:ViaService", services...)},
	})
}

func auditorReadsFiles(props AuditorProps) []iampolicy.Statement {
	bucket := props.Env.BucketARN(props.BucketName)
	return []iampolicy.Statement{
		{
			Sid: "FindFilesOfTrail", Effect: iampolicy.Allow,
			Actions: []string{"s3:GetBucketLocation", "s3:ListBucket"}, Resources: []string{bucket},
		},
		{
			Sid: "ReadFilesOfTrail", Effect: iampolicy.Allow,
			Actions: []string{"s3:GetObject", "s3:GetObjectVersion"}, Resources: props.Trail.Files(bucket),
		},
	}
}

// auditorReadsTrail is what "aws cloudtrail validate-logs" asks for before it reads the digests, and what shows that
// nobody has turned the trail off or narrowed it.
func auditorReadsTrail(props AuditorProps) []iampolicy.Statement {
	return []iampolicy.Statement{
		{
			Sid: "ReadTrail", Effect: iampolicy.Allow,
			Actions: []string{
				"cloudtrail:GetEventSelectors", "cloudtrail:GetInsightSelectors", "cloudtrail:GetTrail",
				"cloudtrail:GetTrailStatus", "cloudtrail:ListTags",
			},
			Resources: []string{props.Trail.ARN()},
		},
		{
			Sid: "FindTrailsAndTheirKeys", Effect: iampolicy.Allow,
			Actions: []string{"cloudtrail:DescribeTrails", "cloudtrail:ListPublicKeys"}, Resources: []string{"*"},
		},
	}
}
