package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/testkit"
)

// TestUpgradeForgetsWhatMoved compares with the addresses that former versions gave: an upgrade must take each out of
// the state, because Terraform would delete what is now part of something else.
func TestUpgradeForgetsWhatMoved(t *testing.T) {
	stack := testkit.Synthesize(t, "dev", nil)
	assert.ElementsMatch(t, []string{
		"aws_network_acl_rule.network_database-acl-in-100_B349337C",
		"aws_network_acl_rule.network_database-acl-in-101_9A836098",
		"aws_network_acl_rule.network_database-acl-out-100_8098C663",
		"aws_network_acl_rule.network_database-acl-out-101_C4DFD286",
		"aws_network_acl_rule.network_private-acl-in-100_CE0F9A36",
		"aws_network_acl_rule.network_private-acl-in-120_01DD80C6",
		"aws_network_acl_rule.network_private-acl-in-130_D6940F2B",
		"aws_network_acl_rule.network_private-acl-out-100_CB464436",
		"aws_network_acl_rule.network_public-acl-in-100_80D7C329",
		"aws_network_acl_rule.network_public-acl-in-110_5F902FB2",
		"aws_network_acl_rule.network_public-acl-in-120_0BA1322E",
		"aws_network_acl_rule.network_public-acl-in-130_80311613",
		"aws_network_acl_rule.network_public-acl-out-100_AF267770",
		"aws_vpc_security_group_egress_rule.network_workloads-database-a_9B8BD577",
		"aws_vpc_security_group_egress_rule.network_workloads-database-b_A34AB81B",
		"aws_vpc_security_group_egress_rule.network_workloads-internet_BA1BD707",
		"aws_vpc_security_group_egress_rule.network_workloads-s3_C783E0E3",
		"aws_vpc_security_group_ingress_rule.database_from-workloads_FF1239B3",
		"aws_secretsmanager_secret_rotation.database_rotation_1BDFA5DB",
	}, stack.Removed)

	own := testkit.Synthesize(t, "dev", testkit.Settings{"rds.rotationDays": 7})
	assert.NotContains(t, own.Removed, "aws_secretsmanager_secret_rotation.database_rotation_1BDFA5DB",
		"a schedule of its own is managed")
	all := testkit.Synthesize(t, "prod", testkit.Everything())
	assert.Len(t, all.Removed, 9+7+3*2+3+5+3+1, "ACLs of public, private and database subnets, groups, rotation")
	assert.Contains(t, all.Removed, "aws_vpc_security_group_ingress_rule.network_endpoints-vpc-10100-16_2EF1403A",
		"CDKTF leaves dots out")
	for _, address := range all.Removed {
		assert.Regexp(t, `^[a-z_]+\.[A-Za-z0-9_-]+$`, address, "Terraform takes nothing else")
		_, exists := all.Template.Resource(address)
		assert.False(t, exists, address)
	}
}
