package scan

import "testing"

func TestReadTrivy(t *testing.T) {
	const (
		database = "aws_db_instance.database_EBDE4557"
		group    = "aws_security_group.network_workloads_E4693273"
		bucket   = "aws_s3_bucket." + probe
	)
	for name, want := range map[string]reading{
		"a stack with the probe": {"trivy-stack.json", []string{group, database, bucket}, []Finding{
			{"AWS-0104", group, "Security group rule allows unrestricted egress to any IP address",
				"https://avd.aquasec.com/misconfig/aws-0104"},
			{"AWS-0077", database, "Instance has very low backup retention period",
				"https://avd.aquasec.com/misconfig/aws-0077"},
			{"AWS-0089", bucket, "Bucket has logging disabled", "https://avd.aquasec.com/misconfig/aws-0089"},
		}, ""},
		"nothing to check":  {"trivy-nothing.json", nil, nil, ""},
		"what is no report": {"checkov-nothing.json", nil, nil, "its output is no report"},
		"what is no JSON": {"../trivy.go", nil, nil,
			"its output cannot be read: invalid character 'p' looking for beginning of value"},
	} {
		t.Run(name, func(t *testing.T) { assertReads(t, trivy(), want) })
	}
}
