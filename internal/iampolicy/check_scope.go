package iampolicy

// listCall is why a call that names no resource, or any, is allowed on all: the Service Authorization Reference has no
// resource type for it. Policies limit it to a region.
const listCall = "a list call without a resource type (Service Authorization Reference)"

// withoutResource lists the actions that a policy may allow on every resource, each with the reason. Whatever can be
// scoped to ARNs is not in it.
var withoutResource = map[string]string{
	"ec2:DescribeAddresses": listCall, "ec2:DescribeAddressesAttribute": listCall,
	"ec2:DescribeAvailabilityZones": listCall, "ec2:DescribeEgressOnlyInternetGateways": listCall,
	"ec2:DescribeFlowLogs": listCall, "ec2:DescribeInternetGateways": listCall, "ec2:DescribeNatGateways": listCall,
	"ec2:DescribeNetworkAcls": listCall, "ec2:DescribeNetworkInterfaces": listCall,
	"ec2:DescribePrefixLists": listCall, "ec2:DescribeRouteTables": listCall,
	"ec2:DescribeSecurityGroupRules": listCall, "ec2:DescribeSecurityGroups": listCall,
	"ec2:DescribeSubnets": listCall, "ec2:DescribeVpcAttribute": listCall,
	"ec2:DescribeVpcBlockPublicAccessOptions": listCall, "ec2:DescribeVpcEndpoints": listCall,
	"ec2:DescribeVpcs": listCall, "kms:ListAliases": listCall, "kms:ListKeys": listCall,
	"rds:DescribeDBEngineVersions": listCall,

	"ec2:ModifyVpcBlockPublicAccessOptions": "the options are the region's (Service Authorization Reference, EC2: no " +
		"resource type)",
	"kms:CreateKey": "a key has no ARN before it is made; tags of the request limit it (Service Authorization " +
		"Reference, KMS: no resource type)",
	"sns:GetSubscriptionAttributes": "a subscription is no resource of policies (Service Authorization Reference, SNS)",
	"sns:Unsubscribe":               "a subscription is no resource of policies (Service Authorization Reference, SNS)",

	"cloudtrail:DescribeTrails": "a list call without a resource type (Service Authorization Reference, CloudTrail)",
	"cloudtrail:ListPublicKeys": "the keys are AWS's (Service Authorization Reference, CloudTrail: no resource type)",
	"logs:DescribeLogGroups": "a list call; what AWS evaluates it on differs (Service Authorization Reference, " +
		"CloudWatch Logs: no resource type; hashicorp/terraform-provider-aws#8804: log-group::log-stream:)",
	"logs:StopQuery": "the request names a query id alone (Service Authorization Reference, CloudWatch Logs: no " +
		"resource type)",
}

// checkScope refuses an Allow on every resource, or on those of any account, unless the action is in withoutResource.
// In a key policy "*" is the key itself, and what an endpoint policy allows is no grant.
func (c *checker) checkScope(resource string) {
	if c.Effect != Allow || c.kind == KeyPolicy || c.rules.filter || c.rules.noResource || !matchesAnything(resource) {
		return
	}
	for _, action := range c.Actions {
		if _, exempt := withoutResource[action]; !exempt {
			c.fault("resource %q is too broad for action %q: name ARNs", resource, action)
		}
	}
}

// ByScope tells actions that a policy must scope to ARNs from those that have no resource to name, both sorted and
// without duplicates.
func ByScope(actions []string) (scoped, listed []string) {
	for _, action := range actions {
		if _, exempt := withoutResource[action]; exempt {
			listed = append(listed, action)
		} else {
			scoped = append(scoped, action)
		}
	}
	return sorted(scoped), sorted(listed)
}
