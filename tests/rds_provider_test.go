//go:build provider

package tests

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/rds"
)

// engineDefault stands in for one answer of the RDS API: which version of PostgreSQL is the default. The real provider asks
// it, over HTTP on this machine.
type engineDefault struct{ version atomic.Value }

// newEngineDefault answers until the test ends.
func newEngineDefault(t *testing.T, version string) *engineDefault {
	t.Helper()
	answer := &engineDefault{}
	answer.version.Store(version)
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL_RDS", server.URL)
	return answer
}

// move makes another version the default.
func (d *engineDefault) move(version string) { d.version.Store(version) }

func (d *engineDefault) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	for field, want := range map[string]string{"Action": "DescribeDBEngineVersions", "Engine": "postgres", "DefaultOnly": "true"} {
		if got := request.FormValue(field); got != want {
			http.Error(response, fmt.Sprintf("%s is %q, not %q", field, got, want), http.StatusBadRequest)
			return
		}
	}
	type engineVersion struct {
		Engine, EngineVersion, DBParameterGroupFamily, Status string
	}
	version := d.version.Load().(string)
	major, _, _ := strings.Cut(version, ".")
	_ = xml.NewEncoder(response).Encode(struct {
		XMLName  xml.Name        `xml:"http://rds.amazonaws.com/doc/2014-10-31/ DescribeDBEngineVersionsResponse"`
		Versions []engineVersion `xml:"DescribeDBEngineVersionsResult>DBEngineVersions>DBEngineVersion"`
	}{Versions: []engineVersion{{"postgres", version, "postgres" + major, "available"}}})
}

func TestProviderPlansEveryDatabase(t *testing.T) {
	newEngineDefault(t, "17.4")
	for _, environment := range environments {
		t.Run(environment, func(t *testing.T) {
			assertPlansAll(t, environment, settings{"rds.majorVersion": nil})
		})
	}
	t.Run("everything on", func(t *testing.T) {
		assertPlansAll(t, "prod", largeDatabase())
	})
	t.Run("without insights", func(t *testing.T) {
		assertPlansAll(t, "prod", settings{"rds.insights": "none"})
	})
}

// TestMovingDefaultChangesNothing plans again and again against the state of one deployment.
func TestMovingDefaultChangesNothing(t *testing.T) {
	answer := newEngineDefault(t, "17.4")
	props := databaseProps(t)
	props.AllowDestroy = true
	folder := t.TempDir()
	write := func(props rds.Props) { writeFile(t, filepath.Join(folder, "cdk.tf.json"), databaseAlone(t, props)) }
	write(props)
	tf := terraform(t, folder)
	state := deploy(t, tf, folder)
	parameterGroup, instance := state.only(t, "aws_db_parameter_group"), state.only(t, "aws_db_instance")
	require.Equal(t, "postgres17", parameterGroup.attributes["family"])
	require.Equal(t, "17", instance.attributes["engine_version"])

	t.Run("the same default", func(t *testing.T) {
		assertUnmoved(t, tf)
	})

	answer.move("18.1")
	t.Run("another major version", func(t *testing.T) {
		assertUnmoved(t, tf)
	})
	t.Run("after a deployment that failed between the parameter group and the instance", func(t *testing.T) {
		state.write(t, folder, instance.address)
		planned := changes(t, tf)
		state.write(t, folder)
		created := planned[instance.address]
		require.NotNil(t, created)
		assert.True(t, created.Actions.Create())
		assert.NotContains(t, planned, parameterGroup.address)
		after := created.After.(map[string]any)
		assert.Equal(t, "17", after["engine_version"], "the version of the group that is there, not of the new default")
		assert.Equal(t, parameterGroup.attributes["name"], after["parameter_group_name"])
	})
	t.Run("replaced under another key", func(t *testing.T) {
		other := props
		other.KeyARN = keyOf("other")
		write(other)
		replaced := changes(t, tf)[instance.address]
		require.NotNil(t, replaced)
		assert.True(t, replaced.Actions.DestroyBeforeCreate(), "%v", replaced.Actions)
		assert.Equal(t, "17", replaced.After.(map[string]any)["engine_version"])
		assert.Equal(t, true, replaced.AfterUnknown.(map[string]any)["final_snapshot_identifier"],
			"the name of the next final snapshot is still to be made; that of the old instance is taken")
	})
	t.Run("pinned to what runs", func(t *testing.T) {
		props.MajorVersion = "17"
		write(props)
		planned := changes(t, tf)
		assert.Equal(t, []string{instance.address}, slices.Sorted(maps.Keys(planned)))
		assert.True(t, planned[instance.address].Actions.Update())
		assert.Equal(t, []string{"allow_major_version_upgrade"}, changedAttributes(planned[instance.address]))
	})
	t.Run("upgraded by the configuration", func(t *testing.T) {
		props.MajorVersion = "18"
		write(props)
		planned := changes(t, tf)
		assert.Equal(t, []string{instance.address, parameterGroup.address}, slices.Sorted(maps.Keys(planned)))
		assert.True(t, planned[parameterGroup.address].Actions.CreateBeforeDestroy())
		upgrade := planned[instance.address]
		assert.True(t, upgrade.Actions.Update(), "in place: %v", upgrade.Actions)
		assert.Equal(t, []string{"allow_major_version_upgrade", "engine_version", "parameter_group_name"}, changedAttributes(upgrade))
		assert.Equal(t, "18", upgrade.After.(map[string]any)["engine_version"])
	})
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, data, 0o600))
}

