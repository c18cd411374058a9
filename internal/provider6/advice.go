package provider6

// removed tells what takes the place of arguments that version 6 no longer has, by type and name (AWS provider,
// "Terraform AWS Provider Version 6 Upgrade Guide",
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade).
var removed = map[string]map[string]string{
	"aws_eip":      {"vpc": `set domain = "vpc" instead`},
	"aws_flow_log": {"log_group_name": "set log_destination to the ARN of the log group instead"},
}

// deprecated tells what takes the place of fields that still work and that a later major version will not have, by type
// and path. The type description of the bindings does not mark them. The list is from the schema of 5.100.0, and from
// the documentation of 6.x
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs, at "Argument Reference" of each type).
var deprecated = map[string]map[string]string{
	"aws_iam_role": {
		"inline_policy":       "use aws_iam_role_policy, and aws_iam_role_policies_exclusive",
		"managed_policy_arns": "use aws_iam_role_policy_attachment, and aws_iam_role_policy_attachments_exclusive",
	},
	"aws_s3_bucket": {
		"acceleration_status":                  "use aws_s3_bucket_accelerate_configuration",
		"acl":                                  "use aws_s3_bucket_acl",
		"cors_rule":                            "use aws_s3_bucket_cors_configuration",
		"grant":                                "use aws_s3_bucket_acl",
		"lifecycle_rule":                       "use aws_s3_bucket_lifecycle_configuration",
		"logging":                              "use aws_s3_bucket_logging",
		"object_lock_configuration":            "use object_lock_enabled, and aws_s3_bucket_object_lock_configuration",
		"policy":                               "use aws_s3_bucket_policy",
		"replication_configuration":            "use aws_s3_bucket_replication_configuration",
		"request_payer":                        "use aws_s3_bucket_request_payment_configuration",
		"server_side_encryption_configuration": "use aws_s3_bucket_server_side_encryption_configuration",
		"versioning":                           "use aws_s3_bucket_versioning",
		"website":                              "use aws_s3_bucket_website_configuration",
		"website_domain":                       "refer to aws_s3_bucket_website_configuration",
		"website_endpoint":                     "refer to aws_s3_bucket_website_configuration",
	},
	"aws_s3_bucket_lifecycle_configuration": {
		"expected_bucket_owner": noBucketOwner,
		"id":                    "refer to bucket",
		"rule.prefix":           "use the block filter",
	},
	"aws_s3_bucket_logging":                              {"expected_bucket_owner": noBucketOwner},
	"aws_s3_bucket_object_lock_configuration":            {"expected_bucket_owner": noBucketOwner},
	"aws_s3_bucket_server_side_encryption_configuration": {"expected_bucket_owner": noBucketOwner},
	"aws_s3_bucket_versioning":                           {"expected_bucket_owner": noBucketOwner},
}

const noBucketOwner = "leave it out; the provider's allowed_account_ids guards the account"
