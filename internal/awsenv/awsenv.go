// Package awsenv knows where the stack is deployed (partition, region and account) and builds the ARNs and
// service principals that follow from it. Everything else in the project asks it, so that no literal "arn:aws"
// or "amazonaws.com" ties a policy to one partition.
package awsenv

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/aws-sdk-go-base/v2/endpoints"
)

// Env is one account in one region. It is a value: make it with New.
type Env struct {
	partition string
	dnsSuffix string
	region    string
	accountID string
}

// New returns the environment for a region and account. accountID is 12 digits, or a Terraform expression that
// yields them where the account is known only at plan. A region that the provider does not know is an error: its
// partition could only be guessed.
func New(region, accountID string) (Env, error) {
	for _, partition := range endpoints.DefaultPartitions() {
		if _, known := partition.Regions()[region]; known && !global(region) {
			return Env{partition.ID(), partition.DNSSuffix(), region, accountID}, nil
		}
	}
	return Env{}, fmt.Errorf("region %q is not a region of AWS", region)
}

// IsZero reports whether the environment was not made by New.
func (e Env) IsZero() bool { return e == Env{} }

// Regions lists the regions that New accepts, in alphabetical order. It is the provider's own table.
func Regions() []string {
	var regions []string
	for _, partition := range endpoints.DefaultPartitions() {
		for region := range partition.Regions() {
			if !global(region) {
				regions = append(regions, region)
			}
		}
	}
	slices.Sort(regions)
	return regions
}

// global reports whether a region is one of the pseudo regions ("aws-global") of services without a region.
func global(region string) bool { return strings.HasSuffix(region, "-global") }

// Partition is the part of AWS that the region belongs to: "aws", "aws-cn", "aws-us-gov" and so on.
func (e Env) Partition() string { return e.partition }

// Region is the region's name, for example "eu-central-1".
func (e Env) Region() string { return e.region }

// AccountID is the account's 12 digits, or the Terraform expression that yields them.
func (e Env) AccountID() string { return e.accountID }

// ARN names a resource of this account in this region: arn:partition:service:region:account:resource.
func (e Env) ARN(service, resource string) string {
	return e.arn(service, e.region, e.accountID, resource)
}

// ServiceARN is the ARN of a resource of AWS itself in the region, which has no account, such as a public parameter of
// Systems Manager.
func (e Env) ServiceARN(service, resource string) string {
	return e.arn(service, e.region, "", resource)
}

// AccountARN is the ARN of a resource of any account in the region.
func (e Env) AccountARN(service, account, resource string) string {
	return e.arn(service, e.region, account, resource)
}

// AnyRegionARN is ARN with "*" for the region, for condition values that AWS fills with the region of the event.
func (e Env) AnyRegionARN(service, resource string) string {
	return e.arn(service, "*", e.accountID, resource)
}

// IAMARN names an IAM identity of this account, for example IAMARN("role/reader"). IAM has no regions.
func (e Env) IAMARN(resource string) string { return e.arn("iam", "", e.accountID, resource) }

// RootARN is the account's root, which in a resource policy's principal stands for the account as a whole: it lets
// the account's own IAM policies grant what the statement allows.
func (e Env) RootARN() string { return e.IAMARN("root") }

// BucketARN names a bucket. Bucket ARNs carry neither region nor account.
func (e Env) BucketARN(bucket string) string { return e.arn("s3", "", "", bucket) }

// LogGroupARN names a log group without the ":*" that stands for its streams: the form that CloudWatch Logs sends
// to KMS as encryption context (CloudWatch Logs User Guide, "Encrypt log data using AWS KMS").
func (e Env) LogGroupARN(name string) string { return e.ARN("logs", "log-group:"+name) }

// LogGroupARNs names several log groups like LogGroupARN, in the order given.
func (e Env) LogGroupARNs(names ...string) []string {
	arns := make([]string, len(names))
	for i, name := range names {
		arns[i] = e.LogGroupARN(name)
	}
	return arns
}

func (e Env) arn(service, region, account, resource string) string {
	return strings.Join([]string{"arn", e.partition, service, region, account, resource}, ":")
}

// ServicePrincipal is the principal of a service that has one name in all regions and partitions, such as
// "cloudtrail" or "vpc-flow-logs".
func (e Env) ServicePrincipal(service string) string { return service + ".amazonaws.com" }

// RegionalServicePrincipal is the principal of a service that acts under the name of its region. CloudWatch Logs is
// the one that matters here: KMS refuses "logs.amazonaws.com" (CloudWatch Logs User Guide, "Encrypt log data using
// AWS KMS").
func (e Env) RegionalServicePrincipal(service string) string { return e.endpoint(service) }

// ViaService is the value of the condition key kms:ViaService when the service in this region calls KMS for a
// principal (KMS Developer Guide, "kms:ViaService").
func (e Env) ViaService(service string) string { return e.endpoint(service) }

func (e Env) endpoint(service string) string { return service + "." + e.region + "." + e.dnsSuffix }
