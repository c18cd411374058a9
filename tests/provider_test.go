//go:build provider

package tests

import (
	"encoding/json"
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
)

// These tests ask the real Terraform and the real provider, which "terraform init" installs. They call no AWS API:
// every call would go to a closed port of this machine.

// terraform returns Terraform, initialized in a folder that holds a synthesized stack.
func terraform(t *testing.T, folder string) *tfexec.Terraform {
	t.Helper()
	path, err := exec.LookPath("terraform")
	require.NoError(t, err, "Terraform 1.10 or newer is needed")
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	t.Setenv("AWS_ACCESS_KEY_ID", "none")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "none")
	t.Setenv("CHECKPOINT_DISABLE", "1")
	tf, err := tfexec.NewTerraform(folder, path)
	require.NoError(t, err)
	require.NoError(t, tf.Init(t.Context(), tfexec.Backend(false)))
	return tf
}

// planned returns the plan of a stack whose account is known, made without a call to AWS: the provider is told to
// believe the credentials, by an override file that only this test writes.
func planned(t *testing.T, environment string, replaced settings) (template, *tfjson.Plan) {
	t.Helper()
	data, folder := synthesize(t, load(t, environment, ours(replaced)))
	override, err := json.Marshal(map[string]any{
		"provider": map[string]any{"aws": map[string]any{
			"skip_credentials_validation": true, "skip_requesting_account_id": true, "skip_metadata_api_check": true,
			"allowed_account_ids": nil,
		}},
		"terraform": map[string]any{"backend": map[string]any{"local": map[string]any{"path": "state"}}},
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "offline_override.tf.json"), override, 0o600))
	tf := terraform(t, folder)
	require.NoError(t, tf.Init(t.Context()))
	_, err = tf.Plan(t.Context(), tfexec.Out("plan"), tfexec.Refresh(false))
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
			stack, plan := planned(t, environment, nil)
			var created []string
			for _, change := range plan.ResourceChanges {
				assert.True(t, change.Change.Actions.Create(), change.Address)
				created = append(created, change.Address)
			}
			slices.Sort(created)
			assert.Equal(t, stack.addresses(), created)
		})
	}
}

// TestEveryTaggableResourceIsTagged asks the provider's own schema which resources take tags.
func TestEveryTaggableResourceIsTagged(t *testing.T) {
	data, folder := synthesize(t, load(t, "prod", nil))
	tf := terraform(t, folder)
	require.NoError(t, tf.Init(t.Context()), "the schema is shown only where the backend is initialized")
	schemas, err := tf.ProvidersSchema(t.Context())
	require.NoError(t, err)
	var provider *tfjson.ProviderSchema
	for _, only := range schemas.Schemas {
		provider = only
	}
	require.NotNil(t, provider)
	tagged := 0
	for kind, named := range parse(t, data).Resource {
		require.Contains(t, provider.ResourceSchemas, kind)
		if _, taggable := provider.ResourceSchemas[kind].Block.Attributes["tags"]; !taggable {
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
