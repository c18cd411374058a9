package iampolicy

import (
	"slices"
	"strconv"
	"strings"
)

// Caller is who makes a request. The zero Caller is [Anonymous].
type Caller struct {
	kind    callerKind
	name    string // ARN of the role or user, service principal, or ARN of the identity provider
	session string // ARN of the role session, empty when its name does not matter
	account string // 12 digits; empty for callers without an account
}

type callerKind int

const (
	anonymous callerKind = iota
	roleCaller
	userCaller
	rootCaller
	serviceCaller
	federatedCaller
)

// Role is a role by its ARN, arn:<partition>:iam::<account>:role/<path and name>, acting in some session.
func Role(arn string) Caller {
	return Caller{kind: roleCaller, name: arn, account: accountOf(arn)}
}

// AssumedRole is a role, by its ARN, acting in the named session. Its session ARN is
// arn:<partition>:sts::<account>:assumed-role/<name>/<session>, in which AWS leaves the role's path out.
func AssumedRole(roleARN, session string) Caller {
	c := Role(roleARN)
	if parts := strings.SplitN(roleARN, ":", arnParts); len(parts) == arnParts {
		c.session = strings.Join([]string{
			"arn", parts[1], "sts", "", parts[4], "assumed-role/" + lastSegment(roleARN) + "/" + session}, ":")
	}
	return c
}

// User is an IAM user by its ARN, arn:<partition>:iam::<account>:user/<path and name>.
func User(arn string) Caller {
	return Caller{kind: userCaller, name: arn, account: accountOf(arn)}
}

// Root is the root user of an account by its ARN, arn:<partition>:iam::<account>:root.
func Root(arn string) Caller {
	return Caller{kind: rootCaller, name: arn, account: accountOf(arn)}
}

// Service is an AWS service that calls with its own service principal, such as "cloudtrail.amazonaws.com". A
// service that uses a role, or the credentials of whoever called it, is that role or that caller instead.
func Service(principal string) Caller { return Caller{kind: serviceCaller, name: principal} }

// Federated is a caller whom an identity provider has authenticated, before any role is assumed. The provider is
// named as in a trust policy; what its token claims goes into the context of the request.
func Federated(provider string) Caller { return Caller{kind: federatedCaller, name: provider} }

// Anonymous is a caller without credentials.
func Anonymous() Caller { return Caller{} }

// accountOf is the account of an ARN, empty for text that is not an ARN.
func accountOf(arn string) string {
	if parts := strings.SplitN(arn, ":", arnParts); len(parts) == arnParts {
		return parts[4]
	}
	return ""
}

func lastSegment(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }

// principalTypes are the values of aws:PrincipalType. The session of a role counts as the role.
// Source: "IAM policy elements: Variables and tags", principal key values.
var principalTypes = map[callerKind]string{
	anonymous: "Anonymous", roleCaller: "AssumedRole", userCaller: "User", rootCaller: "Account",
}

// context is what AWS itself puts into the request about its caller. Direct calls of services carry no principal
// ARN, so ArnNotLike on aws:PrincipalArn matches them, and anonymous calls carry no aws:PrincipalIsAWSService either.
// Source: "AWS global condition context keys" and "Condition keys for AWS KMS".
func (c Caller) context() map[string]string {
	out := map[string]string{}
	if c.account != "" {
		out["aws:PrincipalArn"] = c.name
		out["aws:PrincipalAccount"] = c.account
		out["kms:CallerAccount"] = c.account
	}
	if kind, ok := principalTypes[c.kind]; ok {
		out["aws:PrincipalType"] = kind
	}
	if c.kind == userCaller {
		out["aws:username"] = lastSegment(c.name)
	}
	if c.kind == serviceCaller {
		out["aws:PrincipalServiceName"] = c.name
	}
	if c.kind == serviceCaller || c.account != "" {
		out["aws:PrincipalIsAWSService"] = strconv.FormatBool(c.kind == serviceCaller)
	}
	return out
}

// reach is how a principal element covers a caller, weakest first.
type reach int

const (
	notReached     reach = iota
	throughAccount       // the caller's account is named: it may delegate to the caller
	asRole               // the caller's role is named: the session inherits what the role gets
	directly             // the caller itself is named, or everyone
)

// reaches returns how p covers c. A statement without a principal belongs to an identity policy, whose caller is
// whoever carries it.
func (p Principal) reaches(c Caller) reach {
	if p.isZero() {
		return directly
	}
	best := notReached
	for _, name := range p.AWS {
		best = max(best, c.reachedByAWS(name))
	}
	if c.kind == serviceCaller && slices.Contains(p.Service, c.name) ||
		c.kind == federatedCaller && slices.Contains(p.Federated, c.name) {
		best = directly
	}
	return best
}

func (c Caller) reachedByAWS(name string) reach {
	switch {
	case name == "*":
		return directly
	case c.account == "":
		return notReached
	case name == c.account || strings.HasSuffix(name, ":root") && accountOf(name) == c.account:
		if c.kind == rootCaller {
			return directly
		}
		return throughAccount
	case name == c.session:
		return directly
	case name == c.name && c.kind == roleCaller:
		return asRole
	case name == c.name:
		return directly
	default:
		return notReached
	}
}

// String names the caller: by ARN, service principal or identity provider.
func (c Caller) String() string {
	switch {
	case c.kind == anonymous:
		return "anonymous"
	case c.session != "":
		return c.session
	default:
		return c.name
	}
}

// IsService reports whether the caller is a service that calls with its own service principal.
func (c Caller) IsService() bool { return c.kind == serviceCaller }
