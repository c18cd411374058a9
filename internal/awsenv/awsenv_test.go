package awsenv

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNamesFollowThePartition(t *testing.T) {
	tests := []struct {
		name, region, root, logs, bucket string
	}{
		{"commercial", "eu-central-1", "arn:aws:iam::111122223333:root", "logs.eu-central-1.amazonaws.com",
			"arn:aws:s3:::b"},
		{"china", "cn-north-1", "arn:aws-cn:iam::111122223333:root", "logs.cn-north-1.amazonaws.com.cn",
			"arn:aws-cn:s3:::b"},
		{"govcloud", "us-gov-west-1", "arn:aws-us-gov:iam::111122223333:root", "logs.us-gov-west-1.amazonaws.com",
			"arn:aws-us-gov:s3:::b"},
		{"european sovereign cloud", "eusc-de-east-1", "arn:aws-eusc:iam::111122223333:root",
			"logs.eusc-de-east-1.amazonaws.eu", "arn:aws-eusc:s3:::b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env, err := New(test.region, "111122223333")
			require.NoError(t, err)
			assert.Equal(t, test.root, env.RootARN())
			assert.Equal(t, test.logs, env.RegionalServicePrincipal("logs"))
			assert.Equal(t, test.bucket, env.BucketARN("b"))
		})
	}
}

func TestARNs(t *testing.T) {
	env, err := New("eu-central-1", "111122223333")
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit", env.ARN("cloudtrail", "trail/audit"))
	assert.Equal(t, "arn:aws:cloudtrail:*:111122223333:trail/audit", env.AnyRegionARN("cloudtrail", "trail/audit"))
	assert.Equal(t, "arn:aws:logs:eu-central-1:111122223333:log-group:audit", env.LogGroupARN("audit"))
	assert.Equal(t, "s3.eu-central-1.amazonaws.com", env.ViaService("s3"))
	assert.Equal(t, "cloudtrail.amazonaws.com", env.ServicePrincipal("cloudtrail"))
}

func TestUnknownRegionsAreRefused(t *testing.T) {
	for _, region := range []string{"", "eu-cental-1", "aws-global", "EU-CENTRAL-1"} {
		_, err := New(region, "111122223333")
		assert.EqualError(t, err, `region "`+region+`" is not a region of AWS`)
	}
	assert.NotContains(t, Regions(), "aws-global")
	assert.Contains(t, Regions(), "eu-central-1")
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New("eu-central-1", "111122223333"); err != nil {
			b.Fatal(err)
		}
	}
}
