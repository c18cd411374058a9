package cisalarms

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// call is the event of an API call by a user.
func call(source, name string) string {
	return fmt.Sprintf(`{"eventVersion": "1.09", "eventType": "AwsApiCall", "eventSource": "%s.amazonaws.com",
		"eventName": "%s",
		"userIdentity": {"type": "IAMUser", "userName": "alice"}, "awsRegion": "eu-central-1",
		"responseElements": null}`, source, name)
}

// refused is the event of an API call that IAM or a service refused.
func refused(code string) string {
	return strings.Replace(call("ec2", "RunInstances"), `"eventVersion"`, `"errorCode": "`+code+`", "eventVersion"`, 1)
}

// signIn is the event of a sign-in to the console.
func signIn(identity, mfa, result string) string {
	return fmt.Sprintf(`{"eventVersion": "1.08", "eventType": "AwsConsoleSignIn", "eventSource": "signin.amazonaws.com",
		"eventName": "ConsoleLogin", "userIdentity": {"type": "%s"}, "additionalEventData": {"MFAUsed": "%s"},
		"responseElements": {"ConsoleLogin": "%s"}}`, identity, mfa, result)
}

// failedSignIn is a sign-in that failed with a message.
func failedSignIn(message string) string {
	return strings.Replace(signIn("IAMUser", "No", "Failure"), `"eventVersion"`,
		`"errorMessage": "`+message+`", "eventVersion"`, 1)
}

// byRoot is an event of the root user; more adds fields of its identity.
func byRoot(eventType, more string) string {
	return fmt.Sprintf(`{"eventVersion": "1.09", "eventType": "%s", "eventSource": "s3.amazonaws.com",
		"eventName": "ListBuckets",
		"userIdentity": {"type": "Root"%s}}`, eventType, more)
}

// calls are the events of several API calls of one service.
func calls(source, names string) []string {
	var events []string
	for name := range strings.FieldsSeq(names) {
		events = append(events, call(source, name))
	}
	return events
}

// samples are the events of each alarm, and near misses: what a pattern with one term less would find.
var samples = map[string]struct{ match, miss []string }{
	"unauthorized-calls": {
		[]string{refused("Client.UnauthorizedOperation"), refused("AccessDenied"), refused("AccessDeniedException")},
		[]string{refused("ThrottlingException"), refused("UnauthorizedOperationX"), refused("XAccessDenied"),
			call("ec2", "RunInstances")},
	},
	"sign-in-without-mfa": {
		[]string{signIn("IAMUser", "No", "Success")},
		[]string{
			signIn("IAMUser", "Yes", "Success"), signIn("IAMUser", "No", "Failure"),
			signIn("AssumedRole", "No", "Success"),
			strings.Replace(signIn("IAMUser", "No", "Success"), `"ConsoleLogin", "userIdentity"`,
				`"CheckMfa", "userIdentity"`, 1),
		},
	},
	"root-use": {
		[]string{byRoot("AwsApiCall", ""), signIn("Root", "Yes", "Success")},
		[]string{
			byRoot("AwsServiceEvent", ""), byRoot("AwsApiCall", `, "invokedBy": "support.amazonaws.com"`),
			strings.Replace(byRoot("AwsApiCall", ""), `"Root"`, `"IAMUser"`, 1),
		},
	},
	"iam-policy-changes": {
		calls("iam", `AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreatePolicy CreatePolicyVersion
			DeleteGroupPolicy DeletePolicy
			DeletePolicyVersion DeleteRolePolicy DeleteUserPolicy DetachGroupPolicy DetachRolePolicy
			DetachUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy`),
		append(calls("iam", "GetPolicy ListPolicies CreateRole"),
			calls("organizations", "CreatePolicy DeletePolicy")...),
	},
	"cloudtrail-changes": {
		calls("cloudtrail", "CreateTrail DeleteTrail StartLogging StopLogging UpdateTrail"),
		calls("cloudtrail", "DescribeTrails GetTrailStatus LookupEvents"),
	},
	"sign-in-failures": {
		[]string{failedSignIn("Failed authentication")},
		[]string{
			failedSignIn("No username found in supplied account"), signIn("IAMUser", "Yes", "Success"),
			strings.Replace(failedSignIn("Failed authentication"), `"ConsoleLogin", "userIdentity"`,
				`"CheckMfa", "userIdentity"`, 1),
		},
	},
	"key-deletion": {
		calls("kms", "DisableKey ScheduleKeyDeletion"),
		append(calls("kms", "EnableKey CancelKeyDeletion DescribeKey"), call("other", "DisableKey")),
	},
	"bucket-policy-changes": {
		calls("s3", `DeleteBucketCors DeleteBucketLifecycle DeleteBucketPolicy DeleteBucketReplication PutBucketAcl
			PutBucketCors PutBucketLifecycle PutBucketPolicy PutBucketReplication`),
		append(calls("s3", "GetBucketPolicy PutObject CreateBucket"), call("s3-outposts", "PutBucketPolicy")),
	},
	"config-changes": {
		calls("config", "DeleteDeliveryChannel PutConfigurationRecorder PutDeliveryChannel StopConfigurationRecorder"),
		append(calls("config", "StartConfigurationRecorder DescribeDeliveryChannels"),
			call("other", "StopConfigurationRecorder")),
	},
	"security-group-changes": {
		calls("ec2", `AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateSecurityGroup DeleteSecurityGroup
			RevokeSecurityGroupEgress RevokeSecurityGroupIngress`),
		calls("ec2", "DescribeSecurityGroups UpdateSecurityGroupRuleDescriptionsIngress"),
	},
	"network-acl-changes": {
		calls("ec2", `CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry
			ReplaceNetworkAclAssociation ReplaceNetworkAclEntry`),
		calls("ec2", "DescribeNetworkAcls CreateSubnet"),
	},
	"gateway-changes": {
		calls("ec2", `AttachInternetGateway CreateCustomerGateway CreateInternetGateway DeleteCustomerGateway
			DeleteInternetGateway DetachInternetGateway`),
		calls("ec2", "DescribeInternetGateways CreateNatGateway"),
	},
	"route-table-changes": {
		calls("ec2", `CreateRoute CreateRouteTable DeleteRoute DeleteRouteTable DisassociateRouteTable ReplaceRoute
			ReplaceRouteTableAssociation`),
		append(calls("ec2", "DescribeRouteTables AssociateRouteTable"), calls("appmesh", "CreateRoute DeleteRoute")...),
	},
	"vpc-changes": {
		calls("ec2", `AcceptVpcPeeringConnection AttachClassicLinkVpc CreateVpc CreateVpcPeeringConnection DeleteVpc
			DeleteVpcPeeringConnection DetachClassicLinkVpc DisableVpcClassicLink EnableVpcClassicLink
			ModifyVpcAttribute RejectVpcPeeringConnection`),
		calls("ec2", "DescribeVpcs CreateVpcEndpoint CreateDefaultVpc"),
	},
	"organization-changes": {
		calls("organizations",
			`AcceptHandshake AttachPolicy CancelHandshake CloseAccount CreateAccount CreateGovCloudAccount
			CreateOrganization
			CreateOrganizationalUnit CreatePolicy DeclineHandshake EnableAllFeatures DeleteOrganization
			DeleteOrganizationalUnit DeletePolicy DetachPolicy DisablePolicyType EnablePolicyType
			InviteAccountToOrganization LeaveOrganization MoveAccount RemoveAccountFromOrganization
			UpdateOrganizationalUnit UpdatePolicy EnableAWSServiceAccess DisableAWSServiceAccess
			RegisterDelegatedAdministrator DeregisterDelegatedAdministrator PutResourcePolicy DeleteResourcePolicy`),
		append(calls("organizations",
			`DescribeOrganization ListAccounts ListDelegatedAdministrators DescribeResourcePolicy
			ListAWSServiceAccessForOrganization`),
			calls("iam", "CreatePolicy DeletePolicy")...),
	},
}

