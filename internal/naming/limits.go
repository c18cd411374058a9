package naming

// Limit is the longest name that a service accepts, in characters.
type Limit int

// The services' limits. Terraform checks only some of them at plan; the others would fail at apply.
const (
	// KMSAlias leaves room for "alias/" in the 256 characters of an alias (KMS API Reference, CreateAlias).
	KMSAlias = Limit(256 - len("alias/"))
	// IAMRole is the longest role name (IAM User Guide, "IAM and AWS STS quotas").
	IAMRole Limit = 64
	// IAMPolicy is the longest name of a managed policy (IAM User Guide, "IAM and AWS STS quotas").
	IAMPolicy Limit = 128
	// S3Bucket is the longest bucket name (S3 User Guide, "Bucket naming rules").
	S3Bucket Limit = 63
	// LogGroup is the longest log group name (CloudWatch Logs API Reference, CreateLogGroup).
	LogGroup Limit = 512
	// Trail is the longest trail name (CloudTrail User Guide, "Naming requirements").
	Trail Limit = 128
	// SNSTopic is the longest topic name (SNS API Reference, CreateTopic).
	SNSTopic Limit = 256
	// Alarm is the longest alarm name (CloudWatch API Reference, PutMetricAlarm).
	Alarm Limit = 255
	// SecurityGroup is the longest security group name (VPC User Guide, "Security groups").
	SecurityGroup Limit = 255
	// RDSIdentifier is the longest DB instance identifier (RDS API Reference, CreateDBInstance).
	RDSIdentifier Limit = 63
	// DBSubnetGroup is the longest DB subnet group name (RDS API Reference, CreateDBSubnetGroup).
	DBSubnetGroup Limit = 255
	// DBParameterGroupPrefix leaves room for the 26 characters by which Terraform makes the name unique in the 255 of a
	// DB parameter group name (RDS API Reference, CreateDBParameterGroup).
	DBParameterGroupPrefix = Limit(255 - 26)
	// DBEventSubscription is the longest event subscription name (RDS API Reference, CreateEventSubscription).
	DBEventSubscription Limit = 254
	// TagValue is the longest value of a tag (Tagging AWS Resources, "Tag naming limits and requirements").
	TagValue Limit = 256
)
