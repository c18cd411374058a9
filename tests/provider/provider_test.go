//go:build provider

package provider

import (
	"maps"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
)

// TestProviderPlansEveryStack plans first deployments without calling AWS.
func TestProviderPlansEveryStack(t *testing.T) {
	for name, stack := range map[string]struct {
		environment string
		settings    testkit.Settings
	}{
		"dev":     {"dev", testkit.Offline(nil)},
		"staging": {"staging", testkit.Offline(nil)},
		"no NAT in 2 zones": {"prod", testkit.Offline(testkit.Settings{
			"network.nat": "none", "network.zones": testkit.Zones("a", "b"),
		})},
		"one NAT gateway": {"prod", testkit.Offline(testkit.Settings{"network.nat": "single"})},
		"NAT in 6 zones": {"prod", testkit.Offline(testkit.Settings{
			"network.nat": "per-zone", "network.zones": testkit.Zones("a", "b", "c", "d", "e", "f"),
		})},
		"every option":               {"prod", testkit.Everything()},
		"every option of a database": {"prod", testkit.AllDatabase()},
		"no database":                {"prod", testkit.Offline(testkit.Settings{"rds.enabled": false})},
		"alarms on another trail": {"prod", testkit.Offline(testkit.Settings{"logging.trail": "none",
			"logging.trailLogGroup": "aws-controltower/CloudTrailLogs"})},
		"an organization's trail": {"prod", testkit.Offline(testkit.Settings{"logging.trail": "organization",
			"logging.organizationId": testkit.OrganizationID})},
		// The provider looks up the default version of each instance that says none.
		"remote runs": {"prod", testkit.Offline(testkit.Settings{"backend": map[string]any{"type": "cloud",
			"organization": "acme", "hostname": "terraform.example.com"}})},
		"a pool that chooses the block": {"prod", testkit.Offline(testkit.Settings{
			"network.ipamPoolId": "ipam-pool-0123456789abcdef0", "network.ipamNetmaskLength": 20, "network.ipv6": true,
			"network.interfaceEndpoints": []string{"sts"},
			"network.endpointZones":      map[string]any{"sts": []string{"b"}}})},
		"further databases": {"prod", testkit.Offline(testkit.Settings{"rds.instances": map[string]any{
			"orders": map[string]any{"majorVersion": "16", "applyImmediately": true, "multiAz": false},
			"stock":  map[string]any{"majorVersion": "17", "applyImmediately": true, "database": "stock"},
		}})},
		"a restored database": {"prod", testkit.Offline(testkit.Settings{
			"rds.restoreFrom": "acme-database-old", "rds.restoreTime": "2026-11-25T10:00:00Z"})},
		"less of everything": {"dev", testkit.Offline(testkit.Settings{
			"rds.insights": "none", "logging.alarms": map[string]any{"root-use": map[string]any{"enabled": false}},
		})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assertPlansAll(t, stack.environment, stack.settings)
		})
	}
}

// TestProviderPlansBootstrap plans what an account needs before a pipeline can deploy.
func TestProviderPlansBootstrap(t *testing.T) {
	t.Parallel()
	assertCreatesAll(t, testkit.BootstrapJSON(t, "prod", ofPipeline))
}

// ofPipeline are settings with which a repository's workflows deploy.
var ofPipeline = testkit.Offline(testkit.WithPipeline())

// assertPlansAll demands that the plan of a new deployment creates each resource of the stack.
func assertPlansAll(t *testing.T, environment string, settings testkit.Settings, variables ...string) {
	t.Helper()
	assertCreatesAll(t, testkit.JSON(t, environment, settings), variables...)
}

func assertCreatesAll(t *testing.T, data []byte, variables ...string) {
	t.Helper()
	want := map[string]string{}
	for _, address := range testkit.Parse(t, data).Addresses() {
		want[address] = "create"
	}
	assert.Equal(t, want, planActions(t, terraform(t, data, variables...)))
}

// TestEveryTaggableResourceIsTagged asks the provider's own schema which resources take tags.
func TestEveryTaggableResourceIsTagged(t *testing.T) {
	t.Parallel()
	everything := testkit.JSON(t, "prod", testkit.Everything())
	schemas, err := terraform(t, everything).ProvidersSchema(t.Context())
	require.NoError(t, err)
	kinds := map[string]*tfjson.Schema{}
	for _, provider := range schemas.Schemas { // that of AWS, and Terraform's own
		maps.Copy(kinds, provider.ResourceSchemas)
	}
	for _, data := range [][]byte{everything, testkit.BootstrapJSON(t, "prod", ofPipeline)} {
		tagged := 0
		for _, resource := range testkit.Parse(t, data).All() {
			require.Contains(t, kinds, resource.Type)
			if _, taggable := kinds[resource.Type].Block.Attributes["tags"]; !taggable {
				continue
			}
			tags, _ := resource.Attributes["tags"].(map[string]any)
			for _, key := range naming.RequiredTags() {
				assert.Contains(t, tags, key, "tags of %s", resource.Address)
			}
			tagged++
		}
		require.NotZero(t, tagged)
	}
}
