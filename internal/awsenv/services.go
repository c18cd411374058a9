package awsenv

import (
	"cmp"
	"slices"
)

// EndpointServices lists the services that can have an interface endpoint, by the last part of the endpoint's name and
// in alphabetical order (AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink").
func EndpointServices() []string {
	return []string{"autoscaling", "ec2", "ec2messages", "ecr.api", "ecr.dkr", "ecs", "elasticloadbalancing", "events",
		"kms", "lambda", "logs", "monitoring", "rds", "secretsmanager", "sns", "sqs", "ssm", "ssmmessages", "states",
		"sts"}
}

// actionPrefixes are those of services whose endpoint is named differently (Service Authorization Reference).
var actionPrefixes = map[string]string{"ecr.api": "ecr", "ecr.dkr": "ecr", "monitoring": "cloudwatch"}

// ActionPrefix is what the IAM actions of an endpoint's service begin with: the service's own name, except where the
// endpoint is named differently.
func ActionPrefix(service string) string { return cmp.Or(actionPrefixes[service], service) }

// EndpointService is the full name of a service's endpoint in the region, for example "com.amazonaws.eu-central-1.kms".
func (e Env) EndpointService(service string) string {
	return "com.amazonaws." + e.region + "." + service
}

// HasInterfaceEndpoints reports whether EndpointService is right for interface endpoints in the partition. In the
// others the names follow no single rule.
func (e Env) HasInterfaceEndpoints() bool { return e.partition == "aws" || e.partition == "aws-us-gov" }

// LogRetentions lists the days that CloudWatch Logs can keep events (CloudWatch Logs API Reference,
// PutRetentionPolicy).
func LogRetentions() []int {
	return []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
		3653}
}

// backendsLack are the regions that the oldest supported releases of Terraform and OpenTofu, 1.10, do not know in their
// S3 backend, although the provider does: each has a table of its own, of the time of its release.
var backendsLack = []string{"ap-east-2", "ap-southeast-7", "eusc-de-east-1", "mx-central-1", "us-isof-east-1",
	"us-isof-south-1"}

// BackendsKnow reports whether the S3 backends of all supported releases of Terraform and OpenTofu know a region. They
// refuse others unless skip_region_validation is set.
func BackendsKnow(region string) bool { return !slices.Contains(backendsLack, region) }
