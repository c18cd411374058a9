package evidence

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"securebaseline/internal/naming"
	"securebaseline/internal/template"
)

// Report is what an auditor gets of a stack.
type Report struct {
	// Stack is the name of the stack, Environment that of the environment.
	Stack       string `json:"stack"`
	Project     string `json:"project"`
	Environment string `json:"environment"`
	Region      string `json:"region"`
	// Account is a placeholder unless AccountKnown.
	Account      string `json:"account"`
	AccountKnown bool   `json:"accountKnown"`
	// Date is the day of the report, by which exceptions expire.
	Date string `json:"date"`

	Summary    Summary         `json:"summary"`
	Rules      []Result        `json:"rules"`
	Exceptions []UsedException `json:"exceptions"`
	Inventory  []Item          `json:"inventory"`
	Policies   []Policy        `json:"policies"`
	Access     []Grant         `json:"access"`
	Order      []Creation      `json:"order"`
	// Costs lists what AWS bills, Free the types of resources for which it bills nothing by themselves.
	Costs []Cost     `json:"costs"`
	Free  []FreeType `json:"free"`
	// Relaxed is what is weaker than in production. Nil means that nobody has compared: see package relaxation.
	Relaxed *Relaxation `json:"relaxed,omitempty"`
}

// Summary counts rules by status.
type Summary struct {
	Passed        int `json:"passed"`
	Failed        int `json:"failed"`
	Excepted      int `json:"excepted"`
	NotApplicable int `json:"notApplicable"`
	// Findings counts the resources that break a rule without an exception.
	Findings int `json:"findings"`
}

// Status is what became of a rule.
type Status string

// The states of a rule, the gravest first.
const (
	Failed        Status = "failed"
	Excepted      Status = "excepted"
	Passed        Status = "passed"
	NotApplicable Status = "notApplicable"
)

// Result is a rule with what it found.
type Result struct {
	Rule
	Status Status `json:"status"`
	// Passing lists the addresses of the resources that keep the rule.
	Passing []string `json:"passing"`
	// Failing lists the resources that break it without an exception.
	Failing []Finding `json:"failing"`
	// Excepted lists those that break it with one.
	Excepted []ExceptedFinding `json:"excepted"`
	// Proofs names the ways in which tests break a stack for the rule to notice.
	Proofs []string `json:"proofs"`
}

// ExceptedFinding is a broken rule that somebody has accepted.
type ExceptedFinding struct {
	Finding
	// Exception is the position in the report's exceptions.
	Exception int `json:"exception"`
}

// Make reports on the stack of an environment, with the exceptions of that environment that hold on a day.
func Make(t *template.Template, name, environment string, exceptions Exceptions, now time.Time) (Report, error) {
	s, err := newStack(t)
	if err != nil {
		return Report{}, err
	}
	r := Report{Stack: name, Environment: environment, Region: s.access.Env().Region(),
		Account: s.access.Env().AccountID(), AccountKnown: s.access.AccountKnown(), Date: now.Format(time.DateOnly),
		Exceptions: exceptions.In(environment, "", now), Inventory: s.inventory(), Policies: s.policies(),
		Access: s.grants(), Order: s.order()}
	r.Costs, r.Free = s.costs()
	for _, item := range r.Inventory {
		r.Project = cmp.Or(r.Project, item.Tags[naming.TagProject])
	}
	for _, rule := range Rules() {
		r.add(rule, rule.check(s))
	}
	return r, nil
}

// add sorts what a rule has found.
func (r *Report) add(rule Rule, findings []Finding) {
	result := Result{Rule: rule, Passing: []string{}, Failing: []Finding{}, Excepted: []ExceptedFinding{},
		Proofs: proofsOf(rule.ID)}
	for _, f := range findings {
		if f.Fault == "" {
			result.Passing = append(result.Passing, f.Address)
		} else if i := Cover(r.Exceptions, rule.ID, f.Address); i < 0 {
			result.Failing = append(result.Failing, f)
		} else {
			result.Excepted = append(result.Excepted, ExceptedFinding{f, i})
		}
	}
	slices.Sort(result.Passing)
	result.Passing = slices.Compact(result.Passing)
	switch {
	case len(result.Failing) > 0:
		result.Status = Failed
		r.Summary.Failed++
		r.Summary.Findings += len(result.Failing)
	case len(result.Excepted) > 0:
		result.Status = Excepted
		r.Summary.Excepted++
	case len(findings) > 0:
		result.Status = Passed
		r.Summary.Passed++
	default:
		result.Status = NotApplicable
		r.Summary.NotApplicable++
	}
	r.Rules = append(r.Rules, result)
}

// Faults says, a line each, what keeps the report from being clean: resources that break a rule without an exception,
// and exceptions that have expired or cover nothing.
func (r Report) Faults() []string {
	var lines []string
	for _, result := range r.Rules {
		for _, f := range result.Failing {
			lines = append(lines, strings.Join([]string{result.ID, string(result.Severity), f.Address, f.Fault}, ": "))
		}
	}
	return append(lines, FaultsOf(r.Exceptions)...)
}
