package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"securebaseline/internal/cisalarms"
	"securebaseline/internal/config"
)

// replaceSection puts content between a pair of markers, which must be there.
func replaceSection(text []byte, name, content string) ([]byte, error) {
	begin := []byte("<!-- begin " + name + ": make generate -->\n")
	end := []byte("<!-- end " + name + " -->")
	from, to := bytes.Index(text, begin), bytes.Index(text, end)
	if from < 0 || to < from {
		return nil, fmt.Errorf("README.md has no section %q between its markers", name)
	}
	return slices.Concat(text[:from+len(begin)], []byte(content), text[to:]), nil
}

// reference is a table of all fields, in the order of the types.
func reference(schema *jsonschema.Schema) string {
	var out strings.Builder
	out.WriteString("| field | type | allowed | default | meaning |\n| --- | --- | --- | --- | --- |\n")
	rows(&out, schema.Definitions, "Settings", "")
	return out.String()
}

func rows(out *strings.Builder, definitions jsonschema.Definitions, definition, prefix string) {
	properties := definitions[definition].Properties
	for pair := properties.Oldest(); pair != nil; pair = pair.Next() {
		path, field := prefix+pair.Key, pair.Value
		if nested, isObject := strings.CutPrefix(field.Ref, "#/$defs/"); isObject {
			rows(out, definitions, nested, path+".")
			continue
		}
		if each := field.AdditionalProperties; each != nil && each.Ref != "" {
			rows(out, definitions, strings.TrimPrefix(each.Ref, "#/$defs/"), path+".NAME.")
			continue
		}
		if named := field.Properties; named.Len() > 0 {
			rows(out, definitions, strings.TrimPrefix(named.Oldest().Value.Ref, "#/$defs/"), path+".ALARM.")
			continue
		}
		fmt.Fprintf(out, "| `%s` | %s | %s | %s | %s |\n",
			path, typeOf(field), allowed(field), defaultOf(path, field), strings.ReplaceAll(field.Description, "\n", " "))
	}
}

func typeOf(field *jsonschema.Schema) string {
	switch field.Type {
	case "integer":
		return "number"
	case "array":
		return "list of " + field.Items.Type + "s"
	case "object":
		return "object of strings"
	}
	return field.Type
}

// fewValues is how many values of an enumeration a table cell can take.
const fewValues = 5

func allowed(field *jsonschema.Schema) string {
	switch {
	case field.Extras["x-allowed"] != nil:
		return fmt.Sprint(field.Extras["x-allowed"])
	case field.Minimum != "":
		return fmt.Sprintf("%s to %s %v", field.Minimum, field.Maximum, field.Extras["x-unit"])
	case field.Items != nil:
		return allowed(field.Items)
	case len(field.Enum) > fewValues:
		return fmt.Sprintf("%d values, see the schema", len(field.Enum))
	case len(field.Enum) > 0:
		values := make([]string, len(field.Enum))
		for i, value := range field.Enum {
			values[i] = fmt.Sprintf("`%v`", value)
		}
		return strings.Join(values, ", ")
	}
	return ""
}

func defaultOf(path string, field *jsonschema.Schema) string {
	if field.Extras["x-required"] != nil {
		return "required"
	}
	if value, fixed := config.FixedDefault(path); fixed {
		return fmt.Sprintf("`%v`", value)
	}
	for _, byProfile := range config.ProfileDefaults() {
		if byProfile.Path == path {
			return "by profile"
		}
	}
	if field.Default != nil {
		return fmt.Sprintf("`%v`", field.Default)
	}
	return "none"
}

// profiles is a table of what each profile sets, and so of every relaxation against production.
func profiles() string {
	var out strings.Builder
	out.WriteString("| field | `ephemeral` | `standard` | `production` | why production has it so |\n| --- | --- | --- | --- | --- |\n")
	for _, field := range config.ProfileDefaults() {
		fmt.Fprintf(&out, "| `%s` | %s | %s | `%v` | %s |\n", field.Path,
			relaxed(field.Ephemeral, field.Production), relaxed(field.Standard, field.Production), field.Production, field.Why)
	}
	return out.String()
}

// alarms is a table of the alarms, with the control that each satisfies and the events that it goes off at.
func alarms() string {
	var out strings.Builder
	out.WriteString("| `ALARM` | CIS control | goes off when |\n| --- | --- | --- |\n")
	for _, alarm := range cisalarms.All() {
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", alarm.Key, alarm.Control, strings.ToLower(alarm.Title[:1])+alarm.Title[1:])
	}
	return out.String()
}

// relaxed shows a value in bold where it differs from production's.
func relaxed(value, production any) string {
	if value == production {
		return fmt.Sprintf("`%v`", value)
	}
	return fmt.Sprintf("**`%v`**", value)
}