func TestPatternsFindTheirEvents(t *testing.T) {
	require.Len(t, samples, len(All()), "each alarm has samples")
	for _, alarm := range All() {
		t.Run(alarm.Key, func(t *testing.T) {
			matches, err := compile(alarm.Pattern)
			require.NoError(t, err)
			require.NotEmpty(t, samples[alarm.Key].match)
			require.NotEmpty(t, samples[alarm.Key].miss)
			for _, event := range samples[alarm.Key].match {
				assert.True(t, matches(parseEvent(t, event)), "should be found: %s", event)
			}
			for _, event := range samples[alarm.Key].miss {
				assert.False(t, matches(parseEvent(t, event)), "should not be found: %s", event)
			}
		})
	}
}

// TestEventsOfOneAlarmAreNotOfAnother keeps the alarms apart. A sign-in of root is of two by intent, as is any call of
// another alarm when it is made by root.
func TestEventsOfOneAlarmAreNotOfAnother(t *testing.T) {
	for _, alarm := range All() {
		matches, err := compile(alarm.Pattern)
		require.NoError(t, err)
		for other, sample := range samples {
			for _, event := range sample.match {
				if other != alarm.Key {
					assert.False(t, matches(parseEvent(t, event)), "%s finds an event of %s: %s", alarm.Key, other,
						event)
				}
			}
		}
	}
}

// maxPatternLength is the longest pattern of a filter, in characters (CloudWatch Logs API Reference, PutMetricFilter).
const maxPatternLength = 1024

func TestTable(t *testing.T) {
	legal := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for i, alarm := range All() {
		assert.Equal(t, fmt.Sprintf("4.%d", i+1), alarm.Control, "the fifteen controls, in order")
		assert.Regexp(t, legal, alarm.Key)
		assert.NotEmpty(t, alarm.Title)
		assert.LessOrEqual(t, len(alarm.Pattern), maxPatternLength, alarm.Key)
		assert.NotContains(t, alarm.Pattern, "${", "Terraform would evaluate it")
		assert.False(t, seen[alarm.Key], "%s is a duplicate", alarm.Key)
		seen[alarm.Key] = true
		assert.Equal(t, alarm.Key, Keys()[i])
	}
	assert.Len(t, seen, 15)
}

func TestChecks(t *testing.T) {
	for _, seconds := range []int{60, 120, 300, 86400} {
		assert.NoError(t, CheckPeriod(seconds))
	}
	for _, seconds := range []int{-60, 0, 30, 59, 61, 90, 86401, 86460} {
		assert.EqualError(t, CheckPeriod(seconds), "must be 60 to 86400 seconds in steps of 60", seconds)
	}
	for _, count := range []int{1, 100000} {
		assert.NoError(t, CheckThreshold(count))
	}
	for _, count := range []int{-1, 0, 100001} {
		assert.EqualError(t, CheckThreshold(count), "must be 1 to 100000 events", count)
	}
}
