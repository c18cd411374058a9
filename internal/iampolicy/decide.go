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
	// Endpoint is the policy of the VPC endpoint that the request passes through. Nil means that it takes another way.
	Endpoint *Document
}

// Side is a kind of policy that takes part in a decision.
type Side string

// The sides of a decision.
const (
	IdentitySide Side = "identity"
	BoundarySide Side = "boundary"
	ResourceSide Side = "resource"
	EndpointSide Side = "endpoint"
	// NamingSide is a resource policy that must name the caller itself: to name its account is not enough.
	NamingSide Side = "resource, by naming the caller"
)

// Answer is a decision by all policies together, and what each of them says.
type Answer struct {
	// Decision is [Allowed], [ExplicitDeny] or [ImplicitDeny].
	Decision Decision
	// Identity has what each of Policies.Identity says, in the same order. Callers without such policies have none.
	Identity []Explanation
	// Boundary, Resource and Endpoint are what those policies say; nil where there is none, and for the boundary where
	// it does not apply to the caller.
	Boundary, Resource, Endpoint *Explanation
	// Ways lists, after an [ImplicitDeny], the ways in which the request could come to be allowed: each is the sides
	// that must allow it and do not.
	Ways [][]Side
}

// Decide answers r by all policies together: [Allowed], [ExplicitDeny] or [ImplicitDeny].
//
//   - A Deny anywhere wins.
//   - Within an account, the identity policies or the resource policy suffice. A KMS key and a role differ: their own
//     policy must name the caller, or delegate to the account and the identity policies then allow it too.
//   - Across accounts, both sides must agree.
//   - A boundary limits what identity policies grant, and what a resource policy grants to a role's ARN. It does not
//     limit what a resource policy grants to a user's or a session's ARN, or to everyone.
//   - The policy of a VPC endpoint grants nothing: what passes through must be allowed there as well. One that names an
//     account means its root user alone.
//   - The root user of an account needs no identity policy and has no boundary.
//   - Services, anonymous callers and callers with only a provider's token depend on the resource policy alone.
//
// Out of scope: service and resource control policies of an organization, session policies, and KMS grants.
// Source: "Policy evaluation logic", "Permissions boundaries for IAM entities" and "Control access to VPC endpoints
// using endpoint policies".
func Decide(r Request, p Policies) Decision { return Explain(r, p).Decision }

// Explain answers r as [Decide] does, with what each policy says, and after an [ImplicitDeny] with what lacks.
func Explain(r Request, p Policies) Answer {
	a := Answer{Resource: explained(p.Resource, r), Endpoint: explained(p.Endpoint, r)}
	own, bounds, through := ImplicitDeny, Allowed, Allowed
	switch r.Caller.kind {
	case rootCaller:
		own = Allowed
	case roleCaller, userCaller:
		for _, document := range p.Identity {
			said := document.Explain(r)
			a.Identity = append(a.Identity, said)
			own = max(own, said.Decision)
		}
		if a.Boundary = explained(p.Boundary, r); a.Boundary != nil {
			bounds = a.Boundary.Decision
		}
	}
	if a.Endpoint != nil {
		through = a.Endpoint.Decision
	}
	granted, denied := notReached, max(own, bounds, through) == ExplicitDeny
	if a.Resource != nil {
		granted, denied = a.Resource.best(), denied || a.Resource.Decision == ExplicitDeny
	}
	if denied {
		a.Decision = ExplicitDeny
		return a
	}
	for _, way := range p.ways(r.Caller) {
		if lacking := way.lacking(own, bounds, through, granted); len(lacking) > 0 {
			a.Ways = append(a.Ways, lacking)
			continue
		}
		a.Decision, a.Ways = Allowed, nil
		return a
	}
	return a
}

func explained(d *Document, r Request) *Explanation {
	if d == nil {
		return nil
	}
	said := d.Explain(r)
	return &said
}

// way is one way for a request to be allowed: what must hold of the sides at once, besides the endpoint.
type way struct {
	identity bool  // the identity policies must allow it
	resource reach // the resource policy must reach at least this far
	direct   bool  // naming the role is limited by the boundary, naming the caller otherwise is not
}

// ways lists the ways for a caller.
func (p Policies) ways(c Caller) []way {
	switch {
	case c.account == "":
		return []way{{resource: directly}}
	case p.ResourceAccount != "" && p.ResourceAccount != c.account:
		return []way{{identity: true, resource: throughAccount}}
	case p.ResourceKind == KeyPolicy || p.ResourceKind == TrustPolicy:
		return []way{{resource: asRole, direct: true}, {identity: true, resource: throughAccount}}
	default:
		return []way{{identity: true}, {resource: asRole, direct: true}}
	}
}

// lacking lists the sides that do not do their part.
func (w way) lacking(own, bounds, through Decision, granted reach) []Side {
	var sides []Side
	if w.identity && own != Allowed {
		sides = append(sides, IdentitySide)
	}
	if bounds != Allowed && (w.identity || w.direct && granted != directly) {
		sides = append(sides, BoundarySide)
	}
	switch {
	case granted >= w.resource:
	case w.resource > throughAccount:
		sides = append(sides, NamingSide)
	default:
		sides = append(sides, ResourceSide)
	}
	if through != Allowed {
		sides = append(sides, EndpointSide)
	}
	return sides
}
