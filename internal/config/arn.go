package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/principal"
)

// Forms of ARNs (IAM User Guide, "IAM identifiers" and "IAM and AWS STS quotas": names of roles and users have up to 64
// characters, those of policies up to 128).
var (
	principalARN = regexp.MustCompile(`^arn:([a-z0-9-]+):iam::([0-9]{12}):(?:role|user)/` +
		`(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64}$`)
	policyARN = regexp.MustCompile(`^arn:([a-z0-9-]+):iam::([0-9]{12}|aws):policy/` +
		`(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,128}$`)
)

// principalIn accepts an IAM role or user of any account of the partition: keys may be administered centrally.
func principalIn(env awsenv.Env) func(arn string) error {
	return func(arn string) error {
		return checkARN(arn, env.Partition(), principalARN,
			"an IAM role or user, such as arn:"+env.Partition()+":iam::ACCOUNT:role/NAME")
	}
}

// roleIn accepts an IAM role of any account of the partition.
func roleIn(env awsenv.Env) func(arn string) error {
	return func(arn string) error {
		if err := principalIn(env)(arn); err != nil || strings.Contains(arn, ":user/") {
			return errors.New("must be the ARN of an IAM role, such as arn:" + env.Partition() +
				":iam::ACCOUNT:role/NAME")
		}
		return nil
	}
}

// What the fields that name people have in common.
const (
	peopleMeaning = "A user needs MFA in the session; a role's own trust policy must ask for MFA, which the role's " +
		"credentials do not carry; IAM Identity Center asks for it at sign-in ([how each gets in](access.md))."
	peopleAllowed = "ARNs of IAM users and roles; for permission sets of IAM Identity Center patterns such as " +
		"arn:aws:iam::ACCOUNT:role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_NAME_*"
)

// peopleIn accepts what principalIn does, and patterns of the roles of permission sets.
func peopleIn(env awsenv.Env) func(arn string) error {
	return func(arn string) error {
		if err := principal.Check(arn); err != nil {
			return err
		}
		if len(principal.Sort([]string{arn}).PermissionSets) > 0 {
			arn = strings.ReplaceAll(arn, "*", "x")
		}
		return principalIn(env)(arn)
	}
}

// checkBoundary accepts a managed policy of this account or of AWS, as IAM does.
func checkBoundary(env awsenv.Env, arn string) error {
	if err := checkARN(arn, env.Partition(), policyARN,
		"a managed policy, such as arn:"+env.Partition()+":iam::ACCOUNT:policy/NAME"); err != nil {
		return err
	}
	account := policyARN.FindStringSubmatch(arn)[2]
	if env.AccountID() != "" && account != "aws" && account != env.AccountID() {
		return fmt.Errorf("must be a policy of the account %s, not of another", env.AccountID())
	}
	return nil
}

func checkARN(arn, partition string, form *regexp.Regexp, wanted string) error {
	parts := form.FindStringSubmatch(arn)
	if parts == nil {
		return errors.New("must be the ARN of " + wanted)
	}
	if parts[1] != partition {
		return fmt.Errorf("must be in the region's partition, %s", partition)
	}
	return nil
}
