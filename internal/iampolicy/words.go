package iampolicy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Words say what a statement does, such as: allows the service rds.amazonaws.com to call
// sns:Publish on arn:…, if aws:SourceAccount is 111122223333. Lists are sorted, so that equal statements read alike.
func (s Statement) Words() string {
	text := s.Effect.Verb() + " " + subject(s.Principal) + " "
	if s.Effect == Allow {
		text += "to call "
	}
	if len(s.NotActions) > 0 {
		text += "everything but " + enumerate(s.NotActions, "and")
	} else {
		text += enumerate(s.Actions, "and")
	}
	switch {
	case len(s.NotResources) > 0:
		text += " on everything but " + enumerate(s.NotResources, "and")
	case len(s.Resources) > 0:
		text += " on " + enumerate(s.Resources, "and")
	}
	var conditions []string
	for _, condition := range s.Conditions {
		conditions = append(conditions, condition.Words())
	}
	if len(conditions) > 0 {
		slices.Sort(conditions)
		text += ", if " + strings.Join(conditions, " and ")
	}
	return text
}

// subject names whom a statement is about.
func subject(p Principal) string {
	var who []string
	add := func(names []string, what string) {
		for _, name := range sorted(names) {
			switch {
			case name == "*":
				name = "everyone"
			case strings.HasSuffix(name, ":root"):
				name = "the account " + name
			case strings.Contains(name, ":role/"):
				name = "the role " + name
			case strings.Contains(name, ":user/"):
				name = "the user " + name
			default:
				name = what + name
			}
			who = append(who, name)
		}
	}
	add(p.AWS, "the principal ")
	add(p.Service, "the service ")
	add(p.Federated, "callers of the identity provider ")
	if len(who) == 0 {
		return "whoever holds the policy"
	}
	return strings.Join(who, " and ")
}

// Verb is the effect as a verb: allows or denies.
func (e Effect) Verb() string {
	if e == Deny {
		return "denies"
	}
	return "allows"
}

func enumerate(names []string, conjunction string) string {
	names = sorted(names)
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " " + conjunction + " " + names[last]
	}
	return strings.Join(names, "")
}

// sorted is a set of names: in order, each once.
func sorted(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// comparisons are operators in words, without prefix and suffix.
var comparisons = map[string]string{
	"StringEquals": "is", "StringNotEquals": "is not", "StringEqualsIgnoreCase": "is, in any case,",
	"StringNotEqualsIgnoreCase": "is not, in any case,", "StringLike": "is like", "StringNotLike": "is not like",
	"ArnEquals": "is like", "ArnLike": "is like", "ArnNotEquals": "is not like", "ArnNotLike": "is not like",
	"NumericEquals": "is", "NumericNotEquals": "is not", "NumericLessThan": "is below",
	"NumericLessThanEquals": "is at most", "NumericGreaterThan": "is above", "NumericGreaterThanEquals": "is at least",
	"DateEquals": "is", "DateNotEquals": "is not", "DateLessThan": "is before", "DateLessThanEquals": "is at latest",
	"DateGreaterThan": "is after", "DateGreaterThanEquals": "is at earliest",
	"Bool": "is", "BinaryEquals": "is", "IpAddress": "is in", "NotIpAddress": "is not in",
}

// Words say what a condition demands, such as: aws:SourceAccount is 111122223333.
func (condition Condition) Words() string {
	operator, _ := parseOperator(condition.Operator)
	key := condition.Key
	if operator.name == nullOperator {
		if slices.ContainsFunc(condition.Values, func(value string) bool { return strings.EqualFold(value, "true") }) {
			return "the request has no " + key
		}
		return "the request has " + key
	}
	switch operator.quantifier {
	case allValues:
		key = "each value of " + key
	case anyValue:
		key = "a value of " + key
	}
	words := cmp.Or(comparisons[operator.name], operator.name)
	conjunction := "or"
	if strings.HasPrefix(words, "is not") {
		conjunction = "nor"
	}
	text := fmt.Sprintf("%s %s %s", key, words, enumerate(condition.Values, conjunction))
	if operator.ifExists {
		text += " or absent"
	}
	return text
}
