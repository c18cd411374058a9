package evidence

import "securebaseline/internal/iampolicy"

// Policy is a policy of the stack, in words.
type Policy struct {
	// Kind says what it is attached to, such as "key policy".
	Kind string `json:"kind"`
	// Name is the name of a managed policy, or of what the policy belongs to.
	Name string `json:"name"`
	// Address is that of the resource that holds it.
	Address string `json:"address"`
	// Statements are all of its statements.
	Statements []Statement `json:"statements"`
}

// Statement is a statement of a policy.
type Statement struct {
	// Sid is the statement's name. Empty means that it has none.
	Sid string `json:"sid"`
	// Effect is Allow or Deny.
	Effect iampolicy.Effect `json:"effect"`
	// Words say what it does.
	Words string `json:"words"`
}

// policies lists every policy of the stack, by the addresses of what holds them. One of a kind that is not known is
// called a resource policy.
func (s *stack) policies() []Policy {
	all := []Policy{}
	for _, r := range s.Resources() {
		kind, of, known := s.access.Holds(r)
		p := Policy{Kind: "resource policy", Name: s.access.Name(of), Address: r.Address}
		if known {
			p.Kind = kind.String()
		}
		if document, exists := s.access.Document(r, "policy"); exists {
			p.Statements = inWords(document)
			all = append(all, p)
		}
		if document, exists := s.access.Document(r, "assume_role_policy"); exists {
			p.Kind, p.Statements = iampolicy.TrustPolicy.String(), inWords(document)
			all = append(all, p)
		}
	}
	return all
}

func inWords(document iampolicy.Document) []Statement {
	all := []Statement{}
	for _, statement := range document.Statements {
		all = append(all, Statement{statement.Sid, statement.Effect, statement.Words()})
	}
	return all
}
