package servicerole

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	awspolicy "github.com/cdktf/cdktf-provider-aws-go/aws/v19/iampolicy"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/tf"
)

// PolicyProps configures a managed policy. All fields are required.
type PolicyProps struct {
	// Naming gives the policy its name and tags.
	Naming naming.Scope
	// Description tells an operator what the policy is for.
	Description string
	// Statements are what the policy allows.
	Statements []iampolicy.Statement
}

// NewPolicy adds a customer managed policy to scope, for roles that others make, and returns its ARN, a token until
// apply.
func NewPolicy(scope constructs.Construct, id string, props PolicyProps) (arn string, err error) {
	policy, err := iampolicy.Render(iampolicy.IdentityPolicy, props.Statements...)
	if err != nil {
		return "", fmt.Errorf("policy %q: %w", id, err)
	}
	return *addPolicy(scope, id, props.Naming, props.Description, policy), nil
}

// addPolicy adds a rendered policy to scope and returns its ARN.
func addPolicy(scope constructs.Construct, id string, names naming.Scope, description, policy string) *string {
	return awspolicy.NewIamPolicy(scope, &id, &awspolicy.IamPolicyConfig{
		Name:        jsii.String(names.Name(naming.IAMPolicy)),
		Description: &description,
		Policy:      &policy,
		Tags:        tf.StringMap(names.Tags()),
	}).Arn()
}
