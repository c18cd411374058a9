package iampolicy

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// decision evaluates a one-statement policy about s3:PutObject under the given conditions.
func decision(effect Effect, context map[string][]string, conditions ...Condition) Decision {
	doc := Document{Statements: []Statement{{
		Effect: effect, Actions: []string{"s3:PutObject"}, Resources: []string{"*"}, Conditions: conditions,
	}}}
	return doc.Evaluate(Request{Caller: User("arn:aws:iam::111122223333:user/staff/ann"),
		Action: "s3:PutObject", Resource: "arn:aws:s3:::data/key", Context: context})
}

// holds reports whether a condition holds for a context of one key, absent when values is nil.
func holds(c Condition, values ...string) bool {
	return decision(Allow, map[string][]string{c.Key: values}, c) == Allowed
}

func TestMissingHeaderTable(t *testing.T) {
	const (
		sse   = "s3:x-amz-server-side-encryption"
		keyID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
		deny  = ExplicitDeny
		pass  = ImplicitDeny
	)
	tests := []struct {
		name                  string
		conditions            []Condition
		absent, kms, aes256   Decision
		kmsWithKeyIDIfDiffers Decision
	}{
		{"StringNotEquals", []Condition{StringNotEquals(sse, "aws:kms")}, deny, pass, deny, pass},
		{"StringNotEqualsIfExists", []Condition{IfExists(StringNotEquals(sse, "aws:kms"))}, deny, pass, deny, pass},
		{"Null true", []Condition{Null(sse, true)}, deny, pass, pass, pass},
		{"StringNotEquals and Null false", []Condition{StringNotEquals(sse, "aws:kms"), Null(sse, false)}, pass, pass,
			deny, pass},
		{"StringEquals and no key id", []Condition{StringEquals(sse, "aws:kms"), Null(keyID, true)}, pass, deny, pass,
			pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.absent, decision(Deny, nil, tt.conditions...), "absent")
			assert.Equal(t, tt.kms, decision(Deny, map[string][]string{sse: {"aws:kms"}}, tt.conditions...), "aws:kms")
			assert.Equal(t, tt.aes256, decision(Deny, map[string][]string{sse: {"AES256"}}, tt.conditions...), "AES256")
			assert.Equal(t, tt.kmsWithKeyIDIfDiffers, decision(Deny,
				map[string][]string{sse: {"aws:kms"}, keyID: {"arn:aws:kms:r:a:key/k"}}, tt.conditions...),
				"aws:kms and a key id")
		})
	}
}

func TestMultiFactorTable(t *testing.T) {
	const mfa = "aws:MultiFactorAuthPresent"
	tests := []struct {
		name                    string
		effect                  Effect
		condition               Condition
		absent, isTrue, isFalse Decision
	}{
		{"deny Bool false misses long-term keys", Deny, Bool(mfa, false), ImplicitDeny, ImplicitDeny, ExplicitDeny},
		{"deny BoolIfExists false catches them", Deny, IfExists(Bool(mfa, false)), ExplicitDeny, ImplicitDeny,
			ExplicitDeny},
		{"allow Bool true", Allow, Bool(mfa, true), ImplicitDeny, Allowed, ImplicitDeny},
		{"allow BoolIfExists true lets long-term keys in", Allow, IfExists(Bool(mfa, true)), Allowed, Allowed,
			ImplicitDeny},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.absent, decision(tt.effect, nil, tt.condition), "absent")
			assert.Equal(t, tt.isTrue, decision(tt.effect, map[string][]string{mfa: {"true"}}, tt.condition), "true")
			assert.Equal(t, tt.isFalse, decision(tt.effect, map[string][]string{mfa: {"false"}}, tt.condition), "false")
		})
	}
}

