package kms

import (
	"slices"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/principal"
)

// thisKey is the only resource that a key policy can name: the key that it belongs to.
var thisKey = []string{"*"}

// administrationActions is all that managing a key takes, without any cryptographic action, and without CreateGrant,
// which would hand them out (KMS Developer Guide, "Allows key administrators to administer the KMS key").
func administrationActions() []string {
	return []string{
		"kms:DescribeKey",
		"kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:ListKeyPolicies",
		"kms:GetKeyRotationStatus", "kms:EnableKeyRotation", "kms:ListKeyRotations",
		"kms:EnableKey", "kms:UpdateKeyDescription",
		"kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias",
		"kms:TagResource", "kms:UntagResource", "kms:ListResourceTags",
		"kms:ListGrants", "kms:RevokeGrant",
	}
}

// deletionActions stop the key from working. RDS cannot recover an instance whose key was disabled for long, so
// disabling counts as deletion (RDS User Guide, "Encrypting Amazon RDS resources").
func deletionActions() []string {
	return []string{"kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:DisableKey", "kms:DisableKeyRotation"}
}

// policyStatements is the whole key policy: who administers, who deletes, who uses.
func policyStatements(props Props) []iampolicy.Statement {
	return slices.Concat(administration(props.Env, props.Administrators), deletion(props), props.Use)
}

func administration(env awsenv.Env, administrators []string) []iampolicy.Statement {
	if len(administrators) == 0 {
		return []iampolicy.Statement{{
			Sid: "AccountAdministersKey", Effect: iampolicy.Allow,
			Principal: iampolicy.Principal{AWS: []string{env.RootARN()}},
			Actions:   administrationActions(), Resources: thisKey,
		}}
	}
	return []iampolicy.Statement{
		{
			Sid: "AdministratorsAdministerKey", Effect: iampolicy.Allow,
			Principal: iampolicy.Principal{AWS: administrators},
			Actions:   administrationActions(), Resources: thisKey,
		},
		{
			// A key whose administrators are gone can only be recovered by AWS Support. The root user itself can repair
			// the policy; the condition keeps the account's IAM policies from handing that on.
			Sid: "RootUserRepairsPolicy", Effect: iampolicy.Allow,
			Principal: iampolicy.Principal{AWS: []string{env.RootARN()}},
			Actions:   []string{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy"}, Resources: thisKey,
			Conditions: []iampolicy.Condition{iampolicy.ArnEquals("aws:PrincipalArn", env.RootARN())},
		},
	}
}

func deletion(props Props) []iampolicy.Statement {
	var statements []iampolicy.Statement
	if props.AccountMayDelete {
		statements = append(statements, iampolicy.Statement{
			Sid: "AccountDeletesKey", Effect: iampolicy.Allow,
			Principal: iampolicy.Principal{AWS: []string{props.Env.RootARN()}},
			Actions:   deletionActions(), Resources: thisKey,
		})
	}
	return append(statements, principal.Sort(props.BreakGlass).Statements(iampolicy.Statement{
		Sid: "BreakGlassDeletesKey", Effect: iampolicy.Allow, Actions: deletionActions(), Resources: thisKey,
	})...)
}

// limited reports whether a statement can match only requests that come from a named source, through a named service
// or about named data. A Deny cannot be too broad.
func limited(statement iampolicy.Statement) bool {
	return statement.Effect == iampolicy.Deny ||
		statement.LimitedBy("aws:SourceArn", "kms:ViaService", "kms:EncryptionContext:")
}
