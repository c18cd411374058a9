package scan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reading is what the parser of a scanner must make of a file that the scanner has printed.
type reading struct {
	file      string
	resources []string
	findings  []Finding
	err       string
}

func assertReads(t *testing.T, scanner Scanner, want reading) {
	t.Helper()
	output, err := os.ReadFile(filepath.Join("testdata", want.file))
	require.NoError(t, err)
	look, err := scanner.read(output)
	if want.err != "" {
		require.EqualError(t, err, want.err)
		return
	}
	require.NoError(t, err)
	assert.Equal(t, Look{Scanner: scanner.Name, Resources: want.resources, Findings: want.findings}, look)
}

func TestReadCheckov(t *testing.T) {
	const topic = "Ensure CloudTrail defines an SNS Topic"
	for name, want := range map[string]reading{
		"a stack": {"checkov-stack.json",
			[]string{"provider.aws", "resource.trail_671F64C4", "data.network_zones_2241F3F0",
				"aws_s3_bucket.access-logs-bucket_DBD108A3"},
			[]Finding{
				{"CKV_AWS_394", "data.network_zones_2241F3F0", "Ensure aws_availability_zones data source pins zone " +
					"identity so its result set does not silently expand when AWS adds an Availability Zone", ""},
				{"CKV_AWS_252", "resource.trail_671F64C4", topic, ""},
				{"CKV_AWS_18", "aws_s3_bucket.access-logs-bucket_DBD108A3",
					"Ensure the S3 bucket has access logging enabled", ""},
			}, ""},
		"a plan": {"checkov-plan.json", []string{"aws_cloudtrail.trail_671F64C4"},
			[]Finding{{"CKV_AWS_252", "aws_cloudtrail.trail_671F64C4", topic, ""}}, ""},
		"what it was told to skip": {"checkov-skipped.json", []string{"aws_sns_topic.t"},
			[]Finding{{"CKV_AWS_26", "aws_sns_topic.t", "Ensure all data stored in the SNS topic is encrypted", ""}},
			""},
		"nothing to check":        {"checkov-nothing.json", nil, nil, ""},
		"JSON that it gave up on": {"checkov-unparsed.json", nil, nil, "it could not parse the file"},
		"what is no output of its": {"../checkov.go", nil, nil,
			"its output cannot be read: invalid character 'p' looking for beginning of value"},
	} {
		t.Run(name, func(t *testing.T) { assertReads(t, checkov(), want) })
	}
	_, err := readCheckov([]byte("\n"))
	assert.EqualError(t, err, "it printed nothing")
}
