package iampolicy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Request is one question to a policy: may this caller do this to that?
type Request struct {
	// Caller is who asks.
	Caller Caller
	// Action is the full name, such as "s3:GetObject". AWS compares it without regard to case.
	Action string
	// Resource is the ARN asked for, or "*" for an action that has no resource form. It is not looked at by
	// statements without resources, those of a trust policy.
	Resource string
	// Context holds the condition keys of the request, names in any case. A key without values counts as absent. What
	// AWS derives from the caller (aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType, aws:username,
	// aws:PrincipalIsAWSService, aws:PrincipalServiceName, kms:CallerAccount) is added unless it is set here. A role
	// has aws:MultiFactorAuthPresent false whatever is set here: the credentials of AssumeRole never carry MFA ("Secure
	// API access with MFA").
	Context map[string][]string
}

// Value returns the values of a condition key as policies see them, with those that AWS derives from the caller. None
// means that the request lacks the key.
func (r Request) Value(key string) []string { return newContext(r)[strings.ToLower(key)] }

// Decision is the answer of one policy, or of all of them together. Stronger answers compare greater.
type Decision int

// The decisions, weakest first.
const (
	// ImplicitDeny means that no statement applies to the request.
	ImplicitDeny Decision = iota
	// Delegated means that a resource policy leaves the decision to the identity policies of the caller's account.
	Delegated
	// Allowed means that a statement allows the request and none denies it.
	Allowed
	// ExplicitDeny means that a statement denies the request, whatever others say.
	ExplicitDeny
)

// String names the decision as AWS's documentation does.
func (d Decision) String() string {
	switch d {
	case ImplicitDeny:
		return "implicit deny"
	case Delegated:
		return "delegated"
	case Allowed:
		return "allow"
	case ExplicitDeny:
		return "explicit deny"
	default:
		return fmt.Sprintf("decision %d", int(d))
	}
}

// Evaluate answers r by the statements of this one document.
//
// In a resource policy, an Allow that names the caller's account, by id or by its root ARN, is only [Delegated]: it
// lets the account's identity policies decide. For the root user itself it is [Allowed]. A Deny that names the
// account hits every caller of it.
//
// Resource wildcards match across colons. AWS promises that only for a * at the end of an ARN's part, so a pattern
// with a wildcard inside an earlier part may match less there.
// Source: "Policy evaluation logic" and "IAM JSON policy elements: Resource".
func (d Document) Evaluate(r Request) Decision { return d.Explain(r).Decision }

// selects applies a pair of elements of which one lists what is included and the other what is excluded.
func selects(wanted, unwanted []string, matches func(string) bool) bool {
	if len(unwanted) > 0 {
		return !slices.ContainsFunc(unwanted, matches)
	}
	return slices.ContainsFunc(wanted, matches)
}

// mfaPresent is the condition key that tells of MFA.
const mfaPresent = "aws:MultiFactorAuthPresent"

// requestContext holds the values of every key that is present, by the key's name in lower case.
type requestContext map[string][]string

func newContext(r Request) requestContext {
	out := requestContext{}
	for _, key := range slices.Sorted(maps.Keys(r.Context)) {
		folded := strings.ToLower(key)
		out[folded] = append(slices.Clip(out[folded]), r.Context[key]...)
	}
	if r.Caller.kind == roleCaller {
		out[strings.ToLower(mfaPresent)] = []string{"false"}
	}
	for key, value := range r.Caller.context() {
		if folded := strings.ToLower(key); out[folded] == nil {
			out[folded] = []string{value}
		}
	}
	return out
}

// variable is the value of a policy variable. Keys with several values cannot be used as one.
func (x requestContext) variable(key string) (string, bool) {
	values := x[strings.ToLower(key)]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// satisfies reports whether the condition holds for the request.
//
// A plain operator on a key with several values holds when any of them fits; a negated one when none does. AWS
// leaves that combination open and asks for a set operator instead.
// Source: "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued context keys".
func (x requestContext) satisfies(c Condition) bool {
	t, known := parseOperator(c.Operator)
	if !known {
		return false
	}
	values := x[strings.ToLower(c.Key)]
	if t.name == nullOperator {
		return slices.ContainsFunc(c.Values, func(value string) bool {
			return isBool(value) && strings.EqualFold(value, "true") == (len(values) == 0)
		})
	}
	if len(values) == 0 && t.ifExists {
		return true
	}

	wanted := x.patterns(t, c.Values)
	fits := func(got string) bool {
		return slices.ContainsFunc(wanted, func(want pattern) bool { return t.matches(want, got) })
	}
	holds := func(got string) bool { return fits(got) != t.negated }
	fails := func(got string) bool { return !holds(got) }
	switch t.quantifier {
	case allValues:
		return !slices.ContainsFunc(nonEmpty(values), fails)
	case anyValue:
		return slices.ContainsFunc(nonEmpty(values), holds)
	default:
		return slices.ContainsFunc(values, fits) != t.negated
	}
}

// patterns prepares the values of a policy. One that contains a variable without a value matches nothing and is left
// out.
func (x requestContext) patterns(t test, values []string) []pattern {
	var out []pattern
	for _, value := range values {
		if !t.variables {
			out = append(out, wildcards(value))
		} else if p, ok := expand(value, x.variable); ok {
			out = append(out, p)
		}
	}
	return out
}

// nonEmpty leaves out empty texts: to the set operators, a key that holds nothing else is not there.
func nonEmpty(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(value string) bool { return value == "" })
}
