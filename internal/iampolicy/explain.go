package iampolicy

import (
	"slices"
	"strings"
)

// Element is a part of a statement that a request can fail to fit.
type Element string

// The elements of a statement, under the names that AWS gives them.
const (
	PrincipalElement Element = "Principal"
	ActionElement    Element = "Action"
	ResourceElement  Element = "Resource"
	ConditionElement Element = "Condition"
)

// Mismatch is one reason why a statement does not apply to a request.
type Mismatch struct {
	// Element is what the request does not fit.
	Element Element
	// Condition is the condition that does not hold, where Element is [ConditionElement].
	Condition Condition
	// Asked is what the request has in its place: the caller, the action, the resource, or the values of the
	// condition's key. No value means that the request lacks the key.
	Asked []string
}

// Trace is how one statement of a document compares with a request.
type Trace struct {
	// Number is the statement's position in its document, from 1: a name for those without a Sid.
	Number int
	// Statement is the statement itself.
	Statement Statement
	// Mismatches tells why the statement does not apply. Empty means that it applies.
	Mismatches []Mismatch

	reach reach
}

// Applies reports whether the statement applies to the request.
func (t Trace) Applies() bool { return len(t.Mismatches) == 0 }

// Delegates reports whether the statement applies only by naming the caller's account, whose identity policies then
// decide.
func (t Trace) Delegates() bool { return t.Applies() && t.reach == throughAccount }

// IsNear reports whether the statement would apply if one element of it were another: its principal, its actions, its
// resources, or its conditions.
func (t Trace) IsNear() bool {
	return !t.Applies() && t.Mismatches[0].Element == t.Mismatches[len(t.Mismatches)-1].Element
}

// Explanation is what one document says about a request, and by which statements.
type Explanation struct {
	// Decision is the answer of the document.
	Decision Decision
	// Statements has a trace for each statement, in the order of the document.
	Statements []Trace
}

// Applied lists the statements of an effect that apply.
func (e Explanation) Applied(effect Effect) []Trace { return e.having(effect, Trace.Applies) }

// Near lists the statements of an effect that miss the request by one element.
func (e Explanation) Near(effect Effect) []Trace { return e.having(effect, Trace.IsNear) }

func (e Explanation) having(effect Effect, is func(Trace) bool) []Trace {
	var found []Trace
	for _, t := range e.Statements {
		if t.Statement.Effect == effect && is(t) {
			found = append(found, t)
		}
	}
	return found
}

// Explain answers r as [Document.Evaluate] does, and tells of each statement whether it applies and why not.
func (d Document) Explain(r Request) Explanation {
	context := newContext(r)
	e := Explanation{Statements: make([]Trace, len(d.Statements))}
	for i, s := range d.Statements {
		e.Statements[i] = s.trace(i+1, r, context)
	}
	switch best := e.best(); {
	case len(e.Applied(Deny)) > 0:
		e.Decision = ExplicitDeny
	case best == notReached:
		e.Decision = ImplicitDeny
	case best == throughAccount:
		e.Decision = Delegated
	default:
		e.Decision = Allowed
	}
	return e
}

// best is how far the best Allow reaches.
func (e Explanation) best() reach {
	best := notReached
	for _, t := range e.Applied(Allow) {
		best = max(best, t.reach)
	}
	return best
}

// trace compares every element of s with the request.
func (s Statement) trace(number int, r Request, context requestContext) Trace {
	t := Trace{Number: number, Statement: s, reach: s.Principal.reaches(r.Caller)}
	miss := func(element Element, asked string) {
		t.Mismatches = append(t.Mismatches, Mismatch{Element: element, Asked: []string{asked}})
	}
	if t.reach == notReached {
		miss(PrincipalElement, r.Caller.String())
	}
	named := func(policy string) bool { return actionMatches(policy, r.Action) }
	if !selects(s.Actions, s.NotActions, named) {
		miss(ActionElement, r.Action)
	}
	includes := func(policy string) bool {
		p, ok := expand(policy, context.variable)
		return ok && p.matches(r.Resource)
	}
	// Only statements of a trust policy have neither list.
	if len(s.Resources)+len(s.NotResources) > 0 && !selects(s.Resources, s.NotResources, includes) {
		miss(ResourceElement, r.Resource)
	}
	for _, c := range s.Conditions {
		if !context.satisfies(c) {
			asked := slices.Clone(context[strings.ToLower(c.Key)])
			t.Mismatches = append(t.Mismatches, Mismatch{ConditionElement, c, asked})
		}
	}
	return t
}
