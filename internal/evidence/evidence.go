// Package evidence holds the rules that a stack keeps, and reports for auditors which of its resources keep them.
//
// A rule looks at the synthesized JSON, across resources where that is where it can break, and asks the evaluator where
// a policy decides. It names the controls of the benchmarks that it satisfies. What breaks a rule on purpose is an
// exception, with a reason, an owner and an end.
package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"securebaseline/internal/access"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

// Severity says how much it matters that a rule is broken.
type Severity string

// The severities, the gravest first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Rule is something that every stack must keep.
type Rule struct {
	// ID is stable: SB, the subject, a number.
	ID string `json:"id"`
	// Demand is what must hold, in a sentence.
	Demand string `json:"demand"`
	// Reason is what happens otherwise.
	Reason string `json:"reason"`
	// Severity is how much it matters.
	Severity Severity `json:"severity"`
	// Source is the URL of the documentation behind it.
	Source string `json:"source"`
	// Controls are what it satisfies.
	Controls Controls `json:"controls"`

	check check
}

// Finding is what a rule says about one resource.
type Finding struct {
	// Address is that of the resource.
	Address string `json:"address"`
	// Fault is what is wrong. Empty means that the resource keeps the rule.
	Fault string `json:"fault,omitempty"`
}

// check looks at a stack and finds something about each resource that a rule is about.
type check func(s *stack) []Finding

// stack is what rules look at.
type stack struct {
	*template.Template
	access *access.Stack
	graph  template.Graph
	waits  map[string]map[string]bool // what an address waits for at any distance, as far as somebody has asked
}

func newStack(t *template.Template) (*stack, error) {
	policies, err := access.New(t)
	if err != nil {
		return nil, err
	}
	return &stack{t, policies, t.Graph(), map[string]map[string]bool{}}, nil
}

// waitsFor is everything that an address waits for.
func (s *stack) waitsFor(address string) map[string]bool {
	if s.waits[address] == nil {
		s.waits[address] = s.graph.Ancestors(address)
	}
	return s.waits[address]
}

// Rules lists all rules in the order of their ids.
func Rules() []Rule { return slices.Clone(allRules()) }

var allRules = sync.OnceValue(func() []Rule {
	all := slices.Concat(keyRules(), trailRules(), logRules(), alarmRules(), bucketRules(), networkRules(),
		reachRules(), databaseRules(), identityRules(), stackRules())
	for i := range all {
		all[i].Controls = all[i].Controls.and(Controls{})
	}
	slices.SortFunc(all, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return all
})

// every looks at each resource of a type. look returns what is wrong with it, or nothing.
func every(resourceType string, look func(s *stack, r template.Resource) string) check {
	return func(s *stack) []Finding {
		var findings []Finding
		for _, r := range s.OfType(resourceType) {
			findings = append(findings, Finding{r.Address, look(s, r)})
		}
		return findings
	}
}

// is demands the value of an attribute.
func is(resourceType string, want any, attribute string) check {
	return every(resourceType, func(_ *stack, r template.Resource) string {
		if got := r.Attributes[attribute]; got != want {
			return fmt.Sprintf("%s is %s, not %v", attribute, shown(got), want)
		}
		return ""
	})
}

// atLeast demands a number in an attribute.
func atLeast(resourceType string, least float64, attribute string) check {
	return every(resourceType, func(_ *stack, r template.Resource) string {
		if got, isNumber := r.Attributes[attribute].(float64); !isNumber || got < least {
			return fmt.Sprintf("%s is %s, less than %v", attribute, shown(r.Attributes[attribute]), least)
		}
		return ""
	})
}

func shown(value any) string {
	if value == nil {
		return "not set"
	}
	return fmt.Sprint(value)
}

// of is the first resource of a type whose attribute refers to another resource.
func (s *stack) of(resourceType, attribute, address string) (template.Resource, bool) {
	for _, r := range s.OfType(resourceType) {
		if target, _ := r.Reference(attribute); target == address {
			return r, true
		}
	}
	return template.Resource{}, false
}

// refers returns the resource that an attribute of another one refers to.
func (s *stack) refers(r template.Resource, attribute string) (template.Resource, bool) {
	address, _ := r.Reference(attribute)
	return s.Resource(address)
}

// bucketNamed is the bucket of a name.
func (s *stack) bucketNamed(name any) (template.Resource, bool) {
	for _, r := range s.OfType("aws_s3_bucket") {
		if name != nil && r.Attributes["bucket"] == name {
			return r, true
		}
	}
	return template.Resource{}, false
}

// asks puts a request to the policy that stands at a resource alone, as decision.
func (s *stack) asks(
	r template.Resource, caller iampolicy.Caller, action, inside string, context access.Context,
) iampolicy.Decision {
	policy := s.access.PolicyOf(r)
	if policy == nil {
		return iampolicy.ImplicitDeny
	}
	arn, _ := s.access.ARN(r)
	return policy.Document.Evaluate(iampolicy.Request{Caller: caller, Action: action, Resource: arn + inside,
		Context: context})
}

// may reports whether the policy that stands at a resource allows a request by itself, or leaves it to the account.
func (s *stack) may(
	r template.Resource, caller iampolicy.Caller, action, inside string, context access.Context,
) bool {
	decision := s.asks(r, caller, action, inside, context)
	return decision == iampolicy.Allowed || decision == iampolicy.Delegated
}

// stranger is an account that no stack knows: AWS gives out no such id.
const stranger = "000000000000"

// strangers are callers who have no business in any stack.
func (s *stack) strangers() []iampolicy.Caller {
	iam := "arn:" + s.access.Env().Partition() + ":iam::" + stranger + ":"
	return []iampolicy.Caller{iampolicy.Role(iam + "role/x"), iampolicy.Root(iam + "root"), iampolicy.Anonymous()}
}

// inAccount is a role of the account, which no policy names.
func (s *stack) inAccount() iampolicy.Caller {
	return iampolicy.Role(s.access.Env().IAMARN("role/not-named-anywhere"))
}

func (s *stack) root() iampolicy.Caller { return iampolicy.Root(s.access.Env().RootARN()) }

// overTLS is the context of a request that is made as it should be.
func overTLS() access.Context {
	return access.Context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.3"}}
}

// Findings looks at a stack with every rule, and returns what each found, by its id. It fails where the stack's
// policies cannot be read.
func Findings(t *template.Template) (map[string][]Finding, error) {
	s, err := newStack(t)
	if err != nil {
		return nil, err
	}
	all := map[string][]Finding{}
	for _, rule := range Rules() {
		all[rule.ID] = rule.check(s)
	}
	return all, nil
}
