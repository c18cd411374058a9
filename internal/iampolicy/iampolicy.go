// Package iampolicy writes AWS policy documents as checked, reproducible JSON and proves what they allow.
//
// Writing: [Render] turns typed statements into the JSON of a policy and refuses what AWS would refuse, what AWS would
// accept but never match, and what grants more than one duty needs.
//
// Proving: [Parse] reads a finished policy, [Document.Evaluate] answers one request as AWS would, and [Decide]
// combines the policies of the caller and of the resource into the final decision. [Document.Explain] and [Explain]
// answer the same and tell by which statements, and which others come near.
//
// The package is pure: no files, no network, no clock.
package iampolicy

// Version is the policy language that this package writes and reads. The older "2008-10-17" knows no policy
// variables, so ${aws:username} would be plain text there.
// Source: "IAM JSON policy elements: Version".
const Version = "2012-10-17"

// Effect says what a matching statement does with a request.
type Effect string

// The two effects. A Deny wins over every Allow.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Principal names who a statement of a resource policy is about. The zero value names nobody: identity policies
// have no principal, they speak for the role or user that they are attached to.
// Source: "AWS JSON policy elements: Principal".
type Principal struct {
	// AWS holds account ids, ARNs of account roots, roles, users and role sessions, or "*" alone.
	AWS []string
	// Service holds service principals such as "cloudtrail.amazonaws.com".
	Service []string
	// Federated holds identity providers: ARNs of SAML and OIDC providers, or one of AWS's built-in web identities.
	Federated []string
}

// Everyone is any caller at all, anonymous ones and AWS services included. It is what a Deny names to leave no
// gap; an Allow needs a condition beside it that says who may come (see [Render]).
func Everyone() Principal { return Principal{AWS: []string{"*"}} }

func (p Principal) isZero() bool {
	return len(p.AWS) == 0 && len(p.Service) == 0 && len(p.Federated) == 0
}

func (p Principal) isEveryone() bool { return len(p.AWS) == 1 && p.AWS[0] == "*" }

// Condition is one line of a statement's Condition block: the request's value of Key is compared with Values.
// Several values are alternatives; several conditions of a statement must all hold.
// Source: "IAM JSON policy elements: Condition".
type Condition struct {
	// Operator is the comparison as AWS spells it, with its set prefix and IfExists suffix if it has them.
	Operator string
	// Key is the context key, such as "aws:SourceArn". AWS compares key names without regard to case.
	Key string
	// Values are the alternatives to compare with. At least one.
	Values []string
}

// Statement is one rule of a policy. Lists are sets: their order and repetitions carry no meaning.
// Source: "IAM JSON policy elements: Statement".
type Statement struct {
	// Sid names the statement in errors and reviews: letters and digits, unique in its document. Required.
	Sid string
	// Effect is Allow or Deny. Required.
	Effect Effect
	// Principal is required in every policy but an identity policy, which must not have one.
	Principal Principal
	// Actions lists what the statement is about; NotActions everything else but what it lists. Exactly one of them.
	Actions, NotActions []string
	// Resources lists ARNs the statement is about; NotResources all but those. Exactly one of them, except in a
	// trust policy, which has neither.
	Resources, NotResources []string
	// Conditions must all hold for the statement to apply. None means always.
	Conditions []Condition
}
