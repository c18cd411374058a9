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
		Meaning: "Lets the account's IAM policies allow deletion of the keys without MFA, so that destroy works: " +
			"Terraform deletes the keys with the stack, which then must keep nothing. Otherwise Terraform refuses " +
			"any plan that would delete a key. Only in profile \"ephemeral\".",
	},
	"deletionWindowDays": {
		Meaning: "How long a deletion can still be cancelled.",
		Bounds:  &Bounds{kmsrules.MinDeletionWindowDays, kmsrules.MaxDeletionWindowDays, "days"},
	},
	"rotationDays": {
		Meaning: "How often AWS creates new key material.",
		Bounds:  &Bounds{kmsrules.MinRotationDays, kmsrules.MaxRotationDays, "days"},
	},
}

func (c *checker) kms(env awsenv.Env, profile Profile, kms KMS) {
	c.each(kms.Administrators, principalIn(env), "kms", "administrators")
	c.each(kms.BreakGlass, peopleIn(env), "kms", "breakGlass")
	c.onlyEphemeral(kms.AccountMayDelete, profile, "name kms.breakGlass principals instead", "kms", "accountMayDelete")
}

// outlives refuses to delete the keys with the stack where something is kept that only they can decrypt.
func (c *checker) outlives(config Config) {
	const message = " while kms.accountMayDelete is true: nobody could read what is kept, once its key is " +
		"deleted with the stack"
	if !config.KMS.AccountMayDelete || config.Profile != Ephemeral {
		return
	}
	if config.Logging.KeepOnDestroy {
		c.problem(c.where("logging", "keepOnDestroy"), true, "must be false"+message)
	}
	for name, database := range config.RDS.All() {
		if !database.DiscardOnDestroy {
			c.problem(c.where(append(path(name), "discardOnDestroy")...), false, "must be true"+message)
		}
	}
}
