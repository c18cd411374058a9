package iampolicy

// Policies is everything that bears on one request besides its caller.
type Policies struct {
	// Identity holds the policies of the calling role or user, managed and inline. Other callers have none.
	Identity []Document
	// Boundary is the permissions boundary of the calling role or user. Nil means none.
	Boundary *Document
	// Resource is the policy of what is asked for. Nil means that it has none.
	Resource *Document
	// ResourceKind is the kind of Resource; it matters for KeyPolicy and TrustPolicy, without which no access is
	// granted.
	ResourceKind Kind
	// ResourceAccount is the account that owns the resource. Empty means the caller's own.
	ResourceAccount string
}

// Decide answers r by all policies together: [Allowed], [ExplicitDeny] or [ImplicitDeny].
//
//   - A Deny anywhere wins.
//   - Within an account, the identity policies or the resource policy suffice. A KMS key and a role differ: their own
//     policy must name the caller, or delegate to the account and the identity policies then allow it too.
//   - Across accounts, both sides must agree.
//   - A boundary limits what identity policies grant, and what a resource policy grants to a role's ARN. It does not
//     limit what a resource policy grants to a user's or a session's ARN, or to everyone.
//   - The root user of an account needs no identity policy and has no boundary.
//   - Services, anonymous callers and callers with only a provider's token depend on the resource policy alone.
//
// Out of scope: service and resource control policies of an organization, session policies, the policies of VPC
// endpoints (ask their [Document.Evaluate] as well), and KMS grants.
// Source: "Policy evaluation logic" and "Permissions boundaries for IAM entities".
func Decide(r Request, p Policies) Decision {
	granted := notReached
	if p.Resource != nil {
		denied, how := p.Resource.evaluate(r)
		if denied {
			return ExplicitDeny
		}
		granted = how
	}
	own, bounds := p.identity(r)
	if max(own, bounds) == ExplicitDeny {
		return ExplicitDeny
	}
	if granted == asRole && bounds != Allowed {
		granted = notReached
	}

	var allowed bool
	identity := own == Allowed && bounds == Allowed
	switch {
	case r.Caller.account == "":
		allowed = granted == directly
	case p.ResourceAccount != "" && p.ResourceAccount != r.Caller.account:
		allowed = identity && granted != notReached
	case p.ResourceKind == KeyPolicy || p.ResourceKind == TrustPolicy:
		allowed = granted > throughAccount || granted == throughAccount && identity
	default:
		allowed = identity || granted > throughAccount
	}
	if allowed {
		return Allowed
	}
	return ImplicitDeny
}

// identity is what the caller's own policies say, and separately what its boundary says.
func (p Policies) identity(r Request) (own, boundary Decision) {
	switch r.Caller.kind {
	case rootCaller:
		return Allowed, Allowed
	case roleCaller, userCaller:
	default:
		return ImplicitDeny, Allowed
	}
	for _, document := range p.Identity {
		own = max(own, document.Evaluate(r))
	}
	if p.Boundary == nil {
		return own, Allowed
	}
	return own, p.Boundary.Evaluate(r)
}
