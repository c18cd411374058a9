package diff

// accessRules are those of IAM, of the provider and of the state.
var accessRules = map[string][]rule{
	"aws_iam_role": {
		{"permissions_boundary", "no permissions boundary limits the role, or a wider one", stays},
		{"max_session_duration", "sessions last longer", notHigher(3600)},
		{"inline_policy", "policies within the role differ", judged},
		{"managed_policy_arns", "a policy more is attached", gainsNone},
	},
	"aws_iam_user": {
		{"permissions_boundary", "no permissions boundary limits the user, or a wider one", stays},
	},
	"aws_iam_role_policies_exclusive": {
		{"policy_names", "an inline policy more may stay", gainsNone},
	},
	"aws_iam_role_policy_attachment": {
		{"policy_arn", "another policy is attached", judged},
		{"role", "the policy is attached to another role", judged},
	},
	"aws_iam_account_password_policy": {
		{"minimum_password_length", "passwords may be shorter", notLower(6)},
		{"password_reuse_prevention", "former passwords may be used again", notLower(0)},
		{"max_password_age", "passwords live longer", notLonger},
	},
	"provider": {
		{"allowed_account_ids", "Terraform may change another account", accounts},
		{"forbidden_account_ids", "Terraform may change another account", keepsAll},
		{"assume_role", "another role makes the changes", judged},
		{"region", "another region", judged},
		{"endpoints", "calls go elsewhere", judged},
		{"skip_credentials_validation", "credentials are not checked", staysOff(false)},
		{"skip_requesting_account_id", "the account is not checked", staysOff(false)},
	},
	"terraform": {
		{"backend.s3.encrypt", "the state is not encrypted by request", staysOn(false)},
		{"backend.s3.use_lockfile", "two runs may change the state at once", staysOn(false)},
		{"backend.s3.kms_key_id", "no customer managed key encrypts the state", keepsKey},
		{"backend.s3.allowed_account_ids", "the state may be kept in another account", accounts},
		{"backend.s3.bucket", "the state is kept elsewhere", judged},
		{"required_providers.aws.source", "another provider", judged},
		{"required_providers.aws.version", "another version of the provider", judged},
	},
}

// accounts compares lists of accounts of which none at all means any.
func accounts(old, now any) verdict {
	if old == nil {
		return no
	}
	return when(now == nil || gainsNone(old, now) == yes)
}
