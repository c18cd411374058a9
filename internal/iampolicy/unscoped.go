package iampolicy

// withoutResource are the actions that an identity policy may allow on Resource "*", with the reason that the Service
// Authorization Reference gives: they have no resource form.
var withoutResource = map[string]string{
	"logs:GetQueryResults": "CloudWatch Logs knows a query by its id alone",
	"logs:StopQuery":       "CloudWatch Logs knows a query by its id alone",
}

// checkUnscoped refuses Resource "*" in an Allow of an identity policy, except for actions that have no resource form.
// In other policies "*" is limited otherwise: in a key policy it is the key, and an endpoint policy grants nothing.
func (c *checker) checkUnscoped() {
	if c.kind != IdentityPolicy || c.Effect != Allow {
		return
	}
	for _, resource := range c.Resources {
		for _, action := range c.Actions {
			if _, exempt := withoutResource[action]; resource == "*" && !exempt {
				c.fault(`resource "*" is too broad for action %q: name ARNs, or add the action to withoutResource`,
					action)
			}
		}
	}
}
