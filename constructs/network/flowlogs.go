package network

import (
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/flowlog"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/iamrole"
	"securebaseline/internal/tf"
)

// aggregationSeconds is the shorter of the two intervals that AWS offers, 60 and 600 seconds.
const aggregationSeconds = 60

// flowLogFields are the fields of versions 2 to 5. The default format ends with version 2, which knows neither the
// direction of a flow, nor its TCP flags, nor the AWS service at its other end (VPC User Guide, "Flow log records").
var flowLogFields = []string{
	"version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes",
	"start", "end", "action", "log-status",
	"vpc-id", "subnet-id", "instance-id", "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr",
	"region", "az-id", "sublocation-type", "sublocation-id",
	"pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction", "traffic-path",
}

// flowLogRole delivers flow logs to their log group.
func flowLogRole(p Props) iamrole.Props {
	return iamrole.Props{
		Naming:              p.Naming.Child("flow-logs"),
		Names:               p.Names.FlowLogDelivery,
		Description:         "Delivers VPC flow logs to their log group",
		Service:             p.Env.ServicePrincipal("vpc-flow-logs"),
		TrustConditions:     flowLogTrust(p.Env),
		Statements:          flowLogStatements(p.Env, p.FlowLogs.Name),
		PermissionsBoundary: p.PermissionsBoundary,
	}
}

// addFlowLogs records all traffic of the VPC.
func (b builder) addFlowLogs(base base, delivery iamrole.Definition) {
	role := delivery.Add(b.node, "flow-logs-role")
	flowlog.NewFlowLog(b.node, jsii.String("flow-logs"), &flowlog.FlowLogConfig{
		VpcId:                  base.id,
		TrafficType:            jsii.String("ALL"),
		LogDestinationType:     jsii.String("cloud-watch-logs"),
		LogDestination:         jsii.String(b.props.Env.LogGroupARN(b.props.FlowLogs.Name)),
		IamRoleArn:             jsii.String(role.ARN()),
		LogFormat:              jsii.String(flowLogFormat()),
		MaxAggregationInterval: jsii.Number(aggregationSeconds),
		Tags:                   tf.StringMap(b.props.Naming.Child("flow-logs").Tags()),
		// CreateFlowLogs checks that the role may deliver, and the provider does not retry when it may not yet (VPC
		// User Guide, "Troubleshoot VPC Flow Logs"). The reference to the role does not wait for its policy.
		DependsOn: tf.After(role.Ready(), b.props.FlowLogs.Ready).Ptr(),
	})
}

// flowLogFormat writes the fields as "${field}", escaped for Terraform.
func flowLogFormat() string {
	return "$${" + strings.Join(flowLogFields, "} $${") + "}"
}

// flowLogTrust limits the service to flow logs of this account and region; their ids are unknown before they exist
// (VPC User Guide, "Publish flow logs to CloudWatch Logs").
func flowLogTrust(env awsenv.Env) []iampolicy.Condition {
	return []iampolicy.Condition{
		iampolicy.StringEquals("aws:SourceAccount", env.AccountID()),
		iampolicy.ArnLike("aws:SourceArn", env.ARN("ec2", "vpc-flow-log/*")),
	}
}

// flowLogStatements let the service write to its one group. AWS's own example also lets it create groups, in any of
// the account's; this one exists before.
func flowLogStatements(env awsenv.Env, group string) []iampolicy.Statement {
	return []iampolicy.Statement{
		{
			Sid: "WriteFlowLogs", Effect: iampolicy.Allow,
			Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"},
			Resources: []string{env.LogGroupARN(group) + ":*"},
		},
		{
			Sid: "FindLogGroup", Effect: iampolicy.Allow,
			Actions:   []string{"logs:DescribeLogGroups"},
			Resources: []string{"*"},
		},
	}
}
