package page

import (
	"slices"
	"strings"

	"securebaseline/internal/evidence"
)

// policy is a policy with its place in the inventory.
type policy struct {
	evidence.Policy
	At link
}

func (v *view) policies(at func(string) link) {
	for _, p := range v.Report.Policies {
		v.Policies = append(v.Policies, policy{p, at(p.Address)})
	}
}

// principal is who may do something, with what that is.
type principal struct {
	Name, About string
	Missing     []string
	May         []may
}

// may is what a principal may do to a resource.
type may struct {
	On      link
	Actions []string
}

// matrix is who may do what to one resource: a row for each principal, a column for each action.
type matrix struct {
	On      link
	Actions []string
	Rows    []row
	Reasons []evidence.Grant
}

type row struct {
	Principal string
	Cells     []string
}

// Decisions lists what is in the row, as the filter looks for it.
func (r row) Decisions() string { return strings.Join(r.Cells, "|") }

// Open counts the cells that are allowed.
func (m matrix) Open() int {
	count := 0
	for _, r := range m.Rows {
		for _, cell := range r.Cells {
			if cell == allowedCell {
				count++
			}
		}
	}
	return count
}

const (
	allowedCell = "allowed"
	deniedCell  = "denied"
	neitherCell = "not allowed"
)

func (v *view) access(at func(string) link) {
	for _, g := range v.Report.Access {
		p := slices.IndexFunc(v.Principals, func(one principal) bool { return one.Name == g.Principal })
		if p < 0 {
			p = len(v.Principals)
			v.Principals = append(v.Principals, principal{g.Principal, g.About, g.Missing, nil})
		}
		m := slices.IndexFunc(v.Matrices, func(one matrix) bool { return one.On.Address == g.Address })
		if m < 0 {
			m = len(v.Matrices)
			v.Matrices = append(v.Matrices, matrix{On: at(g.Address)})
		}
		v.Principals[p].add(g, at)
		v.Matrices[m].add(g)
	}
}

func (p *principal) add(g evidence.Grant, at func(string) link) {
	if !g.Allowed {
		return
	}
	if last := len(p.May) - 1; last < 0 || p.May[last].On.Address != g.Address {
		p.May = append(p.May, may{On: at(g.Address)})
	}
	last := &p.May[len(p.May)-1]
	last.Actions = append(last.Actions, g.Action)
}

// add puts an answer into its cell. A report lists all principals for one action after the other.
func (m *matrix) add(g evidence.Grant) {
	if last := len(m.Actions) - 1; last < 0 || m.Actions[last] != g.Action {
		m.Actions = append(m.Actions, g.Action)
	}
	at := slices.IndexFunc(m.Rows, func(one row) bool { return one.Principal == g.Principal })
	if at < 0 {
		at = len(m.Rows)
		m.Rows = append(m.Rows, row{Principal: g.Principal})
	}
	m.Rows[at].Cells = append(m.Rows[at].Cells, cellOf(g))
	if slices.ContainsFunc(g.Steps, func(step evidence.GrantStep) bool { return len(step.By) > 0 }) {
		m.Reasons = append(m.Reasons, g)
	}
}

// cellOf is the answer in a word or two: what AWS decides of the whole.
func cellOf(g evidence.Grant) string {
	if g.Allowed {
		return allowedCell
	}
	if slices.ContainsFunc(g.Steps, func(step evidence.GrantStep) bool { return step.Decision == "explicit deny" }) {
		return deniedCell
	}
	return neitherCell
}
