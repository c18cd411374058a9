package access

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
)

// notConsulted names the policies of AWS that a synthesized stack cannot show and that can only take away, besides
// grants of KMS, which can give.
const notConsulted = "service and resource control policies of an organization, session policies, grants of KMS"

// verdict is a decision in a word or two.
func verdict(d iampolicy.Decision) string {
	switch d {
	case iampolicy.Allowed:
		return "allowed"
	case iampolicy.ExplicitDeny:
		return "denied"
	default:
		return "not allowed"
	}
}

// String tells the answer to a person: first the answer, then each request with the statements that decide it, then
// what would have to change, and last what was assumed and what was not consulted.
func (a Answer) String() string {
	var text strings.Builder
	answer := "ALLOWED"
	if !a.Allowed() {
		answer = "NOT ALLOWED"
	}
	fmt.Fprintf(&text, "%s: %s (%s), %s on %s\n", answer, a.Principal.Name, a.Principal.About, a.Action, a.Resource)
	for _, step := range a.Steps {
		step.write(&text)
	}
	fmt.Fprintf(&text, "\nassumed, unless WITH says otherwise:\n")
	told := map[Assumption]bool{}
	for _, step := range a.Steps {
		for _, one := range step.Assumed {
			if !told[one] {
				told[one] = true
				fmt.Fprintf(&text, "  %s=%s (%s)\n", one.Key, one.Value, one.Why)
			}
		}
	}
	fmt.Fprintf(&text, "not consulted: %s\n", strings.Join(append(a.Missing[:len(a.Missing):len(a.Missing)],
		notConsulted), "; "))
	return text.String()
}

func (s Step) write(text *strings.Builder) {
	fmt.Fprintf(text, "\n%s on %s: %s\n", s.Action, s.Resource, verdict(s.Decision))
	if s.Why != "" {
		fmt.Fprintf(text, "  %s\n", s.Why)
	}
	for _, o := range s.Opinions {
		o.write(text)
	}
	if s.Decision == iampolicy.Allowed && !slices.ContainsFunc(s.Opinions, Opinion.allows) {
		fmt.Fprintf(text, "  %s\n", NeedsNone)
	}
	switch s.Decision {
	case iampolicy.ExplicitDeny:
		text.WriteString("  to change that, no statement that denies may apply:\n")
		for _, o := range s.Opinions {
			for _, t := range o.Said.Applied(iampolicy.Deny) {
				fmt.Fprintf(text, "    %s of %s %s\n", sid(t), o, applies(t, s.request))
			}
		}
	case iampolicy.ImplicitDeny:
		for i, way := range s.Ways {
			introduction := "to change that,"
			if i > 0 {
				introduction = "or"
			}
			fmt.Fprintf(text, "  %s %s\n", introduction, needs(way))
		}
		s.writeNear(text)
	}
}

// NeedsNone is why something is allowed that no statement allows.
const NeedsNone = "the root user of an account needs no policy"

func (o Opinion) allows() bool { return len(o.Said.Applied(iampolicy.Allow)) > 0 }

// write tells what a policy says: the statements that apply, or that none does.
func (o Opinion) write(text *strings.Builder) {
	var said []string
	for _, t := range o.Said.Applied(iampolicy.Deny) {
		said = append(said, sid(t)+" denies it")
	}
	for _, t := range o.Said.Applied(iampolicy.Allow) {
		if t.Delegates() {
			said = append(said, sid(t)+" leaves it to the identity policies of the account")
		} else {
			said = append(said, sid(t)+" allows it")
		}
	}
	if len(said) == 0 {
		said = []string{"no statement applies"}
	}
	fmt.Fprintf(text, "  %s: %s\n", o, strings.Join(said, ", "))
}

// String names the policy as the side that it is on.
func (o Opinion) String() string {
	if o.Side == iampolicy.BoundarySide {
		return fmt.Sprintf("permissions boundary %s (%s)", o.Policy.Name, o.Policy.Address)
	}
	return o.Policy.String()
}

