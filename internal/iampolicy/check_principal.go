package iampolicy

import (
	"regexp"
	"slices"
	"strings"
)

// The patterns below are applied to masked text, where unknown stands for a Terraform expression.
const (
	partitionPattern = `arn:(?:aws[a-z-]*|` + unknown + `)`
	accountPattern   = `(?:[0-9]{12}|` + unknown + `)`
	namePattern      = `(?:[A-Za-z0-9_+=,.@/-]|` + unknown + `)+`
	labelPattern     = `(?:[a-z0-9-]|` + unknown + `)+`
)

var (
	awsPrincipal = regexp.MustCompile(`^(?:` + accountPattern +
		`|` + partitionPattern + `:iam::` + accountPattern + `:(?:root|(?:user|role)/` + namePattern + `)` +
		`|` + partitionPattern + `:sts::` + accountPattern + `:(?:assumed-role|federated-user)/` + namePattern + `)$`)

	// A service may have labels of its own (monitoring.rds) and a Region (logs.eu-west-1) before the DNS suffix of
	// the partition.
	servicePrincipal = regexp.MustCompile(`^(?:` + unknown + `|(?:` + labelPattern + `\.){1,4}(?:` +
		strings.Join([]string{
			`amazonaws\.com`, `amazonaws\.com\.cn`, `amazonaws\.eu`, `c2s\.ic\.gov`, `sc2s\.sgov\.gov`,
			`csp\.hci\.ic\.gov`, `cloud\.adc-e\.uk`, unknown,
		}, `|`) + `))$`)

	identityProvider = regexp.MustCompile(`^(?:` + unknown +
		`|` + partitionPattern + `:iam::` + accountPattern + `:(?:oidc|saml)-provider/` + namePattern +
		`|cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$`)
)

func (c *checker) checkPrincipal() {
	switch given := !c.Principal.isZero(); {
	case c.rules.noPrincipal && given:
		c.fault("principal is not allowed in an %v: it speaks for the role or user that carries it", c.kind)
	case !c.rules.noPrincipal && !given:
		c.fault("principal is required in a %v", c.kind)
	}
	for _, p := range slices.Concat(c.Principal.AWS, c.Principal.Service, c.Principal.Federated) {
		c.checkText("principal", p)
	}
	for _, p := range c.Principal.AWS {
		c.checkAWSPrincipal(p)
	}
	for _, p := range c.Principal.Service {
		if !servicePrincipal.MatchString(mask(p)) {
			c.fault("service principal %q must have the form name.amazonaws.com or name.region.amazonaws.com, "+
				"or the same with another partition's suffix", p)
		}
	}
	for _, p := range c.Principal.Federated {
		if !identityProvider.MatchString(mask(p)) {
			c.fault("federated principal %q must be the ARN of an OIDC or SAML provider, "+
				"or a web identity host that AWS has built in", p)
		}
	}
	if c.Effect == Allow {
		c.checkGuards()
	}
}

func (c *checker) checkAWSPrincipal(p string) {
	switch masked := mask(p); {
	case p == "*" && !c.Principal.isEveryone():
		c.fault(`AWS principal "*" already covers the others: list it alone`)
	case p == "*":
	case strings.ContainsAny(masked, "*?"):
		// AWS matches no wildcard inside a principal; a condition on aws:PrincipalArn does.
		c.fault("AWS principal %q must not contain a wildcard: name the principal, or compare aws:PrincipalArn in a "+
			"condition", p)
	case !awsPrincipal.MatchString(masked):
		c.fault(`AWS principal %q must be "*", an account id of 12 digits, `+
			`or the ARN of an account root, role, user or role session`, p)
	}
}

// callerKeys limit who may use a statement that names everyone: S3 stops calling such a policy public for most of
// them.
// Source: "Blocking public access to your Amazon S3 storage", the meaning of "public".
var callerKeys = []string{
	"aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
	"aws:PrincipalServiceName", "aws:userid", "kms:CallerAccount",
	"aws:SourceAccount", "aws:SourceArn", "aws:SourceIp", "aws:SourceOrgID", "aws:SourceOrgPaths",
	"aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpcSourceIp",
}

// ownerKeys limit whose resources may be reached. In an endpoint policy that is a boundary too: everyone who gets
// there is inside the network already, and what must not happen is that data leaves for a foreign account.
var ownerKeys = []string{"aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"}

// deputyKeys tie what a service does to the resource, account or organization on whose behalf it acts. Without one, any
// account can make the service act on this resource.
// Source: "The confused deputy problem".
var deputyKeys = []string{
	"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "kms:ViaService",
}

const encryptionContextPrefix = "kms:EncryptionContext:"

// checkGuards demands the conditions without which an Allow reaches further than its principal suggests.
func (c *checker) checkGuards() {
	accepted, named := callerKeys, false
	if c.rules.filter {
		accepted = slices.Concat(callerKeys, ownerKeys)
		named = len(c.Resources) > 0 && !slices.ContainsFunc(c.Resources, matchesAnything)
	}
	if slices.Contains(c.Principal.AWS, "*") && !named && !c.LimitedBy(accepted...) {
		c.fault(`principal "*" in an Allow needs a condition that names callers or networks, `+
			`with a value that is not all wildcard: one of %s`, strings.Join(accepted, ", "))
	}
	if c.rules.guardServices && len(c.Principal.Service) > 0 &&
		!c.LimitedBy(append(slices.Clone(deputyKeys), encryptionContextPrefix)...) {
		c.fault("service principal %q in an Allow needs a confused-deputy condition: one of %s, %s<name>",
			c.Principal.Service[0], strings.Join(deputyKeys, ", "), encryptionContextPrefix)
	}
	if len(c.Principal.Federated) > 0 && !slices.ContainsFunc(c.Conditions, Condition.limits) {
		c.fault("federated principal %q in an Allow needs a condition on the identity, such as its subject",
			c.Principal.Federated[0])
	}
}

// LimitedBy reports whether a condition narrows one of keys to values of which at least a part is fixed. A key that
// ends with a colon stands for all that begin with it. Only the conditions count: a Deny is never too broad.
func (s Statement) LimitedBy(keys ...string) bool {
	return slices.ContainsFunc(s.Conditions, func(condition Condition) bool {
		return condition.limits() && slices.ContainsFunc(keys, func(key string) bool {
			return strings.EqualFold(key, condition.Key) || strings.HasSuffix(key, ":") &&
				hasPrefixFold(condition.Key, key)
		})
	})
}
