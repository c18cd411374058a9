package hcl

import (
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// schemas are those of the providers of a stack.
type schemas struct{ *tfjson.ProviderSchemas }

// resource returns what the body of a resource or data source of a type may hold.
func (s schemas) resource(data bool, resourceType string) (body, bool) {
	for _, provider := range s.Schemas {
		kinds := provider.ResourceSchemas
		if data {
			kinds = provider.DataSourceSchemas
		}
		if schema, exists := kinds[resourceType]; exists {
			return ofBlock(schema.Block), true
		}
	}
	return body{}, false
}

// provider returns what the configuration of the provider from a source, such as "hashicorp/aws", may hold. The schemas
// are listed by addresses that begin with a registry.
func (s schemas) provider(source string) (body, bool) {
	for address, provider := range s.Schemas {
		if address == source || strings.HasSuffix(address, "/"+source) {
			return ofBlock(provider.ConfigSchema.Block), true
		}
	}
	return body{}, false
}

// body is what may stand in a block: arguments, and nested blocks.
type body struct {
	arguments map[string]cty.Type
	blocks    map[string]*tfjson.SchemaBlock
}

func ofBlock(block *tfjson.SchemaBlock) body {
	b := body{map[string]cty.Type{}, map[string]*tfjson.SchemaBlock{}}
	for name, attribute := range block.Attributes {
		b.arguments[name] = attribute.AttributeType
		if attribute.AttributeNestedType != nil {
			b.arguments[name] = cty.DynamicPseudoType // never a block, whatever is in it
		}
	}
	for name, nested := range block.NestedBlocks {
		b.blocks[name] = nested.Block
	}
	return b
}

// nested returns what the blocks of a name may hold, where the value of that name in JSON is written as blocks.
//
// A list of objects is, too, which Terraform takes in either form (Terraform Language, "Attributes as Blocks"): blocks
// may leave out what objects would have to set to null. The empty list is no block, but it says more than no block at
// all: that there must be none.
func (b body) nested(name string, value any) (nested body, isBlock bool) {
	if block, exists := b.blocks[name]; exists {
		return ofBlock(block), true
	}
	of := b.arguments[name]
	if !(of.IsListType() || of.IsSetType()) || !of.ElementType().IsObjectType() || !holdsObjects(value) {
		return body{}, false
	}
	return body{arguments: of.ElementType().AttributeTypes()}, true
}

func holdsObjects(value any) bool {
	elements, isList := value.([]any)
	if !isList {
		elements = []any{value}
	}
	for _, element := range elements {
		if _, isObject := element.(map[string]any); !isObject {
			return false
		}
	}
	return len(elements) > 0
}
