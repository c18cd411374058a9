package iampolicy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Render returns the policy document of statements as compact JSON, or every problem in them: what AWS rejects, what
// AWS accepts but never matches, and what is broader than one duty needs. Statements are named by Sid, or by position
// from 1 when they have none.
//
// Least privilege, for every Allow: no NotActions and NotResources; no action with fewer than three literal characters
// before a wildcard; no resource "*" or ARN of any account, except for actions that cannot be scoped, in a key policy,
// where "*" is the key, and in an endpoint policy, which grants nothing; no [Everyone] without a condition on the
// caller or its network; no service principal in a resource policy without a confused-deputy condition; no identity
// provider without a condition on the identity.
//
// The same statements always give the same bytes: statements and members keep a fixed order, lists are sorted and
// free of repetitions, a list of one is written as plain text. Terraform expressions pass through untouched, and so
// do <, > and &, which encoding/json would escape. The arguments are not modified.
func Render(kind Kind, statements ...Statement) (string, error) {
	faults := check(kind, statements)
	text, err := encode(statements)
	faults = append(faults, err)
	if rules, known := kinds[kind]; known && rules.size(text) > rules.limit {
		faults = append(faults, fmt.Errorf("%v has %d %s: at most %d are allowed",
			kind, rules.size(text), rules.unit, rules.limit))
	}
	if err := errors.Join(faults...); err != nil {
		return "", err
	}
	return text, nil
}

// document and its parts fix the order of members in the JSON.
type document struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid         string `json:",omitempty"`
	Effect      Effect
	Principal   *principal                `json:",omitempty"`
	Action      any                       `json:",omitempty"`
	NotAction   any                       `json:",omitempty"`
	Resource    any                       `json:",omitempty"`
	NotResource any                       `json:",omitempty"`
	Condition   map[string]map[string]any `json:",omitempty"`
}

type principal struct {
	AWS       any `json:",omitempty"`
	Federated any `json:",omitempty"`
	Service   any `json:",omitempty"`
}

func encode(statements []Statement) (string, error) {
	doc := document{Version: Version, Statement: make([]statement, 0, len(statements))}
	for _, s := range statements {
		doc.Statement = append(doc.Statement, s.json())
	}

	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(doc); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n"))), nil
}

func (s Statement) json() statement {
	out := statement{
		Sid: s.Sid, Effect: s.Effect,
		Action: set(s.Actions), NotAction: set(s.NotActions),
		Resource: set(s.Resources), NotResource: set(s.NotResources),
	}
	if !s.Principal.isZero() {
		out.Principal = &principal{
			AWS: set(s.Principal.AWS), Federated: set(s.Principal.Federated), Service: set(s.Principal.Service),
		}
	}
	for _, c := range s.Conditions {
		if out.Condition == nil {
			out.Condition = map[string]map[string]any{}
		}
		if out.Condition[c.Operator] == nil {
			out.Condition[c.Operator] = map[string]any{}
		}
		out.Condition[c.Operator][c.Key] = set(c.Values)
	}
	return out
}

// set is the JSON form of a list: nil when empty, text when single, otherwise a sorted list without repetitions.
func set(values []string) any {
	switch sorted := sorted(values); len(sorted) {
	case 0:
		return nil
	case 1:
		return sorted[0]
	default:
		return sorted
	}
}
