package iampolicy

import (
	"slices"
	"strings"
)

// Implies reports whether every request for which the condition holds certainly satisfies other, too. It is false where
// that cannot be told from the two alone.
func (condition Condition) Implies(other Condition) bool {
	narrow, known := parseOperator(condition.Operator)
	wide, alsoKnown := parseOperator(other.Operator)
	if !known || !alsoKnown || !strings.EqualFold(condition.Key, other.Key) {
		return false
	}
	if wide.name == nullOperator || narrow.name == nullOperator {
		return narrow.impliesNull(wide, condition.Values, other.Values)
	}
	if narrow.quantifier != wide.quantifier || narrow.negated != wide.negated || !narrow.presenceImplies(wide) {
		return false
	}
	if narrow.negated { // what excludes more holds for less
		return allCovered(condition.Values, other.Values, func(excluded, one string) bool {
			return coversValue(narrow, wide, excluded, one)
		})
	}
	return allCovered(other.Values, condition.Values, func(one, value string) bool {
		return coversValue(wide, narrow, one, value)
	})
}

// impliesNull compares two conditions of which one at least asks for the presence of a key alone.
func (t test) impliesNull(wide test, values, wideValues []string) bool {
	if wide.name != nullOperator {
		return false
	}
	if t.name == nullOperator {
		return allCovered(wideValues, values, strings.EqualFold)
	}
	return t.demandsKey() && slices.ContainsFunc(wideValues, func(value string) bool {
		return strings.EqualFold(value, "false")
	})
}

// presenceImplies reports whether the wider operator holds for requests without the key, if the narrower one does.
func (t test) presenceImplies(wide test) bool {
	return !t.ifExists || wide.ifExists || wide.quantifier == allValues || wide.negated && wide.quantifier == oneValue
}

// coversValue reports whether a value under the operator wide fits whatever another one fits under the operator narrow,
// both without their negation.
func coversValue(wide, narrow test, wideValue, narrowValue string) bool {
	name, other := positive(wide.name), positive(narrow.name)
	literal := !strings.ContainsAny(narrowValue, "*?")
	switch {
	case name == "StringEquals" || name == "StringEqualsIgnoreCase":
		return (other == name || other == "StringEquals" || other == "StringLike" && literal) &&
			(wideValue == narrowValue || name == "StringEqualsIgnoreCase" && strings.EqualFold(wideValue, narrowValue))
	case name == "StringLike" && other == "StringEquals":
		return symbols(wideValue).covers([]rune(narrowValue))
	case name == "StringLike":
		return (other == name || other == "ArnLike") && CoversResource(wideValue, narrowValue)
	case name == "ArnLike":
		return (other == name || other == "StringEquals" && literal) &&
			(wideValue == narrowValue || symbols(wideValue).coversARN(symbols(narrowValue)))
	case name != other:
		return false
	case name == "IpAddress":
		one, readable := parseRange(wideValue)
		inner, alsoReadable := parseRange(narrowValue)
		return readable && alsoReadable && one.Bits() <= inner.Bits() && one.Contains(inner.Addr())
	case strings.HasPrefix(name, "Numeric"):
		one, readable := parseNumber(wideValue)
		inner, alsoReadable := parseNumber(narrowValue)
		return readable && alsoReadable && reaches(name, inner.Cmp(one))
	case strings.HasPrefix(name, "Date"):
		one, readable := parseDate(wideValue)
		inner, alsoReadable := parseDate(narrowValue)
		return readable && alsoReadable && reaches(name, inner.Compare(one))
	}
	return strings.EqualFold(wideValue, narrowValue) && (name == "Bool" || wideValue == narrowValue)
}

// positive is the name of an operator without its negation, one for those that are the same.
func positive(name string) string {
	switch name {
	case "ArnEquals", "ArnNotEquals":
		return "ArnLike"
	case "NotIpAddress":
		return "IpAddress"
	}
	return strings.Replace(name, "Not", "", 1)
}

// reaches reports whether a limit that compares as order to another one lies within what the other one allows.
func reaches(operator string, order int) bool {
	switch {
	case strings.Contains(operator, "LessThan"):
		return order <= 0
	case strings.Contains(operator, "GreaterThan"):
		return order >= 0
	}
	return order == 0
}
