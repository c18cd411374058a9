package awsbuckets

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsenv"
)

func in(t *testing.T, region string) awsenv.Env {
	t.Helper()
	env, err := awsenv.New(region, "111122223333")
	require.NoError(t, err)
	return env
}

func TestBuckets(t *testing.T) {
	for region, want := range map[string][]string{
		"eu-central-1": {"amazon-ssm-eu-central-1", "aws-patch-manager-eu-central-1-9163fdaaf",
			"aws-patchmanager-macos-eu-central-1-9163fdaaf", "aws-ssm-eu-central-1",
			"aws-windows-downloads-eu-central-1",
			"patch-baseline-snapshot-eu-central-1"},
		"eu-south-2": {"amazon-ssm-eu-south-2", "aws-patch-manager-eu-south-2-a4cf248b1",
			"aws-patchmanager-macos-eu-south-2-a4cf248b1", "aws-ssm-eu-south-2", "aws-windows-downloads-eu-south-2",
			"patch-baseline-snapshot-eu-south-2-df2c9d70"},
		"us-gov-west-1": {"amazon-ssm-us-gov-west-1", "aws-ssm-us-gov-west-1", "aws-windows-downloads-us-gov-west-1"},
	} {
		assert.Equal(t, want, Buckets(in(t, region), SystemsManager), region)
	}
	assert.Equal(t, []string{"cloudformation-custom-resource-response-euwest1",
		"cloudformation-waitcondition-eu-west-1"},
		Buckets(in(t, "eu-west-1"), CloudFormation))
	assert.Equal(t, []string{"arn:aws-cn:s3:::prod-cn-north-1-starport-layer-bucket/*"},
		Objects(in(t, "cn-north-1"), ECR, ECR), "each once")
}

func TestEveryPurposeHasBuckets(t *testing.T) {
	assert.Len(t, names, len(Purposes()))
	for _, purpose := range Purposes() {
		assert.NoError(t, Check(purpose))
		for _, bucket := range Buckets(in(t, "eu-central-1"), purpose) {
			assert.NotContains(t, bucket, "{", purpose)
		}
		assert.NotEmpty(t, Buckets(in(t, "eu-central-1"), purpose), purpose)
	}
	assert.EqualError(t, Check("all"), "must be one of [amazon-linux application-migration cloudformation "+
		"cloudwatch-agent codedeploy disaster-recovery ecr emr image-builder nitro-enclaves systems-manager]")
}

// TestPatchManagerKnowsRegions finds typing mistakes in the table.
func TestPatchManagerKnowsRegions(t *testing.T) {
	seen := map[string]string{}
	for region, suffix := range patchManager {
		assert.True(t, slices.Contains(awsenv.Regions(), region), region)
		assert.Len(t, suffix.documents, 9, region)
		assert.Empty(t, strings.Trim(suffix.documents, "0123456789abcdef"), region)
		assert.Empty(t, seen[suffix.documents], region)
		seen[suffix.documents] = region
		if suffix.snapshots != "" {
			assert.Len(t, suffix.snapshots, 8, region)
		}
	}
}
