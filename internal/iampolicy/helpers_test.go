package iampolicy

// Constructors of conditions that the evaluator knows and no policy of the project uses.

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

// renderError is why a policy is not rendered.
func renderError(kind Kind, statements ...Statement) error {
	_, err := Render(kind, statements...)
	return err
}
