//go:build provider

package tests

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	generated     = flag.Int("generated", 8, "how many configurations the provider is asked about")
	generatedSeed = flag.Uint64("generated.seed", 1000, "seed of the first one")
)

// TestProviderAcceptsWhatTheConfigurationAccepts validates and plans configurations drawn at random. More, or others:
//
//	go test -tags provider ./tests -run TestProviderAccepts -args -generated=100 -generated.seed=1
func TestProviderAcceptsWhatTheConfigurationAccepts(t *testing.T) {
	for seed := *generatedSeed; seed < *generatedSeed+uint64(*generated); seed++ {
		accepted, _ := newGenerator(t, seed).draw(t)
		data, directory := synthesize(t, load(t, "dev", accepted))
		tf := terraform(t, directory)
		result, err := tf.Validate(t.Context())
		require.NoError(t, err)
		assert.Empty(t, result.Diagnostics, "seed %d: %v", seed, accepted)
		_, err = tf.Plan(t.Context(), tfexec.Refresh(false))
		assert.NoError(t, err, "seed %d: %v", seed, accepted)
		assertBackendIsRight(t, parse(t, data).Terraform["backend"].(map[string]any))
	}
}

// TestTerraformAcceptsEveryAcceptedState asks Terraform about each name of a bucket and each key at the limits.
func TestTerraformAcceptsEveryAcceptedState(t *testing.T) {
	tried := 0
	for _, bucket := range newGenerator(t, 0).fields()["backend.bucket"] {
		for _, key := range newGenerator(t, 0).fields()["backend.key"] {
			replaced := settings{"accountId": account, "backend": map[string]any{"type": "s3", "bucket": bucket, "region": region, "key": key}}
			cfg, err := configured(t, "dev", replaced)
			if err != nil || tried > 0 && bucket != "a.b-c" && key != "k" {
				continue
			}
			tried++
			assertBackendIsRight(t, map[string]any{"s3": map[string]any{"bucket": bucket, "region": region, "use_lockfile": true,
				"key": cfg.Backend.StateKey(cfg.Project, cfg.Environment), "allowed_account_ids": []string{account}}})
		}
	}
	assert.Greater(t, tried, 6)
}

// assertBackendIsRight lets Terraform initialize the backend. Nothing answers it, so that is all that may be wrong.
func assertBackendIsRight(t *testing.T, backend map[string]any) {
	t.Helper()
	remote, isRemote := backend["s3"].(map[string]any)
	if !isRemote {
		return
	}
	remote = maps.Clone(remote)
	remote["max_retries"] = 0
	directory := t.TempDir()
	data, err := json.Marshal(map[string]any{"terraform": map[string]any{"backend": map[string]any{"s3": remote}}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(directory, "backend.tf.json"), data, 0o600))
	command := exec.Command(terraformBinary(), "init", "-input=false", "-no-color")
	command.Dir = directory
	command.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+closed, "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none", "CHECKPOINT_DISABLE=1",
		"AWS_EC2_METADATA_DISABLED=true")
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	assert.Error(t, command.Run())
	assert.Contains(t, output.String(), "connection refused", "%v", remote)
	assert.Equal(t, 1, strings.Count(output.String(), "Error: "), output.String())
}
