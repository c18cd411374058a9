package hcl

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// lineLength is where a list is broken into lines.
const lineLength = 90

// expression renders a value that Terraform evaluates: the strings in it, and the keys of objects, are templates
// (Terraform Language, "JSON Configuration Syntax", "Expression Mapping").
func (p *printer) expression(value any) string { return p.render(value, p.template) }

// literal renders a value that Terraform takes as it stands, such as the settings of a backend.
func (p *printer) literal(value any) string { return p.render(value, quote) }

func (p *printer) render(value any, text func(string) string) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case string:
		return text(value)
	case []any:
		elements := make([]string, len(value))
		for i := range value {
			elements[i] = p.render(value[i], text)
		}
		return list(elements)
	case map[string]any:
		var entries []entry
		for _, name := range slices.Sorted(maps.Keys(value)) {
			entries = append(entries, entry{key(name, text), p.render(value[name], text)})
		}
		return object(entries)
	}
	p.fail("%T is no value of JSON", value)
	return ""
}

// entry is a key of an object with its value, both rendered.
type entry struct{ key, value string }

func object(entries []entry) string {
	if len(entries) == 0 {
		return "{}"
	}
	var text strings.Builder
	text.WriteString("{\n")
	for _, one := range entries {
		text.WriteString(one.key + " = " + one.value + "\n")
	}
	return text.String() + "}"
}

func list(elements []string) string {
	line := "[" + strings.Join(elements, ", ") + "]"
	if len(line) <= lineLength && !strings.Contains(line, "\n") || len(elements) == 0 {
		return line
	}
	return "[\n" + strings.Join(elements, ",\n") + ",\n]"
}

// key renders a key of an object. Words that mean something else in that place are quoted.
func key(name string, text func(string) string) string {
	if hclsyntax.ValidIdentifier(name) && !slices.Contains([]string{"for", "null", "true", "false"}, name) {
		return name
	}
	rendered := text(name)
	if !strings.HasPrefix(rendered, `"`) {
		return "(" + rendered + ")"
	}
	return rendered
}

// quote renders a string that holds no expression, whatever it looks like.
func quote(text string) string { return string(hclwrite.TokensForValue(cty.StringVal(text)).Bytes()) }

// template renders a string of JSON, in which ${} and %{} are evaluated: an expression that is all of it stands
// without quotes, and keeps the type of its value.
func (p *printer) template(text string) string {
	if !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		return quote(text)
	}
	if strings.Contains(text, "\r") { // HCL takes "\r${" for text where it is not escaped
		p.fail("%q must not hold a carriage return beside ${ or %%{", text)
		return ""
	}
	tokens, diagnostics := hclsyntax.LexTemplate([]byte(text), "", hcl.InitialPos)
	if _, more := hclsyntax.ParseTemplate([]byte(text), "", hcl.InitialPos); len(diagnostics) > 0 || len(more) > 0 {
		p.fail("%q is no template that Terraform reads: %w", text, append(diagnostics, more...))
		return ""
	}
	if inner, isExpression := onlyExpression(text, tokens); isExpression {
		return inner
	}
	// Only what stands outside of the sequences is a literal, which JSON escapes in another way.
	var rendered strings.Builder
	depth, done := 0, 0
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenTemplateSeqEnd:
			depth--
		case hclsyntax.TokenStringLit:
			if depth == 0 {
				rendered.WriteString(text[done:token.Range.Start.Byte] + escape(string(token.Bytes), "${", "%{"))
				done = token.Range.End.Byte
			}
		}
	}
	return `"` + rendered.String() + text[done:] + `"`
}

// onlyExpression returns the expression in a template that consists of one sequence ${}.
func onlyExpression(text string, tokens hclsyntax.Tokens) (inner string, isExpression bool) {
	tokens = tokens[:len(tokens)-1] // the last one is the end of the text
	last := len(tokens) - 1
	if tokens[0].Type != hclsyntax.TokenTemplateInterp || tokens[last].Type != hclsyntax.TokenTemplateSeqEnd {
		return "", false
	}
	depth := 0
	for i, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenTemplateSeqEnd:
			if depth--; depth == 0 && i < last {
				return "", false
			}
		}
	}
	return strings.TrimSpace(text[tokens[0].Range.End.Byte:tokens[last].Range.Start.Byte]), true
}

// escape is quote for a part of a template that holds no expression: what looks like the beginning of one is escaped
// already.
func escape(part string, introducers ...string) string {
	if len(introducers) == 0 {
		quoted := quote(part)
		return quoted[1 : len(quoted)-1]
	}
	pieces := strings.Split(part, introducers[0])
	for i := range pieces {
		pieces[i] = escape(pieces[i], introducers[1:]...)
	}
	return strings.Join(pieces, introducers[0])
}

// bare renders a reference where Terraform expects one instead of a value. In JSON it is a string, with ${} around it
// or without.
func (p *printer) bare(reference any) string {
	text, isString := reference.(string)
	if inner, isTemplate := strings.CutPrefix(text, "${"); isTemplate {
		text = strings.TrimSuffix(inner, "}")
	}
	_, diagnostics := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if !isString || len(diagnostics) > 0 {
		p.fail("%v must be a reference", reference)
	}
	return text
}

// bareList is bare for each element of a list.
func (p *printer) bareList(references any) string {
	elements, isList := references.([]any)
	if !isList {
		p.fail("%v must be a list of references", references)
	}
	rendered := make([]string, len(elements))
	for i := range elements {
		rendered[i] = p.bare(elements[i])
	}
	return list(rendered)
}
