package network

import (
	"fmt"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
)

// ownResources lets this account's principals reach this account's resources through an endpoint, and nothing else:
// foreign credentials cannot be used inside the VPC to carry data out, nor own ones to reach a foreign account (AWS
// PrivateLink Guide, "Control access to VPC endpoints using endpoint policies"). Actions are those of the whole
// service, because an endpoint policy grants nothing: what a principal may do is said in its own policies.
func ownResources(env awsenv.Env, actionPrefix string) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: "OwnPrincipalsReachOwnResources", Effect: iampolicy.Allow, Principal: iampolicy.Everyone(),
		Actions: []string{actionPrefix + ":*"}, Resources: []string{"*"},
		Conditions: []iampolicy.Condition{
			iampolicy.StringEquals("aws:PrincipalAccount", env.AccountID()),
			iampolicy.StringEquals("aws:ResourceAccount", env.AccountID()),
		},
	}
}

// serviceBuckets are AWS's own buckets, by region, that instances read from: package repositories (Amazon Linux 2023
// User Guide, "Amazon Linux repositories"; Amazon Linux 2 User Guide, same), layers of container images (Amazon ECR
// User Guide, "Minimum Amazon S3 bucket permissions for Amazon ECR") and the agent of Systems Manager (Systems Manager
// User Guide, "SSM Agent communications with AWS managed S3 buckets").
var serviceBuckets = []string{
	"al2023-repos-%s-de612dc2",
	"amazonlinux-2-repos-%s",
	"prod-%s-starport-layer-bucket",
	"aws-ssm-%s",
	"amazon-ssm-%s",
	"amazon-ssm-packages-%s",
	"%s-birdwatcher-prod",
	"aws-ssm-distributor-file-%s",
	"aws-ssm-document-attachments-%s",
	"patch-baseline-snapshot-%s",
}

// readServiceBuckets lets anyone in the VPC read AWS's own buckets. Who asks cannot be limited: packages are fetched
// without credentials, and image layers with those of ECR.
func readServiceBuckets(env awsenv.Env) iampolicy.Statement {
	objects := make([]string, len(serviceBuckets))
	for i, bucket := range serviceBuckets {
		objects[i] = env.BucketARN(fmt.Sprintf(bucket, env.Region())) + "/*"
	}
	return iampolicy.Statement{
		Sid: "InstancesReadBucketsOfAWS", Effect: iampolicy.Allow, Principal: iampolicy.Everyone(),
		Actions: []string{"s3:GetObject"}, Resources: objects,
	}
}

// endpointStatements is the policy of a service's endpoint.
func endpointStatements(env awsenv.Env, service string) []iampolicy.Statement {
	statements := []iampolicy.Statement{ownResources(env, awsenv.ActionPrefix(service))}
	if service == "s3" {
		statements = append(statements, readServiceBuckets(env))
	}
	return statements
}
