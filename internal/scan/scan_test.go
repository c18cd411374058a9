package scan

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
)

var today = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// seen is what a scanner finds wrong with a bucket.
func seen(scanner, rule string) Look {
	return Look{Scanner: scanner, Source: "cdk.tf.json", Resources: []string{"aws_s3_bucket.a"}, Of: 2,
		Findings: []Finding{{rule, "aws_s3_bucket.a", "Log access", "https://example.com"}}}
}

// accepted is an exception for the bucket.
func accepted(environment, rule, expires string) evidence.Exception {
	return evidence.Exception{Environment: environment, Rule: rule, Address: "aws_s3_bucket.*", Reason: "r", Owner: "o",
		Expires: expires}
}

func TestJudge(t *testing.T) {
	const finding = "CKV_AWS_18: aws_s3_bucket.a: Log access; see https://example.com"
	const hint = `what cannot be mended is accepted in exceptions.json by {"environment": "prod", "rule": ` +
		`"CKV_AWS_18", "address": "aws_s3_bucket.a", "reason": "…", "owner": "…", "expires": "2027-11-30"}, and ` +
		"docs/exceptions.md says why"
	const unused = "exception to CKV_AWS_18 for aws_s3_bucket.*, of o: it covers nothing, and must be removed"
	checkov := seen("checkov", "CKV_AWS_18")
	clean := checkov
	clean.Findings = nil
	blind := Look{Scanner: "checkov", Source: "plan.json", Of: 154}
	for name, row := range map[string]struct {
		looks      []Look
		exceptions evidence.Exceptions
		faults     []string
	}{
		"nothing found": {[]Look{clean}, nil, nil},
		"found":         {[]Look{checkov}, nil, []string{finding, hint}},
		"found twice":   {[]Look{checkov, checkov}, nil, []string{finding, hint}},
		"accepted":      {[]Look{checkov}, evidence.Exceptions{accepted("prod", "CKV_AWS_18", "2026-11-30")}, nil},
		"accepted twice": {[]Look{checkov, checkov},
			evidence.Exceptions{accepted("prod", "CKV_AWS_18", "2027-01-01")}, nil},
		"accepted everywhere": {[]Look{checkov}, evidence.Exceptions{accepted("*", "CKV_AWS_18", "2026-11-30")}, nil},
		"accepted elsewhere": {[]Look{checkov}, evidence.Exceptions{accepted("dev", "CKV_AWS_18", "2026-11-30")},
			[]string{finding, hint}},
		"expired": {[]Look{checkov}, evidence.Exceptions{accepted("prod", "CKV_AWS_18", "2026-11-29")},
			[]string{finding, "exception to CKV_AWS_18 for aws_s3_bucket.*, of o: it expired on 2026-11-29", hint}},
		"unused": {[]Look{clean}, evidence.Exceptions{accepted("prod", "CKV_AWS_18", "2026-11-30")}, []string{unused}},
		"unused by one look of two": {[]Look{clean, checkov},
			evidence.Exceptions{accepted("prod", "CKV_AWS_18", "2026-11-30")}, nil},
		"unused, of others": {[]Look{clean}, evidence.Exceptions{accepted("prod", "AWS-0089", "2026-11-30"),
			accepted("prod", "SB-S3-07", "2026-11-30")}, nil},
		"nothing looked at": {[]Look{clean, blind}, nil,
			[]string{"checkov looked at no resource of plan.json, so that it proves nothing"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, row.faults, Judge(row.looks, row.exceptions, "prod", today).Faults())
		})
	}
	report := Judge([]Look{checkov, blind}, evidence.Exceptions{accepted("*", "CKV_AWS_18", "2026-11-30")}, "prod",
		today)
	assert.Equal(t, "prod: checkov has checks for 1 of 2 resources of cdk.tf.json\n"+
		"prod: checkov has checks for 0 of 154 resources of plan.json\n"+
		"prod: 0 findings outside the list of exceptions, 1 in it\n", report.Summary())
}

func TestChoose(t *testing.T) {
	chosen, err := Choose(" checkov ")
	require.NoError(t, err)
	require.Len(t, chosen, 1)
	assert.Equal(t, "checkov", chosen[0].Name)
	for names, says := range map[string]string{
		"":                `SCANNERS = "": must name at least one of checkov, trivy`,
		"checkov chekcov": `SCANNERS = "checkov chekcov": each must be one of checkov, trivy; did you mean "checkov"?`,
	} {
		_, err := Choose(names)
		assert.EqualError(t, err, says)
	}
}
