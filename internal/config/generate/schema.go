package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"

	"securebaseline/internal/awsbuckets"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/config"
)

// schema reflects the types of package config and adds what its tables say about the fields.
func schema() (*jsonschema.Schema, error) {
	reflector := &jsonschema.Reflector{Anonymous: true, Mapper: enumerated}
	document := reflector.Reflect(&config.Document{})
	for name, definition := range document.Definitions {
		if err := describe(definition, config.FieldsOf(name)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	nameKeys(document.Definitions, "Logging", "alarms", cisalarms.Keys())
	addDefaults(document.Definitions, "Settings", "")

	// The file belongs to CDKTF: its own fields are its own to check.
	baseline := jsonschema.NewProperties()
	baseline.Set("baseline", &jsonschema.Schema{Ref: "#/$defs/Document"})
	properties := jsonschema.NewProperties()
	properties.Set("context", &jsonschema.Schema{Type: "object", Properties: baseline})
	return &jsonschema.Schema{
		Version:     document.Version,
		Title:       "cdktf.json of Secure Baseline",
		Type:        "object",
		Properties:  properties,
		Required:    []string{"context"},
		Definitions: document.Definitions,
	}, nil
}

// describe adds what a table says to the properties of a type. Each must be in the table, and nothing else.
func describe(definition *jsonschema.Schema, fields map[string]config.Field) error {
	properties := definition.Properties
	if properties.Len() != len(fields) {
		return fmt.Errorf("the type has %d fields and its table %d", properties.Len(), len(fields))
	}
	for pair := properties.Oldest(); pair != nil; pair = pair.Next() {
		field, described := fields[pair.Key]
		if !described {
			return fmt.Errorf("field %s is not in the table", pair.Key)
		}
		property := pair.Value
		property.Description = field.Meaning
		property.Extras = map[string]any{}
		if field.Allowed != "" {
			property.Extras["x-allowed"] = field.Allowed
		}
		if bounds := field.Bounds; bounds != nil {
			property.Minimum = json.Number(strconv.Itoa(bounds.Min))
			property.Maximum = json.Number(strconv.Itoa(bounds.Max))
			property.Extras["x-unit"] = bounds.Unit
		}
		property.Enum = append(property.Enum, values(field.Enum)...)
		property.Pattern = field.Pattern
		property.UniqueItems = field.Unique
		if field.MaxItems > 0 {
			most := uint64(field.MaxItems)
			property.MaxItems = &most
		}
		if field.Like != "" {
			property.Extras["x-like"] = field.Like
		}
		if field.Default != "" {
			property.Extras["x-default"] = field.Default
		}
		if field.Required {
			property.Extras["x-required"] = true
		}
	}
	return nil
}

// addDefaults adds the defaults that all profiles share, so that editors show them.
func addDefaults(definitions jsonschema.Definitions, definition, prefix string) {
	properties := definitions[definition].Properties
	for pair := properties.Oldest(); pair != nil; pair = pair.Next() {
		path, field := prefix+pair.Key, pair.Value
		if nested, isObject := strings.CutPrefix(field.Ref, "#/$defs/"); isObject {
			addDefaults(definitions, nested, path+".")
		} else if named := field.Properties; named.Len() > 0 {
			first := named.Oldest()
			addDefaults(definitions, strings.TrimPrefix(first.Value.Ref, "#/$defs/"), path+"."+first.Key+".")
		} else if value, isSet := config.FixedDefault(path); isSet && field.Type != "object" &&
			field.Extras["x-default"] == nil {
			field.Default = value
		}
	}
}

// nameKeys lets only the named keys into a map, so that editors offer them and a mistyped one is refused.
func nameKeys(definitions jsonschema.Definitions, definition, field string, keys []string) {
	property, _ := definitions[definition].Properties.Get(field)
	property.Properties = jsonschema.NewProperties()
	for _, key := range keys {
		property.Properties.Set(key, &jsonschema.Schema{Ref: property.AdditionalProperties.Ref})
	}
	property.AdditionalProperties = jsonschema.FalseSchema
}

// enumerated gives the types whose values come from a table.
func enumerated(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[config.Region]():
		return &jsonschema.Schema{Type: "string", Enum: values(awsenv.Regions())}
	case reflect.TypeFor[config.Profile]():
		return &jsonschema.Schema{Type: "string", Enum: values(config.Profiles())}
	case reflect.TypeFor[config.EndpointService]():
		return &jsonschema.Schema{Type: "string", Enum: values(awsenv.EndpointServices())}
	case reflect.TypeFor[config.AWSBucket]():
		return &jsonschema.Schema{Type: "string", Enum: values(awsbuckets.Purposes())}
	case reflect.TypeFor[config.RetentionDays]():
		return &jsonschema.Schema{Type: "integer", Enum: values(awsenv.LogRetentions())}
	}
	return nil
}

// values are the values of an enumeration, as the schema takes them.
func values[T any](list []T) []any {
	var all []any
	for _, value := range list {
		all = append(all, value)
	}
	return all
}

func encode(schema *jsonschema.Schema) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(schema)
	return out.Bytes(), err
}
