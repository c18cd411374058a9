// Package deploypolicy derives the permissions of a pipeline from a synthesized stack: those of the role that deploys
// it, and those of the role that only plans. Each holds what Terraform's provider asks of AWS for the types of
// resources that the stack has, limited to the stack's names, or to its tags where AWS makes up the name.
//
// The documents follow from the types and not from the single resources, so that a bucket more needs no other
// permissions. What the rehearsal has recorded of the provider's calls is tested against them, and so is a list of
// calls that must be refused.
package deploypolicy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/template"
)

// Documents are policies as JSON. A role takes ten at most (IAM User Guide, "IAM and AWS STS quotas").
type Documents struct {
	// Deploy lets the deploy role make, change and delete the stack.
	Deploy []string
	// Plan lets the plan role read it, and lock its state.
	Plan []string
	// Boundary is the permissions boundary that the deploy role must put on every role that it makes.
	Boundary string
}

// Options say what the JSON of a stack may leave open. The zero value takes all from the JSON.
type Options struct {
	// Account is the account of the stack, because the policies name ARNs. Default: the one that the JSON names.
	Account string
	// State is where the state will be. Default: the bucket that the JSON names, if it names one.
	State State
}

// State is where Terraform's backend "s3" keeps a state.
type State struct {
	// Bucket and Key name the object.
	Bucket, Key string
	// Region is that of the bucket.
	Region string
	// KMSKeyARN is the key that encrypts the state. Default: none that the roles must use.
	KMSKeyARN string
	// AssumeRole is the role by which the state is reached. Default: the pipeline's own role reaches it.
	AssumeRole string
}

// stateOf is where the backend of a stack keeps the state, or the zero value where that is no bucket.
func stateOf(stack *template.Template) State {
	backends, _ := stack.Terraform["backend"].(map[string]any)
	backend, _ := backends["s3"].(map[string]any)
	text := func(name string) string { value, _ := backend[name].(string); return value }
	state := State{Bucket: text("bucket"), Key: text("key"), Region: text("region"), KMSKeyARN: text("kms_key_id")}
	if role, _ := backend["assume_role"].(map[string]any); role != nil {
		state.AssumeRole, _ = role["role_arn"].(string)
	}
	return state
}

// For derives the policies for a stack.
func For(stack *template.Template, options Options) (Documents, error) {
	s, err := scopeOf(stack, options)
	if err != nil {
		return Documents{}, err
	}
	reads := s.having(s.reads())
	plan := append(s.having(s.readState()), reads...)
	deploy := slices.Concat(s.having(s.writeState()), reads, s.having(s.writes()), s.refusals())

	var documents Documents
	if documents.Plan, err = split(plan); err != nil {
		return Documents{}, fmt.Errorf("plan role: %w", err)
	}
	if documents.Deploy, err = split(deploy); err != nil {
		return Documents{}, fmt.Errorf("deploy role: %w", err)
	}
	boundary, err := s.boundary()
	if err == nil {
		documents.Boundary, err = iampolicy.Render(iampolicy.IdentityPolicy, boundary...)
	}
	if err != nil {
		return Documents{}, fmt.Errorf("boundary: %w", err)
	}
	return documents, nil
}

// scope is what the policies of a stack are limited to.
type scope struct {
	stack                *template.Template
	env                  awsenv.Env
	project, environment string
	pipeline             inventory.Pipeline // what the pipeline must not change
	state                State
}

func scopeOf(stack *template.Template, options Options) (scope, error) {
	s := scope{stack: stack, state: options.State}
	if s.state == (State{}) {
		s.state = stateOf(stack)
	}
	region, allowed := stack.Place()
	account := cmp.Or(options.Account, allowed)
	if account == "" {
		return scope{}, errors.New("accountId: must be set, because the policies name ARNs of the account")
	}
	if err := awsenv.CheckAccountID(account); err != nil {
		return scope{}, fmt.Errorf("account = %q: %w", account, err)
	}
	for _, resource := range stack.Resources() {
		s.project, _ = resource.Value("tags", naming.TagProject).(string)
		s.environment, _ = resource.Value("tags", naming.TagEnvironment).(string)
		if s.project != "" {
			break
		}
	}
	if s.project == "" || s.environment == "" {
		return scope{}, errors.New("the stack must have a resource with the tags Project and Environment")
	}
	var err error
	s.env, err = awsenv.New(region, account)
	s.pipeline = inventory.PipelineNames(naming.New(s.project, s.environment, naming.Tags{}), s.env)
	return s, err
}

// names matches the names of the stack's resources.
func (s scope) names() string { return s.project + "-*-" + s.environment }

// own matches the ARNs of the stack's resources of a service that have names, after what comes before the name.
func (s scope) own(service string, before ...string) []string {
	arns := make([]string, len(before))
	for i, text := range before {
		arns[i] = s.env.ARN(service, text+s.names())
	}
	return arns
}

// ofPipeline matches the roles and policies of the pipeline itself.
func (s scope) ofPipeline() []string {
	arns := []string{s.pipeline.Plan.RoleARN(s.env), s.pipeline.Deploy.RoleARN(s.env), s.boundaryARN()}
	for _, pattern := range s.pipeline.PolicyPatterns {
		arns = append(arns, s.env.IAMARN("policy/"+pattern))
	}
	return arns
}

// boundaryARN is the ARN of the permissions boundary, by the name that it must have.
func (s scope) boundaryARN() string { return s.env.IAMARN("policy/" + s.pipeline.Boundary) }

// tagged are the conditions that a resource carries the stack's tags, or with "aws:RequestTag" gets them.
func (s scope) tagged(prefix string) []iampolicy.Condition {
	return []iampolicy.Condition{
		iampolicy.StringEquals(prefix+"/"+naming.TagProject, s.project),
		iampolicy.StringEquals(prefix+"/"+naming.TagEnvironment, s.environment),
	}
}

const (
	resourceTag = "aws:ResourceTag"
	requestTag  = "aws:RequestTag"
)

// inRegion limits calls that name no resource to the region of the stack.
func (s scope) inRegion() iampolicy.Condition {
	return iampolicy.StringEquals("aws:RequestedRegion", s.env.Region())
}

// permission is a statement and the types of resources that need it.
type permission struct {
	types []string // any of them; empty for what every stack needs
	iampolicy.Statement
}

func allow(sid string, types []string, actions, resources []string, conditions ...iampolicy.Condition) permission {
	return permission{types, iampolicy.Statement{
		Sid: sid, Effect: iampolicy.Allow, Actions: actions, Resources: resources, Conditions: conditions,
	}}
}

// having returns the statements for types that the stack has.
func (s scope) having(permissions []permission) []iampolicy.Statement {
	has := func(resourceType string) bool { return len(s.stack.OfType(resourceType)) > 0 }
	var statements []iampolicy.Statement
	for _, p := range permissions {
		if len(p.types) == 0 || slices.ContainsFunc(p.types, has) {
			statements = append(statements, p.Statement)
		}
	}
	return statements
}

// split puts statements into as few documents as their order allows.
func split(statements []iampolicy.Statement) ([]string, error) {
	var documents []string
	for begin := 0; begin < len(statements); {
		var document string
		end := begin
		for ; end < len(statements); end++ {
			longer, err := iampolicy.Render(iampolicy.IdentityPolicy, statements[begin:end+1]...)
			if err != nil && document == "" {
				return nil, err
			}
			if err != nil {
				break // too long by one
			}
			document = longer
		}
		documents, begin = append(documents, document), end
	}
	return documents, nil
}
