package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

// endpointActions has one action of each service that can have an endpoint.
var endpointActions = map[string]string{
	"autoscaling": "autoscaling:SetDesiredCapacity", "dynamodb": "dynamodb:GetItem", "ec2": "ec2:StopInstances",
	"ec2messages": "ec2messages:GetMessages", "ecr.api": "ecr:BatchGetImage", "ecr.dkr": "ecr:BatchGetImage",
	"ecs": "ecs:RunTask", "elasticloadbalancing": "elasticloadbalancing:RegisterTargets",
	"events": "events:PutRule", "kms": "kms:Decrypt", "lambda": "lambda:InvokeFunction", "logs": "logs:PutLogEvents",
	"monitoring": "cloudwatch:PutMetricData", "rds": "rds:DescribeDBInstances", "s3": "s3:PutObject",
	"secretsmanager": "secretsmanager:GetSecretValue", "sns": "sns:Publish", "sqs": "sqs:SendMessage",
	"ssm": "ssm:GetParameter", "ssmmessages": "ssmmessages:OpenDataChannel", "states": "states:StartExecution",
	"sts": "sts:AssumeRole",
}

func endpointDocument(t *testing.T, stack testkit.Stack, service string) iampolicy.Document {
	t.Helper()
	return stack.At(t, "aws_vpc_endpoint", "network/"+service+"-endpoint").Policy(t, "policy")
}

// owned is the context of a request for a resource of an account.
func owned(owner string) requestContext { return requestContext{"aws:ResourceAccount": owner} }

var (
	ownRole   = iampolicy.Role(workload)
	outsider  = iampolicy.Role("arn:aws:iam::" + foreign + ":role/x")
	trusted   = iampolicy.Role("arn:aws:iam::" + testkit.TrustedAccount + ":role/x")
	anonymous = iampolicy.Anonymous()
)

// TestEndpointPolicies asks every endpoint that can be configured.
func TestEndpointPolicies(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllNetwork())
	require.Len(t, endpointActions, len(awsenv.EndpointServices())+2, "a row for every service, S3 and DynamoDB")
	org := func(principal, resource string) requestContext {
		return owned(foreign).with("aws:PrincipalOrgID", principal).with("aws:ResourceOrgID", resource)
	}
	const other = "o-zyxwvutsrq"
	for service, action := range endpointActions {
		t.Run(service, func(t *testing.T) {
			assertDecisions(t, endpointDocument(t, stack, service), "arn:aws:x:::y", []request{
				{"own principal, own resource", ownRole, action, owned(account), iampolicy.Allowed},
				{"own principal, foreign resource: data would leave", ownRole, action, owned(foreign),
					iampolicy.ImplicitDeny},
				{"own principal, resource of nobody known", ownRole, action, nil, iampolicy.ImplicitDeny},
				{"foreign principal, own resource", outsider, action, owned(account), iampolicy.ImplicitDeny},
				{"foreign principal, foreign resource: brought credentials", outsider, action, owned(foreign),
					iampolicy.ImplicitDeny},
				{"anonymous", anonymous, action, owned(account), iampolicy.ImplicitDeny},
				{"an action of another service", ownRole, "iam:CreateUser", owned(account), iampolicy.ImplicitDeny},
				{"own principal, resource of a trusted account", ownRole, action, owned(testkit.TrustedAccount),
					iampolicy.Allowed},
				{"principal of a trusted account, own resource", trusted, action, owned(account), iampolicy.Allowed},
				{"principal of a trusted account, foreign resource", trusted, action, owned(foreign),
					iampolicy.ImplicitDeny},
				{"within the organization", outsider, action, org(testkit.OrganizationID, testkit.OrganizationID),
					iampolicy.Allowed},
				{"from the organization to another", outsider, action, org(testkit.OrganizationID, other),
					iampolicy.ImplicitDeny},
				{"from another organization", outsider, action, org(other, testkit.OrganizationID),
					iampolicy.ImplicitDeny},
			})
		})
	}
}

// TestEndpointPoliciesTrustNobodyByDefault asks the endpoints of a configuration that names nobody.
func TestEndpointPoliciesTrustNobodyByDefault(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(testkit.Settings{
		"network.interfaceEndpoints": awsenv.EndpointServices(), "network.dynamodbEndpoint": true,
	}))
	for service, action := range endpointActions {
		t.Run(service, func(t *testing.T) {
			assertDecisions(t, endpointDocument(t, stack, service), "arn:aws:x:::y", []request{
				{"own principal, own resource", ownRole, action, owned(account), iampolicy.Allowed},
				{"another account's resource", ownRole, action, owned(testkit.TrustedAccount), iampolicy.ImplicitDeny},
				{"another account's principal", trusted, action, owned(account), iampolicy.ImplicitDeny},
				{"within an organization", outsider, action,
					requestContext{"aws:PrincipalOrgID": testkit.OrganizationID,
						"aws:ResourceOrgID": testkit.OrganizationID}, iampolicy.ImplicitDeny},
			})
		})
	}
}

