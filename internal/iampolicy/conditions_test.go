package iampolicy

// Conditions that the evaluator knows and that no policy of the project uses.

func StringNotLike(key string, values ...string) Condition {
	return Condition{Operator: "StringNotLike", Key: key, Values: values}
}

func ArnNotLike(key string, values ...string) Condition {
	return Condition{Operator: "ArnNotLike", Key: key, Values: values}
}

func NumericGreaterThanEquals(key, value string) Condition {
	return Condition{Operator: "NumericGreaterThanEquals", Key: key, Values: []string{value}}
}

func IPAddress(key string, ranges ...string) Condition {
	return Condition{Operator: "IpAddress", Key: key, Values: ranges}
}

func NotIPAddress(key string, ranges ...string) Condition {
	return Condition{Operator: "NotIpAddress", Key: key, Values: ranges}
}

func ForAllValues(c Condition) Condition {
	c.Operator = forAllPrefix + c.Operator
	return c
}

func ForAnyValue(c Condition) Condition {
	c.Operator = forAnyPrefix + c.Operator
	return c
}

// Check reports whether a policy would be rendered.
func Check(kind Kind, statements ...Statement) error {
	_, err := Render(kind, statements...)
	return err
}
