//go:build provider

package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/naming"
	"securebaseline/internal/providerlock"
	"securebaseline/stacks"
)

// These tests ask the real Terraform and the real provider, which "terraform init" installs. They call no AWS API:
// every call would go to a closed port of this machine.

// terraform returns Terraform, initialized in a folder that holds a synthesized stack. An override file that only these
// tests write keeps the state there, and tells the provider to believe the credentials.
func terraform(t *testing.T, folder string) *tfexec.Terraform {
	t.Helper()
	path, err := exec.LookPath(terraformBinary())
	require.NoError(t, err, "Terraform 1.10 or OpenTofu 1.10, or newer, is needed")
	override, err := json.Marshal(map[string]any{
		"provider": map[string]any{"aws": map[string]any{
			"skip_credentials_validation": true, "skip_requesting_account_id": true, "skip_metadata_api_check": true,
			"allowed_account_ids": nil,
		}},
		"terraform": map[string]any{"backend": map[string]any{"local": map[string]any{"path": "state"}}},
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "offline_override.tf.json"), override, 0o600))
	t.Setenv("AWS_ENDPOINT_URL", closed)
	t.Setenv("AWS_ACCESS_KEY_ID", "none")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "none")
	t.Setenv("CHECKPOINT_DISABLE", "1")
	unpinned, err := providerlock.Place("..", folder, path, stacks.Provider())
	require.NoError(t, err)
	require.Empty(t, unpinned)
	tf, err := tfexec.NewTerraform(folder, path)
	require.NoError(t, err)
	require.NoError(t, tf.Init(t.Context()))
	return tf
}

// planned returns a stack whose account and zones are known, and the plan of its first deployment.
func planned(t *testing.T, environment string, replaced settings) (template, *tfjson.Plan) {
	t.Helper()
	data, folder := synthesize(t, load(t, environment, ours(replaced)))
	tf := terraform(t, folder)
	_, err := tf.Plan(t.Context(), tfexec.Out("plan"), tfexec.Refresh(false))
	require.NoError(t, err)
	plan, err := tf.ShowPlanFile(t.Context(), "plan")
	require.NoError(t, err)
	return parse(t, data), plan
}

func TestProviderValidatesEveryEnvironment(t *testing.T) {
	for _, environment := range environments {
		t.Run(environment, func(t *testing.T) {
			_, folder := synthesize(t, load(t, environment, nil))
			result, err := terraform(t, folder).Validate(t.Context())
			require.NoError(t, err)
			assert.True(t, result.Valid)
			assert.Empty(t, result.Diagnostics)
		})
	}
}

func TestProviderPlansWithoutCallingAWS(t *testing.T) {
	for _, environment := range environments {
		t.Run(environment, func(t *testing.T) {
			assertPlansAll(t, environment, nil)
		})
	}
}

func TestProviderPlansEveryNetwork(t *testing.T) {
	for mode, letters := range map[string][]string{
		"none":     {"a", "b"},
		"single":   {"a", "b", "c"},
		"per-zone": {"a", "b", "c", "d", "e", "f"},
	} {
		t.Run(fmt.Sprintf("nat %s in %d zones", mode, len(letters)), func(t *testing.T) {
			assertPlansAll(t, "prod", settings{"network.nat": mode, "network.zones": zones(letters...)})
		})
	}
	t.Run("everything on", func(t *testing.T) {
		assertPlansAll(t, "prod", everything())
	})
}

func TestProviderPlansEveryBucket(t *testing.T) {
	assertPlansAll(t, "prod", allBuckets())
}

// assertPlansAll demands that the plan of a new deployment creates each resource of the stack.
func assertPlansAll(t *testing.T, environment string, replaced settings) {
	t.Helper()
	stack, plan := planned(t, environment, replaced)
	var created []string
	for _, change := range plan.ResourceChanges {
		assert.True(t, change.Change.Actions.Create(), change.Address)
		created = append(created, change.Address)
	}
	slices.Sort(created)
	assert.Equal(t, stack.addresses(), created)
}

// TestEveryTaggableResourceIsTagged asks the provider's own schema which resources take tags.
func TestEveryTaggableResourceIsTagged(t *testing.T) {
	full := everything()
	maps.Copy(full, allBuckets())
	maps.Copy(full, allLogging())
	data, folder := synthesize(t, load(t, "prod", full))
	schemas, err := terraform(t, folder).ProvidersSchema(t.Context())
	require.NoError(t, err)
	kinds := map[string]*tfjson.Schema{}
	for _, provider := range schemas.Schemas { // that of AWS, and Terraform's own
		maps.Copy(kinds, provider.ResourceSchemas)
	}
	tagged := 0
	for kind, named := range parse(t, data).Resource {
		require.Contains(t, kinds, kind)
		if _, taggable := kinds[kind].Block.Attributes["tags"]; !taggable {
			continue
		}
		for name, body := range named {
			tags, _ := body["tags"].(map[string]any)
			for _, key := range naming.RequiredTags() {
				assert.Contains(t, slices.Collect(maps.Keys(tags)), key, "tags of %s.%s", kind, name)
			}
			tagged++
		}
	}
	require.NotZero(t, tagged)
}
