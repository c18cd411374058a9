package hcl

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// policy renders the JSON of a policy as an object that Terraform encodes, with its keys in the order in which they
// were written. It reports false for every other string, such as one whose expressions are no strings of JSON.
func (p *printer) policy(text string) (rendered string, isPolicy bool) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return "", false
	}
	parsed, diagnostics := json.ParseExpression([]byte(text), "")
	if diagnostics.HasErrors() {
		return "", false
	}
	members, _ := hcl.ExprMap(parsed)
	for _, member := range members {
		if name, _ := member.Key.Value(nil); name.AsString() == "Statement" {
			return "jsonencode(" + p.json(parsed) + ")", true
		}
	}
	return "", false
}

// json renders a value of JSON whose strings are templates.
func (p *printer) json(value hcl.Expression) string {
	if members, diagnostics := hcl.ExprMap(value); !diagnostics.HasErrors() {
		entries := make([]entry, len(members))
		for i, member := range members {
			name, _ := member.Key.Value(nil) // without a context, a string is what it is
			entries[i] = entry{key(name.AsString(), p.template), p.json(member.Value)}
		}
		return object(entries)
	}
	if elements, diagnostics := hcl.ExprList(value); !diagnostics.HasErrors() {
		rendered := make([]string, len(elements))
		for i := range elements {
			rendered[i] = p.json(elements[i])
		}
		return list(rendered)
	}
	scalar, _ := value.Value(nil)
	switch {
	case scalar.IsNull():
		return "null"
	case scalar.Type() == cty.String:
		return p.template(scalar.AsString())
	}
	return string(hclwrite.TokensForValue(scalar).Bytes())
}
