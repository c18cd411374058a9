package iampolicy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// minLiteralPrefix is how many characters of an action's name must precede its first wildcard in an Allow. It
// refuses "*", "kms:*" and "s3:*Object", and accepts the families that AWS itself documents for service grants, such
// as "kms:GenerateDataKey*".
const minLiteralPrefix = 3

var (
	sidPattern    = regexp.MustCompile(`^[A-Za-z0-9]+$`)
	actionPattern = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9*?]+$`)
)

// check returns the faults of each statement and of all together, except for their size.
func check(kind Kind, statements []Statement) []error {
	rules, ok := kinds[kind]
	if !ok {
		return []error{fmt.Errorf("%v is unknown: name one of the kinds, such as IdentityPolicy", kind)}
	}
	if len(statements) == 0 {
		return []error{fmt.Errorf("%v has no statement: at least one is required", kind)}
	}

	var faults []error
	positions := map[string]int{}
	for i, s := range statements {
		c := checker{Statement: s, kind: kind, rules: rules, label: fmt.Sprintf("statement %q", s.Sid)}
		if s.Sid == "" {
			c.label = fmt.Sprintf("statement %d", i+1)
		}
		if first, taken := positions[s.Sid]; taken && s.Sid != "" {
			c.fault("sid is a duplicate of statement %d: it must be unique in its document", first)
		} else {
			positions[s.Sid] = i + 1
		}
		faults = append(faults, c.check()...)
	}
	return faults
}

// checker collects the faults of one statement.
type checker struct {
	Statement
	kind   Kind
	rules  kindRules
	label  string
	faults []error
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("%s: %w", c.label, fmt.Errorf(format, args...)))
}

func (c *checker) check() []error {
	switch {
	case c.Sid == "":
		c.fault("sid is required: letters A-Z, a-z and digits 0-9")
	case !sidPattern.MatchString(c.Sid):
		// KMS and S3 also take other characters; IAM does not, and one rule everywhere lets a statement move.
		c.fault("sid must have only letters A-Z, a-z and digits 0-9")
	}
	if c.Effect != Allow && c.Effect != Deny {
		c.fault("effect %q must be Allow or Deny", c.Effect)
	}
	c.checkPrincipal()
	c.checkActions()
	c.checkResources()
	c.checkConditions()
	c.checkKeyConditions()
	return c.faults
}

func (c *checker) checkActions() {
	switch {
	case len(c.Actions) == 0 && len(c.NotActions) == 0:
		c.fault("Actions or NotActions is required")
	case len(c.Actions) > 0 && len(c.NotActions) > 0:
		c.fault("Actions and NotActions exclude each other")
	}
	if c.Effect == Allow && len(c.NotActions) > 0 {
		c.fault("NotActions in an Allow grants all but what it lists, future actions included: use Actions")
	}
	for _, action := range slices.Concat(c.Actions, c.NotActions) {
		c.checkAction(action)
	}
}

func (c *checker) checkAction(action string) {
	service, name, _ := strings.Cut(action, ":")
	literal, _, wild := strings.Cut(strings.ReplaceAll(name, "?", "*"), "*")
	wholeService := c.rules.filter && service != "" && name == "*"
	switch {
	case c.Effect == Allow && !wholeService && (action == "*" || wild && len(literal) < minLiteralPrefix):
		c.fault("action %q is too broad for an Allow: at least %d literal characters of its name must precede a "+
			"wildcard", action, minLiteralPrefix)
	case action == "*":
	case !actionPattern.MatchString(action):
		c.fault("action %q must have the form service:Name, such as s3:GetObject", action)
	case c.rules.service != "" && service != c.rules.service:
		c.fault("action %q has no effect in a %v: only %s actions do", action, c.kind, c.rules.service)
	}
}

func (c *checker) checkResources() {
	given := len(c.Resources) + len(c.NotResources)
	switch {
	case c.rules.noResource && given > 0:
		// IAM: "Has prohibited field Resource". The resource of a trust policy is the role that carries it.
		c.fault("Resources and NotResources are not allowed in a %v", c.kind)
	case !c.rules.noResource && given == 0:
		// KMS stores a statement without one and never matches it.
		c.fault("Resources or NotResources is required in a %v", c.kind)
	case len(c.Resources) > 0 && len(c.NotResources) > 0:
		c.fault("Resources and NotResources exclude each other")
	}
	if c.Effect == Allow && len(c.NotResources) > 0 {
		c.fault("NotResources in an Allow grants all but what it lists, future resources included: use Resources")
	}
	for _, resource := range slices.Concat(c.Resources, c.NotResources) {
		c.checkText("resource", resource)
		masked := mask(resource)
		known := masked == "*" || isARN(masked)
		// An expression may stand for a whole ARN or for several parts of one.
		later := strings.HasPrefix(masked, unknown) || strings.HasPrefix(masked, "arn:") &&
			strings.Contains(masked, unknown)
		if !known && !later {
			c.fault(`resource %q must be "*" or an ARN of six colon-separated parts`, resource)
		} else {
			c.checkScope(resource)
		}
	}
}

// checkText refuses what no text of a policy may hold. IAM and KMS both limit a document to printable characters of
// Latin-1; what the encoder would have to replace falls outside of it too.
// Source: "CreatePolicy" and "PutKeyPolicy" in the API references.
func (c *checker) checkText(field, text string) {
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r > 0xff }); i >= 0 {
		c.fault("%s %q has a character outside printable Latin-1", field, text)
	}
	if variable, found := unescapedVariable(text); found {
		c.fault("%s %q holds the policy variable %s: write $%[3]s, or Terraform evaluates it", field, text, variable)
	}
}
