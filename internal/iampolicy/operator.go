package iampolicy

import (
	"encoding/base64"
	"maps"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/agext/levenshtein"
)

const (
	ifExistsSuffix = "IfExists"
	forAllPrefix   = "ForAllValues:"
	forAnyPrefix   = "ForAnyValue:"
)

// comparison says how one value of a policy and one value of a request compare.
type comparison struct {
	// matches reports whether got satisfies want. Values that cannot be read satisfy nothing.
	matches func(want pattern, got string) bool
	// variables says whether AWS replaces policy variables in the value.
	variables bool
	// valid reports whether a policy may hold value; accepts describes such values in errors.
	valid   func(value string) bool
	accepts string
}

// operator is a comparison, or the complement of one, under the name that AWS gives it.
type operator struct {
	comparison
	// negated operators hold exactly when their positive twin does not, for whatever reason: another value, no such
	// key in the request, a variable without value, or a value that cannot be read.
	negated bool
}

// nullOperator compares nothing: only whether the request has the key counts.
const nullOperator = "Null"

var (
	textComparison = func(matches func(pattern, string) bool) comparison {
		return comparison{matches: matches, variables: true, valid: anyText, accepts: "text"}
	}
	stringEquals     = textComparison(func(want pattern, got string) bool { return want.text() == got })
	stringIgnoreCase = textComparison(equalFolds)
	stringLike       = textComparison(pattern.matches)
	arnLike          = comparison{pattern.matchesARN, true, isARN, "an ARN of six colon-separated parts"}
	boolean          = comparison{equalBools, false, isBool, "true or false"}
	binaryEquals     = comparison{equalBinaries, false, isBase64, "base64"}
	ipAddress        = comparison{inRange, false, isRange, "an IP address or CIDR range"}
)

// operators holds every condition operator by its bare name.
// Source: "IAM JSON policy elements: Condition operators".
var operators = map[string]operator{
	"StringEquals":              {comparison: stringEquals},
	"StringNotEquals":           {comparison: stringEquals, negated: true},
	"StringEqualsIgnoreCase":    {comparison: stringIgnoreCase},
	"StringNotEqualsIgnoreCase": {comparison: stringIgnoreCase, negated: true},
	"StringLike":                {comparison: stringLike},
	"StringNotLike":             {comparison: stringLike, negated: true},

	"ArnEquals":    {comparison: arnLike},
	"ArnNotEquals": {comparison: arnLike, negated: true},
	"ArnLike":      {comparison: arnLike},
	"ArnNotLike":   {comparison: arnLike, negated: true},

	"NumericEquals":            {comparison: numeric(func(order int) bool { return order == 0 })},
	"NumericNotEquals":         {comparison: numeric(func(order int) bool { return order == 0 }), negated: true},
	"NumericLessThan":          {comparison: numeric(func(order int) bool { return order < 0 })},
	"NumericLessThanEquals":    {comparison: numeric(func(order int) bool { return order <= 0 })},
	"NumericGreaterThan":       {comparison: numeric(func(order int) bool { return order > 0 })},
	"NumericGreaterThanEquals": {comparison: numeric(func(order int) bool { return order >= 0 })},

	"DateEquals":            {comparison: date(func(order int) bool { return order == 0 })},
	"DateNotEquals":         {comparison: date(func(order int) bool { return order == 0 }), negated: true},
	"DateLessThan":          {comparison: date(func(order int) bool { return order < 0 })},
	"DateLessThanEquals":    {comparison: date(func(order int) bool { return order <= 0 })},
	"DateGreaterThan":       {comparison: date(func(order int) bool { return order > 0 })},
	"DateGreaterThanEquals": {comparison: date(func(order int) bool { return order >= 0 })},

	"Bool":         {comparison: boolean},
	"BinaryEquals": {comparison: binaryEquals},
	"IpAddress":    {comparison: ipAddress},
	"NotIpAddress": {comparison: ipAddress, negated: true},

	nullOperator: {comparison: boolean},
}

// quantifier says how many values of a multi-valued key a condition speaks of.
type quantifier string

const (
	oneValue  quantifier = "" // the plain operators, made for keys with one value
	allValues quantifier = forAllPrefix
	anyValue  quantifier = forAnyPrefix
)

