package access

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

// Question is what Ask answers: may AS do DO on ON?
type Question struct {
	// As names a principal: an ARN, a name, an address, a service, or a part that only one of them has.
	As string
	// Do is one action in full, such as s3:GetObject.
	Do string
	// On names a resource in the same ways, followed by what is inside of it: BUCKET/KEY, GROUP:log-stream:NAME,
	// DATABASE/USER.
	On string
	// With holds condition keys of the request, which replace what would be assumed.
	With Context
	// Via names the VPC endpoint that the request passes through. Empty means that it takes another way.
	Via string
}

// Opinion is what one policy says about a request.
type Opinion struct {
	Side   iampolicy.Side
	Policy Policy
	Said   iampolicy.Explanation
}

// Step is one request and its answer. Some questions take several: S3 asks the key of an encrypted bucket.
type Step struct {
	// Why says, in a step that AWS makes in turn, why. Empty in the first.
	Why              string
	Action, Resource string
	// Decision is Allowed, ImplicitDeny or ExplicitDeny.
	Decision iampolicy.Decision
	// Opinions are those of all policies that take part, the ones of the caller first.
	Opinions []Opinion
	// Ways lists the ways in which an ImplicitDeny could become Allowed: the sides that each of them lacks.
	Ways [][]iampolicy.Side
	// Assumed are the condition keys that nobody has given.
	Assumed []Assumption

	request iampolicy.Request
}

// Answer is the answer to a question.
type Answer struct {
	Principal Principal
	Action    string
	Resource  string
	Steps     []Step
	// Missing names policies that bear on the answer and are not in the stack.
	Missing []string
}

// Allowed reports whether every step is allowed.
func (a Answer) Allowed() bool {
	for _, step := range a.Steps {
		if step.Decision != iampolicy.Allowed {
			return false
		}
	}
	return true
}

// oneAction matches an action in full.
var oneAction = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9]+$`)

// Ask answers a question. The error names the part of the question that is not understood, by the variable of the make
// command, and what is near.
func (s *Stack) Ask(q Question) (Answer, error) {
	if !oneAction.MatchString(q.Do) {
		return Answer{}, fmt.Errorf("DO = %q: must be one action in full, such as s3:GetObject", q.Do)
	}
	p, err := s.principal(q.As)
	if err != nil {
		return Answer{}, err
	}
	t, err := s.target(q.On, q.Do)
	if err != nil {
		return Answer{}, err
	}
	endpoint, via, err := s.endpoint(q.Via)
	if err != nil {
		return Answer{}, err
	}
	return s.answer(p, q.Do, t, q.With, endpoint, via), nil
}

// AskAbout answers whether a principal may do something to a resource of the stack, or to what is inside of it, which
// has a name that stands for any other where none is given.
func (s *Stack) AskAbout(p Principal, action string, r template.Resource, inside string) Answer {
	return s.answer(p, action, s.inside(r, inside, action), nil, nil, template.Resource{})
}

func (s *Stack) answer(
	p Principal, action string, t target, with Context, endpoint *Policy, via template.Resource,
) Answer {
	a := Answer{Principal: p, Action: action, Resource: t.arn, Missing: p.Elsewhere}
	if !t.inStack && t.arn != "*" {
		a.Missing = append(a.Missing[:len(a.Missing):len(a.Missing)],
			"the policy of "+t.arn+", which the stack does not make")
	}
	context, assumed := with.complete(s.assumed(p, action, t, via))
	a.Steps = []Step{s.step(p, action, t, context, endpoint)}
	a.Steps[0].Assumed = assumed
	key, requests := s.keyRequests(p, action, t)
	for _, r := range requests {
		of := s.inside(key, "", r.action)
		// S3 and SNS ask by themselves: the request does not pass through the endpoint.
		context, assumed := with.complete(append(r.assumed, s.assumed(p, r.action, of, template.Resource{})...))
		step := s.step(p, r.action, of, context, nil)
		step.Why, step.Assumed = r.why, assumed
		a.Steps = append(a.Steps, step)
	}
	return a
}

// step asks all policies that bear on one request.
func (s *Stack) step(p Principal, action string, t target, context Context, endpoint *Policy) Step {
	policies := iampolicy.Policies{ResourceAccount: accountOf(t, s.env.AccountID())}
	for _, own := range p.Identity {
		policies.Identity = append(policies.Identity, own.Document)
	}
	if p.Boundary != nil {
		policies.Boundary = &p.Boundary.Document
	}
	if endpoint != nil {
		policies.Endpoint = &endpoint.Document
	}
	var resource *Policy
	if t.inStack && t.resource.Type != "aws_vpc_endpoint" {
		resource = s.PolicyOf(t.resource)
	}
	if resource != nil && resource.Kind == iampolicy.TrustPolicy && !assumes(action) {
		resource = nil // a trust policy says who may assume the role, and nothing else
	}
	switch {
	case resource != nil:
		policies.Resource, policies.ResourceKind = &resource.Document, resource.Kind
	case strings.HasPrefix(action, "kms:"):
		policies.ResourceKind = iampolicy.KeyPolicy // no key is without one
	case assumes(action):
		policies.ResourceKind = iampolicy.TrustPolicy
	}
	request := iampolicy.Request{Caller: p.Caller, Action: action, Resource: t.arn, Context: context}
	answer := iampolicy.Explain(request, policies)
	step := Step{Action: action, Resource: t.arn, Decision: answer.Decision, Ways: answer.Ways, request: request}
	for i, said := range answer.Identity {
		step.Opinions = append(step.Opinions, Opinion{iampolicy.IdentitySide, p.Identity[i], said})
	}
	add := func(side iampolicy.Side, policy *Policy, said *iampolicy.Explanation) {
		if said != nil {
			step.Opinions = append(step.Opinions, Opinion{side, *policy, *said})
		}
	}
	add(iampolicy.BoundarySide, p.Boundary, answer.Boundary)
	add(iampolicy.ResourceSide, resource, answer.Resource)
	add(iampolicy.EndpointSide, endpoint, answer.Endpoint)
	return step
}

// assumes reports whether an action is for trust policies to decide.
func assumes(action string) bool {
	return slices.Contains([]string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
		"sts:SetSourceIdentity", "sts:TagSession"}, action)
}

// accountOf is the account of a target. ARNs of buckets name none; those of the stack are in its account.
func accountOf(t target, own string) string {
	if parts := strings.SplitN(t.arn, ":", 6); !t.inStack && len(parts) == 6 && parts[4] != "" {
		return parts[4]
	}
	return own
}
