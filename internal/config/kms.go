package config

import (
	"securebaseline/internal/awsenv"
)

// KMS configures the encryption keys.
type KMS struct {
	// Administrators are the ARNs of the IAM roles and users that manage the keys instead of the account's IAM policies. The principal that deploys must be one of them, or KMS refuses the policy.
	Administrators []string `json:"administrators,omitempty" jsonschema:"uniqueItems=true" jsonschema_extras:"x-allowed=ARNs of IAM roles and users"`
	// BreakGlass are the ARNs of the IAM roles and users that may disable and delete keys, with MFA. Without any, nobody may.
	BreakGlass []string `json:"breakGlass,omitempty" jsonschema:"uniqueItems=true" jsonschema_extras:"x-allowed=ARNs of IAM roles and users"`
	// AccountMayDelete lets the account's IAM policies allow deletion of the keys without MFA, so that destroy works. Only in profile "ephemeral".
	AccountMayDelete bool `json:"accountMayDelete,omitempty"`
	// PreventDestroy makes Terraform refuse any plan that would delete a key.
	PreventDestroy bool `json:"preventDestroy,omitempty"`
	// DeletionWindowDays is how long a deletion can still be cancelled.
	DeletionWindowDays int `json:"deletionWindowDays,omitempty" jsonschema:"minimum=7,maximum=30" jsonschema_extras:"x-unit=days"`
	// RotationDays is how often AWS makes new key material.
	RotationDays int `json:"rotationDays,omitempty" jsonschema:"minimum=90,maximum=2560" jsonschema_extras:"x-unit=days"`
}

func (c *checker) kms(env awsenv.Env, profile Profile, kms KMS) {
	c.each(kms.Administrators, principalIn(env), "kms", "administrators")
	c.each(kms.BreakGlass, principalIn(env), "kms", "breakGlass")
	c.onlyEphemeral(kms.AccountMayDelete, profile, "name kms.breakGlass principals instead", "kms", "accountMayDelete")
	if kms.AccountMayDelete && kms.PreventDestroy && profile == Ephemeral {
		c.problem(c.where("kms", "preventDestroy"), true, "must be false while kms.accountMayDelete is true, which is for keys that are destroyed")
	}
}
