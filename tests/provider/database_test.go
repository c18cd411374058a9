//go:build provider

package provider

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/rds"
	"securebaseline/internal/testkit"
)

// engineDefault stands in for one answer of the RDS API: which version of PostgreSQL is the default. The real provider
// asks it, over HTTP on this machine.
type engineDefault struct {
	version  atomic.Value
	variable string // of the environment, that leads the provider here
}

// newEngineDefault answers until the test ends.
func newEngineDefault(t *testing.T, version string) *engineDefault {
	t.Helper()
	answer := &engineDefault{}
	answer.version.Store(version)
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	answer.variable = "AWS_ENDPOINT_URL_RDS=" + server.URL
	return answer
}

// move makes another version the default.
func (d *engineDefault) move(version string) { d.version.Store(version) }

func (d *engineDefault) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	for field, want := range map[string]string{"Action": "DescribeDBEngineVersions", "Engine": "postgres",
		"DefaultOnly": "true"} {
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

// TestProviderPlansTheDefaultVersion plans stacks that leave the version of the database to AWS.
func TestProviderPlansTheDefaultVersion(t *testing.T) {
	t.Parallel()
	answer := newEngineDefault(t, "17.4")
	assertPlansAll(t, "prod", testkit.Offline(testkit.Settings{"rds.majorVersion": nil}), answer.variable)
}

// TestMovingDefaultChangesNothing plans again and again against the state of one deployment.
func TestMovingDefaultChangesNothing(t *testing.T) {
	t.Parallel()
	answer := newEngineDefault(t, "17.4")
	props := testkit.DatabaseProps(t)
	props.AllowDestroy = true
	stack := testkit.SynthesizeDatabase(t, props)
	tf := terraform(t, stack, answer.variable)
	write := func(props rds.Props) { replaceStack(t, tf, testkit.SynthesizeDatabase(t, props)) }
	state := deploy(t, tf, testkit.Parse(t, stack))
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
	t.Run("another master user, database and zone, which are fixed", func(t *testing.T) {
		other := props
		other.SingleZone, other.Zone = true, testkit.Region+"b"
		other.Users.Master, other.Users.Database = "somebody", "orders"
		write(other)
		planned := changes(t, tf)
		assert.Equal(t, []string{instance.address}, slices.Sorted(maps.Keys(planned)))
		assert.True(t, planned[instance.address].Actions.Update(), "%v", planned[instance.address].Actions)
		assert.Equal(t, []string{"multi_az"}, changedAttributes(planned[instance.address]), "the rest is ignored")
		write(props)
	})
	t.Run("a snapshot that is named later", func(t *testing.T) {
		other := props
		other.Restore.Snapshot = "acme-database-dev-final-1"
		write(other)
		assertUnmoved(t, tf)
		write(props)
	})
	t.Run("storage that grows to where it has a speed", func(t *testing.T) {
		grown := props
		grown.Storage.GiB = 400
		write(grown)
		resized := changes(t, tf)[instance.address]
		require.NotNil(t, resized)
		assert.True(t, resized.Actions.Update(), "%v", resized.Actions)
		after := resized.After.(map[string]any)
		assert.Equal(t, []any{400.0, 12000.0, 500.0},
			[]any{after["allocated_storage"], after["iops"], after["storage_throughput"]})
		write(props)
	})
	t.Run("insights off", func(t *testing.T) {
		off := props
		off.Insights = rds.InsightsNone
		write(off)
		planned := changes(t, tf)[instance.address]
		require.NotNil(t, planned)
		assert.True(t, planned.Actions.Update(), "%v", planned.Actions)
		assert.Equal(t, "standard", planned.After.(map[string]any)["database_insights_mode"])
		write(props)
	})
	t.Run("after a deployment that failed between the parameter group and the instance", func(t *testing.T) {
		state.write(t, tf, instance.address)
		planned := changes(t, tf)
		state.write(t, tf)
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
		other.Key.ARN = testkit.KeyARN("other")
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
		assert.Equal(t, []string{"allow_major_version_upgrade", "engine_version", "parameter_group_name"},
			changedAttributes(upgrade))
		assert.Equal(t, "18", upgrade.After.(map[string]any)["engine_version"])
	})
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
