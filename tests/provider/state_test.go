//go:build provider

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// deployedResource is a resource in a state.
type deployedResource struct {
	address, kind, name, provider string
	schemaVersion                 uint64
	attributes                    map[string]any
	sensitive                     []any // paths, as a state holds them
}

// deployedState is the state after a deployment.
type deployedState []deployedResource

// deploy stands in for an apply: it plans with the real provider, records as made what depends on nothing that is still
// unknown, with invented values for what AWS would choose, and plans again, until everything is made.
func deploy(t *testing.T, tf *tfexec.Terraform, stack testkit.Stack) deployedState {
	t.Helper()
	schemas, err := tf.ProvidersSchema(t.Context())
	require.NoError(t, err)
	configured := stack.ByAddress()
	var state deployedState
	for len(state) < len(configured) {
		before := len(state)
		for _, resource := range plan(t, tf).ResourceChanges {
			unknown := resource.Change.AfterUnknown.(map[string]any)
			waits := slices.ContainsFunc(slices.Collect(maps.Keys(unknown)), func(attribute string) bool {
				given := configured[resource.Address].Attributes[attribute]
				return refers(given) && !known(unknown[attribute])
			})
			if !resource.Change.Actions.Create() || waits {
				continue
			}
			schema := schemas.Schemas[resource.ProviderName].ResourceSchemas[resource.Type]
			made := deployedResource{resource.Address, resource.Type, resource.Name, resource.ProviderName,
				schema.Version, map[string]any{}, []any{}}
			for attribute, definition := range schema.Block.Attributes {
				made.attributes[attribute] = resource.Change.After.(map[string]any)[attribute]
				if unknown[attribute] == true {
					made.attributes[attribute] = invented(attribute, definition)
				}
				if definition.Sensitive {
					made.sensitive = append(made.sensitive,
						[]any{map[string]string{"type": "get_attr", "value": attribute}})
				}
			}
			for block := range schema.Block.NestedBlocks {
				made.attributes[block] = resource.Change.After.(map[string]any)[block]
			}
			state = append(state, made)
		}
		require.Greater(t, len(state), before, "nothing more can be made")
		state.write(t, tf)
	}
	return state
}

// refers reports whether an attribute of a resource is taken from another. What is unknown of one that is not is left
// to AWS.
func refers(given any) bool {
	text, err := json.Marshal(given)
	return err == nil && strings.Contains(string(text), "${")
}

// known reports whether nothing in a value is still unknown.
func known(unknown any) bool {
	switch unknown := unknown.(type) {
	case bool:
		return !unknown
	case []any:
		return !slices.ContainsFunc(unknown, func(element any) bool { return !known(element) })
	case map[string]any:
		return !slices.ContainsFunc(slices.Collect(maps.Values(unknown)),
			func(element any) bool { return !known(element) })
	}
	return true
}

// invented returns a value that AWS could have chosen.
func invented(attribute string, definition *tfjson.SchemaAttribute) any {
	const someARN = "arn:aws:iam::" + testkit.Account + ":role/made"
	kind := definition.AttributeType
	switch {
	case attribute == "master_user_secret":
		return []any{map[string]any{"kms_key_id": testkit.KeyARN("1"), "secret_arn": someARN,
			"secret_status": "active"}}
	case strings.HasSuffix(attribute, "arn"):
		return someARN
	case kind.IsCollectionType() && kind.IsMapType():
		return map[string]any{}
	case kind.IsCollectionType():
		return []any{}
	case kind.FriendlyName() == "bool":
		return false
	case kind.FriendlyName() == "number":
		return 0
	}
	return "made-" + strings.ReplaceAll(attribute, "_", "-")
}

// only returns the one resource of a type.
func (s deployedState) only(t *testing.T, kind string) deployedResource {
	t.Helper()
	i := slices.IndexFunc(s, func(r deployedResource) bool { return r.kind == kind })
	require.GreaterOrEqual(t, i, 0, kind)
	return s[i]
}

// write makes the state Terraform's own, without the resources at the given addresses.
func (s deployedState) write(t *testing.T, tf *tfexec.Terraform, without ...string) {
	t.Helper()
	var resources []any
	for _, r := range s {
		if slices.Contains(without, r.address) {
			continue
		}
		attributes := maps.Clone(r.attributes)
		if triggers, isObject := attributes["triggers_replace"].(map[string]any); isObject {
			// An attribute of any type says which one it has.
			types := map[string]string{}
			for name := range triggers {
				types[name] = "string"
			}
			attributes["triggers_replace"] = map[string]any{"value": triggers, "type": []any{"object", types}}
		}
		resources = append(resources, map[string]any{
			"mode": "managed", "type": r.kind, "name": r.name, "provider": fmt.Sprintf("provider[%q]", r.provider),
			"instances": []any{map[string]any{
				"schema_version": r.schemaVersion, "attributes": attributes, "sensitive_attributes": r.sensitive,
			}},
		})
	}
	data, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.10.0", "serial": 1, "lineage": "test", "resources": resources,
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(tf.WorkingDir(), "state"), data, 0o600))
}