// TestBucketsOfAWS asks the endpoint for S3 about the buckets that AWS owns.
func TestBucketsOfAWS(t *testing.T) {
	document := endpointDocument(t, testkit.Synthesize(t, "prod", testkit.AllNetwork()), "s3")
	object := func(bucket string) string { return "arn:aws:s3:::" + bucket + "/x" }
	cloudFormation := iampolicy.Service("cloudformation.amazonaws.com")
	for _, bucket := range []string{
		"al2023-repos-" + region + "-de612dc2", "amazonlinux-2-repos-" + region,
		"prod-" + region + "-starport-layer-bucket",
		"aws-ssm-" + region, "amazon-ssm-" + region, "patch-baseline-snapshot-" + region,
		"aws-patch-manager-" + region + "-9163fdaaf",
	} {
		assertDecisions(t, document, object(bucket), []request{
			{bucket + ": read without credentials", anonymous, "s3:GetObject", owned(foreign), iampolicy.Allowed},
			{bucket + ": read with credentials of AWS", outsider, "s3:GetObject", owned(foreign), iampolicy.Allowed},
			{bucket + ": not written", ownRole, "s3:PutObject", owned(foreign), iampolicy.ImplicitDeny},
			{bucket + ": not listed", ownRole, "s3:ListBucket", owned(foreign), iampolicy.ImplicitDeny},
		})
	}
	for _, bucket := range []string{
		"cloudformation-waitcondition-" + region, "cloudformation-custom-resource-response-eucentral1",
	} {
		assertDecisions(t, document, object(bucket), []request{
			{bucket + ": answered by a signed URL", cloudFormation, "s3:PutObject", owned(foreign), iampolicy.Allowed},
			{bucket + ": not by own credentials", ownRole, "s3:PutObject", owned(foreign), iampolicy.ImplicitDeny},
			{bucket + ": not anonymously", anonymous, "s3:PutObject", owned(foreign), iampolicy.ImplicitDeny},
			{bucket + ": not read", cloudFormation, "s3:GetObject", owned(foreign), iampolicy.ImplicitDeny},
		})
	}
	for _, bucket := range []string{
		"drop", "amazon-ssm-packages-" + region, region + "-birdwatcher-prod", "aws-ssm-distributor-file-" + region,
		"aws-ssm-document-attachments-" + region, "aws-codedeploy-" + region, "amazoncloudwatch-agent",
		"aws-patch-manager-" + region, "patch-baseline-snapshot-" + region + "-9163fdaaf",
	} {
		assertDecisions(t, document, object(bucket), []request{
			{bucket + ": nobody has asked for it", ownRole, "s3:GetObject", owned(foreign), iampolicy.ImplicitDeny},
			{bucket + ": not anonymously either", anonymous, "s3:GetObject", owned(foreign), iampolicy.ImplicitDeny},
		})
	}
	assertDecisions(t, document, object("partner-data"), []request{
		{"a named bucket is read", ownRole, "s3:GetObject", owned(foreign), iampolicy.Allowed},
		{"a named bucket is written", ownRole, "s3:PutObject", owned(foreign), iampolicy.Allowed},
		{"a named bucket, by its owner's credentials", outsider, "s3:PutObject", owned(foreign),
			iampolicy.ImplicitDeny},
		{"a named bucket, anonymously", anonymous, "s3:GetObject", owned(foreign), iampolicy.ImplicitDeny},
	})
	assertDecisions(t, document, object("partner-data2"), []request{
		{"a bucket with a longer name", ownRole, "s3:GetObject", owned(foreign), iampolicy.ImplicitDeny},
	})

	t.Run("asked for by nobody", func(t *testing.T) {
		with := testkit.Offline(testkit.Settings{"network.trust": map[string]any{"awsBuckets": []string{}}})
		document := endpointDocument(t, testkit.Synthesize(t, "prod", with), "s3")
		assert.Len(t, document.Statements, 1, "own principals reach own resources")
	})
}

