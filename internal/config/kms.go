package config

import (
	"securebaseline/internal/awsenv"
	"securebaseline/internal/kmsrules"
)

// KMS configures the encryption keys.
type KMS struct {
	Administrators     []string `json:"administrators,omitempty"`
	BreakGlass         []string `json:"breakGlass,omitempty"`
	AccountMayDelete   bool     `json:"accountMayDelete,omitempty"`
	PreventDestroy     bool     `json:"preventDestroy,omitempty"`
	DeletionWindowDays int      `json:"deletionWindowDays,omitempty"`
	RotationDays       int      `json:"rotationDays,omitempty"`
}

var kmsFields = map[string]Field{
	"administrators": {
		Meaning: "The ARNs of the IAM roles and users that manage the keys instead of the account's IAM policies. " +
			"The principal that deploys must be one of them, or KMS refuses the policy.",
		Allowed: "ARNs of IAM roles and users", Unique: true,
	},
	"breakGlass": {
		Meaning: "The people who may disable and delete keys. " + peopleMeaning + " Without any, nobody may.",
		Allowed: peopleAllowed, Unique: true,
	},
	"accountMayDelete": {
		Meaning: "Lets the account's IAM policies allow deletion of the keys without MFA, so that destroy works. " +
			"Only in profile \"ephemeral\".",
	},
	"preventDestroy": {Meaning: "Makes Terraform refuse any plan that would delete a key."},
	"deletionWindowDays": {
		Meaning: "How long a deletion can still be cancelled.",
		Bounds:  &Bounds{kmsrules.MinDeletionWindowDays, kmsrules.MaxDeletionWindowDays, "days"},
	},
	"rotationDays": {
		Meaning: "How often AWS makes new key material.",
		Bounds:  &Bounds{kmsrules.MinRotationDays, kmsrules.MaxRotationDays, "days"},
	},
}

func (c *checker) kms(env awsenv.Env, profile Profile, kms KMS) {
	c.each(kms.Administrators, principalIn(env), "kms", "administrators")
	c.each(kms.BreakGlass, peopleIn(env), "kms", "breakGlass")
	c.onlyEphemeral(kms.AccountMayDelete, profile, "name kms.breakGlass principals instead", "kms", "accountMayDelete")
	if kms.AccountMayDelete && kms.PreventDestroy && profile == Ephemeral {
		c.problem(c.where("kms", "preventDestroy"), true,
			"must be false while kms.accountMayDelete is true, which is for keys that are destroyed")
	}
}
