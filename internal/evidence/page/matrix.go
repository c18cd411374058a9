package page

import (
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
	Principal, About string
	Cells            []string
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
	who, on := map[string]int{}, map[string]int{}
	rows := map[[2]string]int{}
	for _, g := range v.Report.Access {
		p, known := who[g.Principal]
		if !known {
			p = len(v.Principals)
			who[g.Principal] = p
			v.Principals = append(v.Principals, principal{g.Principal, g.About, g.Missing, nil})
		}
		m, known := on[g.Address]
		if !known {
			m = len(v.Matrices)
			on[g.Address] = m
			v.Matrices = append(v.Matrices, matrix{On: at(g.Address)})
		}
		v.Principals[p].add(g, at)
		v.Matrices[m].add(g, rows)
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
func (m *matrix) add(g evidence.Grant, rows map[[2]string]int) {
	if last := len(m.Actions) - 1; last < 0 || m.Actions[last] != g.Action {
		m.Actions = append(m.Actions, g.Action)
	}
	place := [2]string{g.Address, g.Principal}
	at, known := rows[place]
	if !known {
		at = len(m.Rows)
		rows[place] = at
		m.Rows = append(m.Rows, row{Principal: g.Principal, About: g.About})
	}
	m.Rows[at].Cells = append(m.Rows[at].Cells, cellOf(g))
	for _, step := range g.Steps {
		if len(step.By) > 0 {
			m.Reasons = append(m.Reasons, g)
			break
		}
	}
}

// cellOf is the answer in a word or two: what AWS decides of the whole.
func cellOf(g evidence.Grant) string {
	if g.Allowed {
		return allowedCell
	}
	for _, step := range g.Steps {
		if step.Decision == "explicit deny" {
			return deniedCell
		}
	}
	return neitherCell
}
