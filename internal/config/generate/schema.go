package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"

	"github.com/invopop/jsonschema"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/config"
)

// schema reflects the types of package config, with their doc comments as descriptions.
func schema(root string) (*jsonschema.Schema, error) {
	reflector := &jsonschema.Reflector{Anonymous: true, Mapper: enumerated}
	if err := addComments(reflector, root); err != nil {
		return nil, err
	}
	document := reflector.Reflect(&config.Document{})
	nameKeys(document.Definitions, "Logging", "alarms", cisalarms.Keys())

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

// nameKeys lets only the named keys into a map, so that editors offer them and a mistyped one is refused.
func nameKeys(definitions jsonschema.Definitions, definition, field string, keys []string) {
	property, _ := definitions[definition].Properties.Get(field)
	property.Properties = jsonschema.NewProperties()
	for _, key := range keys {
		property.Properties.Set(key, &jsonschema.Schema{Ref: property.AdditionalProperties.Ref})
	}
	property.AdditionalProperties = jsonschema.FalseSchema
}

// addComments reads the sources of package config. The reader of comments wants a path below the working folder.
func addComments(reflector *jsonschema.Reflector, root string) error {
	back, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := os.Chdir(root); err != nil {
		return err
	}
	comments := reflector.AddGoComments("securebaseline", filepath.Join("internal", "config"))
	if err := os.Chdir(back); err != nil {
		return err
	}
	return comments
}

// enumerated gives the types whose values come from a table.
func enumerated(t reflect.Type) *jsonschema.Schema {
	enum := &jsonschema.Schema{Type: "string"}
	switch t {
	case reflect.TypeFor[config.Region]():
		for _, region := range awsenv.Regions() {
			enum.Enum = append(enum.Enum, region)
		}
	case reflect.TypeFor[config.Profile]():
		for _, profile := range config.Profiles() {
			enum.Enum = append(enum.Enum, string(profile))
		}
	case reflect.TypeFor[config.EndpointService]():
		for _, service := range awsenv.EndpointServices() {
			enum.Enum = append(enum.Enum, service)
		}
	case reflect.TypeFor[config.RetentionDays]():
		enum.Type = "integer"
		for _, days := range awsenv.LogRetentions() {
			enum.Enum = append(enum.Enum, days)
		}
	default:
		return nil
	}
	return enum
}

func encode(schema *jsonschema.Schema) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(schema)
	return out.Bytes(), err
}
