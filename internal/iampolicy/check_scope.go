package iampolicy

// withoutResource lists the actions that a policy may allow on every resource, each with the reason. Whatever can be
// scoped to ARNs is not in it.
var withoutResource = map[string]string{
	"cloudtrail:DescribeTrails": "a list call without a resource type (Service Authorization Reference, CloudTrail)",
	"cloudtrail:ListPublicKeys": "the keys are AWS's (Service Authorization Reference, CloudTrail: no resource type)",
	"logs:DescribeLogGroups": "a list call; what AWS evaluates it on differs (Service Authorization Reference, " +
		"CloudWatch Logs: no resource type; hashicorp/terraform-provider-aws#8804: log-group::log-stream:)",
	"logs:StopQuery": "the request names a query id alone (Service Authorization Reference, CloudWatch Logs: no " +
		"resource type)",
}

// checkScope refuses an Allow on every resource, or on those of any account, unless the action is in withoutResource.
// In a key policy "*" is the key itself, and what an endpoint policy allows is no grant.
func (c *checker) checkScope(resource string) {
	if c.Effect != Allow || c.kind == KeyPolicy || c.rules.filter || c.rules.noResource || !matchesAnything(resource) {
		return
	}
	for _, action := range c.Actions {
		if _, exempt := withoutResource[action]; !exempt {
			c.fault("resource %q is too broad for action %q: name ARNs", resource, action)
		}
	}
}
