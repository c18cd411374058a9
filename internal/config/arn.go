package config

import (
	"errors"
	"fmt"
	"regexp"

	"securebaseline/internal/awsenv"
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
