package deploypolicy

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
)

// changesIAM are all actions of IAM that change a role or a policy.
var changesIAM = []string{
	"iam:Add*", "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:Pass*", "iam:Put*", "iam:Remove*",
	"iam:Set*", "iam:Tag*", "iam:Untag*", "iam:Update*",
}

func deny(sid string, actions, resources []string, conditions ...iampolicy.Condition) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: sid, Effect: iampolicy.Deny, Actions: actions, Resources: resources, Conditions: conditions,
	}
}

// refusals hold whatever other policies the deploy role gets: it cannot change itself or its boundary, cannot make a
// role without the boundary, and cannot switch off what protects the account.
func (s scope) refusals() []iampolicy.Statement {
	protection := []string{"cloudtrail:StopLogging", "kms:DisableKey", "kms:DisableKeyRotation",
		"s3:BypassGovernanceRetention", "secretsmanager:GetSecretValue"}
	if !s.deletesKeys() {
		protection = append(protection, "kms:ScheduleKeyDeletion")
	}
	refused := []iampolicy.Statement{
		deny("KeepPipeline", changesIAM, s.ofPipeline()),
		deny("KeepBoundaries", []string{"iam:DeleteRolePermissionsBoundary"}, anything),
		deny("OnlyThisBoundary", []string{"iam:CreateRole", "iam:PutRolePermissionsBoundary"}, anything,
			iampolicy.StringNotEquals("iam:PermissionsBoundary", s.boundaryARN())),
		deny("KeepProtection", protection, anything),
	}
	return append(refused, s.stateRefusals()...)
}

// stateRefusals keep the deploy role from changing what holds the state, and from losing what it was.
func (s scope) stateRefusals() []iampolicy.Statement {
	if s.state.Bucket == "" {
		return nil
	}
	var buckets []string
	for _, bucket := range slices.Compact(slices.Sorted(slices.Values(
		[]string{s.state.Bucket, s.pipeline.StateBucket, s.pipeline.StateAccessLogs}))) {
		buckets = append(buckets, s.env.BucketARN(bucket), s.env.BucketARN(bucket+"/*"))
	}
	refused := []iampolicy.Statement{deny("KeepStateBucket", []string{
		"s3:DeleteBucket*", "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
		"s3:PutReplicationConfiguration", "s3:DeleteObjectVersion",
	}, buckets)}
	if s.state.KMSKeyARN != "" {
		// It carries the tags by which the role knows the keys of the stack.
		refused = append(refused, deny("KeepStateKey", []string{
			"kms:CancelKeyDeletion", "kms:*Alias", "kms:CreateGrant", "kms:Disable*", "kms:Enable*",
			"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:Update*",
		}, []string{s.state.KMSKeyARN}))
	}
	return refused
}

var expression = regexp.MustCompile(`\$?\$\{[^}]*\}`)

// boundary is what a role of the stack may do at most: the actions that the policies of the stack's own roles allow, on
// resources of the account in the region. It holds nothing of IAM.
func (s scope) boundary() ([]iampolicy.Statement, error) {
	actions := map[string][]string{}
	for _, attachment := range s.stack.OfType("aws_iam_role_policy_attachment") {
		address, isReference := attachment.Reference("policy_arn")
		policy, exists := s.stack.Resource(address)
		if !isReference || !exists {
			continue
		}
		text, _ := policy.String("policy")
		document, err := iampolicy.Parse(expression.ReplaceAllString(text, "x")) // the actions are no expressions
		if err != nil {
			return nil, err
		}
		for _, statement := range document.Statements {
			for _, action := range statement.Actions {
				service, _, _ := strings.Cut(action, ":")
				actions[service] = append(actions[service], action)
			}
		}
	}
	resources := map[string][]string{
		"cloudtrail": s.own("cloudtrail", "trail/"), "kms": {s.env.ARN("kms", "key/*")}, "logs": s.allLogGroups(),
		"s3": {s.buckets(), s.buckets() + "/*"},
	}
	var statements []iampolicy.Statement
	for _, service := range slices.Sorted(maps.Keys(actions)) {
		scoped, listed := iampolicy.ByScope(actions[service])
		if len(scoped) > 0 {
			statements = append(statements, allow("Use"+title(service), nil, scoped, resources[service]).Statement)
		}
		if len(listed) > 0 {
			statements = append(statements, allow("List"+title(service), nil, listed, anything, s.inRegion()).Statement)
		}
	}
	return statements, nil
}

// allLogGroups are those of the stack and the one of enhanced monitoring, which RDS names (RDS User Guide, "Setting up
// and enabling Enhanced Monitoring").
func (s scope) allLogGroups() []string {
	return append(s.logGroups(), s.env.ARN("logs", "log-group:RDSOSMetrics*"))
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
