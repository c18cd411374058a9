// Package provider6 reports whether a synthesized stack is ready for version 6 of the AWS provider: it looks every
// argument, nested block and reference up in an extract of that version's schema. What only a run of the provider
// shows, such as its defaults, its checks at plan and its upgrade of a state, it cannot tell.
//
// The extract is made by "go run ./internal/provider6/generate", when the stacks use a further resource type or for a
// newer version.
package provider6

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

// Schema is what a version of the provider accepts and returns, for the types that the stacks use.
type Schema struct {
	// Version is the version of the provider, such as 6.66.0.
	Version string `json:"version"`
	// Package is the npm package of bindings, with its version, whose type description the schema was read from.
	Package string `json:"package"`
	// Types holds the fields of each type: aws_vpc, data.aws_vpc for a data source, and provider.aws.
	Types map[string]Fields `json:"types"`
}

// Fields are the arguments, blocks and attributes of a type or of a nested block, by name.
type Fields map[string]Field

// Field is an argument, a nested block or an attribute.
type Field struct {
	// Use says whether a configuration sets the field.
	Use Use `json:"use"`
	// Once is set for a block that cannot be repeated.
	Once bool `json:"once,omitempty"`
	// Fields are those of a nested block.
	Fields Fields `json:"fields,omitempty"`
}

// Use says whether a configuration sets a field.
type Use string

// The uses of a field.
const (
	Required Use = "required"
	Optional Use = "optional"
	Computed Use = "computed" // known by the provider alone
)

//go:embed schema.json
var extract []byte

// Load returns the extract.
func Load() (Schema, error) {
	var schema Schema
	if err := json.Unmarshal(extract, &schema); err != nil {
		return Schema{}, fmt.Errorf("schema.json: %w", err)
	}
	return schema, nil
}
