package provider6

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// references checks what the expressions in a value read. self is the type of the resource that the value belongs to,
// for expressions about "self".
func (c *checker) references(path string, value any, self string) {
	switch value := value.(type) {
	case string:
		for _, read := range template.AttributesIn(value) {
			c.read(path, value, read, self)
		}
	case []any:
		for i, element := range value {
			c.references(fmt.Sprintf("%s[%d]", path, i), element, self)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			c.references(path+"."+name, value[name], self)
		}
	}
}

// read checks one attribute that an expression reads.
func (c *checker) read(path, expression string, read template.Attribute, self string) {
	kind := self
	if read.Address != template.Self {
		kind = read.Address[:strings.LastIndex(read.Address, ".")]
	}
	fields, known := c.schema.Types[kind]
	if !ofAWS(kind) || !known {
		return // the resource itself tells of an unknown type
	}
	if missing := fields.missing(read.Names); missing != "" {
		c.add(UnknownAttribute, path, expression, "must refer to what there is, as %s of %s has no %s", kind,
			c.schema.Version, missing)
		return
	}
	for i := range read.Names {
		c.deprecation(kind, read.Names[:i+1], path, expression)
	}
}

// missing returns the first part of a path that does not exist, or nothing. What follows an attribute that is no block,
// such as the key of a map, is not known to a schema.
func (f Fields) missing(names []string) string {
	for i, name := range names {
		field, exists := f[name]
		if !exists {
			return strings.Join(names[:i+1], ".")
		}
		if field.Fields == nil {
			return ""
		}
		f = field.Fields
	}
	return ""
}

// lifecycle checks the names in ignore_changes and replace_triggered_by, which are no expressions.
func (c *checker) lifecycle(r template.Resource, kind string) {
	fields := c.schema.Types[kind]
	for i, name := range template.Texts(r.Value("lifecycle", "ignore_changes")) { // it may be "all" instead
		attribute, _, _ := strings.Cut(name, "[")
		if missing := fields.missing(strings.Split(attribute, ".")); missing != "" {
			c.add(UnknownAttribute, fmt.Sprintf("%s.lifecycle.ignore_changes[%d]", r.Address, i), name,
				"must name what there is, as %s of %s has no %s", kind, c.schema.Version, missing)
		}
	}
	for i, reference := range template.Texts(r.Value("lifecycle", "replace_triggered_by")) {
		c.references(fmt.Sprintf("%s.lifecycle.replace_triggered_by[%d]", r.Address, i), "${"+reference+"}", kind)
	}
}
