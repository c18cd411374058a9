//go:build rehearsal && unix

package rehearsal

import (
	"strings"
)

// s3Actions are the actions of S3 by method and first parameter, for buckets.
var s3Actions = map[string]string{
	"DELETE": "s3:DeleteBucket", "DELETE policy": "s3:DeleteBucketPolicy", "GET accelerate": "s3:GetAccelerateConfiguration",
	"GET acl": "s3:GetBucketAcl", "GET cors": "s3:GetBucketCORS", "GET encryption": "s3:GetEncryptionConfiguration",
	"GET lifecycle": "s3:GetLifecycleConfiguration", "GET list-type": "s3:ListBucket",
	"GET logging": "s3:GetBucketLogging", "GET object-lock": "s3:GetBucketObjectLockConfiguration",
	"GET ownershipControls": "s3:GetBucketOwnershipControls", "GET policy": "s3:GetBucketPolicy",
	"GET publicAccessBlock": "s3:GetBucketPublicAccessBlock", "GET replication": "s3:GetReplicationConfiguration",
	"GET requestPayment": "s3:GetBucketRequestPayment", "GET tagging": "s3:GetBucketTagging",
	"GET versioning": "s3:GetBucketVersioning", "GET versions": "s3:ListBucketVersions",
	"GET website": "s3:GetBucketWebsite", "HEAD": "s3:ListBucket", "PUT": "s3:CreateBucket",
	"PUT encryption": "s3:PutEncryptionConfiguration", "PUT lifecycle": "s3:PutLifecycleConfiguration",
	"PUT logging": "s3:PutBucketLogging", "PUT object-lock": "s3:PutBucketObjectLockConfiguration",
	"PUT ownershipControls": "s3:PutBucketOwnershipControls", "PUT policy": "s3:PutBucketPolicy",
	"PUT publicAccessBlock": "s3:PutBucketPublicAccessBlock", "PUT tagging": "s3:PutBucketTagging",
	"PUT versioning": "s3:PutBucketVersioning", "DELETE lifecycle": "s3:PutLifecycleConfiguration",
	"DELETE publicAccessBlock": "s3:PutBucketPublicAccessBlock", "DELETE encryption": "s3:PutEncryptionConfiguration",
	"DELETE ownershipControls": "s3:PutBucketOwnershipControls",
}

// objectActions are those for objects, by method.
var objectActions = map[string]string{
	"DELETE": "s3:DeleteObject", "GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject",
}

func (a *asker) ofS3(c call) []asked {
	name := strings.Trim(c.Path, "/")
	method, _, _ := strings.Cut(c.Action, " ")
	bucket, key, isObject := strings.Cut(name, "/")
	if isObject && key != "" {
		return a.one(objectActions[method], "arn:aws:s3:::"+name)
	}
	if method == "POST" { // DeleteObjects
		return append(a.one("s3:DeleteObject", "arn:aws:s3:::"+bucket+"/x"),
			a.one("s3:DeleteObjectVersion", "arn:aws:s3:::"+bucket+"/x")...)
	}
	action := s3Actions[c.Action]
	if c.Action == "GET encoding-type" { // the first parameter of both calls that list
		action = "s3:ListBucket"
		if strings.Contains(c.Query, "versions") {
			action = "s3:ListBucketVersions"
		}
	}
	return a.one(action, "arn:aws:s3:::"+bucket)
}

// listCalls name no resource.
var listCalls = map[string]bool{
	"cloudtrail:DescribeTrails": true, "logs:DescribeLogGroups": true, "sns:GetSubscriptionAttributes": true,
	"sns:Unsubscribe": true,
}

// prefixes of IAM's actions, where they differ from the name that requests are signed for.
var prefixes = map[string]string{"monitoring": "cloudwatch"}

// ofOthers asks about the resource that a call names by its name or ARN.
func (a *asker) ofOthers(c call) []asked {
	service := c.Service
	if prefix := prefixes[service]; prefix != "" {
		service = prefix
	}
	action := service + ":" + c.Action
	if listCalls[action] {
		return a.one(action, "*")
	}
	before := map[string]string{"cloudtrail": "trail/", "cloudwatch": "alarm:", "logs": "log-group:"}[service]
	var questions []asked
	for _, name := range namesIn(c) {
		if !strings.HasPrefix(name, "arn:") {
			name = a.arn(service, before+name)
		}
		questions = append(questions, a.one(action, name)...)
		for _, tagging := range []string{"CreateLogGroup logs:TagResource", "PutMetricAlarm cloudwatch:TagResource",
			"CreateTopic sns:TagResource", "CreateTrail cloudtrail:AddTags"} {
			if making, tag, _ := strings.Cut(tagging, " "); making == c.Action {
				questions = append(questions, a.one(tag, name)...)
			}
		}
	}
	return append(questions, a.pass(text(c.fields(), "CloudWatchLogsRoleArn"), "cloudtrail")...)
}

// namesIn are the names and ARNs by which a call says what it is about.
func namesIn(c call) []string {
	fields := []string{"Name", "TrailName", "logGroupName", "resourceArn", "SecretId", "ResourceId", "TopicArn",
		"ResourceArn", "ResourceARN", "AlarmName"}
	var names []string
	if form := c.form(); form != nil {
		for _, field := range fields {
			if form.Has(field) {
				names = append(names, form.Get(field))
			}
		}
		for name, values := range form {
			if strings.HasPrefix(name, "AlarmNames.member.") {
				names = append(names, values...)
			}
		}
		return names
	}
	body := c.fields()
	for _, field := range fields {
		if name := text(body, field); name != "" {
			names = append(names, name)
		}
	}
	for _, field := range []string{"ResourceIdList"} {
		list, _ := body[field].([]any)
		for _, one := range list {
			if name, isText := one.(string); isText {
				names = append(names, name)
			}
		}
	}
	return names
}
