package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/quota"
	"securebaseline/internal/testkit"
)

func TestQuotas(t *testing.T) {
	line := func(settings testkit.Settings) string {
		return quota.Line(quota.Of(testkit.Synthesize(t, "prod", testkit.Offline(settings)).Template))
	}
	assert.Equal(t, "quotas by default: VPCs 1 of 5, Elastic IP addresses 3 of 5, trails 1 of 5, blocks of the VPC "+
		"1 of 5, "+
		"rules of a network ACL 7 of 20, rules of a security group 5 of 60\n", line(nil))
	assert.Contains(t, line(testkit.Settings{"network.zones": testkit.Zones("a", "b", "c", "d", "e", "f"),
		"network.interfaceEndpoints": []string{"kms", "sts"}}),
		"endpoints of the VPC 2 of 50\nWARNING: MORE THAN AWS ALLOWS BY DEFAULT: Elastic IP addresses 6 of 5; ")
}