// String names the policy by its kind, its name and its address.
func (p Policy) String() string { return fmt.Sprintf("%s %s (%s)", p.Kind, p.Name, p.Address) }

// sid names a statement, by its number where it has no Sid.
func sid(t iampolicy.Trace) string {
	if t.Statement.Sid == "" {
		return fmt.Sprintf("statement %d", t.Number)
	}
	return t.Statement.Sid
}

// needs says what the sides of a way must do.
func needs(way []iampolicy.Side) string {
	var all []string
	for _, side := range way {
		switch side {
		case iampolicy.IdentitySide:
			all = append(all, "a policy of the caller must allow it")
		case iampolicy.BoundarySide:
			all = append(all, "the permissions boundary of the caller must allow it")
		case iampolicy.ResourceSide:
			all = append(all, "the policy of the resource must allow it to the caller or its account")
		case iampolicy.NamingSide:
			all = append(all, "the policy of the resource must allow it to the caller itself")
		case iampolicy.EndpointSide:
			all = append(all, "the policy of the endpoint must allow it")
		}
	}
	return strings.Join(all, ", and ")
}

// writeNear lists the statements that would allow the request if one thing about it were different.
func (s Step) writeNear(text *strings.Builder) {
	for _, o := range s.Opinions {
		for _, t := range o.Said.Near(iampolicy.Allow) {
			if t.Mismatches[0].Element == iampolicy.ActionElement && !aboutService(t.Statement, s.Action) {
				continue
			}
			fmt.Fprintf(text, "  near: %s of %s\n", sid(t), o)
			for _, m := range t.Mismatches {
				fmt.Fprintf(text, "    %s\n", missed(t.Statement, m))
			}
		}
	}
}

// aboutService reports whether a statement names an action of the same service.
func aboutService(s iampolicy.Statement, action string) bool {
	service, _, _ := strings.Cut(action, ":")
	return slices.ContainsFunc(slices.Concat(s.Actions, s.NotActions), func(named string) bool {
		return strings.HasPrefix(named, service+":")
	})
}

// maxListed bounds how many values of a list a line repeats.
const maxListed = 4

func list(values []string) string {
	if len(values) > maxListed {
		values = append(values[:maxListed:maxListed], fmt.Sprintf("and %d more", len(values)-maxListed))
	}
	return strings.Join(values, ", ")
}

// missed says what a statement wants and what the request has.
func missed(s iampolicy.Statement, m iampolicy.Mismatch) string {
	asked := "nothing"
	if len(m.Asked) > 0 {
		asked = list(m.Asked)
	}
	switch m.Element {
	case iampolicy.PrincipalElement:
		p := s.Principal
		return fmt.Sprintf("principal: wants %s, is %s", list(slices.Concat(p.AWS, p.Service, p.Federated)), asked)
	case iampolicy.ActionElement:
		return fmt.Sprintf("action: wants %s, is %s", wanted(s.Actions, s.NotActions), asked)
	case iampolicy.ResourceElement:
		return fmt.Sprintf("resource: wants %s, is %s", wanted(s.Resources, s.NotResources), asked)
	default:
		return fmt.Sprintf("condition: wants %s %s, is %s", m.Condition.Key, comparison(m.Condition), asked)
	}
}

func wanted(these, notThese []string) string {
	if len(notThese) > 0 {
		return "anything but " + list(notThese)
	}
	return list(these)
}

func comparison(c iampolicy.Condition) string { return c.Operator + " " + list(c.Values) }

// applies says by which conditions a statement applies to a request, of which each would let it go if it did not hold.
func applies(t iampolicy.Trace, r iampolicy.Request) string {
	if len(t.Statement.Conditions) == 0 {
		return "applies without a condition"
	}
	var all []string
	for _, c := range t.Statement.Conditions {
		value := "absent"
		if values := r.Value(c.Key); len(values) > 0 {
			value = list(values)
		}
		all = append(all, fmt.Sprintf("%s %s (it is %s)", c.Key, comparison(c), value))
	}
	return "applies because of " + strings.Join(all, " and ")
}
