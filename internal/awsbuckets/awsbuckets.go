// Package awsbuckets knows the buckets that AWS owns and that workloads reach through the endpoint for S3. A policy
// that leaves one out cuts off its purpose, and one that names a bucket which AWS does not list lets whoever makes that
// bucket be reached.
package awsbuckets

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/awsenv"
)

// Purpose is what workloads need buckets of AWS for.
type Purpose string

// The purposes. The names of their buckets are those of the pages in the comments, and of AWS's own policy examples
// (aws-samples/data-perimeter-policy-examples on GitHub, "Service-owned resources").
const (
	// AmazonLinux is packages (Amazon Linux 2023 User Guide and Amazon Linux 2 User Guide, "Kernel Live Patching").
	AmazonLinux Purpose = "amazon-linux"
	// ApplicationMigration is the replication agent (Application Migration Service User Guide, "Network requirements").
	ApplicationMigration Purpose = "application-migration"
	// CloudFormation is the answers to wait conditions and custom resources (CloudFormation User Guide, "Access
	// CloudFormation using an interface endpoint"). It is the only one that workloads write to, by URLs that
	// CloudFormation has signed.
	CloudFormation Purpose = "cloudformation"
	// CloudWatchAgent is the agent's packages (CloudWatch User Guide, "Download the CloudWatch agent package").
	CloudWatchAgent Purpose = "cloudwatch-agent"
	// CodeDeploy is the agent's packages (CodeDeploy User Guide, "Configure an Amazon EC2 instance to work with
	// CodeDeploy").
	CodeDeploy Purpose = "codedeploy"
	// DisasterRecovery is the replication agent (Elastic Disaster Recovery User Guide, "Network requirements").
	DisasterRecovery Purpose = "disaster-recovery"
	// ECR is the layers of container images (ECR User Guide, "Minimum Amazon S3 bucket permissions for Amazon ECR").
	ECR Purpose = "ecr"
	// EMR is packages for clusters (EMR Management Guide, "Sample policies for private subnets that access Amazon S3").
	EMR Purpose = "emr"
	// ImageBuilder is components and the application that runs them (EC2 Image Builder User Guide, "Image Builder and
	// AWS PrivateLink interface VPC endpoints").
	ImageBuilder Purpose = "image-builder"
	// NitroEnclaves is certificates (AWS Nitro Enclaves User Guide, "AWS Certificate Manager for Nitro Enclaves").
	NitroEnclaves Purpose = "nitro-enclaves"
	// SystemsManager is the agent, its documents and patch baselines (Systems Manager User Guide, "SSM Agent
	// communications with AWS managed S3 buckets").
	SystemsManager Purpose = "systems-manager"
)

// names are the buckets of each purpose, in which {region} stands for the region and {compact} for it without dashes.
// Those of Patch Manager follow no rule and are in a table of their own.
var names = map[Purpose][]string{
	AmazonLinux: {"al2023-repos-{region}-de612dc2", "al2023-{region}", "amazonlinux-2-repos-{region}",
		"amazonlinux.{region}.amazonaws.com", "packages.{region}.amazonaws.com", "repo.{region}.amazonaws.com"},
	ApplicationMigration: {"aws-mgn-clients-{region}", "aws-mgn-clients-hashes-{region}", "aws-mgn-internal-{region}",
		"aws-mgn-internal-hashes-{region}", "aws-application-migration-service-{region}",
		"aws-application-migration-service-hashes-{region}", "amazon-ssm-{region}"},
	CloudFormation:  {"cloudformation-waitcondition-{region}", "cloudformation-custom-resource-response-{compact}"},
	CloudWatchAgent: {"amazoncloudwatch-agent-{region}", "amazoncloudwatch-agent"},
	CodeDeploy:      {"aws-codedeploy-{region}"},
	DisasterRecovery: {"aws-drs-clients-{region}", "aws-drs-clients-hashes-{region}", "aws-drs-internal-{region}",
		"aws-drs-internal-hashes-{region}", "aws-elastic-disaster-recovery-{region}",
		"aws-elastic-disaster-recovery-hashes-{region}"},
	ECR: {"prod-{region}-starport-layer-bucket"},
	EMR: {"packages.{region}.amazonaws.com", "repo.{region}.amazonaws.com", "amazonlinux.{region}.amazonaws.com",
		"amazonlinux-2-repos-{region}", "repo.{region}.emr.amazonaws.com", "prod.{region}.appinfo.src"},
	ImageBuilder:   {"ec2imagebuilder-toe-{region}-prod", "ec2imagebuilder-managed-resources-{region}-prod"},
	NitroEnclaves:  {"aws-ec2-enclave-certificate-{region}-prod"},
	SystemsManager: {"aws-ssm-{region}", "amazon-ssm-{region}", "aws-windows-downloads-{region}"},
}

// Purposes lists all purposes.
func Purposes() []Purpose {
	return []Purpose{AmazonLinux, ApplicationMigration, CloudFormation, CloudWatchAgent, CodeDeploy, DisasterRecovery,
		ECR, EMR, ImageBuilder, NitroEnclaves, SystemsManager}
}

// Check refuses what is no purpose.
func Check(purpose Purpose) error {
	if !slices.Contains(Purposes(), purpose) {
		return fmt.Errorf("must be one of %v", Purposes())
	}
	return nil
}

// Buckets lists the names of the buckets of a purpose in the region, sorted.
func Buckets(env awsenv.Env, purpose Purpose) []string {
	replacer := strings.NewReplacer("{region}", env.Region(), "{compact}", strings.ReplaceAll(env.Region(), "-", ""))
	var buckets []string
	for _, name := range names[purpose] {
		buckets = append(buckets, replacer.Replace(name))
	}
	if purpose == SystemsManager {
		buckets = append(buckets, patching(env.Region())...)
	}
	slices.Sort(buckets)
	return buckets
}

// Objects lists the ARNs of all objects in the buckets of purposes, sorted, each once.
func Objects(env awsenv.Env, purposes ...Purpose) []string {
	var arns []string
	for _, purpose := range purposes {
		for _, bucket := range Buckets(env, purpose) {
			arns = append(arns, env.BucketARN(bucket)+"/*")
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}
