// Package pipeline makes what a pipeline needs in an account before it can deploy: the identity provider that GitHub's
// workflows sign in with, a role that plans, a role that deploys, and the permissions boundary of every role that the
// second makes.
package pipeline

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	oidc "github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamopenidconnectprovider"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/iamrole"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
	"securebaseline/internal/tf"
)

// Props configures a Pipeline.
type Props struct {
	// Naming gives roles and policies their tags. Required.
	Naming naming.Scope
	// Env is the account. Required.
	Env awsenv.Env
	// Names are the names of roles and policies. Required.
	Names inventory.Pipeline

	// GitHub is whose workflows may assume the roles. Required, unless Principals may.
	GitHub GitHub
	// Principals are others who may: the ARN of another runner's role, or people (package principal). Required, unless
	// GitHub may.
	Principals []string

	// Plan and Deploy are the documents of the roles' policies, one to nine each, and Boundary is that of the
	// permissions boundary (package deploypolicy). Required.
	Plan, Deploy [][]iampolicy.Statement
	Boundary     []iampolicy.Statement
}

func (p Props) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the tags")
	l.Require("props.Env", !p.Env.IsZero(), "the account")
	l.Require("props.Names", p.Names.Boundary != "", "the names of roles and policies")
	l.Require("props.Plan", len(p.Plan) > 0, "the policies of the plan role")
	l.Require("props.Deploy", len(p.Deploy) > 0, "the policies of the deploy role")
	l.Require("props.Boundary", len(p.Boundary) > 0, "the permissions boundary")
	l.Require("props.GitHub", p.GitHub != GitHub{} || len(p.Principals) > 0,
		"the repository that may assume the roles, or props.Principals")
	p.GitHub.validate(&l)
	return l.Err()
}

// Pipeline is what a pipeline needs.
type Pipeline struct{ planARN, deployARN, boundaryARN string }

// New adds provider, roles and boundary to scope.
func New(scope constructs.Construct, id string, props Props) (*Pipeline, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("pipeline %q: %w", id, err)
	}
	plan, err := props.role("plan", props.Names.Plan, "Plans: reads what a plan reads, and locks the state",
		props.GitHub.plans(props.Env), props.Plan, props.Names.PlanPolicy)
	if err != nil {
		return nil, fmt.Errorf("pipeline %q: %w", id, err)
	}
	deploy, err := props.role("deploy", props.Names.Deploy, "Deploys: makes, changes and deletes the stack",
		props.GitHub.deploys(props.Env), props.Deploy, props.Names.DeployPolicy)
	if err != nil {
		return nil, fmt.Errorf("pipeline %q: %w", id, err)
	}
	boundary, err := iamrole.DefinePolicy(iamrole.PolicyProps{
		Naming: props.Naming.Child("boundary"), Name: props.Names.Boundary, Statements: props.Boundary,
		Description: "What a role that the deploy role makes can do at most",
	})
	if err != nil {
		return nil, fmt.Errorf("pipeline %q: %w", id, err)
	}

	node := constructs.NewConstruct(scope, &id)
	if props.GitHub != (GitHub{}) && !props.GitHub.ExistingProvider {
		oidc.NewIamOpenidConnectProvider(node, jsii.String("github"), &oidc.IamOpenidConnectProviderConfig{
			// No thumbprint: AWS trusts GitHub's certificate by its authorities (IAM User Guide, "Obtain the thumbprint
			// for an OpenID Connect identity provider").
			Url: jsii.String("https://" + issuer), ClientIdList: jsii.Strings(audience),
			Tags: tf.StringMap(props.Naming.Child("github").Tags()),
		})
	}
	return &Pipeline{
		boundaryARN: boundary.Add(node, "boundary"),
		planARN:     plan.Add(node, "plan").ARN(),
		deployARN:   deploy.Add(node, "deploy").ARN(),
	}, nil
}

// role defines one of the roles. The trust policy names the provider by its ARN, which IAM does not look up.
func (p Props) role(duty string, names naming.RoleNames, description string, trust []iampolicy.Statement,
	documents [][]iampolicy.Statement, policyName func(number int) string) (iamrole.Definition, error) {
	policies := make([]iamrole.PolicyProps, len(documents))
	for i, statements := range documents {
		policies[i] = iamrole.PolicyProps{
			Naming: p.Naming.Child(fmt.Sprintf("%s-%d", duty, i+1)), Name: policyName(i + 1),
			Description: description, Statements: statements,
		}
	}
	return iamrole.Define(iamrole.Props{
		Naming: p.Naming.Child(duty), Names: names, Description: description, Principals: p.Principals, Trust: trust,
		Policies: policies,
	})
}

// PlanRoleARN is the ARN of the plan role, a token until apply.
func (p *Pipeline) PlanRoleARN() string { return p.planARN }

// DeployRoleARN is the ARN of the deploy role, a token until apply.
func (p *Pipeline) DeployRoleARN() string { return p.deployARN }

// BoundaryARN is the ARN of the permissions boundary, a token until apply.
func (p *Pipeline) BoundaryARN() string { return p.boundaryARN }
