package iampolicy

import (
	"errors"
	"fmt"
	"strings"
)

// Document is a policy as [Parse] reads it: what AWS would evaluate.
type Document struct {
	// Statements are the rules in the order of the document. Principal "*" reads as [Everyone].
	Statements []Statement
}

// Parse reads the final JSON of a policy, strictly: every fault is reported with its place, all at once, among them
// unknown, misspelled and repeated members, wrong types, operators that AWS does not know, a Version other than
// [Version], and an Effect other than Allow or Deny. As AWS does, it takes a single text for a list of one, a single
// statement for a list of statements, and plain numbers and booleans as condition values. Sids may be missing.
//
// NotPrincipal is an error: AWS itself advises against it, and it interacts with role sessions in ways that no
// reader expects ("AWS JSON policy elements: NotPrincipal"). So is the principal type CanonicalUser.
//
// Final means that Terraform has run: expressions and tokens have their values, and what [Render] was given as
// $${aws:username} now reads ${aws:username}. Whatever ${...} is left is a policy variable.
func Parse(document string) (Document, error) {
	root, err := decodeJSON(document)
	if err != nil {
		return Document{}, fmt.Errorf("policy document: %w", err)
	}
	var r reader
	doc := r.document(root)
	if len(r.faults) > 0 {
		return Document{}, fmt.Errorf("policy document: %w", errors.Join(r.faults...))
	}
	return doc, nil
}

// reader turns JSON into statements and collects what does not fit.
type reader struct{ faults []error }

func (r *reader) fault(place, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s: %w", place, fmt.Errorf(format, args...)))
}

func (r *reader) document(root any) Document {
	members, ok := root.(object)
	if !ok {
		r.fault("document", "must be an object, is %s", typeName(root))
		return Document{}
	}
	var doc Document
	var version string
	for _, m := range members {
		switch m.name {
		case "Version":
			version = r.text(m.name, m.value)
		case "Id":
			r.text(m.name, m.value)
		case "Statement":
			doc.Statements = r.statements(m.value)
		default:
			r.fault(m.name, "is unknown: a document has Version, Id and Statement")
		}
	}
	if version != Version {
		r.fault("Version", "%q must be %q", version, Version)
	}
	if !members.has("Statement") {
		r.fault("Statement", "is required")
	}
	return doc
}

func (r *reader) statements(value any) []Statement {
	items, ok := value.([]any)
	if !ok {
		items = []any{value}
	}
	if len(items) == 0 {
		r.fault("Statement", "is empty: at least one is required")
	}
	out := make([]Statement, 0, len(items))
	for i, item := range items {
		place := fmt.Sprintf("Statement[%d]", i)
		if members, ok := item.(object); ok {
			out = append(out, r.statement(place, members))
		} else {
			r.fault(place, "must be an object, is %s", typeName(item))
		}
	}
	return out
}

func (r *reader) statement(place string, members object) Statement {
	var s Statement
	for _, m := range members {
		at := place + "." + m.name
		switch m.name {
		case "Sid":
			s.Sid = r.text(at, m.value)
		case "Effect":
			s.Effect = Effect(r.text(at, m.value))
		case "Principal":
			s.Principal = r.principal(at, m.value)
		case "Action":
			s.Actions = r.texts(at, m.value)
		case "NotAction":
			s.NotActions = r.texts(at, m.value)
		case "Resource":
			s.Resources = r.texts(at, m.value)
		case "NotResource":
			s.NotResources = r.texts(at, m.value)
		case "Condition":
			s.Conditions = r.conditions(at, m.value)
		case "NotPrincipal":
			r.fault(at, "is not supported: AWS advises against it, use a Deny with a condition on aws:PrincipalArn")
		default:
			r.fault(at, "is unknown")
		}
	}
	if s.Effect != Allow && s.Effect != Deny {
		r.fault(place+".Effect", "%q must be Allow or Deny", s.Effect)
	}
	if members.has("Action") == members.has("NotAction") {
		r.fault(place, "exactly one of Action and NotAction is required")
	}
	if members.has("Resource") && members.has("NotResource") {
		r.fault(place, "Resource and NotResource exclude each other")
	}
	return s
}

func (r *reader) principal(place string, value any) Principal {
	if value == "*" {
		return Everyone()
	}
	members, ok := value.(object)
	if !ok || len(members) == 0 {
		r.fault(place, `must be "*" or an object with AWS, Service or Federated`)
		return Principal{}
	}
	var p Principal
	for _, m := range members {
		at := place + "." + m.name
		switch m.name {
		case "AWS":
			p.AWS = r.texts(at, m.value)
		case "Service":
			p.Service = r.texts(at, m.value)
		case "Federated":
			p.Federated = r.texts(at, m.value)
		default:
			r.fault(at, "is not supported: a principal has AWS, Service or Federated")
		}
	}
	return p
}

func (r *reader) conditions(place string, value any) []Condition {
	operators, ok := value.(object)
	if !ok {
		r.fault(place, "must be an object of operators, is %s", typeName(value))
		return nil
	}
	var out []Condition
	for _, operator := range operators {
		at := place + "." + operator.name
		if _, known := parseOperator(operator.name); !known {
			r.fault(at, "is not a condition operator")
			continue
		}
		keys, ok := operator.value.(object)
		if !ok {
			r.fault(at, "must be an object of condition keys, is %s", typeName(operator.value))
			continue
		}
		for _, key := range keys {
			out = append(out, Condition{
				Operator: operator.name, Key: key.name, Values: r.scalars(at+"."+key.name, key.value),
			})
		}
	}
	return out
}

func (r *reader) text(place string, value any) string {
	text, ok := value.(string)
	if !ok {
		r.fault(place, "must be text, is %s", typeName(value))
	}
	return text
}

// texts reads a text or a list of texts, none of them empty.
func (r *reader) texts(place string, value any) []string {
	return r.list(place, value, func(item any) (string, bool) {
		text, ok := item.(string)
		return text, ok && text != ""
	}, "text that is not empty")
}

// scalars reads the values of a condition, where AWS takes unquoted numbers and booleans for their text.
func (r *reader) scalars(place string, value any) []string {
	return r.list(place, value, func(item any) (string, bool) {
		switch item.(type) {
		case string, bool, number:
			return fmt.Sprint(item), true
		default:
			return "", false
		}
	}, "text, a number or a boolean")
}

func (r *reader) list(place string, value any, read func(any) (string, bool), accepted string) []string {
	items, ok := value.([]any)
	if !ok {
		items = []any{value}
	}
	if len(items) == 0 {
		r.fault(place, "is empty: at least one value is required")
	}
	out := make([]string, 0, len(items))
	for i, item := range items {
		text, ok := read(item)
		if !ok {
			r.fault(place, "value %d must be %s, is %s", i+1, accepted, typeName(item))
		}
		out = append(out, text)
	}
	return out
}

func typeName(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		if strings.TrimSpace(v) == "" {
			return "empty text"
		}
		return "text"
	case bool:
		return "a boolean"
	case number:
		return "a number"
	case []any:
		return "a list"
	default:
		return "an object"
	}
}
