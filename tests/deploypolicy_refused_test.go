package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/iampolicy"
)

// TestDeployRoleIsRefused puts calls to the deploy role of production that would reach beyond the stack, take away what
// protects it, read what is in it, or make the role more than it is.
func TestDeployRoleIsRefused(t *testing.T) {
	const (
		id        = "444455556666"
		arn       = "arn:aws:iam::" + id + ":"
		boundary  = arn + "policy/acme-pipeline-boundary-prod"
		archive   = "arn:aws:s3:::acme-trail-prod-" + id + "-" + region
		data      = "arn:aws:s3:::acme-data-prod-" + id + "-" + region
		secret    = "arn:aws:secretsmanager:" + region + ":" + id + ":secret:"
		elsewhere = "us-east-1"
	)
	at := func(place, service, resource string) string {
		return "arn:aws:" + service + ":" + place + ":" + id + ":" + resource
	}
	here := func(service, resource string) string { return at(region, service, resource) }
	tags := func(prefix, project, environment string) map[string]string {
		return map[string]string{"aws:RequestedRegion": region, prefix + "/Project": project,
			prefix + "/Environment": environment}
	}
	own, foreignTags := tags("aws:ResourceTag", "acme", "prod"), tags("aws:ResourceTag", "billing", "prod")
	dev := tags("aws:ResourceTag", "acme", "dev")
	with := func(context map[string]string, key, value string) map[string]string {
		return requestContext(context).with(key, value)
	}
	tagging := func(context map[string]string) map[string]string {
		return with(with(context, "aws:RequestTag/Project", "acme"), "aws:RequestTag/Environment", "prod")
	}
	in := func(place string) map[string]string { return map[string]string{"aws:RequestedRegion": place} }
	bounded := map[string]string{"iam:PermissionsBoundary": boundary}
	pass := func(service string) map[string]string {
		return map[string]string{"iam:PassedToService": service + ".amazonaws.com"}
	}
	attach := func(policy string) map[string]string { return map[string]string{"iam:PolicyARN": policy} }

	deploy, plan, _ := pipelineOf(t, "prod", nil)
	for name, q := range map[string]question{
		// Other names.
		"a role of another name": {"iam:CreateRole", arn + "role/admin", bounded},
		"a role of another project": {"iam:CreateRole", arn + "role/billing-x-prod",
			bounded},
		"a role of another environment": {"iam:DeleteRole", arn + "role/acme-trail-delivery-dev",
			nil},
		"a policy of another environment": {"iam:CreatePolicyVersion", arn + "policy/acme-data-reader-dev",
			nil},
		"a bucket of another name": {"s3:CreateBucket", "arn:aws:s3:::billing-prod", nil},
		"the policy of another bucket": {"s3:PutBucketPolicy", "arn:aws:s3:::billing-prod",
			nil},
		"a bucket of another environment": {"s3:DeleteBucket", "arn:aws:s3:::acme-data-dev-" + id + "-" + region,
			nil},
		"a database of another name": {"rds:DeleteDBInstance", here("rds", "db:billing"),
			nil},
		"a database of another environment": {"rds:ModifyDBInstance", here("rds", "db:acme-database-dev"),
			nil},
		"another snapshot": {"rds:RestoreDBInstanceFromDBSnapshot", here("rds", "snapshot:billing-1"),
			nil},
		"a log group of another name": {"logs:PutRetentionPolicy", here("logs", "log-group:billing"),
			nil},
		"another trail": {"cloudtrail:DeleteTrail", here("cloudtrail", "trail/organization"),
			nil},
		"another topic": {"sns:SetTopicAttributes", here("sns", "billing"), nil},
		"another alarm": {"cloudwatch:DeleteAlarms", here("cloudwatch", "alarm:billing"),
			nil},
		"another alias":  {"kms:CreateAlias", here("kms", "alias/billing"), nil},
		"another secret": {"secretsmanager:RotateSecret", secret + "billing", nil},
		// Other tags.
		"a VPC of another project": {"ec2:DeleteVpc", here("ec2", "vpc/vpc-1"),
			foreignTags},
		"a VPC of another environment": {"ec2:ModifyVpcAttribute", here("ec2", "vpc/vpc-1"),
			dev},
		"a subnet in another VPC": {"ec2:CreateSubnet", here("ec2", "vpc/vpc-1"),
			tagging(foreignTags)},
		"rules of another group": {"ec2:AuthorizeSecurityGroupIngress", here("ec2", "security-group/sg-1"),
			foreignTags},
		"rules of an untagged group": {"ec2:AuthorizeSecurityGroupIngress", here("ec2", "security-group/sg-1"),
			in(region)},
		"a route in another table": {"ec2:CreateRoute", here("ec2", "route-table/rtb-1"),
			foreignTags},
		"taking over another's VPC": {"ec2:CreateTags", here("ec2", "vpc/vpc-1"),
			tagging(foreignTags)},
		"taking over an untagged VPC": {"ec2:CreateTags", here("ec2", "vpc/vpc-1"),
			tags("aws:RequestTag", "acme", "prod")},
		"a VPC without tags": {"ec2:CreateVpc", here("ec2", "vpc/*"), in(region)},
		"a VPC with another's tags": {"ec2:CreateVpc", here("ec2", "vpc/*"),
			tags("aws:RequestTag", "billing", "prod")},
		"a key of another project": {"kms:PutKeyPolicy", here("kms", "key/1"),
			foreignTags},
		"a key without tags": {"kms:CreateKey", "*", in(region)},
		"another's key by an own alias": {"kms:CreateAlias", here("kms", "key/1"),
			foreignTags},
		"tags of another key": {"kms:TagResource", here("kms", "key/1"),
			tagging(foreignTags)},
		"tags of a key with an alias": {"kms:TagResource", here("kms", "key/1"),
			with(tags("aws:RequestTag", "acme", "prod"), "kms:ResourceAliases", "alias/billing")},
		// Other accounts and regions.
		"a role of another account": {"iam:CreateRole", "arn:aws:iam::" + foreign + ":role/acme-x-prod",
			bounded},
		"a role to assume": {"sts:AssumeRole", "arn:aws:iam::" + foreign + ":role/admin",
			nil},
		"a role to assume, of its own": {"sts:AssumeRole", arn + "role/acme-trail-delivery-prod",
			nil},
		"a network of another region": {"ec2:DescribeVpcs", "*", in(elsewhere)},
		"a VPC in another region": {"ec2:CreateVpc", at(elsewhere, "ec2", "vpc/*"),
			tags("aws:RequestTag", "acme", "prod")},
		"a key in another region": {"kms:CreateKey", "*",
			with(tags("aws:RequestTag", "acme", "prod"), "aws:RequestedRegion", elsewhere)},
		"a database in another region": {"rds:CreateDBInstance", at(elsewhere, "rds", "db:acme-database-prod"),
			in(elsewhere)},
		"a trail of another account": {"cloudtrail:UpdateTrail",
			"arn:aws:cloudtrail:" + region + ":" + foreign + ":trail/acme-trail-prod", nil},
		"subscriptions elsewhere": {"sns:Unsubscribe", "*", in(elsewhere)},
		"the public access of elsewhere": {"ec2:ModifyVpcBlockPublicAccessOptions", "*",
			in(elsewhere)},
		// Protection.
		"stopping the trail": {"cloudtrail:StopLogging", here("cloudtrail", "trail/acme-trail-prod"),
			nil},
		"disabling a key":            {"kms:DisableKey", here("kms", "key/1"), own},
		"ending a key's rotation":    {"kms:DisableKeyRotation", here("kms", "key/1"), own},
		"deleting a key":             {"kms:ScheduleKeyDeletion", here("kms", "key/1"), own},
		"going around Object Lock":   {"s3:BypassGovernanceRetention", archive + "/x", nil},
		"deleting the trail's files": {"s3:DeleteObject", archive + "/AWSLogs/x", nil},
		"deleting versions of them": {"s3:DeleteObjectVersion", archive + "/AWSLogs/x",
			nil},
		"deleting a log group": {"logs:DeleteLogGroup", here("logs", "log-group:acme-trail-prod"),
			nil},
		"deleting a log stream": {"logs:DeleteLogStream", here("logs", "log-group:acme-trail-prod:log-stream:x"),
			nil},
		"deleting a snapshot": {"rds:DeleteDBSnapshot", here("rds", "snapshot:acme-database-prod-final-1"),
			nil},
		"deleting backups": {"rds:DeleteDBInstanceAutomatedBackup", here("rds", "auto-backup:ab-1"),
			nil},
		"sharing a snapshot": {"rds:ModifyDBSnapshotAttribute",
			here("rds", "snapshot:acme-database-prod-final-1"), nil},
		"opening the account's buckets": {"s3:PutAccountPublicAccessBlock", "*", nil},
		"deleting the detector": {"guardduty:DeleteDetector", here("guardduty", "detector/x"),
			nil},
		"stopping the recorder": {"config:StopConfigurationRecorder", "*", nil},
		"the state bucket's policy": {"s3:PutBucketPolicy", "arn:aws:s3:::" + stateBucket,
			nil},
		"the state bucket's versions": {"s3:PutBucketVersioning", "arn:aws:s3:::" + stateBucket,
			nil},
		"the state bucket": {"s3:DeleteBucket", "arn:aws:s3:::" + stateBucket, nil},
		"old versions of the state": {"s3:DeleteObjectVersion",
			"arn:aws:s3:::" + stateBucket + "/acme/prod/baseline.tfstate", nil},
		"the state of another environment": {"s3:GetObject",
			"arn:aws:s3:::" + stateBucket + "/acme/dev/baseline.tfstate", nil},
		// Data.
		"reading an object": {"s3:GetObject", data + "/x", nil},
		"writing an object": {"s3:PutObject", data + "/x", nil},
		"reading the trail": {"s3:GetObject", archive + "/AWSLogs/x", nil},
		"reading log events": {"logs:GetLogEvents", here("logs", "log-group:acme-trail-prod:log-stream:x"),
			nil},
		"querying log events": {"logs:StartQuery", here("logs", "log-group:acme-trail-prod"),
			nil},
		"reading the master password": {"secretsmanager:GetSecretValue", secret + "rds!db-x",
			nil},
		"connecting to the database": {"rds-db:connect", here("rds-db", "dbuser:db-X/app"),
			nil},
		"decrypting by itself": {"kms:Decrypt", here("kms", "key/1"), own},
		"decrypting objects through S3": {"kms:Decrypt", here("kms", "key/1"),
			with(own, "kms:ViaService", "s3."+region+".amazonaws.com")},
		"a grant of its own": {"kms:CreateGrant", here("kms", "key/1"), own},
		"a grant for others through RDS": {"kms:CreateGrant", here("kms", "key/1"),
			with(own, "kms:ViaService", "rds."+region+".amazonaws.com")},
		"decrypting another key for RDS": {"kms:Decrypt", here("kms", "key/1"),
			with(foreignTags, "kms:ViaService", "rds."+region+".amazonaws.com")},
		// Privileges.
		"a role without a boundary": {"iam:CreateRole", arn + "role/acme-x-prod", nil},
		"a role with another boundary": {"iam:CreateRole", arn + "role/acme-x-prod",
			map[string]string{"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}},
		"taking a boundary away": {"iam:DeleteRolePermissionsBoundary", arn + "role/acme-trail-delivery-prod",
			nil},
		"another boundary": {"iam:PutRolePermissionsBoundary", arn + "role/acme-trail-delivery-prod",
			map[string]string{"iam:PermissionsBoundary": arn + "policy/acme-x-prod"}},
		"administrator's rights": {"iam:AttachRolePolicy", arn + "role/acme-trail-delivery-prod",
			attach("arn:aws:iam::aws:policy/AdministratorAccess")},
		"an inline policy": {"iam:PutRolePolicy", arn + "role/acme-trail-delivery-prod",
			nil},
		"a policy for itself": {"iam:AttachRolePolicy", arn + "role/acme-pipeline-deploy-prod",
			attach(arn + "policy/acme-x-prod")},
		"an inline policy for itself": {"iam:PutRolePolicy", arn + "role/acme-pipeline-deploy-prod",
			nil},
		"its own trust": {"iam:UpdateAssumeRolePolicy", arn + "role/acme-pipeline-deploy-prod",
			nil},
		"its own end": {"iam:DeleteRole", arn + "role/acme-pipeline-deploy-prod", nil},
		"the trust of the plan role": {"iam:UpdateAssumeRolePolicy", arn + "role/acme-pipeline-plan-prod",
			nil},
		"its own policy": {"iam:CreatePolicyVersion", arn + "policy/acme-pipeline-deploy-1-prod",
			nil},
		"the boundary":                    {"iam:CreatePolicyVersion", boundary, nil},
		"the boundary's end":              {"iam:DeletePolicy", boundary, nil},
		"another version of the boundary": {"iam:SetDefaultPolicyVersion", boundary, nil},
		"a user":                          {"iam:CreateUser", arn + "user/acme-x-prod", nil},
		"an access key":                   {"iam:CreateAccessKey", arn + "user/root", nil},
		"a password":                      {"iam:CreateLoginProfile", arn + "user/admin", nil},
		"a group":                         {"iam:AddUserToGroup", arn + "group/admins", nil},
		"a user's policy":                 {"iam:PutUserPolicy", arn + "user/admin", nil},
		"an identity provider": {"iam:CreateOpenIDConnectProvider", arn + "oidc-provider/example.com",
			nil},
		"an instance profile": {"iam:AddRoleToInstanceProfile", arn + "instance-profile/x",
			nil},
		"a role for an instance": {"iam:PassRole", arn + "role/acme-trail-delivery-prod",
			pass("ec2")},
		"a role for a function": {"iam:PassRole", arn + "role/acme-trail-delivery-prod",
			pass("lambda")},
		"another role for CloudTrail": {"iam:PassRole", arn + "role/admin",
			pass("cloudtrail")},
		"its own role for CloudTrail": {"iam:PassRole", arn + "role/acme-pipeline-deploy-prod",
			pass("cloudtrail")},
		"another service's linked role": {"iam:CreateServiceLinkedRole",
			arn + "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
			map[string]string{"iam:AWSServiceName": "ecs.amazonaws.com"}},
		"a function": {"lambda:CreateFunction", here("lambda", "function:acme-x-prod"),
			nil},
		"an instance": {"ec2:RunInstances", here("ec2", "instance/*"),
			tags("aws:RequestTag", "acme", "prod")},
		"the organization": {"organizations:LeaveOrganization", "*", nil},
		"the account":      {"account:CloseAccount", "*", nil},
	} {
		t.Run(name, func(t *testing.T) {
			assert.NotEqual(t, iampolicy.Allowed, deploy.decide(q))
			assert.NotEqual(t, iampolicy.Allowed, plan.decide(q))
		})
	}
}