// test is a parsed condition operator.
type test struct {
	operator
	name       string // without prefix and suffix
	quantifier quantifier
	ifExists   bool
}

// parseOperator splits name into its parts and reports whether AWS knows such an operator. Null takes neither prefix
// nor suffix, as it looks at no value.
func parseOperator(name string) (test, bool) {
	var t test
	for _, q := range []quantifier{allValues, anyValue} {
		if bare, found := strings.CutPrefix(name, string(q)); found {
			name, t.quantifier = bare, q
		}
	}
	t.name, t.ifExists = strings.CutSuffix(name, ifExistsSuffix)
	op, known := operators[t.name]
	t.operator = op
	if t.name == nullOperator && (t.ifExists || t.quantifier != oneValue) {
		return t, false
	}
	return t, known
}

// similarOperator returns the operator that name is most likely a misspelling of, if there is one within two edits.
func similarOperator(name string) (string, bool) {
	t, _ := parseOperator(name)
	best, fewest := "", 3
	for _, known := range slices.Sorted(maps.Keys(operators)) {
		if edits := levenshtein.Distance(strings.ToLower(t.name), strings.ToLower(known), nil); edits < fewest {
			best, fewest = known, edits
		}
	}
	switch {
	case best == "":
		return "", false
	case best == nullOperator:
		return best, true
	case t.ifExists:
		best += ifExistsSuffix
	}
	return string(t.quantifier) + best, true
}

func anyText(string) bool { return true }

func equalFolds(want pattern, got string) bool { return strings.EqualFold(want.text(), got) }

func isARN(value string) bool {
	return strings.HasPrefix(value, "arn:") && strings.Count(value, ":") >= arnParts-1
}

func isBool(value string) bool {
	return strings.EqualFold(value, "true") || strings.EqualFold(value, "false")
}

func equalBools(want pattern, got string) bool {
	return isBool(got) && strings.EqualFold(want.text(), got)
}

func isBase64(value string) bool {
	_, err := base64.StdEncoding.DecodeString(value)
	return err == nil
}

func equalBinaries(want pattern, got string) bool {
	a, errA := base64.StdEncoding.DecodeString(want.text())
	b, errB := base64.StdEncoding.DecodeString(got)
	return errA == nil && errB == nil && string(a) == string(b)
}

func parseRange(value string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(value); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	prefix, err := netip.ParsePrefix(value)
	return prefix, err == nil
}

func isRange(value string) bool {
	_, ok := parseRange(value)
	return ok
}

func inRange(want pattern, got string) bool {
	prefix, ok := parseRange(want.text())
	addr, err := netip.ParseAddr(got)
	return ok && err == nil && prefix.Contains(addr.Unmap())
}

// decimal is what AWS documents for numbers: integers and decimals. No exponent, which would let a short text stand
// for a number of unbounded length.
var decimal = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

func parseNumber(value string) (*big.Rat, bool) {
	if !decimal.MatchString(value) {
		return nil, false
	}
	return new(big.Rat).SetString(value)
}

func numeric(holds func(order int) bool) comparison {
	return comparison{
		matches: func(want pattern, got string) bool {
			limit, ok := parseNumber(want.text())
			value, readable := parseNumber(got)
			return ok && readable && holds(value.Cmp(limit))
		},
		valid:   func(value string) bool { _, ok := parseNumber(value); return ok },
		accepts: "a number",
	}
}

// dateLayouts are the ISO 8601 forms that the W3C note on date and time formats lists, from day to fraction of a
// second. A fraction needs no layout of its own: time.Parse accepts one after the seconds.
var dateLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly}

func parseDate(value string) (time.Time, bool) {
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.Unix(seconds, 0), true
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, value); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func date(holds func(order int) bool) comparison {
	return comparison{
		matches: func(want pattern, got string) bool {
			limit, ok := parseDate(want.text())
			value, readable := parseDate(got)
			return ok && readable && holds(value.Compare(limit))
		},
		valid:   func(value string) bool { _, ok := parseDate(value); return ok },
		accepts: "an ISO 8601 date or seconds since 1970",
	}
}
