// Package access answers who may do what in a synthesized stack, and by which statements of which policies.
//
// It asks the policies that stand in the JSON, with ARNs made from names in place of what AWS tells only at creation,
// and with a request as AWS would see it: the condition keys that AWS itself sets, and the requests that AWS makes in
// turn, as S3 asks the key of an encrypted bucket. What it cannot see is said beside the answer.
package access

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

// Stack is a synthesized stack whose policies can be asked.
type Stack struct {
	template     *template.Template
	env          awsenv.Env
	accountKnown bool
	values       template.Values
	documents    map[string]iampolicy.Document // by address and attribute
	names        map[string]string             // by address, once all values are known
	principals   []Principal                   // what Principals has found
	standing     map[string]*Policy            // what PolicyOf has found, by address
}

// New reads all policies of a stack. It fails where the provider's region is none of AWS, or a policy cannot be read.
func New(t *template.Template) (*Stack, error) {
	s := &Stack{template: t, values: template.Values{}, documents: map[string]iampolicy.Document{},
		standing: map[string]*Policy{}}
	var err error
	if s.env, s.accountKnown, err = place(t); err != nil {
		return nil, fmt.Errorf("provider: %w", err)
	}
	s.placeholders()
	names := map[string]string{}
	for _, r := range t.Resources() {
		names[r.Address] = s.Name(r)
	}
	s.names = names
	for _, r := range t.Resources() {
		for _, attribute := range []string{"policy", "assume_role_policy"} {
			if _, written := r.String(attribute); !written {
				continue
			}
			document, err := r.Policy(attribute, s.values)
			if err != nil {
				return nil, err
			}
			s.documents[r.Address+"."+attribute] = document
		}
	}
	return s, nil
}

// Env is where the stack is. Its account is a placeholder where AccountKnown is false.
func (s *Stack) Env() awsenv.Env { return s.env }

// AccountKnown reports whether the JSON names the account.
func (s *Stack) AccountKnown() bool { return s.accountKnown }

// Policy is a policy of the stack.
type Policy struct {
	// Kind is what the policy is attached to.
	Kind iampolicy.Kind
	// Name is the name of a managed policy, or of what the policy belongs to.
	Name string
	// Address is the Terraform address of the resource that holds it.
	Address string
	// Document is what AWS evaluates.
	Document iampolicy.Document
}

// policy is the policy in an attribute of a resource, or nil if it has none.
func (s *Stack) policy(kind iampolicy.Kind, r template.Resource, attribute, name string) *Policy {
	document, exists := s.documents[r.Address+"."+attribute]
	if !exists {
		return nil
	}
	return &Policy{kind, name, r.Address, document}
}

// Document is the policy in an attribute of a resource, and reports whether there is one.
func (s *Stack) Document(r template.Resource, attribute string) (iampolicy.Document, bool) {
	document, exists := s.documents[r.Address+"."+attribute]
	return document, exists
}

// holders are the types of resources that hold a policy in the attribute "policy": its kind, and the attribute that
// refers to what it belongs to where that is another resource.
var holders = map[string]struct {
	kind iampolicy.Kind
	of   string
}{
	"aws_iam_policy":       {iampolicy.IdentityPolicy, ""},
	"aws_iam_role_policy":  {iampolicy.IdentityPolicy, ""},
	keyType:                {iampolicy.KeyPolicy, ""},
	"aws_s3_bucket_policy": {iampolicy.BucketPolicy, "bucket"},
	"aws_sns_topic_policy": {iampolicy.TopicPolicy, "arn"},
	"aws_vpc_endpoint":     {iampolicy.EndpointPolicy, ""},
}

// Holds says of what kind the policy is that a resource holds in its attribute "policy", and to which resource it
// belongs: the same one, or another of the stack. It reports whether the type is known to hold one.
func (s *Stack) Holds(r template.Resource) (kind iampolicy.Kind, of template.Resource, known bool) {
	holder, known := holders[r.Type]
	if address, isReference := r.Reference(holder.of); isReference {
		if other, exists := s.template.Resource(address); exists {
			return holder.kind, other, known
		}
	}
	return holder.kind, r, known
}

// PolicyOf is the policy that stands at a resource: that of a bucket, a key, a topic, a VPC endpoint, or the
// trust policy of a role. Nil means that the stack gives it none.
func (s *Stack) PolicyOf(r template.Resource) *Policy {
	found, known := s.standing[r.Address]
	if !known {
		found = s.findPolicy(r)
		s.standing[r.Address] = found
	}
	return found
}

func (s *Stack) findPolicy(r template.Resource) *Policy {
	name := s.Name(r)
	if r.Type == "aws_iam_role" {
		return s.policy(iampolicy.TrustPolicy, r, "assume_role_policy", name)
	}
	if own, known := holders[r.Type]; known && own.of == "" && own.kind != iampolicy.IdentityPolicy {
		return s.policy(own.kind, r, "policy", name)
	}
	for holderType, beside := range holders {
		for _, holder := range s.template.OfType(holderType) {
			if of, _ := holder.Reference(beside.of); of == r.Address {
				return s.policy(beside.kind, holder, "policy", name)
			}
		}
	}
	return nil
}

// identities returns the policies of a role: those attached to it and those inside of it. It names what the stack
// attaches and does not hold, such as policies that AWS manages.
func (s *Stack) identities(role template.Resource) (policies []Policy, elsewhere []string) {
	for _, attachment := range s.template.OfType("aws_iam_role_policy_attachment") {
		if of, _ := attachment.Reference("role"); of != role.Address {
			continue
		}
		address, _ := attachment.Reference("policy_arn")
		r, _ := s.template.Resource(address)
		if p := s.policy(iampolicy.IdentityPolicy, r, "policy", s.Name(r)); p != nil {
			policies = append(policies, *p)
		} else {
			elsewhere = append(elsewhere, "the policy "+s.text(attachment, "policy_arn"))
		}
	}
	for _, inline := range s.template.OfType("aws_iam_role_policy") {
		of, _ := inline.Reference("role")
		if p := s.policy(iampolicy.IdentityPolicy, inline, "policy", s.Name(inline)); p != nil && of == role.Address {
			policies = append(policies, *p)
		}
	}
	slices.SortFunc(policies, func(a, b Policy) int { return strings.Compare(a.Address, b.Address) })
	return policies, elsewhere
}

// boundary returns the permissions boundary of a role. One that the stack does not hold is named instead.
func (s *Stack) boundary(role template.Resource) (boundary *Policy, elsewhere []string) {
	if address, isReference := role.Reference("permissions_boundary"); isReference {
		if r, exists := s.template.Resource(address); exists {
			return s.policy(iampolicy.IdentityPolicy, r, "policy", s.Name(r)), nil
		}
	}
	if arn := s.text(role, "permissions_boundary"); arn != "" {
		return nil, []string{"the permissions boundary " + arn}
	}
	return nil, nil
}
