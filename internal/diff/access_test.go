package diff

import "testing"

const (
	trailBucket = "aws_s3_bucket_policy.trail-bucket_policy"
	topicPolicy = "aws_sns_topic_policy.alarm-topic_policy"
	endpoint    = "aws_vpc_endpoint.network_s3-endpoint"
	flowRole    = "aws_iam_role.network_flow-logs-role"
	reader      = "aws_iam_policy.data-reader"
	account     = "444455556666"
)

// put sets a member of a statement.
func put(member string, value any) func(map[string]any) {
	return func(statement map[string]any) { statement[member] = value }
}

// gain adds to a member that is a list, or becomes one.
func gain(member string, values ...any) func(map[string]any) {
	return func(statement map[string]any) {
		former, isList := statement[member].([]any)
		if !isList {
			former = []any{statement[member]}
		}
		statement[member] = append(values, former...)
	}
}

// lose takes a condition away.
func lose(operator string) func(map[string]any) {
	return func(statement map[string]any) { delete(statement["Condition"].(map[string]any), operator) }
}

func TestWiderAccess(t *testing.T) {
	assertReviewed(t, map[string]reviewCase{
		"an action more": {change: edits(statement(reader, "policy", "ReadObjects", gain("Action", "s3:DeleteObject"))),
			weaker: []string{reader + " policy: statement ReadObjects widened; allows more: action s3:DeleteObject"}},
		"a wildcard": {change: edits(statement(reader, "policy", "ReadObjects", put("Action", "s3:Get*"))),
			weaker: []string{reader + " policy: statement ReadObjects widened; allows more: action s3:Get*"}},
		"a resource more": {change: edits(statement(reader, "policy", "ReadObjects",
			put("Resource", "arn:aws:s3:::acme-*-prod-444455556666-eu-central-1/*"))),
			weaker: []string{reader + " policy: statement ReadObjects widened; allows more: resource " +
				"arn:aws:s3:::acme-*-prod-444455556666-eu-central-1/*"}},
		"a principal more": {change: edits(statement(topicPolicy, "policy", "AlarmsPublish",
			put("Principal", map[string]any{"Service": []any{"cloudwatch.amazonaws.com", "s3.amazonaws.com"}}))),
			weaker: []string{topicPolicy + " policy: statement AlarmsPublish widened; allows more: principal " +
				"s3.amazonaws.com"}},
		"everyone": {change: edits(statement(topicPolicy, "policy", "AlarmsPublish", put("Principal", "*"))),
			weaker: []string{topicPolicy + " policy: statement AlarmsPublish widened; allows more: principal *"}},
		"a condition less": {change: edits(statement(topicPolicy, "policy", "AlarmsPublish", lose("StringEquals"))),
			weaker: []string{topicPolicy + " policy: statement AlarmsPublish widened; allows more: without the " +
				"condition that aws:SourceAccount is 444455556666"}},
		"a wider condition": {change: edits(statement(topicPolicy, "policy", "AlarmsPublish", func(s map[string]any) {
			s["Condition"].(map[string]any)["ArnLike"] = map[string]any{
				"aws:SourceArn": "arn:aws:cloudwatch:*:444455556666:alarm:*"}
		})),
			weaker: []string{topicPolicy + " policy: statement AlarmsPublish widened; allows more: also if " +
				"aws:SourceArn is like arn:aws:cloudwatch:*:444455556666:alarm:*, not only if aws:SourceArn is like " +
				"arn:aws:cloudwatch:eu-central-1:444455556666:alarm:acme-*-prod"}},
		"a value more": {change: edits(statement(endpoint, "policy", "OwnPrincipalsReachOwnResources",
			func(s map[string]any) {
				s["Condition"].(map[string]any)["StringEquals"].(map[string]any)["aws:PrincipalAccount"] =
					[]any{account, "999900001111"}
			})),
			weaker: []string{endpoint + " policy: statement OwnPrincipalsReachOwnResources widened; allows more: " +
				"also if aws:PrincipalAccount is 444455556666 or 999900001111, not only if aws:PrincipalAccount is " +
				"444455556666"}},
		"a condition that may be absent": {change: edits(statement(dataKey, "policy", "AccountEncryptsObjectsThroughS3",
			func(s map[string]any) {
				conditions := s["Condition"].(map[string]any)
				conditions["StringEqualsIfExists"] = conditions["StringEquals"]
				delete(conditions, "StringEquals")
			})),
			weaker: []string{dataKey + " policy: statement AccountEncryptsObjectsThroughS3 widened; allows more: " +
				"also if kms:ViaService is s3.eu-central-1.amazonaws.com or absent, not only if kms:ViaService is " +
				"s3.eu-central-1.amazonaws.com"}},
		"a statement more": {change: edits(addStatement(dataKey, "policy", map[string]any{"Sid": "Open",
			"Effect":    "Allow",
			"Principal": map[string]any{"AWS": "arn:aws:iam::999900001111:role/x"}, "Action": "kms:*",
			"Resource": "*"})),
			weaker: []string{dataKey + " policy: statement Open added: allows the role " +
				"arn:aws:iam::999900001111:role/x to call kms:* on *"}},
		"no TLS": {change: edits(removeStatement(trailBucket, "policy", "DenyPlainHTTP")),
			weaker: []string{trailBucket + " policy: statement DenyPlainHTTP removed: denies everyone s3:* on " +
				"arn:aws:s3:::acme-trail-prod-444455556666-eu-central-1 and " +
				"arn:aws:s3:::acme-trail-prod-444455556666-eu-central-1/*, if aws:SecureTransport is false"}},
		"older TLS": {change: edits(statement(trailBucket, "policy", "DenyTLSBelow12", func(s map[string]any) {
			s["Condition"] = map[string]any{"NumericLessThan": map[string]any{"s3:TlsVersion": "1.1"}}
		})),
			weaker: []string{trailBucket + " policy: statement DenyTLSBelow12 narrowed; denies less: only if " +
				"s3:TlsVersion is below 1.1, no longer if s3:TlsVersion is below 1.2"}},
		"a refusal of fewer": {change: edits(statement(trailBucket, "policy", "DenyPlainHTTP",
			put("Principal", map[string]any{"AWS": "arn:aws:iam::444455556666:root"}))),
			weaker: []string{trailBucket + " policy: statement DenyPlainHTTP narrowed; denies less: principal *"}},
		"a refusal of less": {change: edits(statement(trailBucket, "policy", "DenyPlainHTTP", put("Action",
			"s3:Get*"))),
			weaker: []string{trailBucket + " policy: statement DenyPlainHTTP narrowed; denies less: action s3:*"}},
		"a refusal with one more condition": {change: edits(statement(trailBucket, "policy", "DenyPlainHTTP",
			func(s map[string]any) {
				s["Condition"].(map[string]any)["StringNotEquals"] = map[string]any{"aws:PrincipalAccount": account}
			})),
			weaker: []string{trailBucket + " policy: statement DenyPlainHTTP narrowed; denies less: only if " +
				"aws:PrincipalAccount is not 444455556666"}},
		"a wider trust": {change: edits(statement(flowRole, "assume_role_policy", "ServiceAssumesRole",
			put("Principal", map[string]any{"Service": "vpc-flow-logs.amazonaws.com",
				"AWS": "arn:aws:iam::999900001111:root"}))),
			weaker: []string{flowRole + " assume_role_policy: statement ServiceAssumesRole widened; allows more: " +
				"principal arn:aws:iam::999900001111:root"}},
		"a trust without MFA": {prepare: edits(statement(flowRole, "assume_role_policy", "ServiceAssumesRole",
			func(s map[string]any) {
				s["Condition"].(map[string]any)["Bool"] = map[string]any{"aws:MultiFactorAuthPresent": "true"}
			})), change: edits(statement(flowRole, "assume_role_policy", "ServiceAssumesRole", lose("Bool"))),
			weaker: []string{flowRole + " assume_role_policy: statement ServiceAssumesRole widened; allows more: " +
				"without the condition that aws:MultiFactorAuthPresent is true"}},
		"no boundary": {prepare: edits(set(flowRole, "permissions_boundary",
			"arn:aws:iam::444455556666:policy/boundary")),
			change: edits(set(flowRole, "permissions_boundary", nil)),
			weaker: []string{flowRole + " permissions_boundary: no permissions boundary limits the role, or a wider " +
				"one"}},
		"another boundary": {prepare: edits(set(flowRole, "permissions_boundary",
			"arn:aws:iam::444455556666:policy/boundary")),
			change: edits(set(flowRole, "permissions_boundary", "arn:aws:iam::aws:policy/AdministratorAccess")),
			unjudged: []string{flowRole + " permissions_boundary: weaker if no permissions boundary limits the " +
				"role, or a wider one"}},
		"an attachment": {change: edits(add("aws_iam_role_policy_attachment.x", map[string]any{
			"role":       "@aws_iam_role.network_flow-logs-role.name",
			"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"})),
			weaker: []string{"aws_iam_role_policy_attachment.x: attaches " +
				`"arn:aws:iam::aws:policy/AdministratorAccess" to "${aws_iam_role.network_flow-logs-role.name}"`}},
		"an attachment by the list": {change: edits(func(s stack) {
			list := s.at("aws_iam_role_policy_attachments_exclusive.network_flow-logs-role_no-other-policies")
			list["policy_arns"] = append(list["policy_arns"].([]any), "arn:aws:iam::aws:policy/AdministratorAccess")
		}),
			weaker: []string{"aws_iam_role_policy_attachments_exclusive.network_flow-logs-role_no-other-policies " +
				"policy_arns: a policy more: arn:aws:iam::aws:policy/AdministratorAccess"}},
		"policies by hand": {
			change: edits(remove("aws_iam_role_policies_exclusive.network_flow-logs-role_no-inline-policies")),
			weaker: []string{"aws_iam_role_policies_exclusive.network_flow-logs-role_no-inline-policies: inline " +
				"policies may be added unseen"}},
		"an inline policy": {change: edits(add("aws_iam_role_policy.x", map[string]any{
			"role": "@aws_iam_role.network_flow-logs-role.name", "policy": map[string]any{"Version": "2012-10-17",
				"Statement": []any{map[string]any{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}}})),
			weaker: []string{"aws_iam_role_policy.x policy: a statement without a Sid added: allows whoever holds " +
				"the policy to call s3:GetObject on *"}},
		"an endpoint without a policy": {change: edits(set(endpoint, "policy", nil)),
			weaker: []string{endpoint + " policy: without a policy the endpoint lets everything through"}},
		"a bucket without its policy": {change: edits(remove(trailBucket)),
			weaker: []string{trailBucket + ": nothing is denied any more"}},
		"passwords in place of IAM": {change: edits(set(database, "iam_database_authentication_enabled", false)),
			weaker: []string{database + " iam_database_authentication_enabled: nobody can connect by IAM: passwords " +
				"are needed"}},
		"a policy from elsewhere": {change: edits(set(trailBucket, "policy", "${data.aws_iam_policy_document.x.json}")),
			unjudged: []string{trailBucket + " policy: the policy cannot be read here"}},
		"a new role for everybody": {change: edits(add("aws_iam_role.x",
			map[string]any{"assume_role_policy": map[string]any{
				"Version": "2012-10-17", "Statement": []any{map[string]any{"Sid": "Any", "Effect": "Allow",
					"Principal": map[string]any{"AWS": "*"}, "Action": "sts:AssumeRole"}}}})),
			weaker: []string{"aws_iam_role.x assume_role_policy: statement Any added: allows everyone to call " +
				"sts:AssumeRole"}},
		"a new bucket for everybody": {change: edits(
			add("aws_s3_bucket.x", map[string]any{"bucket": "x"}),
			add("aws_s3_bucket_policy.x", map[string]any{"bucket": "${aws_s3_bucket.x.id}", "policy": map[string]any{
				"Version": "2012-10-17", "Statement": []any{map[string]any{"Sid": "All", "Effect": "Allow",
					"Principal": "*",
					"Action":    "s3:GetObject", "Resource": "arn:aws:s3:::x/*"}}}})),
			weaker: []string{"aws_s3_bucket_policy.x policy: statement All added: allows everyone to call " +
				"s3:GetObject on arn:aws:s3:::x/*"}},
	})
}

func TestHarmlessChanges(t *testing.T) {
	assertReviewed(t, map[string]reviewCase{
		"tags":           {change: edits(set(database, "tags.Owner", "somebody"))},
		"a description":  {change: edits(set(dataKey, "description", "Objects"))},
		"a longer log":   {change: edits(set("aws_cloudwatch_log_group.trail-logs", "retention_in_days", 3653.0))},
		"a log for ever": {change: edits(set("aws_cloudwatch_log_group.trail-logs", "retention_in_days", 0.0))},
		"objects that expire later": {change: edits(set("aws_s3_bucket_lifecycle_configuration.trail-bucket_lifecycle",
			"rule.0.expiration.0.days", 3650.0))},
		"objects that never expire": {change: edits(set("aws_s3_bucket_lifecycle_configuration.trail-bucket_lifecycle",
			"rule.0.expiration", nil))},
		"an action less":   {change: edits(statement(reader, "policy", "ReadObjects", put("Action", "s3:GetObject")))},
		"a statement less": {change: edits(removeStatement(reader, "policy", "ReadObjects"))},
		"a narrower resource": {change: edits(statement(reader, "policy", "ReadObjects",
			put("Resource", "arn:aws:s3:::acme-data-prod-444455556666-eu-central-1/public/*")))},
		"a condition more": {change: edits(statement(reader, "policy", "ReadObjects", put("Condition",
			map[string]any{"Bool": map[string]any{"aws:SecureTransport": "true"}})))},
		"a refusal more": {change: edits(addStatement(trailBucket, "policy", map[string]any{"Sid": "No",
			"Effect":    "Deny",
			"Principal": "*", "Action": "s3:Delete*", "Resource": "*"}))},
		"a refusal of more": {change: edits(statement(trailBucket, "policy", "DenyTLSBelow12", func(s map[string]any) {
			s["Condition"] = map[string]any{"NumericLessThan": map[string]any{"s3:TlsVersion": "1.3"}}
		}))},
		"a statement in two": {change: edits(statement(reader, "policy", "ReadObjects", put("Action", "s3:GetObject")),
			addStatement(reader, "policy", map[string]any{"Sid": "ReadVersions", "Effect": "Allow",
				"Action":   "s3:GetObjectVersion",
				"Resource": "arn:aws:s3:::acme-data-prod-444455556666-eu-central-1/*"}))},
		"another name for a statement": {change: edits(statement(reader, "policy", "ReadObjects", put("Sid", "Read")))},
		"another name for a condition": {change: edits(statement(topicPolicy, "policy", "AlarmsPublish",
			func(s map[string]any) {
				conditions := s["Condition"].(map[string]any)
				conditions["ArnEquals"], conditions["Null"] = conditions["ArnLike"],
					map[string]any{"aws:SourceArn": "false"}
				delete(conditions, "ArnLike")
			}))},
		"a larger instance": {change: edits(set(database, "instance_class", "db.m6g.xlarge"))},
		"an earlier alarm": {change: edits(set("aws_cloudwatch_metric_alarm.database_memory-alarm",
			"threshold", 1e9))},
		"a topic for the trail": {change: edits(set(trail, "sns_topic_name", "acme-alarms-prod"))},
		"a rule in two":         {change: edits(splitRule)},
		"a narrower rule":       {change: edits(set("aws_security_group.network_workloads", "egress", []any{}))},
		"a way less":            {change: edits(remove("aws_route.network_private-a-nat-route"))},
		"a stronger authority":  {change: edits(set(database, "ca_cert_identifier", "rds-ca-rsa4096-g1"))},
		"a new private bucket": {change: edits(
			add("aws_s3_bucket.x", map[string]any{"bucket": "x"}),
			add("aws_s3_bucket_policy.x", map[string]any{"bucket": "${aws_s3_bucket.x.id}", "policy": map[string]any{
				"Version": "2012-10-17", "Statement": []any{map[string]any{"Sid": "Own", "Effect": "Allow",
					"Principal": map[string]any{"AWS": account}, "Action": "s3:GetObject",
					"Resource": "arn:aws:s3:::x/*"}}}}))},
		"a policy that nobody has": {change: edits(add("aws_iam_policy.x", map[string]any{"policy": map[string]any{
			"Version": "2012-10-17", "Statement": []any{map[string]any{"Sid": "Own", "Effect": "Allow",
				"Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/*"}}}}))},
		"a default that was always so": {change: edits(set(trail, "enable_logging", nil))},
		"a changed ignored argument":   {change: edits(set(database, "username", "somebody"))},
		"tags that may drift": {change: edits(set("aws_security_group.database_security-group", "lifecycle",
			map[string]any{"ignore_changes": []any{"tags"}}))},
	})
}

// splitRule writes one rule of a group as two that let the same through.
func splitRule(s stack) {
	group := s.at("aws_security_group.network_workloads")
	rules := group["egress"].([]any)
	for i, one := range rules {
		one := one.(map[string]any)
		if one["description"] != "HTTPS through NAT" {
			continue
		}
		halves := []any{}
		for _, block := range []string{"0.0.0.0/1", "128.0.0.0/1"} {
			half := map[string]any{}
			for key, value := range one {
				half[key] = value
			}
			half["cidr_blocks"] = []any{block}
			halves = append(halves, half)
		}
		group["egress"] = append(append([]any{}, rules[:i]...), append(halves, rules[i+1:]...)...)
		return
	}
	s.t.Fatal("no such rule")
}
