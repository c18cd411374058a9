// Package iamrole makes the IAM role of one duty: one service, or named people, may assume it, and customer managed
// policies, one unless it would be too long, say what it may do. It is the only place where the project makes roles and
// policies, so that a permissions boundary, names and tags are on every one of them.
package iamrole

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrole"
	inlineexclusive "github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrolepoliciesexclusive"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrolepolicyattachment"
	attachmentsexclusive "github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrolepolicyattachmentsexclusive"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/principal"
	"securebaseline/internal/tf"
)

// Props configures a Role.
type Props struct {
	// Naming gives the role and its policy their tags. Required.
	Naming naming.Scope
	// Names are the names of the role and of its policy. Required.
	Names naming.RoleNames
	// Description tells an operator what the role is for. Required.
	Description string
	// Service is the service principal that may assume the role. Required, unless Principals or Trust may.
	Service string
	// TrustConditions limit for whom the service may assume the role. Default none: not every service supports them.
	TrustConditions []iampolicy.Condition
	// Principals are the people who may assume the role: ARNs of IAM users, who need MFA, and of roles, whose trust
	// policies must ask for it; and patterns of the roles of permission sets (package principal). Required, unless
	// Service or Trust may.
	Principals []string
	// Trust holds further statements of the trust policy, such as those of an identity provider. Default none.
	Trust []iampolicy.Statement
	// Statements are what the role may do. Required, unless Policies say it.
	Statements []iampolicy.Statement
	// Policies are what the role may do where one policy would be too long; Names.Policy is left out then. Up to ten
	// (IAM User Guide, "IAM and AWS STS quotas").
	Policies []PolicyProps
	// PermissionsBoundary is the ARN of a managed policy that limits the role. Default none.
	PermissionsBoundary string
}

// Definition is a role whose policies are rendered, so that a construct can refuse them before it adds anything.
type Definition struct {
	props    Props
	trust    string
	policies []Policy
}

// Define renders the policies of a role.
func Define(props Props) (Definition, error) {
	trust, err := iampolicy.Render(iampolicy.TrustPolicy, trustStatements(props)...)
	if err != nil {
		return Definition{}, fmt.Errorf("role %q: trust policy: %w", props.Names.Role, err)
	}
	definition := Definition{props: props, trust: trust}
	for _, each := range props.policies() {
		policy, err := DefinePolicy(each)
		if err != nil {
			return Definition{}, fmt.Errorf("role %q: %w", props.Names.Role, err)
		}
		definition.policies = append(definition.policies, policy)
	}
	return definition, nil
}

// policies are the policies of the role, one unless there are more.
func (p Props) policies() []PolicyProps {
	if len(p.Policies) > 0 {
		return p.Policies
	}
	return []PolicyProps{{
		Naming: p.Naming, Name: p.Names.Policy, Description: p.Description, Statements: p.Statements,
	}}
}

// Role is a role with its policies.
type Role struct {
	role        iamrole.IamRole
	attachments tf.Deps
}

// Add adds the role, its customer managed policies and their attachments to scope, and what keeps others off it.
func (d Definition) Add(scope constructs.Construct, id string) *Role {
	node := constructs.NewConstruct(scope, &id)
	role := iamrole.NewIamRole(node, jsii.String("Resource"), &iamrole.IamRoleConfig{
		Name:                &d.props.Names.Role,
		Path:                tf.OptString(d.props.Names.Path),
		Description:         &d.props.Description,
		AssumeRolePolicy:    &d.trust,
		PermissionsBoundary: tf.OptString(d.props.PermissionsBoundary),
		Tags:                tf.StringMap(d.props.Naming.Tags()),
	})
	var arns []*string
	var attachments tf.Deps
	for i, policy := range d.policies {
		suffix := ""
		if len(d.policies) > 1 {
			suffix = fmt.Sprintf("-%d", i+1)
		}
		arn := policy.Add(node, "policy"+suffix)
		arns = append(arns, &arn)
		attachments = append(attachments, iamrolepolicyattachment.NewIamRolePolicyAttachment(node,
			jsii.String("attachment"+suffix),
			&iamrolepolicyattachment.IamRolePolicyAttachmentConfig{Role: role.Name(), PolicyArn: &arn}))
	}
	// A policy that somebody adds by hand shows in the next plan, and goes with the next apply.
	inlineexclusive.NewIamRolePoliciesExclusive(node, jsii.String("no-inline-policies"),
		&inlineexclusive.IamRolePoliciesExclusiveConfig{RoleName: role.Name(), PolicyNames: &[]*string{}})
	attachmentsexclusive.NewIamRolePolicyAttachmentsExclusive(node, jsii.String("no-other-policies"),
		&attachmentsexclusive.IamRolePolicyAttachmentsExclusiveConfig{
			RoleName: role.Name(), PolicyArns: &arns,
			// It would attach the policies as well.
			DependsOn: attachments.Ptr(),
		})
	return &Role{role: role, attachments: attachments}
}

// trustStatements say who may assume the role.
func trustStatements(props Props) []iampolicy.Statement {
	var statements []iampolicy.Statement
	if props.Service != "" {
		statements = append(statements, iampolicy.Statement{
			Sid: "ServiceAssumesRole", Effect: iampolicy.Allow,
			Principal: iampolicy.Principal{Service: []string{props.Service}},
			Actions:   []string{"sts:AssumeRole"}, Conditions: props.TrustConditions,
		})
	}
	statements = append(statements, principal.Sort(props.Principals).Statements(iampolicy.Statement{
		Sid: "PrincipalsAssumeRole", Effect: iampolicy.Allow, Actions: []string{"sts:AssumeRole"},
	})...)
	return append(statements, props.Trust...)
}

// ARN is the role's ARN, a token until apply.
func (r *Role) ARN() string { return *r.role.Arn() }

// Ready lists what must exist before a service uses the role: not the role alone, but its permissions, because that
// is what services check (IAM User Guide, "Troubleshoot IAM", changes that I make are not always immediately visible).
func (r *Role) Ready() tf.Deps { return r.attachments }
