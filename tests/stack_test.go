package tests

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
)

// TestStackIsDeterministic synthesizes all that there is twice. Of the environments the golden files show it.
func TestStackIsDeterministic(t *testing.T) {
	first := testkit.JSON(t, "prod", testkit.Everything())
	second := testkit.SynthesizeJSON(t, testkit.Load(t, "prod", testkit.Everything()))
	assert.True(t, bytes.Equal(first, second))
}

func TestAccountGuard(t *testing.T) {
	open := testkit.Synthesize(t, "dev", nil)
	assert.Nil(t, open.Provider["aws"][0]["allowed_account_ids"])
	_, asks := open.Template.Resource("data.aws_caller_identity.current")
	assert.True(t, asks)

	guarded := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	assert.Equal(t, []any{account}, guarded.Provider["aws"][0]["allowed_account_ids"])
	assert.Empty(t, guarded.DataSources(), "with a known account and named zones, no call to AWS is needed to plan")
}

func TestVersionConstraints(t *testing.T) {
	stack := testkit.Synthesize(t, "dev", nil)
	assert.Equal(t, ">= 1.10.0, < 2.0.0", stack.Terraform["required_version"])
	assert.Equal(t, map[string]any{"aws": map[string]any{"source": "hashicorp/aws", "version": "~> 5.99"}},
		stack.Terraform["required_providers"])
}

func TestLocalStateSurvivesTheOutputFolder(t *testing.T) {
	stack := testkit.Synthesize(t, "staging", nil)
	assert.Equal(t, map[string]any{"local": map[string]any{"path": "../../../terraform.baseline-staging.tfstate"}},
		stack.Terraform["backend"])
}

func TestRemoteStateIsEncryptedAndLocked(t *testing.T) {
	stack := testkit.Synthesize(t, "prod",
		testkit.Settings{"backend": map[string]any{"type": "s3", "bucket": "acme-state", "region": "eu-west-1"}})
	assert.Equal(t, map[string]any{"s3": map[string]any{
		"bucket": "acme-state", "key": "acme/prod/baseline.tfstate", "region": "eu-west-1",
		"encrypt": true, "use_lockfile": true, "allowed_account_ids": []any{"444455556666"},
	}}, stack.Terraform["backend"])
}

// TestRemoteRuns lets HCP Terraform or Terraform Enterprise keep the state and run Terraform.
func TestRemoteRuns(t *testing.T) {
	for want, backend := range map[string]map[string]any{
		"acme-baseline-prod": {"type": "cloud", "organization": "acme"},
		"network-prod": {"type": "cloud", "organization": "acme", "workspace": "network-{environment}",
			"hostname": "terraform.example.com"},
	} {
		plain := testkit.Synthesize(t, "prod", nil)
		stack := testkit.Synthesize(t, "prod", testkit.Settings{"backend": backend})
		cloud := map[string]any{"organization": "acme", "workspaces": map[string]any{"name": want}}
		if host := backend["hostname"]; host != nil {
			cloud["hostname"] = host
		}
		assert.Equal(t, cloud, stack.Terraform["cloud"])
		assert.NotContains(t, stack.Terraform, "backend")
		gone, added, changed := difference(plain, stack)
		assert.Equal(t, [][]string{nil, nil, nil}, [][]string{gone, added, changed})
	}
}

func TestStateOfAnotherAccount(t *testing.T) {
	const role = "arn:aws:iam::" + foreign + ":role/state"
	stack := testkit.Synthesize(t, "prod", testkit.Settings{"backend": map[string]any{"type": "s3",
		"bucket": "acme-state", "region": "eu-west-1", "assumeRole": role}})
	backend := stack.Terraform["backend"].(map[string]any)["s3"].(map[string]any)
	assert.Equal(t, []any{foreign}, backend["allowed_account_ids"], "the bucket's account, not that of the deployment")
	assert.Equal(t, map[string]any{"role_arn": role, "session_name": "terraform-baseline-prod"}, backend["assume_role"])
	assert.Equal(t, []any{"444455556666"}, stack.Provider["aws"][0]["allowed_account_ids"])
	assert.NotContains(t, stack.Provider["aws"][0], "assume_role")
}

func TestAddressesAreTheSameInEveryEnvironment(t *testing.T) {
	same := testkit.Settings{
		"network.nat": "single", "network.zoneCount": 2, "rds.discardOnDestroy": false, "kms.accountMayDelete": false,
		"logging.alarmEmails": []string{"security@example.com"},
	}
	dev, prod := testkit.Synthesize(t, "dev", same), testkit.Synthesize(t, "prod", same)
	assert.Equal(t, dev.Addresses(), prod.Addresses())
}

// TestTags finds taggable resources by what this stack contains; the provider's own schema is asked in the tests that
// have the provider.
func TestTags(t *testing.T) {
	stack := testkit.SynthesizeAlways(t, "dev", testkit.Settings{"tags": map[string]any{"Team": "blue"}})
	tagged := 0
	for address, body := range stack.ByAddress() {
		tags, isTagged := body.Attributes["tags"].(map[string]any)
		if !isTagged {
			continue
		}
		tagged++
		for _, key := range naming.RequiredTags() {
			assert.NotEmpty(t, tags[key], "%s has no tag %s", address, key)
		}
		assert.Equal(t, "blue", tags["Team"], address)
	}
	require.NotZero(t, tagged)
}

// TestStateInARegionNewerThanTerraform lets the backend take a region that the oldest supported release does not know.
func TestStateInARegionNewerThanTerraform(t *testing.T) {
	for place, skip := range map[string]any{"eu-central-1": nil, "ap-east-2": true} {
		stack := testkit.Synthesize(t, "prod",
			testkit.Settings{"backend": map[string]any{"type": "s3", "bucket": "acme-state", "region": place}})
		backend := stack.Terraform["backend"].(map[string]any)["s3"].(map[string]any)
		assert.Equal(t, skip, backend["skip_region_validation"], place)
	}
}
