// Package principal sorts people's IAM principals by how AWS can tell that they signed in with MFA, and writes the
// statements that let them in.
//
// aws:MultiFactorAuthPresent is true for an IAM user who signed in to the console with MFA, or who has exchanged keys
// and a code for a session (STS GetSessionToken). The credentials of a role never carry it, however its session began,
// and federated users, also those of IAM Identity Center, have no MFA device in IAM (IAM User Guide, "Secure API access
// with MFA"). To ask roles for it would lock them out. So users are asked here; a role asks for MFA in its own trust
// policy, when somebody assumes it; and IAM Identity Center asks for it at sign-in.
package principal

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
)

// sso is the path of the roles that IAM Identity Center makes for permission sets, and serviceLinked that of roles that
// only a service can assume.
const (
	sso           = ":role/aws-reserved/sso.amazonaws.com/"
	serviceLinked = ":role/aws-service-role/"
)

// permissionSet is a role of a permission set, whose names have up to 32 characters. In us-east-1 the path has no
// region. IAM Identity Center ends the name with 16 digits that change when the permission set is assigned anew (IAM
// Identity Center User Guide, "Referencing permission sets in resource policies, Amazon EKS cluster config maps, and
// AWS KMS key policies").
var permissionSet = regexp.MustCompile(`^arn:[a-z0-9-]+:iam::[0-9]{12}` + regexp.QuoteMeta(sso) +
	`(?:(?:[a-z0-9-]+|\*)/)?AWSReservedSSO_[\w+=,.@-]{1,32}_(?:[0-9a-f]{16}|\*)$`)

// Check refuses an ARN of a role that no person can be. The rest of an ARN's form is not its concern.
func Check(arn string) error {
	switch {
	case strings.Contains(arn, serviceLinked):
		return errors.New("must not be a service-linked role, which only its service can assume")
	case strings.Contains(arn, sso) && !permissionSet.MatchString(arn):
		return errors.New("must name the role of a permission set with \"*\" in place of the digits at its end, as " +
			"in arn:aws:iam::ACCOUNT:role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_NAME_*")
	}
	return nil
}

// People are principals by kind: ARNs, and for permission sets patterns of ARNs.
type People struct{ Users, Roles, PermissionSets []string }

// Sort sorts ARNs that Check accepts.
func Sort(arns []string) People {
	var p People
	for _, arn := range arns {
		switch {
		case strings.Contains(arn, ":user/"):
			p.Users = append(p.Users, arn)
		case permissionSet.MatchString(arn):
			p.PermissionSets = append(p.PermissionSets, arn)
		default:
			p.Roles = append(p.Roles, arn)
		}
	}
	return p
}

// Accounts are the root ARNs of the accounts of the permission sets, each once. A principal element takes no pattern,
// so that the account is named and aws:PrincipalArn compared.
func (p People) Accounts() []string {
	var accounts []string
	for _, arn := range p.PermissionSets {
		account, _, _ := strings.Cut(arn, ":role/")
		if root := account + ":root"; !slices.Contains(accounts, root) {
			accounts = append(accounts, root)
		}
	}
	return accounts
}

// Statements returns base once for each kind of people that there is, with its principals and conditions, and with the
// kind at the end of its Sid.
//
// Where an account is named, its IAM policies decide further: permission sets must allow the actions as well.
func (p People) Statements(base iampolicy.Statement) []iampolicy.Statement {
	var statements []iampolicy.Statement
	add := func(suffix string, principals []string, conditions ...iampolicy.Condition) {
		if len(principals) > 0 {
			statement := base
			statement.Sid += suffix
			statement.Principal = iampolicy.Principal{AWS: principals}
			statement.Conditions = append(conditions, base.Conditions...)
			statements = append(statements, statement)
		}
	}
	add("WithMFA", p.Users, iampolicy.Bool("aws:MultiFactorAuthPresent", true))
	add("AsRole", p.Roles)
	add("WithPermissionSet", p.Accounts(), iampolicy.ArnLike("aws:PrincipalArn", p.PermissionSets...))
	return statements
}
