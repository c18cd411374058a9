package network

import (
	"slices"

	"securebaseline/internal/awsbuckets"
	"securebaseline/internal/iampolicy"
)

// What services need besides own principals and own resources. The patterns are those of AWS's own examples
// (aws-samples/data-perimeter-policy-examples on GitHub, VPC endpoint policies).

// s3 lets workloads read AWS's buckets, and own principals use the buckets that are named.
//
// Who reads AWS's buckets cannot be limited: packages are fetched without credentials, and image layers with those of
// ECR. CloudFormation signs with its own name the URLs that its answers are written to.
func (p endpointPolicy) s3() []iampolicy.Statement {
	var statements []iampolicy.Statement
	read := slices.DeleteFunc(slices.Clone(p.trust.AWSBuckets), func(purpose awsbuckets.Purpose) bool {
		return purpose == awsbuckets.CloudFormation
	})
	if len(read) > 0 {
		statements = append(statements, p.allow("WorkloadsReadBucketsOfAWS", []string{"s3:GetObject"},
			awsbuckets.Objects(p.env, read...)))
	}
	if len(read) < len(p.trust.AWSBuckets) {
		statements = append(statements, p.allow("WorkloadsAnswerCloudFormation", []string{"s3:PutObject"},
			awsbuckets.Objects(p.env, awsbuckets.CloudFormation), iampolicy.Bool("aws:PrincipalIsAWSService", true)))
	}
	if len(p.trust.Buckets) > 0 {
		var resources []string
		for _, bucket := range p.trust.Buckets {
			resources = append(resources, p.env.BucketARN(bucket), p.env.BucketARN(bucket)+"/*")
		}
		statements = append(statements, p.allow("OwnPrincipalsReachNamedBuckets", []string{"s3:*"}, resources,
			p.ownPrincipals()))
	}
	return statements
}

// sts lets in callers who have no credentials yet: a token of an identity provider is exchanged by an unsigned request,
// which carries no principal (IAM User Guide, "Creating endpoint policies for AWS STS").
func (p endpointPolicy) sts() []iampolicy.Statement {
	return []iampolicy.Statement{p.allow("TokensBecomeOwnRoles",
		[]string{"sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}, []string{"*"}, p.ownResources())}
}

// ssm lets own principals use AWS's public documents, runbooks and parameters, which no account owns (Systems Manager
// User Guide, "Working with public parameters").
func (p endpointPolicy) ssm() []iampolicy.Statement {
	return []iampolicy.Statement{p.allow("OwnPrincipalsUseWhatAWSPublishes",
		[]string{"ssm:CreateAssociation", "ssm:Describe*", "ssm:Get*", "ssm:List*", "ssm:SendCommand",
			"ssm:StartAutomationExecution", "ssm:StartSession"},
		[]string{p.env.ServiceARN("ssm", "automation-definition/*"), p.env.ServiceARN("ssm", "document/*"),
			p.env.ServiceARN("ssm", "parameter/aws/*")}, p.ownPrincipals())}
}

// ec2 lets own principals launch Amazon's images and read AWS's prefix lists. The last statement is about actions that
// say nothing of the resource's account (IAM User Guide, "AWS global condition context keys", aws:ResourceAccount); all
// of them put the result into the caller's own account. Peering, which would not, is left out.
func (p endpointPolicy) ec2() []iampolicy.Statement {
	return []iampolicy.Statement{
		p.allow("OwnPrincipalsLaunchImagesOfAmazon", []string{"ec2:RunInstances"}, []string{"*"}, p.ownPrincipals(),
			iampolicy.StringEquals("ec2:Owner", "amazon")),
		p.allow("OwnPrincipalsReadPrefixListsOfAWS", []string{"ec2:GetManagedPrefixListEntries"},
			[]string{p.env.AccountARN("ec2", "aws", "prefix-list/*")}, p.ownPrincipals()),
		p.allow("OwnPrincipalsCreateFromCopies",
			[]string{"ec2:CopyImage", "ec2:CopySnapshot", "ec2:CreateVolume", "ec2:CreateVpcEndpoint"}, []string{"*"},
			p.ownPrincipals(), iampolicy.Null("aws:ResourceAccount", true)),
	}
}

// events lets own principals put events on own buses also where the request does not say whose the bus is (IAM User
// Guide, "AWS global condition context keys", aws:ResourceAccount).
func (p endpointPolicy) events() []iampolicy.Statement {
	var buses []string
	for _, account := range p.accounts() {
		buses = append(buses, p.env.AccountARN("events", account, "event-bus/*"))
	}
	return []iampolicy.Statement{p.allow("OwnPrincipalsPutEventsOnOwnBuses", []string{"events:PutEvents"}, buses,
		p.ownPrincipals())}
}

// lambda lets own principals fetch layers of anybody: those of AWS belong to accounts that differ by layer and region.
// A layer is code that comes in; no data leaves with the request for it.
func (p endpointPolicy) lambda() []iampolicy.Statement {
	return []iampolicy.Statement{p.allow("OwnPrincipalsFetchLayers", []string{"lambda:GetLayerVersion"},
		[]string{p.env.AccountARN("lambda", "*", "layer:*")}, p.ownPrincipals())}
}

// ecr lets own principals pull AWS's images, such as those of EKS add-ons.
func (p endpointPolicy) ecr() []iampolicy.Statement {
	registry, known := p.env.ImageRegistry()
	if !known {
		return nil
	}
	return []iampolicy.Statement{p.allow("OwnPrincipalsPullImagesOfAWS",
		[]string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages",
			"ecr:GetDownloadUrlForLayer"},
		[]string{p.env.AccountARN("ecr", registry, "repository/*")}, p.ownPrincipals())}
}