// plan returns what Terraform would do, without reading what is there from AWS.
func plan(t *testing.T, tf *tfexec.Terraform) *tfjson.Plan {
	t.Helper()
	_, err := tf.Plan(t.Context(), tfexec.Out("plan"), tfexec.Refresh(false))
	require.NoError(t, err)
	made, err := tf.ShowPlanFile(t.Context(), "plan")
	require.NoError(t, err)
	return made
}

// changes returns what Terraform would change, by address.
func changes(t *testing.T, tf *tfexec.Terraform) map[string]*tfjson.Change {
	t.Helper()
	changed := map[string]*tfjson.Change{}
	for _, resource := range plan(t, tf).ResourceChanges {
		if !resource.Change.Actions.NoOp() {
			changed[resource.Address] = resource.Change
		}
	}
	return changed
}

// assertUnmoved demands that a plan changes nothing.
func assertUnmoved(t *testing.T, tf *tfexec.Terraform) {
	t.Helper()
	for address, change := range changes(t, tf) {
		assert.Failf(t, "a change", "%s of %s: %v", change.Actions, address, changedAttributes(change))
	}
}

// changedAttributes lists the attributes that an update sets to another value, or to one that is not known yet.
func changedAttributes(change *tfjson.Change) []string {
	before, after := change.Before.(map[string]any), change.After.(map[string]any)
	unknown, _ := change.AfterUnknown.(map[string]any)
	var changed []string
	for attribute := range before {
		if unknown[attribute] == true || !assert.ObjectsAreEqual(before[attribute], after[attribute]) {
			changed = append(changed, attribute)
		}
	}
	slices.Sort(changed)
	return changed
}

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
func deploy(t *testing.T, tf *tfexec.Terraform, folder string) deployedState {
	t.Helper()
	schemas, err := tf.ProvidersSchema(t.Context())
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join(folder, "cdk.tf.json"))
	require.NoError(t, err)
	configured := parse(t, data).resources()
	var state deployedState
	for len(state) < len(configured) {
		before := len(state)
		for _, resource := range plan(t, tf).ResourceChanges {
			unknown := resource.Change.AfterUnknown.(map[string]any)
			waits := slices.ContainsFunc(slices.Collect(maps.Keys(unknown)), func(attribute string) bool {
				_, given := configured[resource.Address][attribute]
				return given && !known(unknown[attribute])
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
					made.sensitive = append(made.sensitive, []any{map[string]string{"type": "get_attr", "value": attribute}})
				}
			}
			for block := range schema.Block.NestedBlocks {
				made.attributes[block] = resource.Change.After.(map[string]any)[block]
			}
			state = append(state, made)
		}
		require.Greater(t, len(state), before, "nothing more can be made")
		state.write(t, folder)
	}
	return state
}

// known tells whether nothing in a value is still unknown.
func known(unknown any) bool {
	switch unknown := unknown.(type) {
	case bool:
		return !unknown
	case []any:
		return !slices.ContainsFunc(unknown, func(element any) bool { return !known(element) })
	case map[string]any:
		return !slices.ContainsFunc(slices.Collect(maps.Values(unknown)), func(element any) bool { return !known(element) })
	}
	return true
}

// invented returns a value that AWS could have chosen.
func invented(attribute string, definition *tfjson.SchemaAttribute) any {
	const someARN = "arn:aws:iam::" + account + ":role/made"
	kind := definition.AttributeType
	switch {
	case attribute == "master_user_secret":
		return []any{map[string]any{"kms_key_id": keyARN, "secret_arn": someARN, "secret_status": "active"}}
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
func (s deployedState) write(t *testing.T, folder string, without ...string) {
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
	writeFile(t, filepath.Join(folder, "state"), data)
}
