// Package iamrole makes the IAM role of one duty: one service, or named people, may assume it, and one customer managed
// policy says what it may do. It is the only place where the project makes roles and policies, so that a permissions
// boundary, names and tags are on every one of them.
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
	// Service is the service principal that may assume the role. Required, unless Principals may.
	Service string
	// TrustConditions limit for whom the service may assume the role. Default none: not every service supports them.
	TrustConditions []iampolicy.Condition
	// Principals are the people who may assume the role: ARNs of IAM users, who need MFA, and of roles, whose trust
	// policies must ask for it; and patterns of the roles of permission sets (package principal). Required, unless
	// Service may.
	Principals []string
	// Statements are what the role may do. Required.
	Statements []iampolicy.Statement
	// PermissionsBoundary is the ARN of a managed policy that limits the role. Default none.
	PermissionsBoundary string
}

// Definition is a role whose policies are rendered, so that a construct can refuse them before it adds anything.
type Definition struct {
	props  Props
	trust  string
	policy Policy
}

// Define renders the policies of a role.
func Define(props Props) (Definition, error) {
	trust, err := iampolicy.Render(iampolicy.TrustPolicy, trustStatements(props)...)
	if err != nil {
		return Definition{}, fmt.Errorf("role %q: trust policy: %w", props.Names.Role, err)
	}
	policy, err := DefinePolicy(PolicyProps{
		Naming: props.Naming, Name: props.Names.Policy, Description: props.Description, Statements: props.Statements,
	})
	if err != nil {
		return Definition{}, fmt.Errorf("role %q: %w", props.Names.Role, err)
	}
	return Definition{props, trust, policy}, nil
}

// Role is a role with its policy.
type Role struct {
	role       iamrole.IamRole
	attachment iamrolepolicyattachment.IamRolePolicyAttachment
}

// Add adds the role, its customer managed policy and their attachment to scope, and what keeps other policies off it.
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
	policyARN := d.policy.Add(node, "policy")
	attachment := iamrolepolicyattachment.NewIamRolePolicyAttachment(node, jsii.String("attachment"),
		&iamrolepolicyattachment.IamRolePolicyAttachmentConfig{Role: role.Name(), PolicyArn: &policyARN})
	// A policy that somebody adds by hand shows in the next plan, and goes with the next apply.
	inlineexclusive.NewIamRolePoliciesExclusive(node, jsii.String("no-inline-policies"),
		&inlineexclusive.IamRolePoliciesExclusiveConfig{RoleName: role.Name(), PolicyNames: &[]*string{}})
	attachmentsexclusive.NewIamRolePolicyAttachmentsExclusive(node, jsii.String("no-other-policies"),
		&attachmentsexclusive.IamRolePolicyAttachmentsExclusiveConfig{
			RoleName: role.Name(), PolicyArns: &[]*string{&policyARN},
			// It would attach the policy as well.
			DependsOn: tf.Deps{attachment}.Ptr(),
		})
	return &Role{role: role, attachment: attachment}
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
	return append(statements, principal.Sort(props.Principals).Statements(iampolicy.Statement{
		Sid: "PrincipalsAssumeRole", Effect: iampolicy.Allow, Actions: []string{"sts:AssumeRole"},
	})...)
}

// ARN is the role's ARN, a token until apply.
func (r *Role) ARN() string { return *r.role.Arn() }

// Ready lists what must exist before a service uses the role: not the role alone, but its permissions, because that
// is what services check (IAM User Guide, "Troubleshoot IAM", changes that I make are not always immediately visible).
func (r *Role) Ready() tf.Deps { return tf.Deps{r.attachment} }
