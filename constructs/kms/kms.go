// Package kms makes a customer managed key that nobody may use unless a statement says so: no principal gets "kms:*",
// administration excludes every cryptographic action, and deletion is a duty of its own.
package kms

import (
	"cmp"
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/kmsalias"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/kmskey"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/kmsrules"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
	"securebaseline/internal/tf"
)

// Props configures a Key.
type Props struct {
	// Naming gives the key its tags. Required.
	Naming naming.Scope
	// Env is where the key lives. Required.
	Env awsenv.Env
	// Alias is the alias without "alias/", at most naming.KMSAlias characters long. Required.
	Alias string
	// Description tells an operator what the key protects. Required.
	Description string

	// Administrators are ARNs of the IAM principals that manage the key instead of the account's IAM policies. The
	// principal that deploys must be one of them, because KMS refuses a policy that its author could not change again
	// (KMS API Reference, CreateKey, BypassPolicyLockoutSafetyCheck). Default: the account.
	Administrators []string
	// BreakGlass are the people who may disable and delete the key: ARNs of IAM users, who need MFA, and of roles,
	// whose trust policies must ask for it; and patterns of the roles of permission sets (package principal). Default:
	// nobody may.
	BreakGlass []string
	// AccountMayDelete lets the account's IAM policies allow deletion, without MFA. Default: they cannot.
	AccountMayDelete bool
	// AllowDestroy lets Terraform delete the key. Default: a plan that would delete it fails.
	AllowDestroy bool
	// DeletionWindowDays is the wait before a scheduled deletion, 7 to 30 days. Default 30.
	DeletionWindowDays int
	// RotationDays is the period of automatic rotation, 90 to 2560 days. Default 365.
	RotationDays int
	// Use lists who may use the key and for what, as this package's functions make it or of the same form: each Allow
	// is limited by source ARN, encryption context or kms:ViaService. Default: nobody may.
	Use []iampolicy.Statement
}

func (p Props) withDefaults() Props {
	p.DeletionWindowDays = cmp.Or(p.DeletionWindowDays, kmsrules.MaxDeletionWindowDays)
	p.RotationDays = cmp.Or(p.RotationDays, kmsrules.DefaultRotationDays)
	return p
}

func (p Props) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the key's tags")
	l.Require("props.Env", !p.Env.IsZero(), "where the key lives")
	l.CheckThat(p.Alias != "" && len(p.Alias) <= int(naming.KMSAlias), "props.Alias", p.Alias,
		"must be 1 to %d characters long", naming.KMSAlias)
	l.Require("props.Description", p.Description != "", "what the key protects")
	l.CheckThat(p.DeletionWindowDays >= kmsrules.MinDeletionWindowDays &&
		p.DeletionWindowDays <= kmsrules.MaxDeletionWindowDays,
		"props.DeletionWindowDays", p.DeletionWindowDays, "must be %d to %d days", kmsrules.MinDeletionWindowDays,
		kmsrules.MaxDeletionWindowDays)
	l.CheckThat(p.RotationDays >= kmsrules.MinRotationDays && p.RotationDays <= kmsrules.MaxRotationDays,
		"props.RotationDays", p.RotationDays, "must be %d to %d days", kmsrules.MinRotationDays,
		kmsrules.MaxRotationDays)
	for i, statement := range p.Use {
		l.CheckThat(limited(statement), fmt.Sprintf("props.Use[%d]", i), statement.Sid,
			"must have a condition on aws:SourceArn, kms:ViaService or kms:EncryptionContext")
	}
	return l.Err()
}

// Key is a customer managed key with an alias.
type Key struct {
	key   kmskey.KmsKey
	alias kmsalias.KmsAlias
	arn   string // read once: each reading is a call to Node
}

// New adds a symmetric key with automatic rotation and its alias to scope.
func New(scope constructs.Construct, id string, props Props) (*Key, error) {
	props = props.withDefaults()
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("kms %q: %w", id, err)
	}
	policy, err := iampolicy.Render(iampolicy.KeyPolicy, policyStatements(props)...)
	if err != nil {
		return nil, fmt.Errorf("kms %q: key policy: %w", id, err)
	}

	node := constructs.NewConstruct(scope, &id)
	key := kmskey.NewKmsKey(node, jsii.String("Resource"), &kmskey.KmsKeyConfig{
		Description:          &props.Description,
		DeletionWindowInDays: jsii.Number(props.DeletionWindowDays),
		EnableKeyRotation:    jsii.Bool(true),
		RotationPeriodInDays: jsii.Number(props.RotationDays),
		// Inline, not as aws_kms_key_policy: there the key first exists with "kms:*" for the account, and destroying
		// the policy resource brings that back.
		Policy:    &policy,
		Tags:      tf.StringMap(props.Naming.Tags()),
		Lifecycle: &cdktf.TerraformResourceLifecycle{PreventDestroy: jsii.Bool(!props.AllowDestroy)},
	})
	alias := kmsalias.NewKmsAlias(node, jsii.String("alias"), &kmsalias.KmsAliasConfig{
		Name:        jsii.String("alias/" + props.Alias),
		TargetKeyId: key.KeyId(),
	})
	return &Key{key: key, alias: alias, arn: *key.Arn()}, nil
}

// Ref is the key for those who encrypt with it. Services must be given the ARN, a token until apply: some accept a key
// id or an alias and then fail later. The policy is part of the key.
func (k *Key) Ref() tf.Ref {
	return tf.Ref{ARN: k.arn, Ready: tf.Deps{k.key, k.alias}}
}

// AliasName is the alias, with its "alias/" in front.
func (k *Key) AliasName() string { return *k.alias.Name() }
