package iamrole

import (
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	awspolicy "github.com/cdktf/cdktf-provider-aws-go/aws/v19/iampolicy"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/tf"
)

// PolicyProps configures a managed policy. All fields are required.
type PolicyProps struct {
	// Naming gives the policy its tags.
	Naming naming.Scope
	// Name is the policy's name.
	Name string
	// Description tells an operator what the policy is for.
	Description string
	// Statements are what the policy allows.
	Statements []iampolicy.Statement
}

// Policy is a customer managed policy that is rendered but not yet added.
type Policy struct {
	props    PolicyProps
	document string
}

// DefinePolicy renders a managed policy, for roles that others make.
func DefinePolicy(props PolicyProps) (Policy, error) {
	document, err := iampolicy.Render(iampolicy.IdentityPolicy, props.Statements...)
	if err != nil {
		return Policy{}, fmt.Errorf("policy %q: %w", props.Name, err)
	}
	return Policy{props, document}, nil
}

// Replace puts a value that is known only once a resource is added in place of what stands for it in the policy.
func (p Policy) Replace(placeholder, value string) Policy {
	p.document = strings.ReplaceAll(p.document, placeholder, value)
	return p
}

// Add adds the policy to scope and returns its ARN, a token until apply.
func (p Policy) Add(scope constructs.Construct, id string) (arn string) {
	return *awspolicy.NewIamPolicy(scope, &id, &awspolicy.IamPolicyConfig{
		Name:        &p.props.Name,
		Path:        tf.OptString(p.props.Naming.IAMPath()),
		Description: &p.props.Description,
		Policy:      &p.document,
		Tags:        tf.StringMap(p.props.Naming.Tags()),
	}).Arn()
}
