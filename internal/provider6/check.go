package provider6

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/problem"
	"securebaseline/internal/template"
)

// Kind is a kind of finding.
type Kind string

// The kinds of findings. All but the last are mistakes, for which the provider refuses the configuration.
const (
	UnknownType      Kind = "unknown type"      // the extract has no such type
	UnknownArgument  Kind = "unknown argument"  // the type has no such argument or block
	NotSettable      Kind = "not settable"      // the provider alone sets the attribute
	MissingArgument  Kind = "missing argument"  // the provider requires the argument or block
	RepeatedBlock    Kind = "repeated block"    // the block can stand there once
	UnknownAttribute Kind = "unknown attribute" // what an expression or ignore_changes refers to does not exist
	Deprecated       Kind = "deprecated"        // the field works, and a later major version will not have it
)

// Finding is something in a stack that version 6 of the provider does not accept, or will not for ever.
type Finding struct {
	Kind Kind
	problem.Problem
}

// meta are the arguments that Terraform itself gives to every resource and data source. Those of a provider are among
// its schema.
var meta = []string{"//", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "connection"}

// Check compares a stack with the schema, and returns what it finds in the order of addresses and names. It looks at
// what belongs to the AWS provider alone.
func (s Schema) Check(stack *template.Template) []Finding {
	c := checker{schema: s}
	for i, provider := range stack.Provider["aws"] {
		c.provider(fmt.Sprintf("provider.aws[%d]", i), provider)
	}
	for _, r := range append(stack.DataSources(), stack.Resources()...) {
		c.resource(r)
	}
	for _, name := range slices.Sorted(maps.Keys(stack.Output)) {
		c.references("output."+name, stack.Output[name], "")
	}
	c.references("locals", stack.Locals, "")
	return c.findings
}

// checker collects findings.
type checker struct {
	schema   Schema
	findings []Finding
}

func (c *checker) add(kind Kind, path string, value any, format string, arguments ...any) {
	c.findings = append(c.findings, Finding{kind, problem.New(path, value, fmt.Sprintf(format, arguments...))})
}

// known returns the fields of a type, unless they are missing in the extract, which is a finding.
func (c *checker) known(kind, path string) (Fields, bool) {
	fields, known := c.schema.Types[kind]
	if !known {
		c.add(UnknownType, path, nil, "must be of a type in the extract of the schema; run "+
			"go run ./internal/provider6/generate")
	}
	return fields, known
}

func (c *checker) provider(path string, body map[string]any) {
	if fields, known := c.known("provider.aws", path); known {
		c.block(scope{kind: "provider.aws", path: path}, fields, body)
		c.references(path, body, "")
	}
}

func (c *checker) resource(r template.Resource) {
	kind := r.Type
	if r.Mode == template.Data {
		kind = "data." + kind
	}
	if !ofAWS(kind) {
		c.references(r.Address, r.Attributes, "")
		return
	}
	fields, known := c.known(kind, r.Address)
	if !known {
		return
	}
	body := maps.Clone(r.Attributes)
	maps.DeleteFunc(body, func(name string, _ any) bool { return slices.Contains(meta, name) })
	c.block(scope{kind: kind, path: r.Address}, fields, body)
	c.references(r.Address, r.Attributes, kind)
	c.lifecycle(r, kind)
}

func ofAWS(kind string) bool { return strings.HasPrefix(strings.TrimPrefix(kind, "data."), "aws_") }

// scope is where a block stands: by its type and the names that lead to it, and as it is shown.
type scope struct {
	kind  string
	names []string
	path  string
}

func (s scope) in(name string) scope {
	return scope{s.kind, append(slices.Clone(s.names), name), s.path + "." + name}
}

// block checks the arguments and blocks within a block.
func (c *checker) block(at scope, fields Fields, body map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(body)) {
		value, inner := body[name], at.in(name)
		field, known := fields[name]
		switch {
		case value == nil: // unset, as Terraform reads it
		case !known:
			c.add(UnknownArgument, inner.path, value, "must be left out, as %s does not have it%s", c.schema.Version,
				instead(inner))
		case field.Use == Computed:
			c.add(NotSettable, inner.path, value, "must be left out, as the provider alone sets it")
		default:
			c.deprecation(inner.kind, inner.names, inner.path, value)
			c.nested(inner, field, value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		field, blocks := fields[name], elements(body[name])
		if field.Use == Required && (body[name] == nil || field.Fields != nil && len(blocks) == 0) {
			c.add(MissingArgument, at.in(name).path, nil, "must be set, as %s requires it", c.schema.Version)
		}
	}
}

// nested checks the blocks of a name.
func (c *checker) nested(at scope, field Field, value any) {
	if field.Fields == nil {
		return
	}
	blocks := elements(value)
	if field.Once && len(blocks) > 1 {
		c.add(RepeatedBlock, at.path, value, "must stand there once, not %d times", len(blocks))
	}
	for i, block := range blocks {
		body, isObject := block.(map[string]any)
		if !isObject {
			continue // an expression, which is not known before the plan
		}
		inner := at
		if len(blocks) > 1 {
			inner.path = fmt.Sprintf("%s[%d]", at.path, i)
		}
		c.block(inner, field.Fields, body)
	}
}

// elements are the blocks of a name: one may stand there by itself.
func elements(value any) []any {
	if list, isList := value.([]any); isList {
		return list
	}
	if value == nil {
		return nil
	}
	return []any{value}
}

// deprecation adds what is advised about a field of a type, by the names that lead to it.
func (c *checker) deprecation(kind string, names []string, path string, value any) {
	if advice, old := deprecated[kind][strings.Join(names, ".")]; old {
		c.add(Deprecated, path, value, "must be replaced before a later major version: %s", advice)
	}
}

// instead is what takes the place of a field that is gone, to be appended to a message.
func instead(at scope) string {
	if advice, known := removed[at.kind][strings.Join(at.names, ".")]; known {
		return "; " + advice
	}
	return ""
}
