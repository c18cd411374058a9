package tests

import (
	"testing"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

func TestFlowLogRole(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	service := iampolicy.Service("vpc-flow-logs.amazonaws.com")
	from := func(id string) requestContext {
		return requestContext{"aws:SourceAccount": id,
			"aws:SourceArn": "arn:aws:ec2:" + region + ":" + id + ":vpc-flow-log/fl-1"}
	}
	t.Run("trust", func(t *testing.T) {
		assertDecisions(t, stack.At(t, "aws_iam_role", "network/flow-logs-role/Resource").Policy(t,
			"assume_role_policy"), "", []request{
			{"flow logs of this account", service, "sts:AssumeRole", from(account), iampolicy.Allowed},
			{"flow logs of another account", service, "sts:AssumeRole", from(foreign), iampolicy.ImplicitDeny},
			{"an ARN of this account on behalf of another", service, "sts:AssumeRole",
				requestContext{"aws:SourceAccount": foreign, "aws:SourceArn": from(account)["aws:SourceArn"]},
				iampolicy.ImplicitDeny},
			{"flow logs that do not say whose they are", service, "sts:AssumeRole", nil, iampolicy.ImplicitDeny},
			{"another service", iampolicy.Service("ec2.amazonaws.com"), "sts:AssumeRole", from(account),
				iampolicy.ImplicitDeny},
			{"a role of the account", iampolicy.Role(workload), "sts:AssumeRole", from(account),
				iampolicy.ImplicitDeny},
			{"the account's root user", iampolicy.Root(rootARN), "sts:AssumeRole", from(account),
				iampolicy.ImplicitDeny},
		})
	})

	policy := stack.At(t, "aws_iam_policy", "network/flow-logs-role/policy").Policy(t, "policy")
	role := iampolicy.Role("arn:aws:iam::" + account + ":role/acme-network-flow-logs-prod")
	const groups = "arn:aws:logs:" + region + ":" + account + ":log-group:"
	t.Run("its log group", func(t *testing.T) {
		assertDecisions(t, policy, groups+"acme-flow-logs-prod:log-stream:eni-1", []request{
			{"make a stream", role, "logs:CreateLogStream", nil, iampolicy.Allowed},
			{"write", role, "logs:PutLogEvents", nil, iampolicy.Allowed},
			{"read", role, "logs:GetLogEvents", nil, iampolicy.ImplicitDeny},
			{"delete", role, "logs:DeleteLogStream", nil, iampolicy.ImplicitDeny},
		})
	})
	t.Run("another log group", func(t *testing.T) {
		assertDecisions(t, policy, groups+"acme-trail-prod:log-stream:x", []request{
			{"make a stream", role, "logs:CreateLogStream", nil, iampolicy.ImplicitDeny},
			{"write", role, "logs:PutLogEvents", nil, iampolicy.ImplicitDeny},
		})
	})
	t.Run("log groups", func(t *testing.T) {
		assertDecisions(t, policy, groups+"any", []request{
			{"list", role, "logs:DescribeLogGroups", nil, iampolicy.Allowed},
			{"make", role, "logs:CreateLogGroup", nil, iampolicy.ImplicitDeny},
			{"set retention", role, "logs:PutRetentionPolicy", nil, iampolicy.ImplicitDeny},
		})
	})
}
