package iampolicy

import "strconv"

// StringEquals holds when the request's value of key is exactly one of values.
func StringEquals(key string, values ...string) Condition {
	return Condition{Operator: "StringEquals", Key: key, Values: values}
}

// StringNotEquals holds when the request's value of key is none of values, and also when the request has no such
// key: a Deny with it needs [Null] beside it to spare requests without the key.
func StringNotEquals(key string, values ...string) Condition {
	return Condition{Operator: "StringNotEquals", Key: key, Values: values}
}

// StringLike is [StringEquals] with the wildcards * (any text) and ? (any one character) in values.
func StringLike(key string, values ...string) Condition {
	return Condition{Operator: "StringLike", Key: key, Values: values}
}

// ArnEquals is [ArnLike] under its other name; AWS treats both alike, wildcards included.
func ArnEquals(key string, values ...string) Condition {
	return Condition{Operator: "ArnEquals", Key: key, Values: values}
}

// ArnLike holds when the request's value of key is an ARN that matches one of values. Each of an ARN's six parts is
// matched for itself, so a wildcard never reaches across a colon, except inside the last part.
// Source: "IAM JSON policy elements: Condition operators".
func ArnLike(key string, values ...string) Condition {
	return Condition{Operator: "ArnLike", Key: key, Values: values}
}

// Bool holds when the request has key and its value is value. A Deny that demands a flag needs
// IfExists(Bool(key, false)): requests without the key pass a plain Bool. Multi-factor authentication is the usual
// case, because requests signed with long-term access keys carry no aws:MultiFactorAuthPresent at all.
// Source: "AWS global condition context keys", aws:MultiFactorAuthPresent.
func Bool(key string, value bool) Condition {
	return Condition{Operator: "Bool", Key: key, Values: []string{strconv.FormatBool(value)}}
}

// Null holds when the request lacks key (absent true) or has it (absent false).
func Null(key string, absent bool) Condition {
	return Condition{Operator: "Null", Key: key, Values: []string{strconv.FormatBool(absent)}}
}

// NumericLessThan holds when the request's value of key is a number below value, such as "1.2".
func NumericLessThan(key, value string) Condition {
	return Condition{Operator: "NumericLessThan", Key: key, Values: []string{value}}
}

// IfExists makes c hold also for requests without its key. It changes nothing on negated operators, which hold for
// those requests anyway, and AWS knows no NullIfExists.
func IfExists(c Condition) Condition {
	c.Operator += ifExistsSuffix
	return c
}
