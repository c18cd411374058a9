package deploypolicy

import (
	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
)

// Types of resources by the service that makes them.
var (
	networkTypes  = []string{"aws_vpc"}
	keyTypes      = []string{"aws_kms_key"}
	roleTypes     = []string{"aws_iam_role"}
	policyTypes   = []string{"aws_iam_policy"}
	bucketTypes   = []string{"aws_s3_bucket"}
	logTypes      = []string{"aws_cloudwatch_log_group"}
	alarmTypes    = []string{"aws_cloudwatch_metric_alarm"}
	trailTypes    = []string{"aws_cloudtrail"}
	topicTypes    = []string{"aws_sns_topic"}
	databaseTypes = []string{"aws_db_instance"}
)

// anything is the resource of calls that have none.
var anything = []string{"*"}

// reads are what a plan asks. Nobody reads objects, secrets or log events by them.
func (s scope) reads() []permission {
	return []permission{
		allow("ReadNetwork", networkTypes, []string{
			"ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute", "ec2:DescribeAvailabilityZones",
			"ec2:DescribeEgressOnlyInternetGateways", "ec2:DescribeFlowLogs", "ec2:DescribeInternetGateways",
			"ec2:DescribeNatGateways", "ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces",
			"ec2:DescribePrefixLists", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroupRules",
			"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcAttribute",
			"ec2:DescribeVpcBlockPublicAccessOptions", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs",
		}, anything, s.inRegion()),
		allow("ReadKeys", keyTypes, []string{
			"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
		}, []string{s.env.ARN("kms", "key/*")}, s.tagged(resourceTag)...),
		allow("FindKeys", keyTypes, []string{"kms:ListAliases", "kms:ListKeys"}, anything, s.inRegion()),
		allow("ReadRoles", roleTypes, []string{
			"iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole",
			"iam:ListRolePolicies",
		}, []string{s.iam("role")}),
		allow("ReadPolicies", policyTypes, []string{
			"iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions",
		}, []string{s.iam("policy")}),
		allow("ReadBuckets", bucketTypes, []string{
			"s3:GetAccelerateConfiguration", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging",
			"s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy",
			"s3:GetBucketPublicAccessBlock", "s3:GetBucketRequestPayment", "s3:GetBucketTagging",
			"s3:GetBucketVersioning", "s3:GetBucketWebsite", "s3:GetEncryptionConfiguration",
			"s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration", "s3:ListBucket",
		}, []string{s.buckets()}),
		allow("ReadLogGroups", logTypes, []string{"logs:DescribeMetricFilters", "logs:ListTagsForResource"},
			s.logGroups()),
		allow("FindLogGroups", logTypes, []string{"logs:DescribeLogGroups"}, anything, s.inRegion()),
		allow("ReadAlarms", alarmTypes, []string{"cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"},
			s.own("cloudwatch", "alarm:")),
		allow("ReadTrail", trailTypes, []string{
			"cloudtrail:GetEventSelectors", "cloudtrail:GetInsightSelectors", "cloudtrail:GetTrail",
			"cloudtrail:GetTrailStatus", "cloudtrail:ListTags",
		}, s.own("cloudtrail", "trail/")),
		allow("FindTrails", trailTypes, []string{"cloudtrail:DescribeTrails"}, anything, s.inRegion()),
		allow("ReadTopics", topicTypes, []string{"sns:GetTopicAttributes", "sns:ListTagsForResource"},
			s.own("sns", "")),
		allow("ReadSubscriptions", topicTypes, []string{"sns:GetSubscriptionAttributes"}, anything, s.inRegion()),
		allow("ReadDatabase", databaseTypes, []string{
			"rds:DescribeDBParameterGroups", "rds:DescribeDBParameters",
			"rds:DescribeDBSubnetGroups", "rds:DescribeEventSubscriptions", "rds:ListTagsForResource",
		}, s.databases()),
		// The provider also looks for an instance by the id that RDS gives it, which AWS asks about for every instance.
		allow("FindDatabases", databaseTypes, []string{"rds:DescribeDBInstances"}, []string{s.env.ARN("rds", "db:*")}),
		allow("FindVersions", databaseTypes, []string{"rds:DescribeDBEngineVersions"}, anything, s.inRegion()),
		allow("ReadSecret", databaseTypes, []string{"secretsmanager:DescribeSecret"},
			s.secrets()),
	}
}

// iam matches the roles or policies of the stack, under its path.
func (s scope) iam(kind string) string { return s.env.IAMARN(kind + s.path() + s.names()) }

// path is that of the roles and policies of the stack, "/" by default.
func (s scope) path() string {
	for _, role := range s.stack.OfType("aws_iam_role") {
		if path, _ := role.String("path"); path != "" {
			return path
		}
	}
	return "/"
}

// buckets matches the buckets of the stack, whose names end with account and region.
func (s scope) buckets() string {
	return s.env.BucketARN(s.names() + "-" + s.env.AccountID() + "-" + s.env.Region())
}

// logGroups matches the log groups of the stack, and those that RDS writes to, by their instance's name.
func (s scope) logGroups() []string {
	return append(s.own("logs", "log-group:"), s.env.ARN("logs", "log-group:"+s.names()+":*"),
		s.env.ARN("logs", "log-group:/aws/rds/instance/"+s.names()+"/*"))
}

// databases matches instances, what belongs to them, and what they leave: parameter groups end with what Terraform
// adds, final snapshots with what makes them unique.
func (s scope) databases() []string {
	return append(s.own("rds", "db:", "subgrp:", "es:"), s.env.ARN("rds", "pg:"+s.names()+"-*"),
		s.env.ARN("rds", "snapshot:"+s.names()+"-*"))
}

// secrets matches the master passwords that RDS keeps. It chooses their names (RDS User Guide, "Password management
// with Amazon RDS and AWS Secrets Manager").
func (s scope) secrets() []string { return []string{s.env.ARN("secretsmanager", "secret:rds!db-*")} }

// writeState lets a role read and write the state of the stack, and lock it (Terraform documentation, "S3 backend").
func (s scope) writeState() []permission {
	return s.stateAccess("s3:DeleteObject", "s3:GetObject", "s3:PutObject")
}

// readState lets a role read the state, and lock it.
func (s scope) readState() []permission { return s.stateAccess("s3:GetObject") }

func (s scope) stateAccess(actions ...string) []permission {
	switch {
	case s.state.Bucket == "":
		return nil
	case s.state.AssumeRole != "":
		return []permission{allow("AssumeRoleOfState", nil, []string{"sts:AssumeRole"}, []string{s.state.AssumeRole})}
	}
	object := s.env.BucketARN(s.state.Bucket + "/" + s.state.Key)
	access := []permission{
		allow("FindState", nil, []string{"s3:ListBucket"}, []string{s.env.BucketARN(s.state.Bucket)}),
		allow("State", nil, actions, []string{object}),
		allow("LockState", nil, []string{"s3:DeleteObject", "s3:GetObject", "s3:PutObject"},
			[]string{object + ".tflock"}),
	}
	if s.state.KMSKeyARN != "" {
		elsewhere, err := awsenv.New(s.state.Region, s.env.AccountID())
		if err == nil {
			access = append(access, allow("EncryptState", nil, []string{"kms:Decrypt", "kms:GenerateDataKey"},
				[]string{s.state.KMSKeyARN}, iampolicy.StringEquals("kms:ViaService", elsewhere.ViaService("s3"))))
		}
	}
	return access
}
