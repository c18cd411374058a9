package config

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"securebaseline/internal/problem"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

//go:generate go run ./generate

// Schema is the JSON Schema of cdktf.json, for editors and for Load. It is generated from the types in config.go.
//
//go:embed cdktf.schema.json
var Schema []byte

const schemaURL = "cdktf.schema.json"

// compiled is the schema of the baseline document, beside the whole schema as plain JSON for the messages.
type compiled struct {
	schema *jsonschema.Schema
	rules  any
}

var compile = sync.OnceValues(func() (compiled, error) {
	var rules any
	if err := json.Unmarshal(Schema, &rules); err != nil {
		return compiled{}, fmt.Errorf("%s: %w", schemaURL, err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemaURL, rules); err != nil {
		return compiled{}, fmt.Errorf("%s: %w", schemaURL, err)
	}
	schema, err := compiler.Compile(schemaURL + "#/$defs/Document")
	return compiled{schema, rules}, err
})

// checkShape reports everything in the baseline document that its schema refuses: unknown fields, wrong types, values
// out of range. It removes what it reports, so that the later checks see only what has the right shape.
func checkShape(document any) (Problems, error) {
	compiled, err := compile()
	if err != nil {
		return nil, err
	}
	invalid, isInvalid := compiled.schema.Validate(document).(*jsonschema.ValidationError)
	if !isInvalid {
		return nil, nil
	}
	var problems Problems
	for _, leaf := range leaves(invalid) {
		problems = append(problems, shapeProblems(leaf, document, compiled.rules)...)
	}
	for _, leaf := range leaves(invalid) {
		remove(document, leaf)
	}
	return problems, nil
}

// leaves returns the errors that have no cause of their own.
func leaves(invalid *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(invalid.Causes) == 0 {
		return []*jsonschema.ValidationError{invalid}
	}
	var found []*jsonschema.ValidationError
	for _, cause := range invalid.Causes {
		found = append(found, leaves(cause)...)
	}
	return found
}

// shapeProblems says a schema error in this project's words.
func shapeProblems(invalid *jsonschema.ValidationError, document, schema any) Problems {
	path, value := placeOf(document, invalid.InstanceLocation), at(document, invalid.InstanceLocation)
	rules := rulesAt(schema, invalid.SchemaURL)
	one := func(format string, arguments ...any) Problems {
		return Problems{problem.New(path, value, fmt.Sprintf(format, arguments...))}
	}
	switch broken := invalid.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		return unknownFields(path, value, broken.Properties, rules["properties"])
	case *kind.Type:
		return one("must be %s, not %s", wanted(broken.Want[0]), got(broken))
	case *kind.Enum:
		allowed := make([]string, len(broken.Want))
		for i, want := range broken.Want {
			allowed[i] = fmt.Sprint(want)
		}
		hint := ""
		if word, isWord := value.(string); isWord {
			hint = problem.DidYouMean(word, allowed)
		}
		if hint != "" && len(allowed) > fewValues {
			return one("must be one of %d values, see the schema%s", len(allowed), hint)
		}
		return one("%s%s", oneOf(allowed), hint)
	case *kind.MaxItems:
		return one("must hold at most %d items, not %d", broken.Want, broken.Got)
	case *kind.UniqueItems:
		return one("must hold no duplicates; item %d repeats item %d", broken.Duplicates[1]+1,
			broken.Duplicates[0]+1)
	}
	if allowed, stated := rules["x-allowed"]; stated {
		return one("must be %v", allowed)
	}
	if _, limited := rules["minimum"]; limited {
		return one("must be %v to %v %v", rules["minimum"], rules["maximum"], rules["x-unit"])
	}
	return one("must meet the schema: %v", invalid.ErrorKind)
}

// unknownFields says of each field which ones are known, or which one was probably meant.
func unknownFields(path string, object any, unknown []string, properties any) Problems {
	var problems Problems
	fields, _ := object.(map[string]any)
	described, _ := properties.(map[string]any)
	known := slices.Sorted(maps.Keys(described))
	for _, name := range unknown {
		hint := problem.DidYouMean(name, known)
		if hint == "" {
			hint = ", one of " + strings.Join(known, ", ")
		}
		problems = append(problems, problem.New(under(path, name), fields[name], "must be a known field"+hint))
	}
	return problems
}

// rulesAt returns the part of the schema that a location such as "…#/$defs/KMS/properties/rotationDays" names.
func rulesAt(schema any, location string) map[string]any {
	_, pointer, _ := strings.Cut(location, "#")
	rules, _ := at(schema, strings.Split(strings.TrimPrefix(pointer, "/"), "/")).(map[string]any)
	return rules
}

// at returns the value at a location, or nil.
func at(document any, location []string) any {
	for _, name := range location {
		switch container := document.(type) {
		case map[string]any:
			document = container[name]
		case []any:
			index, _ := strconv.Atoi(name)
			document = container[index]
		}
	}
	return document
}

// remove deletes from its object what a schema error refuses: the unknown fields, or the value itself. A bad element
// takes its list with it.
func remove(document any, invalid *jsonschema.ValidationError) {
	location := invalid.InstanceLocation
	if unknown, isUnknown := invalid.ErrorKind.(*kind.AdditionalProperties); isUnknown {
		if object, isObject := at(document, location).(map[string]any); isObject {
			for _, name := range unknown.Properties {
				delete(object, name)
			}
		}
		return
	}
	for i := len(location); i > 0; i-- {
		if object, isObject := at(document, location[:i-1]).(map[string]any); isObject {
			delete(object, location[i-1])
			return
		}
	}
}

// wanted says a type of JSON Schema in words.
func wanted(jsonType string) string {
	switch jsonType {
	case "integer":
		return "a whole number"
	case "array":
		return "a list"
	case "object":
		return "an object"
	case "boolean":
		return "true or false"
	}
	return "a " + jsonType
}

func got(problem *kind.Type) string {
	switch {
	case problem.Got == "null":
		return "null"
	case problem.Got == "boolean":
		return "a boolean"
	case problem.Got == "number" && problem.Want[0] == "integer":
		return "a fraction"
	}
	return wanted(problem.Got)
}
