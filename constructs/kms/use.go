package kms

import (
	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/inventory"
)

// The statements below name what they are for by ARNs composed from names. References would close a cycle: the
// trail needs the key, and the key's policy the trail.

// CloudTrailUse lets CloudTrail encrypt the files of one trail. Describing the key and decrypting carry no encryption
// context, so they are a statement of their own; CloudTrail decrypts to check a bucket that has an S3 Bucket Key
// (CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail"). Files of an organization's members carry
// the ARN of the organization's trail, too.
func CloudTrailUse(env awsenv.Env, trail awsenv.Trail) []iampolicy.Statement {
	cloudTrail := iampolicy.Principal{Service: []string{env.ServicePrincipal("cloudtrail")}}
	fromTrail := iampolicy.StringEquals("aws:SourceArn", trail.ARN())
	return []iampolicy.Statement{
		{
			Sid: "CloudTrailEncryptsTrail", Effect: iampolicy.Allow, Principal: cloudTrail,
			Actions: []string{"kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"}, Resources: thisKey,
			// A multi-region trail delivers from every region.
			Conditions: []iampolicy.Condition{fromTrail,
				iampolicy.StringLike("kms:EncryptionContext:aws:cloudtrail:arn", trail.AnyRegionARN())},
		},
		{
			Sid: "CloudTrailChecksKey", Effect: iampolicy.Allow, Principal: cloudTrail,
			Actions: []string{"kms:DescribeKey", "kms:Decrypt"}, Resources: thisKey,
			Conditions: []iampolicy.Condition{fromTrail},
		},
	}
}

// LogGroupsUse lets CloudWatch Logs encrypt the named log groups. The principal is the one of the key's own region,
// and the context is the group's ARN without ":*" (CloudWatch Logs User Guide, "Encrypt log data using AWS KMS").
// AWS's sample adds kms:Describe*, which carries no context and so never matches under this condition.
//
// The same page has since advised to let roles that call CloudWatch Logs use the key by kms:ViaService, too. Auditors
// may read that way. The roles of CloudTrail and flow logs write through the service principal alone, as they always
// could; whether AWS will ask for their own permission is not documented.
func LogGroupsUse(env awsenv.Env, groups ...string) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: "CloudWatchLogsEncryptsLogGroups", Effect: iampolicy.Allow,
		Principal: iampolicy.Principal{Service: []string{env.RegionalServicePrincipal("logs")}},
		Actions: []string{
			"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo",
			"kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
		},
		Resources: thisKey,
		Conditions: []iampolicy.Condition{iampolicy.ArnEquals("kms:EncryptionContext:aws:logs:arn",
			env.LogGroupARNs(groups...)...)},
	}
}

// AlarmsUse lets CloudWatch publish alarms to an encrypted topic. Without it alarms are lost without an error
// (AWS re:Post, "Why didn't I receive an SNS notification for my CloudWatch alarm trigger?"). alarms matches the
// alarms' names and may hold wildcards.
func AlarmsUse(env awsenv.Env, alarms string) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: "CloudWatchEncryptsAlarmMessages", Effect: iampolicy.Allow,
		Principal: iampolicy.Principal{Service: []string{env.ServicePrincipal("cloudwatch")}},
		Actions:   []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: thisKey,
		Conditions: []iampolicy.Condition{
			iampolicy.StringEquals("aws:SourceAccount", env.AccountID()),
			iampolicy.ArnLike("aws:SourceArn", env.ARN("cloudwatch", "alarm:"+alarms)),
		},
	}
}

// TrailNotificationsUse lets CloudTrail publish the notifications of one trail to one encrypted topic. The context is
// the topic's and not the trail's, which is why CloudTrailUse does not cover it (CloudTrail User Guide, "Configuring
// Amazon SNS notifications for CloudTrail").
func TrailNotificationsUse(env awsenv.Env, trail awsenv.Trail, topic string) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: "CloudTrailEncryptsNotifications", Effect: iampolicy.Allow,
		Principal: iampolicy.Principal{Service: []string{env.ServicePrincipal("cloudtrail")}},
		Actions:   []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: thisKey,
		Conditions: []iampolicy.Condition{
			iampolicy.StringEquals("aws:SourceArn", trail.ARN()),
			iampolicy.StringEquals("kms:EncryptionContext:aws:sns:topicArn", env.ARN("sns", topic)),
		},
	}
}

