package iampolicy

import (
	"net/netip"
	"slices"
	"strings"
)

func (c *checker) checkConditions() {
	seen := map[[2]string]bool{}
	for _, condition := range c.Conditions {
		id := [2]string{condition.Operator, strings.ToLower(condition.Key)}
		if seen[id] {
			c.fault("condition %s on %q is a duplicate: put all values in one", condition.Operator, condition.Key)
		}
		seen[id] = true
		c.checkCondition(condition)
	}
}

func (c *checker) checkCondition(condition Condition) {
	c.checkText("condition key", condition.Key)
	if prefix, name, found := strings.Cut(condition.Key, ":"); !found || prefix == "" || name == "" {
		c.fault("condition key %q must have the form prefix:name, such as aws:SourceArn", condition.Key)
	}
	t, known := parseOperator(condition.Operator)
	if !known {
		hint := ""
		if similar, found := similarOperator(condition.Operator); found {
			hint = ", did you mean " + similar + "?"
		}
		c.fault("condition operator %q on %q is unknown%s", condition.Operator, condition.Key, hint)
		return
	}
	if len(condition.Values) == 0 {
		c.fault("condition %s on %q has no value: at least one is required", condition.Operator, condition.Key)
	}
	for _, value := range condition.Values {
		c.checkText("condition value", value)
		masked := mask(value)
		switch {
		case value == "":
			c.fault("condition %s on %q has an empty value: use Null to ask whether the key is there",
				condition.Operator, condition.Key)
		case strings.HasPrefix(t.name, "String") && !strings.HasSuffix(t.name, "Like") && strings.Contains(masked, "*"):
			c.fault("condition %s on %q compares %q literally: use the Like operator, or $${*} for a plain *",
				condition.Operator, condition.Key, value)
		case !strings.Contains(masked, unknown) && !t.valid(value):
			c.fault("condition %s on %q has value %q: must be %s", condition.Operator, condition.Key, value,
				t.accepts)
		}
	}
}

// demandsKey reports whether the condition fails for every request that lacks its key.
func (condition Condition) demandsKey() bool {
	t, known := parseOperator(condition.Operator)
	if t.name == nullOperator {
		return slices.Equal(condition.Values, []string{"false"})
	}
	return known && t.demandsKey()
}

// demandsKey is Condition.demandsKey for operators that compare values: a value that fits is there.
func (t test) demandsKey() bool { return !t.negated && !t.ifExists && t.quantifier != allValues }

// limits reports whether the condition narrows its key to values of which at least a part is fixed.
func (condition Condition) limits() bool {
	t, _ := parseOperator(condition.Operator)
	if !condition.demandsKey() || t.name == nullOperator || t.name == "Bool" || len(condition.Values) == 0 {
		return false
	}
	// Values are alternatives, so a single one that matches anything undoes the rest.
	return !slices.ContainsFunc(condition.Values, matchesAnything)
}

// matchesAnything reports whether value excludes nothing: no literal at all, every address, or an ARN of any
// account. Some ARNs, those of S3 above all, have no account; there the resource must have a literal.
func matchesAnything(value string) bool {
	if prefix, err := netip.ParsePrefix(value); err == nil {
		return prefix.Bits() == 0
	}
	value = mask(value)
	if isARN(value) {
		parts := strings.SplitN(value, ":", arnParts)
		account, resource := parts[4], parts[5]
		return allWild(account) && (account != "" || allWild(resource))
	}
	return allWild(value)
}

func allWild(text string) bool { return strings.Trim(text, "*?:/") == "" }

// checkKeyConditions refuses statements that KMS stores but can never match, because a condition asks for a key
// that requests for the listed actions do not carry.
// Source: "Condition keys for AWS KMS".
func (c *checker) checkKeyConditions() {
	for _, condition := range c.Conditions {
		switch {
		case strings.EqualFold(condition.Key, "kms:GrantIsForAWSResource"):
			for _, action := range slices.Concat(c.Actions, c.NotActions) {
				if !slices.ContainsFunc(grantActions,
					func(grant string) bool { return strings.EqualFold(grant, action) }) {
					c.fault("action %q never carries %s: beside it only %s do; split the statement",
						action, condition.Key, strings.Join(grantActions, ", "))
				}
			}
		case c.kind == KeyPolicy && c.Effect == Allow &&
			hasPrefixFold(condition.Key, encryptionContextPrefix) && condition.demandsKey():
			// AWS's own sample for CloudWatch Logs has both in one statement. It works there only because the log
			// service never needs the DescribeKey that the statement seems to grant.
			for _, action := range c.Actions {
				if actionMatches(action, "kms:DescribeKey") {
					c.fault("action %q covers kms:DescribeKey, which never carries %s: split the statement", action,
						condition.Key)
				}
			}
		}
	}
}

var grantActions = []string{"kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"}

// actionMatches reports whether the action of a request falls under that of a policy. AWS ignores case here.
// Source: "IAM JSON policy elements: Action".
func actionMatches(policy, request string) bool {
	if !strings.ContainsAny(policy, "*?") {
		return strings.EqualFold(policy, request)
	}
	return wildcards(strings.ToLower(policy)).matches(strings.ToLower(request))
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}
