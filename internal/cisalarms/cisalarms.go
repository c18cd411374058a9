// Package cisalarms holds what the CIS AWS Foundations Benchmark wants alarms on: fifteen kinds of events
// in the audit trail, each with the pattern that finds them.
//
// The package is pure, so that the configuration can be checked against the table before anything is built.
package cisalarms

import (
	"cmp"
	"fmt"
	"strings"
)

// Defaults and limits of an alarm. A metric that comes from a log filter has one value a minute, and an alarm looks
// back a day at most (CloudWatch API Reference, PutMetricAlarm). A threshold above MaxThreshold can only be a mistake.
const (
	DefaultThreshold     = 1
	MinThreshold         = 1
	MaxThreshold         = 100000
	DefaultPeriodSeconds = 300
	PeriodStepSeconds    = 60
	MaxPeriodSeconds     = 24 * 60 * 60
)

// Alarm is a kind of event that people must be notified of.
type Alarm struct {
	// Key names the alarm in the configuration and in the names of resources: lower-case words, joined by hyphens.
	Key string
	// Control is its number in versions 1.4.0 to 3.0.0 of the benchmark.
	Control string
	// Title says what happened, for whoever gets the alarm.
	Title string
	// Pattern finds the events in the trail's log group. It holds the benchmark's own terms and no others, because
	// Security Hub fails a control whose filter has more or fewer (Security Hub User Guide, "Security Hub controls for
	// Amazon CloudWatch"). Only organization-changes, which it does not check, has the calls that the benchmark lacks.
	Pattern string
	// Often is the number of events at which the alarm fires, where the first is everyday. 0 is DefaultThreshold.
	Often int
}

// Threshold is the number of events within a period at which the alarm fires unless the configuration tunes it.
func (a Alarm) Threshold() int { return cmp.Or(a.Often, DefaultThreshold) }

// manyRefusals is what a person or a tool collects who tries what its credentials can do. Single refusals are everyday:
// each page of the console, each inventory of a scanner asks for what it may not see. An alarm that fires for those is
// soon filtered away. The benchmark and Security Hub ask for the filter and an alarm, and for no threshold.
const manyRefusals = 20

// All lists the alarms in the order of their controls.
func All() []Alarm {
	return []Alarm{
		{"unauthorized-calls", "4.1", "An API call was refused",
			`{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}`, manyRefusals},
		{"sign-in-without-mfa", "4.2", "A user signed in to the console without MFA",
			`{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ` +
				`($.userIdentity.type="IAMUser") && ($.responseElements.ConsoleLogin="Success")}`, 0},
		{"root-use", "4.3", "The root user acted",
			`{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent"}`,
			0},
		{"iam-policy-changes", "4.4", "An IAM policy changed", events("iam",
			"DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy",
			"PutUserPolicy",
			"CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion",
			"AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy",
			"DetachGroupPolicy"), 0},
		{"cloudtrail-changes", "4.5", "An audit trail changed", events("",
			"CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"), 0},
		{"sign-in-failures", "4.6", "A sign-in to the console failed",
			`{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}`, 0},
		{"key-deletion", "4.7", "A key was disabled or is to be deleted", events("kms",
			"DisableKey", "ScheduleKeyDeletion"), 0},
		{"bucket-policy-changes", "4.8", "Access to a bucket changed", events("s3",
			"PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication",
			"DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"), 0},
		{"config-changes", "4.9", "Recording by AWS Config changed", events("config",
			"StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"), 0},
		{"security-group-changes", "4.10", "A security group changed", events("",
			"AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
			"RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup"), 0},
		{"network-acl-changes", "4.11", "A network ACL changed", events("",
			"CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry",
			"ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"), 0},
		{"gateway-changes", "4.12", "A gateway of a network changed", events("",
			"CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway",
			"DeleteInternetGateway", "DetachInternetGateway"), 0},
		{"route-table-changes", "4.13", "A route changed", events("ec2",
			"CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable",
			"DeleteRoute", "DisassociateRouteTable"), 0},
		{"vpc-changes", "4.14", "A VPC changed", events("",
			"CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection",
			"DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc",
			"DisableVpcClassicLink", "EnableVpcClassicLink"), 0},
		{"organization-changes", "4.15", "The AWS organization changed", events("organizations",
			// Scanners look for the names in this order.
			"AcceptHandshake", "AttachPolicy", "CancelHandshake", "CloseAccount", "CreateAccount",
			"CreateGovCloudAccount", "CreateOrganization", "CreateOrganizationalUnit", "CreatePolicy",
			"DeclineHandshake", "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy",
			"DeleteResourcePolicy", "EnableAllFeatures", "EnablePolicyType", "InviteAccountToOrganization",
			"LeaveOrganization", "DetachPolicy", "DisablePolicyType", "MoveAccount", "PutResourcePolicy",
			"RemoveAccountFromOrganization", "UpdateOrganizationalUnit", "UpdatePolicy",
			`"*AWSServiceAccess"`, `"*DelegatedAdministrator"`), 0},
	}
}

// Keys lists the keys of the alarms in the order of their controls.
func Keys() []string {
	var keys []string
	for _, alarm := range All() {
		keys = append(keys, alarm.Key)
	}
	return keys
}

// CheckPeriod reports what is wrong with the time over which an alarm counts events.
func CheckPeriod(seconds int) error {
	if seconds < PeriodStepSeconds || seconds > MaxPeriodSeconds || seconds%PeriodStepSeconds != 0 {
		return fmt.Errorf("must be %d to %d seconds in steps of %[1]d", PeriodStepSeconds, MaxPeriodSeconds)
	}
	return nil
}

// CheckThreshold reports what is wrong with the number of events at which an alarm fires.
func CheckThreshold(count int) error {
	if count < MinThreshold || count > MaxThreshold {
		return fmt.Errorf("must be %d to %d events", MinThreshold, MaxThreshold)
	}
	return nil
}

// events matches the named calls; of one service, or of any where the names belong to one alone.
func events(service string, names ...string) string {
	terms := make([]string, len(names))
	for i, name := range names {
		terms[i] = "($.eventName=" + name + ")"
	}
	anyOf := strings.Join(terms, " || ")
	if service == "" {
		return "{" + anyOf + "}"
	}
	return fmt.Sprintf("{($.eventSource=%s.amazonaws.com) && (%s)}", service, anyOf)
}
