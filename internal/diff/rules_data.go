package diff

// databaseRules are those of databases.
var databaseRules = map[string][]rule{
	"aws_db_instance": {
		{"deletion_protection", "deletion protection is off", staysOn(false)},
		{"skip_final_snapshot", "nothing is kept when it is deleted", staysOff(false)},
		{"delete_automated_backups", "backups go with the instance", staysOff(true)},
		{"backup_retention_period", "backups are kept for a shorter time", notLower(0)},
		{"storage_encrypted", "storage is not encrypted", staysOn(false)},
		{"kms_key_id", "no customer managed key encrypts the storage", keepsKey},
		{"performance_insights_kms_key_id", "no customer managed key encrypts Performance Insights", keepsKey},
		{"master_user_secret_kms_key_id", "no customer managed key encrypts the master secret", keepsKey},
		{"manage_master_user_password", "RDS no longer manages the master password", staysOn(false)},
		{"multi_az", "no standby in another zone", staysOn(false)},
		{"publicly_accessible", "it has an address that the internet can reach", staysOff(false)},
		{"iam_database_authentication_enabled", "nobody can connect by IAM: passwords are needed", staysOn(false)},
		{"enabled_cloudwatch_logs_exports", "a log is no longer exported", keepsAll},
		{"performance_insights_enabled", "performance is no longer recorded", staysOn(false)},
		{"performance_insights_retention_period", "performance data is kept for a shorter time", notLower(7)},
		{"database_insights_mode", "fewer insights", notBelow("|standard", "advanced")},
		{"monitoring_interval", "the operating system is no longer watched", staysOn(false)},
		{"auto_minor_version_upgrade", "security fixes wait for somebody to install them", staysOn(true)},
		{"ca_cert_identifier", "a weaker certificate authority, or one that expires",
			notBelow("rds-ca-2019", "rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1|rds-ca-ecc384-g1")},
		{"vpc_security_group_ids", "the rules of another security group apply, too", gainsNone},
		{"parameter_group_name", "other parameters, among them those for TLS and logs", judged},
		{"db_subnet_group_name", "other subnets", judged},
	},
	"aws_secretsmanager_secret_rotation": {
		{"rotation_rules.automatically_after_days", "the secret is changed less often", notHigher(forever)},
	},
	"aws_secretsmanager_secret": {
		{"kms_key_id", "no customer managed key encrypts the secret", keepsKey},
		{"recovery_window_in_days", "a deleted secret can be brought back for a shorter time", notLower(30)},
	},
}

// storageRules are those of buckets.
var storageRules = map[string][]rule{
	"aws_s3_bucket": {
		{"force_destroy", "Terraform may delete it with all objects", staysOff(false)},
		{"object_lock_enabled", "objects are not locked", staysOn(false)},
	},
	"aws_s3_bucket_versioning": {
		{"versioning_configuration.status", "objects can be overwritten for good",
			notBelow("|Disabled|Suspended", "Enabled")},
		{"versioning_configuration.mfa_delete", "versions can be deleted without MFA", notBelow("|Disabled",
			"Enabled")},
	},
	"aws_s3_bucket_public_access_block":  publicAccess,
	"aws_s3_account_public_access_block": publicAccess,
	"aws_s3_bucket_server_side_encryption_configuration": {
		{"rule.apply_server_side_encryption_by_default.sse_algorithm", "a weaker encryption of new objects",
			notBelow("", "AES256", "aws:kms", "aws:kms:dsse")},
		{"rule.apply_server_side_encryption_by_default.kms_master_key_id",
			"no customer managed key encrypts new objects", keepsKey},
	},
	"aws_s3_bucket_ownership_controls": {
		{"rule.object_ownership", "access control lists can let others in",
			notBelow("|ObjectWriter", "BucketOwnerPreferred", "BucketOwnerEnforced")},
	},
	"aws_s3_bucket_logging": {
		{"target_bucket", "access logs go to another bucket", judged},
	},
	"aws_s3_bucket_object_lock_configuration": {
		{"rule.default_retention.mode", "locked objects can be deleted with more rights",
			notBelow("", "GOVERNANCE", "COMPLIANCE")},
		{"rule.default_retention.days", "objects are locked for a shorter time", notLower(0)},
		{"rule.default_retention.years", "objects are locked for a shorter time", notLower(0)},
	},
}

var publicAccess = []rule{
	{"block_public_acls", "public access control lists are let through", staysOn(false)},
	{"block_public_policy", "public policies are let through", staysOn(false)},
	{"ignore_public_acls", "public access control lists count", staysOn(false)},
	{"restrict_public_buckets", "a public policy lets anybody in", staysOn(false)},
}

// keyRules are those of keys.
var keyRules = map[string][]rule{
	"aws_kms_key": {
		{"enable_key_rotation", "the key is no longer rotated", staysOn(false)},
		{"rotation_period_in_days", "the key is rotated less often", notHigher(365)},
		{"deletion_window_in_days", "less time to stop the deletion of the key", notLower(30)},
		{"is_enabled", "the key is off: what it encrypts cannot be read", staysOn(true)},
		{"bypass_policy_lockout_safety_check", "a policy may lock out everybody", staysOff(false)},
	},
	"aws_kms_alias": {
		{"target_key_id", "the alias leads to another key", judged},
	},
}