// DatabaseEventsUse lets RDS publish the events of databases to an encrypted topic (RDS User Guide, "Granting
// permissions to publish notifications to an Amazon SNS topic").
func DatabaseEventsUse(env awsenv.Env, databases ...inventory.Database) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: "DatabaseEncryptsEvents", Effect: iampolicy.Allow,
		Principal: iampolicy.Principal{Service: []string{env.ServicePrincipal("events.rds")}},
		Actions:   []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: thisKey,
		Conditions: []iampolicy.Condition{
			iampolicy.StringEquals("aws:SourceAccount", env.AccountID()),
			iampolicy.ArnLike("aws:SourceArn", inventory.EventSources(env, databases...)...),
		},
	}
}

// AuditorReadsTrail lets the IAM policies of one role, by its ARN, allow it to read the trail's files through S3. The
// role is named in a condition and not as the principal, because a principal must exist before the key, and this role
// comes after it (KMS API Reference, PutKeyPolicy).
func AuditorReadsTrail(env awsenv.Env, role string, trail awsenv.Trail) iampolicy.Statement {
	return auditorDecrypts(env, role, "AuditorReadsTrailThroughS3", "s3",
		iampolicy.StringLike("kms:EncryptionContext:aws:cloudtrail:arn", trail.AnyRegionARN()))
}

// AuditorReadsLogGroups lets the IAM policies of one role, by its ARN, allow it to read the named log groups through
// CloudWatch Logs, as AuditorReadsTrail does the trail.
func AuditorReadsLogGroups(env awsenv.Env, role string, groups ...string) iampolicy.Statement {
	return auditorDecrypts(env, role, "AuditorReadsLogGroupsThroughCloudWatchLogs", "logs",
		iampolicy.ArnEquals("kms:EncryptionContext:aws:logs:arn", env.LogGroupARNs(groups...)...))
}

func auditorDecrypts(env awsenv.Env, role, sid, service string, about iampolicy.Condition) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: sid, Effect: iampolicy.Allow,
		Principal: iampolicy.Principal{AWS: []string{env.RootARN()}},
		Actions:   []string{"kms:Decrypt"}, Resources: thisKey,
		Conditions: []iampolicy.Condition{
			iampolicy.ArnEquals("aws:PrincipalArn", role),
			iampolicy.StringEquals("kms:ViaService", env.ViaService(service)), about,
		},
	}
}

// BucketsUse lets the account's IAM policies allow use of the key through S3, for the objects of the named buckets.
// With an S3 Bucket Key the context is the bucket's ARN (S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3
// Bucket Keys"); without one it is the object's.
func BucketsUse(env awsenv.Env, buckets ...string) iampolicy.Statement {
	var contexts []string
	for _, bucket := range buckets {
		contexts = append(contexts, env.BucketARN(bucket), env.BucketARN(bucket)+"/*")
	}
	return iampolicy.Statement{
		Sid: "AccountEncryptsObjectsThroughS3", Effect: iampolicy.Allow,
		Principal: iampolicy.Principal{AWS: []string{env.RootARN()}},
		Actions:   []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: thisKey,
		Conditions: []iampolicy.Condition{
			iampolicy.StringEquals("kms:ViaService", env.ViaService("s3")),
			iampolicy.ArnLike("kms:EncryptionContext:aws:s3:arn", contexts...),
		},
	}
}

// DatabaseUse lets the account's IAM policies allow use of the key through RDS and Secrets Manager, for storage,
// Performance Insights and the managed master secret. RDS acts with the rights of whoever deploys and keeps a grant
// for itself, so no service principal is named here (RDS User Guide, "Encrypting Amazon RDS resources"). The instance's
// encryption context is known only after it exists.
func DatabaseUse(env awsenv.Env) []iampolicy.Statement {
	account := iampolicy.Principal{AWS: []string{env.RootARN()}}
	viaDatabase := iampolicy.StringEquals("kms:ViaService", env.ViaService("rds"), env.ViaService("secretsmanager"))
	return []iampolicy.Statement{
		{
			Sid: "AccountUsesKeyThroughDatabase", Effect: iampolicy.Allow, Principal: account,
			Actions: []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"}, Resources: thisKey,
			Conditions: []iampolicy.Condition{viaDatabase},
		},
		{
			Sid: "AccountLetsDatabaseKeepGrant", Effect: iampolicy.Allow, Principal: account,
			Actions: []string{"kms:CreateGrant"}, Resources: thisKey,
			Conditions: []iampolicy.Condition{viaDatabase, iampolicy.Bool("kms:GrantIsForAWSResource", true)},
		},
	}
}
