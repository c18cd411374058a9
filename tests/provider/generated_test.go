//go:build provider

package provider

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

var (
	generated     = flag.Int("generated", 8, "how many configurations the provider is asked about")
	generatedSeed = flag.Uint64("generated.seed", 1000, "seed of the first one")
)

// TestProviderAcceptsWhatTheConfigurationAccepts validates and plans configurations drawn at random. More, or others:
//
//	go test -tags provider ./tests/provider -run TestProviderAccepts -args -generated=100 -generated.seed=1
func TestProviderAcceptsWhatTheConfigurationAccepts(t *testing.T) {
	for seed := *generatedSeed; seed < *generatedSeed+uint64(*generated); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			accepted, _ := testkit.NewGenerator(t, seed).Draw(t)
			accepted["providerVersion"] = nil // the provider that plans is the pinned one
			t.Log(accepted)
			data := testkit.JSON(t, "dev", accepted)
			planActions(t, terraform(t, data))
			backend, _ := testkit.Parse(t, data).Terraform["backend"].(map[string]any) // or the block cloud
			assertBackendIsRight(t, backend)
		})
	}
}

// TestTerraformAcceptsEveryAcceptedState asks Terraform about each name of a bucket and each key at the limits.
func TestTerraformAcceptsEveryAcceptedState(t *testing.T) {
	tried := 0
	fields := testkit.NewGenerator(t, 0).Fields()
	for _, bucket := range fields["backend.bucket"] {
		for _, key := range fields["backend.key"] {
			cfg, err := testkit.TryLoad(t, "dev",
				testkit.Settings{"accountId": testkit.Account, "backend": map[string]any{
					"type": "s3", "bucket": bucket, "region": testkit.Region, "key": key,
				}})
			if err != nil || tried > 0 && bucket != "a.b-c" && key != "k" {
				continue
			}
			tried++
			t.Run(fmt.Sprintf("%s/%s", bucket, key), func(t *testing.T) {
				t.Parallel()
				assertBackendIsRight(t, map[string]any{"s3": map[string]any{
					"bucket": bucket, "region": testkit.Region, "use_lockfile": true,
					"key":                 cfg.Backend.StateKey(cfg.Project, cfg.Environment),
					"allowed_account_ids": []string{testkit.Account},
				}})
			})
		}
	}
	assert.Greater(t, tried, 6)
}

// TestTerraformAcceptsRemoteRuns lets Terraform initialize a workspace on a host that does not answer, which is all that
// may be wrong.
func TestTerraformAcceptsRemoteRuns(t *testing.T) {
	t.Parallel()
	stack := testkit.Synthesize(t, "prod", testkit.Settings{"backend": map[string]any{
		"type": "cloud", "organization": "acme", "hostname": "127.0.0.1:9"}})
	directory := t.TempDir()
	data, err := json.Marshal(map[string]any{"terraform": map[string]any{"cloud": stack.Terraform["cloud"]}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(directory, "cloud.tf.json"), data, 0o600))
	command := exec.Command(testkit.TerraformBinary(), "init", "-input=false", "-no-color")
	command.Dir = directory
	output, err := command.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, strings.ReplaceAll(string(output), "\n", " "), "127.0.0.1:9")
	assert.Regexp(t, "(?i)connection refused|could not connect|token", string(output))
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
	command := exec.Command(testkit.TerraformBinary(), "init", "-input=false", "-no-color")
	command.Dir = directory
	command.Env = append(testkit.PlainEnvironment(), offline...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	assert.Error(t, command.Run())
	assert.Contains(t, output.String(), "connection refused", "%v", remote)
	errors := 1
	if _, assumes := remote["assume_role"]; assumes {
		errors = 2 // one within the other
	}
	assert.Equal(t, errors, strings.Count(output.String(), "Error: "), output.String())
}
