package principal

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/iampolicy"
)

const (
	account = "arn:aws:iam::111122223333"
	user    = account + ":user/people/alice"
	role    = account + ":role/break-glass"
	set     = account + ":role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_"
)

func TestCheck(t *testing.T) {
	for _, arn := range []string{
		user, role, set + "*", set + "0123456789abcdef",
		account + ":role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_*", // us-east-1
		account + ":role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
		account + ":role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Read_Only_*",
	} {
		assert.NoError(t, Check(arn), arn)
	}
	for _, arn := range []string{
		account + ":role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
		account + ":role/aws-reserved/sso.amazonaws.com/*",
		account + ":role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_*",
		account + ":role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin",
		account + ":role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ad*min_*",
		set + "0123",
	} {
		assert.Error(t, Check(arn), arn)
	}
}

func TestStatements(t *testing.T) {
	base := iampolicy.Statement{Sid: "Open", Effect: iampolicy.Allow, Actions: []string{"kms:DisableKey"},
		Resources: []string{"*"}}
	other := "arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_*"
	got := Sort([]string{set + "*", role, user, other, set + "0123456789abcdef"}).Statements(base)

	withMFA, asRole, withSet := base, base, base
	withMFA.Sid, withMFA.Principal.AWS = "OpenWithMFA", []string{user}
	withMFA.Conditions = []iampolicy.Condition{iampolicy.Bool("aws:MultiFactorAuthPresent", true)}
	asRole.Sid, asRole.Principal.AWS = "OpenAsRole", []string{role}
	withSet.Sid = "OpenWithPermissionSet"
	withSet.Principal.AWS = []string{account + ":root", "arn:aws:iam::444455556666:root"}
	withSet.Conditions = []iampolicy.Condition{
		iampolicy.ArnLike("aws:PrincipalArn", set+"*", other, set+"0123456789abcdef")}
	assert.Equal(t, []iampolicy.Statement{withMFA, asRole, withSet}, got)

	assert.Empty(t, Sort(nil).Statements(base), "nobody")
}
