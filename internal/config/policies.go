package config

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/policysize"
)

// policies refuses lists that would make a policy longer than AWS takes (IAM User Guide, "IAM and AWS STS quotas"; KMS
// API Reference, PutKeyPolicy). The key for data has the least room for buckets: the policy of the access-log bucket
// names each once and not twice, and a trail may name 500.
func (c *checker) policies(env awsenv.Env, config Config) {
	if config.Project == "" {
		return // reported, and without it nothing has a name
	}
	if env.AccountID() == "" {
		var err error
		if env, err = awsenv.New(env.Region(), policysize.UnknownAccount); err != nil {
			return // the region is one that New has accepted before
		}
	}
	stack := config.PolicySizes(env)
	administrators, breakGlass := []string{"kms", "administrators"}, []string{"kms", "breakGlass"}
	buckets, auditors := []string{"s3", "buckets"}, []string{"logging", "auditors"}
	lists := map[string][]string{
		field(administrators...): stack.Administrators, field(breakGlass...): stack.BreakGlass,
		field(buckets...): stack.DataBuckets, field(auditors...): stack.Auditors,
	}
	// fits blames the longest of the lists that a policy is made of.
	fits := func(policy string, kind iampolicy.Kind, unit string, size int, paths ...[]string) bool {
		if size <= kind.MaxSize() {
			return true
		}
		longest := slices.MaxFunc(paths, func(a, b []string) int {
			return len(strings.Join(lists[field(a...)], "")) - len(strings.Join(lists[field(b...)], ""))
		})
		c.problem(c.where(longest...), c.stands(longest...),
			fmt.Sprintf("must be short enough for %s of %d %s; these %d make it %d",
				policy, kind.MaxSize(), unit, len(lists[field(longest...)]), size))
		return false
	}
	fits("a trust policy", iampolicy.TrustPolicy, "characters", stack.Trust(), auditors)
	if fits("a key policy", iampolicy.KeyPolicy, "bytes", stack.LogsKey(), administrators, breakGlass) {
		fits("a key policy", iampolicy.KeyPolicy, "bytes", stack.DataKey(), buckets, administrators, breakGlass)
	}
}
