//go:build provider && unix

package provider

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/providerlock"
	"securebaseline/internal/testkit"
)

// TestMoveToVersion6 moves one environment to version 6 of the provider, as far as a machine goes that has only its
// version 5: what stands for the package of version 6 is pinned and never run.
func TestMoveToVersion6(t *testing.T) {
	c := checkout(t.TempDir())
	testkit.CopyProject(t, string(c))
	result := c.make(t, "provider6")
	require.Zero(t, result.Code, result.Stderr)
	assert.Regexp(t, `(?m)^\d+ resources and \d+ data sources compared with the schema of the AWS provider 6\.\d+\.\d+$`,
		result.Stdout)
	assert.Contains(t, result.Stdout, "the stack is ready, as far as a schema tells")

	c.configure(t, testkit.Settings{"providerVersion": "~> 6.0"})
	result = c.make(t, "validate")
	require.NotZero(t, result.Code)
	assert.Contains(t, result.Stderr, `hashicorp/aws = "5.100.0": must be ~> 6.0, which the stack requires; run make `+
		"lock ENVIRONMENT=dev")

	platform, host := runtime.GOOS+"_"+runtime.GOARCH, "registry.terraform.io"
	if filepath.Base(testkit.TerraformBinary()) == "tofu" {
		host = "registry.opentofu.org"
	}
	mirror := t.TempDir()
	provider := filepath.Join(mirror, host, "hashicorp", "aws", "6.66.0", platform)
	require.NoError(t, os.MkdirAll(provider, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(provider, "terraform-provider-aws_v6.66.0"), []byte("none"), 0o600))
	before := testkit.ReadFile(t, string(c), providerlock.File)
	result = c.make(t, "lock", "MIRROR="+mirror, "PLATFORMS="+platform)
	require.Zero(t, result.Code, result.Stderr)
	after := testkit.ReadFile(t, string(c), providerlock.File)
	assert.Contains(t, after, before[:len(before)-1], "the other environments keep theirs")
	assert.Contains(t, after, `"6.66.0"`)

	result = c.make(t, "json")
	require.Zero(t, result.Code, result.Stderr)
	assert.Empty(t, result.Stderr)
	pinned := testkit.ReadFile(t, c.stack(), providerlock.File)
	assert.Contains(t, pinned, `"6.66.0"`)
	assert.NotContains(t, pinned, `"5.100.0"`)
	result = c.make(t, "validate", "ENVIRONMENT=staging")
	require.Zero(t, result.Code, result.Stderr)
	assert.Contains(t, result.Stdout, "The configuration is valid.")
}
