package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/provider6"
)

// sample has one type, as the bindings describe it.
const sample = `{"name": "@cdktn/provider-aws", "readme": {"markdown": "{"}, "types": {
	"@cdktn/provider-aws.thing.Thing": {"base": "cdktn.TerraformDataSource", "kind": "class",
		"docs": {"summary": "Represents a {@link https://example.com/aws/6.1.0/docs/data-sources/thing aws_thing}."},
		"properties": [
			{"name": "tfResourceType", "static": true, "type": {"primitive": "string"}},
			{"name": "ownerId", "type": {"primitive": "string"}},
			{"name": "nameInput", "optional": true, "type": {"primitive": "string"}},
			{"name": "name", "type": {"primitive": "string"}},
			{"name": "rule", "type": {"fqn": "@cdktn/provider-aws.thing.ThingRuleOutputReference"}},
			{"name": "secret", "type": {"fqn": "@cdktn/provider-aws.thing.ThingSecretList"}}]},
	"@cdktn/provider-aws.thing.ThingConfig": {"kind": "interface", "properties": [
		{"name": "name", "type": {"primitive": "string"}},
		{"name": "equalTo", "optional": true, "type": {"primitive": "string"},
			"docs": {"remarks": "Words.", "summary": "{@link https://example.com/6.1.0/docs/x#equals Thing#equals}."}},
		{"name": "rule", "optional": true, "type": {"union": {"types": [
			{"fqn": "cdktn.IResolvable"}, {"fqn": "@cdktn/provider-aws.thing.ThingRule"}]}}},
		{"name": "filter", "type": {"union": {"types": [{"fqn": "cdktn.IResolvable"},
			{"collection": {"kind": "array", "elementtype": {"fqn": "@cdktn/provider-aws.thing.ThingFilter"}}}]}}}]},
	"@cdktn/provider-aws.thing.ThingRule": {"kind": "interface", "properties": [
		{"name": "days", "type": {"primitive": "number"}}]},
	"@cdktn/provider-aws.thing.ThingRuleOutputReference": {"base": "cdktn.ComplexObject", "properties": [
		{"name": "internalValue", "type": {"primitive": "any"}}, {"name": "days", "type": {"primitive": "number"}},
		{"name": "arn", "type": {"primitive": "string"}}]},
	"@cdktn/provider-aws.thing.ThingFilter": {"kind": "interface"},
	"@cdktn/provider-aws.thing.ThingSecret": {"kind": "interface"},
	"@cdktn/provider-aws.thing.ThingSecretOutputReference": {"base": "cdktn.ComplexObject", "properties": [
		{"name": "kmsKeyId", "type": {"primitive": "string"}}]},
	"@cdktn/provider-aws.other.Other": {"base": "cdktn.TerraformResource"},
	"@cdktn/provider-aws.provider.AwsProvider": {"base": "cdktn.TerraformProvider",
		"docs": {"summary": "Represents a {@link https://example.com/providers/hashicorp/aws/6.1.0/docs aws}."},
		"properties": [{"name": "functions", "type": {"primitive": "any"}}]},
	"@cdktn/provider-aws.provider.AwsProviderConfig": {"properties": [
		{"name": "region", "optional": true, "type": {"primitive": "string"}}]}
}, "version": "1"}`

func TestExtract(t *testing.T) {
	found, err := read(strings.NewReader(sample), []string{"thing", "provider"})
	require.NoError(t, err)
	assert.NotContains(t, found, npmPackage+".other.Other")
	version, err := found.providerVersion()
	require.NoError(t, err)
	assert.Equal(t, "6.1.0", version)

	name, fields, err := found.submodule("thing")
	require.NoError(t, err)
	assert.Equal(t, "data.aws_thing", name)
	assert.Equal(t, provider6.Fields{
		"name": {Use: provider6.Required}, "equals": {Use: provider6.Optional}, "owner_id": {Use: provider6.Computed},
		"rule": {Use: provider6.Optional, Once: true,
			Fields: provider6.Fields{"days": {Use: provider6.Required}, "arn": {Use: provider6.Computed}}},
		"filter": {Use: provider6.Required, Fields: provider6.Fields{}},
		"secret": {Use: provider6.Computed, Fields: provider6.Fields{"kms_key_id": {Use: provider6.Computed}}},
	}, fields)
	name, fields, err = found.submodule("provider")
	require.NoError(t, err)
	assert.Equal(t, "provider.aws", name)
	assert.Equal(t, provider6.Fields{"region": {Use: provider6.Optional}}, fields)
	_, _, err = found.submodule("gone")
	assert.EqualError(t, err, "no type in the submodule gone")
	_, err = read(strings.NewReader(`{"types": {"a": [`), nil)
	assert.ErrorContains(t, err, ".jsii")
}
