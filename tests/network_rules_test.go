package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// TestRulesAddedByHandShow demands the forms by which the provider compares all rules, routes and policies with the
// configuration. A list that is not there compares nothing.
func TestRulesAddedByHandShow(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Everything())
	for _, resourceType := range []string{"aws_security_group", "aws_network_acl"} {
		require.NotEmpty(t, stack.OfType(resourceType))
		for _, resource := range stack.OfType(resourceType) {
			for _, direction := range []string{"ingress", "egress"} {
				_, isList := resource.Attributes[direction].([]any)
				assert.True(t, isList, "%s of %s", direction, resource.Path)
			}
		}
	}
	assert.Equal(t, []any{}, stack.At(t, "aws_route_table", "network/database-route-table").Attributes["route"])
	for _, resourceType := range []string{"aws_network_acl_rule", "aws_security_group_rule",
		"aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"} {
		assert.Empty(t, stack.OfType(resourceType), "these and lists of rules undo each other")
	}

	closed := map[string]int{}
	for _, exclusive := range stack.OfType("aws_iam_role_policies_exclusive") {
		assert.Equal(t, []any{}, exclusive.Attributes["policy_names"])
		closed[exclusive.Refers(t, "role_name")]++
	}
	for _, exclusive := range stack.OfType("aws_iam_role_policy_attachments_exclusive") {
		assert.Len(t, exclusive.Attributes["policy_arns"], 1)
		closed[exclusive.Refers(t, "role_name")]++
	}
	for _, role := range stack.OfType("aws_iam_role") {
		assert.Equal(t, 2, closed[role.Address], role.Path)
	}
}

func TestSecurityGroupRules(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllNetwork())
	for _, group := range stack.OfType("aws_security_group") {
		for _, direction := range []string{"ingress", "egress"} {
			for _, rule := range objects(group.Attributes[direction]) {
				assert.NotEmpty(t, rule["description"], group.Path)
				assert.Equal(t, "tcp", rule["protocol"], group.Path)
			}
		}
	}
	var from []string
	for _, rule := range objects(stack.At(t, "aws_security_group", "network/endpoints").Attributes["ingress"]) {
		from = append(from, texts(rule["cidr_blocks"])...)
		assert.Equal(t, 443.0, rule["to_port"])
	}
	assert.Equal(t, []string{"10.0.0.0/16", "10.1.0.0/16"}, from, "only the VPC gets in")
	assert.Empty(t, stack.At(t, "aws_security_group", "network/workloads").Attributes["ingress"])
	assert.Empty(t, stack.At(t, "aws_security_group", "database/security-group").Attributes["egress"])

	isolated := testkit.SynthesizeAlways(t, "prod", testkit.Offline(testkit.Settings{"network.nat": "none"}))
	for _, rule := range objects(isolated.At(t, "aws_security_group", "network/workloads").Attributes["egress"]) {
		assert.NotContains(t, texts(rule["cidr_blocks"]), "0.0.0.0/0")
	}
}
