package iampolicy

import (
	"slices"
	"strings"
)

// CoversAction reports whether an action of a policy, such as s3:Get*, matches all that another one matches.
func CoversAction(wide, narrow string) bool {
	return symbols(strings.ToLower(wide)).covers(symbols(strings.ToLower(narrow)))
}

// CoversResource reports whether a resource of a policy, such as arn:aws:s3:::acme/*, matches all that another one
// matches. What stands in ${…}, a policy variable or an expression of Terraform, is the same only to itself.
func CoversResource(wide, narrow string) bool { return symbols(wide).covers(symbols(narrow)) }

// symbols reads text as a pattern in which ${…} is literal, whatever is in it. A run of wildcards begins with its
// question marks, so that *? and ?* are the same.
func symbols(text string) pattern {
	var out pattern
	for {
		before, _, found := strings.Cut(text, "${")
		end := expressionEnd(text[len(before):])
		if !found || end < 0 {
			return inOrder(append(out, wildcards(text)...))
		}
		out = append(out, wildcards(before)...)
		out = append(out, []rune(text[len(before):len(before)+end])...)
		text = text[len(before)+end:]
	}
}

func inOrder(p pattern) pattern {
	for i := 1; i < len(p); i++ {
		for j := i; j > 0 && p[j] == anyRune && p[j-1] == anyRunes; j-- {
			p[j], p[j-1] = p[j-1], p[j]
		}
	}
	return p
}

// Beyond returns the parts of a statement, each of one principal, action and resource, to which none of the others of
// the same effect applies for certain. What it leaves out, the others cover. It looks at one of them at a time, and
// compares conditions by [Condition.Implies]: a part that only several cover together is returned, too.
func (s Statement) Beyond(others []Statement) []Statement {
	var beyond []Statement
	for _, part := range s.parts() {
		if !slices.ContainsFunc(others, func(other Statement) bool {
			return other.Effect == s.Effect && other.includes(part)
		}) {
			beyond = append(beyond, part)
		}
	}
	return beyond
}

// parts splits a statement into statements of one principal, one action and one resource. What is said by exclusion
// stays together.
func (s Statement) parts() []Statement {
	var parts []Statement
	for _, principal := range s.Principal.each() {
		for _, action := range singles(s.Actions) {
			for _, resource := range singles(s.Resources) {
				part := s
				part.Principal, part.Actions, part.Resources = principal, action, resource
				parts = append(parts, part)
			}
		}
	}
	return parts
}

// singles splits a list into lists of one element. An empty list stays one.
func singles(list []string) [][]string {
	if len(list) == 0 {
		return [][]string{nil}
	}
	return slices.Collect(slices.Chunk(list, 1))
}

// includes reports whether a statement certainly applies wherever a part of another applies.
func (s Statement) includes(part Statement) bool {
	return s.Principal.Covers(part.Principal, s.Effect) &&
		coversList(s.Actions, s.NotActions, part.Actions, part.NotActions, CoversAction) &&
		coversList(s.Resources, s.NotResources, part.Resources, part.NotResources, CoversResource) &&
		!slices.ContainsFunc(s.Conditions, func(wanted Condition) bool { return !part.demands(wanted) })
}

// demands reports whether the conditions of a statement imply another one.
func (s Statement) demands(wanted Condition) bool {
	return slices.ContainsFunc(s.Conditions, func(c Condition) bool { return c.Implies(wanted) })
}

// coversList compares pairs of elements of which one lists what is included and the other what is excluded.
func coversList(wide, notWide, narrow, notNarrow []string, covers func(wide, narrow string) bool) bool {
	overlap := func(one, other string) bool { return covers(one, other) || covers(other, one) }
	switch {
	case len(notWide) == 0 && len(notNarrow) == 0:
		return len(wide) == 0 && len(narrow) == 0 || len(narrow) > 0 && allCovered(wide, narrow, covers)
	case len(notWide) == 0:
		return slices.Contains(wide, "*")
	case len(notNarrow) == 0:
		// Two patterns with a wildcard each may overlap in ways that neither covers.
		return len(narrow) > 0 && !slices.ContainsFunc(narrow, func(named string) bool {
			return slices.ContainsFunc(notWide, func(excluded string) bool {
				return overlap(excluded, named) || isPattern(excluded) && isPattern(named)
			})
		})
	default:
		return allCovered(notNarrow, notWide, covers)
	}
}

func isPattern(text string) bool { return strings.ContainsAny(text, "*?$") }

func allCovered(wide, narrow []string, covers func(wide, narrow string) bool) bool {
	return !slices.ContainsFunc(narrow, func(one string) bool {
		return !slices.ContainsFunc(wide, func(other string) bool { return covers(other, one) })
	})
}

// each splits a principal into those that it names. One that names nobody stays one.
func (p Principal) each() []Principal {
	if p.isZero() {
		return []Principal{p}
	}
	var all []Principal
	for _, name := range p.AWS {
		all = append(all, Principal{AWS: []string{name}})
	}
	for _, name := range p.Service {
		all = append(all, Principal{Service: []string{name}})
	}
	for _, name := range p.Federated {
		all = append(all, Principal{Federated: []string{name}})
	}
	return all
}

// Covers reports whether a statement of an effect that names p is about everybody whom one that names other is about.
// An Allow for an account lets its administrators decide, and one for a role decides: neither covers the other. A Deny
// for an account hits all of it.
// Source: "AWS JSON policy elements: Principal".
func (p Principal) Covers(other Principal, effect Effect) bool {
	if p.isZero() || other.isZero() {
		return p.isZero() && other.isZero()
	}
	if slices.Contains(p.AWS, "*") {
		return true
	}
	return allCovered(p.Service, other.Service, same) && allCovered(p.Federated, other.Federated, same) &&
		allCovered(p.AWS, other.AWS, func(wide, narrow string) bool {
			account := wholeAccount(wide)
			return same(wide, narrow) || account != "" &&
				(account == wholeAccount(narrow) || effect == Deny && account == accountOf(narrow))
		})
}

func same(wide, narrow string) bool { return wide == narrow }

// wholeAccount is the account that a principal stands for, empty if it is a part of one.
func wholeAccount(name string) string {
	switch {
	case strings.HasSuffix(name, ":root"):
		return accountOf(name)
	case !strings.Contains(name, ":") && name != "*":
		return name
	}
	return ""
}
