package stacks

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/jsii-runtime-go"

	"securebaseline/constructs/network"
	"securebaseline/internal/subnetplan"
)

// Types of resources that deployments made before December 2026 have and newer ones do not.
const (
	aclRule     = "aws_network_acl_rule"
	ingressRule = "aws_vpc_security_group_ingress_rule"
	egressRule  = "aws_vpc_security_group_egress_rule"
	rotation    = "aws_secretsmanager_secret_rotation"
)

// forget takes out of the state, and leaves in AWS, what used to be resources of their own: the rules of network ACLs
// and security groups, which are now part of what they belong to, and a rotation that is RDS's own. Otherwise Terraform
// would delete the rules of a running network, add them with the next apply only, and end the rotation. Nothing happens
// where the state knows none of them.
func (b baseline) forget(vpc *network.VPC) {
	var removed []any
	former := b.formerRules(vpc)
	if b.cfg.RDS.Enabled && b.cfg.RDS.RotationDays == 0 {
		former[rotation] = []string{"database/rotation"}
	}
	for _, resourceType := range []string{aclRule, egressRule, ingressRule, rotation} {
		for _, id := range former[resourceType] {
			removed = append(removed, map[string]any{
				"from": resourceType + "." + formerName(id), "lifecycle": map[string]any{"destroy": false},
			})
		}
	}
	b.stack.AddOverride(jsii.String("removed"), removed)
}

// formerRules lists the construct paths of what forget is about, by type.
func (b baseline) formerRules(vpc *network.VPC) map[string][]string {
	cfg := b.cfg.Network
	rules := map[string][]string{}
	add := func(resourceType, id string) { rules[resourceType] = append(rules[resourceType], "network/"+id) }
	everywhere := func(resourceType, id string) {
		add(resourceType, id)
		if cfg.IPv6 {
			add(resourceType, id+"-ipv6")
		}
	}
	for _, tier := range []string{"public", "private"} {
		add(aclRule, tier+"-acl-in-100")
		for _, id := range []string{"in-120", "in-130", "out-100"} {
			everywhere(aclRule, tier+"-acl-"+id)
		}
	}
	everywhere(aclRule, "public-acl-in-110")
	for zone := range vpc.SubnetIDs(subnetplan.Database) {
		number := 100 + slices.Index(subnetplan.Zones(), zone)
		add(aclRule, fmt.Sprintf("database-acl-in-%d", number))
		add(aclRule, fmt.Sprintf("database-acl-out-%d", number))
		add(egressRule, "workloads-database-"+string(zone))
	}
	add(egressRule, "workloads-s3")
	if cfg.DynamoDBEndpoint {
		add(egressRule, "workloads-dynamodb")
	}
	if cfg.NAT != string(network.NATNone) {
		everywhere(egressRule, "workloads-internet")
	}
	if len(cfg.InterfaceEndpoints) > 0 {
		add(egressRule, "workloads-endpoints")
		add(ingressRule, "endpoints-vpc")
		for _, cidr := range cfg.SecondaryCIDRs {
			add(ingressRule, "endpoints-vpc-"+strings.ReplaceAll(cidr, "/", "-"))
		}
	}
	if b.cfg.RDS.Enabled {
		rules[ingressRule] = append(rules[ingressRule], "database/from-workloads")
	}
	for _, ids := range rules {
		slices.Sort(ids)
	}
	return rules
}

// formerName is the name that CDKTF gave to a resource by its construct path below the stack: the path without dots,
// and the beginning of its MD5 sum.
func formerName(id string) string {
	sum := md5.Sum([]byte(id))
	name := strings.ReplaceAll(path.Dir(id)+"_"+path.Base(id), ".", "")
	return name + "_" + strings.ToUpper(hex.EncodeToString(sum[:4]))
}