// TestWhatServicesNeedBesides asks the endpoints of services whose callers or resources are not the account's.
func TestWhatServicesNeedBesides(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllNetwork())
	provider := iampolicy.Federated("arn:aws:iam::" + account + ":oidc-provider/oidc.eks." + region +
		".amazonaws.com/id/X")
	saml := iampolicy.Federated("arn:aws:iam::" + account + ":saml-provider/corp")
	role, foreignRole := "arn:aws:iam::"+account+":role/pod", "arn:aws:iam::"+foreign+":role/pod"
	amazons, someones := requestContext{"ec2:Owner": "amazon", "aws:ResourceAccount": foreign},
		requestContext{"ec2:Owner": foreign, "aws:ResourceAccount": foreign}
	public := "arn:aws:ssm:" + region + "::"
	images := "arn:aws:ecr:" + region + ":602401143452:repository/eks/coredns"
	layer := "arn:aws:lambda:" + region + ":580247275435:layer:LambdaInsightsExtension:1"
	for _, row := range []struct {
		service, resource string
		request
	}{
		{"sts", role, request{"a pod's token becomes an own role", provider, "sts:AssumeRoleWithWebIdentity",
			owned(account), iampolicy.Allowed}},
		{"sts", role, request{"a SAML assertion becomes an own role", saml, "sts:AssumeRoleWithSAML", owned(account),
			iampolicy.Allowed}},
		{"sts", foreignRole, request{"a token for a foreign role", provider, "sts:AssumeRoleWithWebIdentity",
			owned(foreign), iampolicy.ImplicitDeny}},
		{"sts", role, request{"AssumeRole without credentials", anonymous, "sts:AssumeRole", owned(account),
			iampolicy.ImplicitDeny}},
		{"ssm", public + "document/AWS-RunPatchBaseline", request{"a document of AWS", ownRole, "ssm:GetDocument", nil,
			iampolicy.Allowed}},
		{"ssm", public + "parameter/aws/service/ami-amazon-linux-latest/x", request{"a public parameter", ownRole,
			"ssm:GetParameter", nil, iampolicy.Allowed}},
		{"ssm", public + "automation-definition/AWS-StopEC2Instance:1", request{"a runbook of AWS", ownRole,
			"ssm:StartAutomationExecution", nil, iampolicy.Allowed}},
		{"ssm", public + "document/AWS-RunPatchBaseline", request{"by a stranger", outsider, "ssm:GetDocument", nil,
			iampolicy.ImplicitDeny}},
		{"ssm", public + "parameter/aws/x",
			request{"written", ownRole, "ssm:PutParameter", nil, iampolicy.ImplicitDeny}},
		{"ssm", "arn:aws:ssm:" + region + ":" + foreign + ":document/drop", request{"a foreign document", ownRole,
			"ssm:SendCommand", owned(foreign), iampolicy.ImplicitDeny}},
		{"ec2", "arn:aws:ec2:" + region + "::image/ami-1", request{"an image of Amazon", ownRole, "ec2:RunInstances",
			amazons, iampolicy.Allowed}},
		{"ec2", "arn:aws:ec2:" + region + "::image/ami-1", request{"an image of somebody", ownRole, "ec2:RunInstances",
			someones, iampolicy.ImplicitDeny}},
		{"ec2", "arn:aws:ec2:" + region + ":aws:prefix-list/pl-1", request{"a prefix list of AWS", ownRole,
			"ec2:GetManagedPrefixListEntries", nil, iampolicy.Allowed}},
		{"ec2", "arn:aws:ec2:" + region + ":" + account + ":volume/*", request{"a volume", ownRole, "ec2:CreateVolume",
			nil, iampolicy.Allowed}},
		{"ec2", "arn:aws:ec2:" + region + ":" + account + ":volume/*", request{"a volume, by a stranger", outsider,
			"ec2:CreateVolume", nil, iampolicy.ImplicitDeny}},
		{"ec2", "arn:aws:ec2:" + region + ":" + account + ":vpc/*", request{"peering, which says nothing of the owner",
			ownRole, "ec2:CreateVpcPeeringConnection", nil, iampolicy.ImplicitDeny}},
		{"events", "arn:aws:events:" + region + ":" + account + ":event-bus/default", request{"an own bus", ownRole,
			"events:PutEvents", nil, iampolicy.Allowed}},
		{"events", "arn:aws:events:" + region + ":" + foreign + ":event-bus/drop", request{"a foreign bus", ownRole,
			"events:PutEvents", nil, iampolicy.ImplicitDeny}},
		{"events", "arn:aws:events:" + region + ":" + account + ":event-bus/default",
			request{"an own bus, by a stranger",
				outsider, "events:PutEvents", nil, iampolicy.ImplicitDeny}},
		{"lambda", layer, request{"a layer of AWS", ownRole, "lambda:GetLayerVersion", owned(foreign),
			iampolicy.Allowed}},
		{"lambda", layer, request{"a layer, by a stranger", outsider, "lambda:GetLayerVersion", owned(foreign),
			iampolicy.ImplicitDeny}},
		{"lambda", "arn:aws:lambda:" + region + ":" + foreign + ":function:drop", request{"a foreign function", ownRole,
			"lambda:InvokeFunction", owned(foreign), iampolicy.ImplicitDeny}},
		{"ecr.api", images, request{"an image of EKS", ownRole, "ecr:BatchGetImage", owned("602401143452"),
			iampolicy.Allowed}},
		{"ecr.dkr", images, request{"a layer of an image of EKS", ownRole, "ecr:GetDownloadUrlForLayer",
			owned("602401143452"), iampolicy.Allowed}},
		{"ecr.dkr", images, request{"an image of EKS, pushed", ownRole, "ecr:PutImage", owned("602401143452"),
			iampolicy.ImplicitDeny}},
		{"ecr.api", images, request{"an image of EKS, by a stranger", outsider, "ecr:BatchGetImage",
			owned("602401143452"), iampolicy.ImplicitDeny}},
		{"ecr.api", "arn:aws:ecr:" + region + ":" + foreign + ":repository/drop", request{"a foreign image", ownRole,
			"ecr:BatchGetImage", owned(foreign), iampolicy.ImplicitDeny}},
	} {
		assertDecisions(t, endpointDocument(t, stack, row.service), row.resource, []request{row.request})
	}
}
