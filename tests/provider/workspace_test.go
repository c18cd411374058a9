//go:build provider

// Package provider holds the tests that ask the real Terraform and the real provider. They call no AWS API: every call
// would go to a closed port of this machine.
package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
	"securebaseline/internal/providerlock"
	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
	"securebaseline/stacks"
)

// shared is the directory in which Terraform installs the provider, once for all tests.
var shared string

func TestMain(m *testing.M) {
	var err error
	if shared, err = os.MkdirTemp("", "securebaseline-provider-"); err != nil {
		panic(err)
	}
	code := m.Run()
	jsii.Close()
	os.RemoveAll(shared)
	os.Exit(code)
}

// override keeps the state in the directory of the stack and tells the provider to believe the credentials.
const override = `{
	"provider": {"aws": {
		"skip_credentials_validation": true, "skip_requesting_account_id": true, "skip_metadata_api_check": true,
		"allowed_account_ids": null
	}},
	"terraform": {"backend": {"local": {"path": "state"}}}
}`

// require5 is what the stacks require by default.
func require5() providerlock.Requirement {
	return stacks.Provider(config.Config{Settings: config.Settings{ProviderVersion: config.ProviderVersion5}})
}

// initialize runs "terraform init" in the shared directory.
var initialize = sync.OnceValue(func() error {
	required := require5()
	stack, err := json.Marshal(map[string]any{"terraform": map[string]any{"required_providers": map[string]any{
		"aws": map[string]string{"source": required.Source, "version": required.Version},
	}}})
	if err != nil {
		return err
	}
	tf, err := open(shared, map[string][]byte{template.File: stack})
	if err != nil {
		return err
	}
	return tf.Init(context.Background())
})

// terraform returns Terraform in a new directory that holds a stack. Variables of the environment are "NAME=value".
func terraform(t *testing.T, stack []byte, variables ...string) *tfexec.Terraform {
	t.Helper()
	return terraformOn(t, map[string][]byte{template.File: stack}, variables...)
}

// terraformOn is terraform for a stack in files of any name.
func terraformOn(t *testing.T, files map[string][]byte, variables ...string) *tfexec.Terraform {
	t.Helper()
	require.NoError(t, initialize())
	directory := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(shared, ".terraform"), filepath.Join(directory, ".terraform")))
	tf, err := open(directory, files, variables...)
	require.NoError(t, err)
	return tf
}

// open puts the files of a stack into a directory, with the project's lock file.
func open(directory string, files map[string][]byte, variables ...string) (*tfexec.Terraform, error) {
	path, err := exec.LookPath(testkit.TerraformBinary())
	if err != nil {
		return nil, fmt.Errorf("Terraform 1.10 or OpenTofu 1.10, or newer, is needed: %w", err)
	}
	files = maps.Clone(files)
	files["offline_override.tf.json"] = []byte(override)
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(directory, name), content, 0o600); err != nil {
			return nil, err
		}
	}
	if warning, err := providerlock.Place(filepath.Join("..", ".."), directory, path, require5()); err != nil ||
		warning != "" {
		return nil, fmt.Errorf("%s%w", warning, err)
	}
	tf, err := tfexec.NewTerraform(directory, path)
	if err != nil {
		return nil, err
	}
	environment := map[string]string{}
	for _, variable := range append(append(testkit.PlainEnvironment(), offline...), variables...) {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}
	return tf, tf.SetEnv(environment)
}

// offline are the variables by which the provider reaches nothing and believes that it could.
var offline = []string{
	"AWS_ENDPOINT_URL=" + testkit.ClosedAddress, "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none",
	"AWS_EC2_METADATA_DISABLED=true", "CHECKPOINT_DISABLE=1",
}

// replaceStack writes another stack into the directory of Terraform.
func replaceStack(t *testing.T, tf *tfexec.Terraform, stack []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(tf.WorkingDir(), template.File), stack, 0o600))
}

// planActions plans in one run of Terraform and returns the planned action by address. It fails at any warning or
// error.
func planActions(t *testing.T, tf *tfexec.Terraform) map[string]string {
	t.Helper()
	var output strings.Builder
	_, err := tf.PlanJSON(t.Context(), &output, tfexec.Refresh(false))
	actions := map[string]string{}
	for line := range strings.Lines(output.String()) {
		var event struct {
			Type       string
			Change     struct{ Action, Resource any }
			Diagnostic tfjson.Diagnostic
		}
		require.NoError(t, json.Unmarshal([]byte(line), &event))
		switch event.Type {
		case "diagnostic":
			require.Failf(t, "a diagnostic", "%s: %s", event.Diagnostic.Summary, event.Diagnostic.Detail)
		case "planned_change":
			resource := event.Change.Resource.(map[string]any)
			actions[resource["addr"].(string)] = event.Change.Action.(string)
		}
	}
	require.NoError(t, err)
	return actions
}

// plan returns what Terraform would do, with all values.
func plan(t *testing.T, tf *tfexec.Terraform) *tfjson.Plan {
	t.Helper()
	_, err := tf.Plan(t.Context(), tfexec.Out("plan"), tfexec.Refresh(false))
	require.NoError(t, err)
	planned, err := tf.ShowPlanFile(t.Context(), "plan")
	require.NoError(t, err)
	return planned
}
