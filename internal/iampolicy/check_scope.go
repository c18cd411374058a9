package iampolicy

// withoutResource lists the actions that a policy may allow on every resource, each with the reason. Whatever can be
// scoped to ARNs is not in it.
var withoutResource = map[string]string{
	// The Service Authorization Reference lists log groups for it, which no request names.
	"logs:GetQueryResults": "the request names a query id alone (CloudWatch Logs API Reference, GetQueryResults)",
	"logs:StopQuery":       "the action has no resource type (Service Authorization Reference, CloudWatch Logs)",
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