// operatorFamilies holds each operator with a value of a policy, one of a request that it matches and one that it
// does not. The negated twin must give the opposite answer to both, and to a request without the key.
var operatorFamilies = []struct {
	operator, negation  string
	value, match, other string
}{
	{"StringEquals", "StringNotEquals", "Prod", "Prod", "prod"},
	{"StringEquals", "StringNotEquals", "a*", "a*", "ab"},
	{"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "Prod", "pROD", "product"},
	{"StringLike", "StringNotLike", "vpc-?*", "vpc-12", "vpc-"},
	{"StringLike", "StringNotLike", "user/${aws:username}", "user/ann", "user/bob"},
	{"StringEquals", "StringNotEquals", "${AWS:UserName}", "ann", "${AWS:UserName}"},
	{"ArnEquals", "ArnNotEquals", "arn:aws:s3:::logs-*", "arn:aws:s3:::logs-1", "arn:aws:s3:::data"},
	{"ArnLike", "ArnNotLike", "arn:*:iam::111122223333:role/*", roleARN, "arn:aws:iam::444455556666:role/Writer"},
	{"ArnLike", "ArnNotLike", "arn:aws:iam::${aws:PrincipalAccount}:root", "arn:aws:iam::111122223333:root",
		"arn:aws:iam::4:root"},
	{"ArnLike", "ArnNotLike", "arn:aws:s3:::*", "arn:aws:s3:::a", "no ARN"},
	{"ArnLike", "ArnNotLike", "arn:aws:*:::a", "arn:aws:s3:::a", "arn:aws:s3::::::a"},
	{"ArnEquals", "ArnNotEquals", "arn:aws:*:::a", "arn:aws:s3:::a", "arn:aws:s3::::::a"},
	{"NumericEquals", "NumericNotEquals", "1.20", "1.2", "1.3"},
	{"NumericEquals", "NumericNotEquals", "9007199254740993", "9007199254740993", "9007199254740992"},
	{"NumericEquals", "NumericNotEquals", "10", "10", "ten"},
	{"NumericLessThan", "", "1.2", "1.1", "1.2"},
	{"NumericLessThanEquals", "", "1.2", "1.2", "1.3"},
	{"NumericGreaterThan", "", "-1", "0", "-1"},
	{"NumericGreaterThanEquals", "", "7", "7", "6.99"},
	{"NumericGreaterThanEquals", "", "7", "30", "1e9"},
	{"DateEquals", "DateNotEquals", "2025-01-02T03:04:05Z", "2025-01-02T04:04:05+01:00", "2025-01-02T03:04:06Z"},
	{"DateEquals", "DateNotEquals", "2025-01-02", "2025-01-02T00:00:00.0Z", "2 January"},
	{"DateLessThan", "", "2025-01-02T03:04Z", "2025-01-02T03:03:59.9Z", "2025-01-02T03:04:00Z"},
	{"DateLessThanEquals", "", "1735787045", "2025-01-02T03:04:05Z", "2025-01-02T03:04:06Z"},
	{"DateGreaterThan", "", "2025-01-02", "1735787045", "1735776000"},
	{"DateGreaterThanEquals", "", "2025-01-02", "2025-01-02", "2025-01-01"},
	{"Bool", "", "true", "True", "false"},
	{"Bool", "", "false", "false", "no"},
	{"BinaryEquals", "", "QUI=", "QUI=", "QUE="},
	{"BinaryEquals", "", "QUI=", "QUI=", "AB"},
	{"IpAddress", "NotIpAddress", "203.0.113.0/24", "203.0.113.9", "203.0.114.9"},
	{"IpAddress", "NotIpAddress", "203.0.113.77/24", "203.0.113.9", "203.0.112.255"},
	{"IpAddress", "NotIpAddress", "203.0.113.9", "203.0.113.9", "203.0.113.10"},
	{"IpAddress", "NotIpAddress", "2001:db8::/32", "2001:db8:1::7", "2001:db9::7"},
	{"IpAddress", "NotIpAddress", "0.0.0.0/0", "::ffff:10.0.0.1", "::1"},
	{"IpAddress", "NotIpAddress", "10.0.0.0/8", "10.1.2.3", "localhost"},
}

func TestOperatorFamilies(t *testing.T) {
	for _, tt := range operatorFamilies {
		t.Run(tt.operator+" "+tt.value, func(t *testing.T) {
			c := Condition{tt.operator, "x:key", []string{tt.value}}
			assert.True(t, holds(c, tt.match), tt.match)
			assert.False(t, holds(c, tt.other), tt.other)
			assert.False(t, holds(c), "missing key")
			assert.True(t, holds(IfExists(c)), "missing key, IfExists")
			assert.False(t, holds(IfExists(c), tt.other), "IfExists with the key")
			if tt.negation == "" {
				return
			}
			c.Operator = tt.negation
			assert.False(t, holds(c, tt.match), "negated: %s", tt.match)
			assert.True(t, holds(c, tt.other), "negated: %s", tt.other)
			assert.True(t, holds(c), "negated: missing key")
			assert.True(t, holds(IfExists(c)), "negated: missing key, IfExists")
			assert.False(t, holds(IfExists(c), tt.match), "negated: IfExists with the key")
		})
	}
}

func TestEveryOperatorIsCovered(t *testing.T) {
	covered := map[string]bool{nullOperator: true}
	for _, tt := range operatorFamilies {
		covered[tt.operator], covered[tt.negation] = true, true
	}
	for name := range operators {
		assert.True(t, covered[name], "%s has no row in operatorFamilies", name)
	}
}

func TestConditionsCombine(t *testing.T) {
	const tags = "aws:TagKeys"
	either := StringEquals(tags, "a", "b")
	neither := StringNotEquals(tags, "a", "b")
	tests := []struct {
		name      string
		condition Condition
		values    []string
		want      bool
	}{
		{"values are alternatives", either, []string{"b"}, true},
		{"no alternative fits", either, []string{"c"}, false},
		{"negated: none may fit", neither, []string{"b"}, false},
		{"negated: none fits", neither, []string{"c"}, true},
		{"plain operator, one of several fits", either, []string{"c", "a"}, true},
		{"plain negated operator, one of several fits", neither, []string{"c", "a"}, false},

		{"all: every value fits", ForAllValues(either), []string{"a", "b"}, true},
		{"all: a part fits", ForAllValues(either), []string{"a", "c"}, false},
		{"all: missing", ForAllValues(either), nil, true},
		{"all: empty text", ForAllValues(either), []string{""}, true},
		{"all negated: none fits", ForAllValues(neither), []string{"c", "d"}, true},
		{"all negated: a part fits", ForAllValues(neither), []string{"c", "a"}, false},
		{"all negated: missing", ForAllValues(neither), nil, true},

		{"any: a part fits", ForAnyValue(either), []string{"c", "a"}, true},
		{"any: none fits", ForAnyValue(either), []string{"c", "d"}, false},
		{"any: missing", ForAnyValue(either), nil, false},
		{"any: empty text", ForAnyValue(StringLike(tags, "*")), []string{""}, false},
		{"any negated: a part fits", ForAnyValue(neither), []string{"c", "a"}, true},
		{"any negated: all fit", ForAnyValue(neither), []string{"a", "b"}, false},
		{"any negated: missing", ForAnyValue(neither), nil, false},
		{"any with IfExists: missing", ForAnyValue(IfExists(either)), nil, true},

		{"null true: missing", Null(tags, true), nil, true},
		{"null true: present", Null(tags, true), []string{"a"}, false},
		{"null false: missing", Null(tags, false), nil, false},
		{"null false: present", Null(tags, false), []string{"a"}, true},
		{"null of something else", Condition{"Null", tags, []string{"maybe"}}, nil, false},

		{"key in another case", Condition{"StringEquals", "AWS:tagkeys", []string{"a"}}, []string{"a"}, true},
		{"variable without value", StringEquals(tags, "${aws:userid}"), []string{"${aws:userid}"}, false},
		{"negated variable without value", StringNotEquals(tags, "${aws:userid}"), []string{"a"}, true},
		{"variable with several values", StringEquals(tags, "${aws:TagKeys}"), []string{"a", "b"}, false},
		{"no variables in numbers", Condition{"NumericEquals", tags, []string{"${aws:TagKeys}"}}, []string{"1"}, false},
		{"unreadable policy value", Condition{"NumericEquals", tags, []string{"ten"}}, []string{"10"}, false},
		{"negated unreadable policy value", Condition{"NumericNotEquals", tags, []string{"ten"}}, []string{"10"}, true},
		{"boolean that is none", Condition{"Bool", tags, []string{"yes"}}, []string{"yes"}, false},
		{"unknown operator", Condition{"StringSame", tags, []string{"a"}}, []string{"a"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			context := map[string][]string{tags: tt.values}
			assert.Equal(t, tt.want, decision(Allow, context, tt.condition) == Allowed)
		})
	}
}

func TestSeveralConditionsMustAllHold(t *testing.T) {
	conditions := []Condition{StringEquals("x:a", "1"), StringEquals("x:b", "2"), NumericLessThan("x:c", "3")}
	context := map[string][]string{"x:a": {"1"}, "X:B": {"2"}, "x:c": {"2"}}
	assert.Equal(t, Allowed, decision(Allow, context, conditions...))
	for key := range context {
		spoiled := map[string][]string{"x:a": {"1"}, "x:b": {"2"}, "x:c": {"2"}, "x:d": {"4"}}
		spoiled[map[string]string{"x:a": "x:a", "X:B": "x:b", "x:c": "x:c"}[key]] = []string{"9"}
		assert.Equal(t, ImplicitDeny, decision(Allow, spoiled, conditions...), key)
	}
}
