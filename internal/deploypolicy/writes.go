package deploypolicy

import (
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/template"
)

// writes are what an apply asks besides what a plan does.
func (s scope) writes() []permission {
	return slices.Concat(s.networkWrites(), s.roleWrites(), s.keyWrites(), s.bucketWrites(), s.auditWrites(),
		s.databaseWrites())
}

// networkWrites are about resources with ids of AWS's making. What there is must carry the stack's tags; what is made
// must get them. Each kind is made by a statement of its own, so that the tags of the request never stand in for those
// of what it is made in (Service Authorization Reference, EC2).
func (s scope) networkWrites() []permission {
	here := func(kinds ...string) []string {
		arns := make([]string, len(kinds))
		for i, kind := range kinds {
			arns[i] = s.env.ARN("ec2", kind+"/*")
		}
		return arns
	}
	own, made := s.tagged(resourceTag), s.tagged(requestTag)
	return []permission{
		allow("ChangeNetwork", networkTypes, []string{
			"ec2:AssociateRouteTable", "ec2:AssociateSubnetCidrBlock", "ec2:AssociateVpcCidrBlock",
			"ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress",
			"ec2:CreateEgressOnlyInternetGateway", "ec2:CreateFlowLogs", "ec2:CreateNatGateway",
			"ec2:CreateNetworkAcl", "ec2:CreateNetworkAclEntry", "ec2:CreateRoute", "ec2:CreateRouteTable",
			"ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpcEndpoint",
			"ec2:DeleteEgressOnlyInternetGateway", "ec2:DeleteFlowLogs", "ec2:DeleteInternetGateway",
			"ec2:DeleteNatGateway", "ec2:DeleteNetworkAcl", "ec2:DeleteNetworkAclEntry", "ec2:DeleteRoute",
			"ec2:DeleteRouteTable", "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteVpc",
			"ec2:DeleteVpcEndpoints", "ec2:DetachInternetGateway", "ec2:DisassociateRouteTable",
			"ec2:DisassociateSubnetCidrBlock", "ec2:DisassociateVpcCidrBlock", "ec2:ModifySubnetAttribute",
			"ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint", "ec2:ReleaseAddress",
			"ec2:ReplaceNetworkAclAssociation", "ec2:ReplaceRoute", "ec2:RevokeSecurityGroupEgress",
			"ec2:RevokeSecurityGroupIngress",
		}, []string{s.env.ARN("ec2", "*")}, own...),
		// An association of an address has no tags (Service Authorization Reference, EC2: DisassociateAddress).
		allow("FreeAddresses", []string{"aws_eip"}, []string{"ec2:DisassociateAddress"},
			here("elastic-ip", "network-interface"), s.inRegion()),
		allow("MakeVPC", networkTypes, []string{"ec2:CreateVpc"}, here("vpc"), made...),
		allow("MakeSubnets", networkTypes, []string{"ec2:CreateSubnet"}, here("subnet"), made...),
		allow("MakeRouteTables", networkTypes, []string{"ec2:CreateRouteTable"}, here("route-table"), made...),
		allow("MakeGroups", networkTypes, []string{"ec2:CreateSecurityGroup"}, here("security-group"), made...),
		allow("MakeAddresses", []string{"aws_eip"}, []string{"ec2:AllocateAddress"}, here("elastic-ip"), made...),
		allow("MakeGateways", networkTypes, []string{
			"ec2:CreateEgressOnlyInternetGateway", "ec2:CreateFlowLogs", "ec2:CreateInternetGateway",
			"ec2:CreateNatGateway", "ec2:CreateNetworkAcl", "ec2:CreateVpcEndpoint",
		}, here("egress-only-internet-gateway", "internet-gateway", "natgateway", "network-acl", "vpc-endpoint",
			"vpc-flow-log"), made...),
		allow("TagNew", networkTypes, []string{"ec2:CreateTags"}, []string{s.env.ARN("ec2", "*")}, append(
			s.tagged(requestTag), iampolicy.StringEquals("ec2:CreateAction", "AllocateAddress",
				"CreateEgressOnlyInternetGateway", "CreateFlowLogs", "CreateInternetGateway", "CreateNatGateway",
				"CreateNetworkAcl", "CreateRouteTable", "CreateSecurityGroup", "CreateSubnet", "CreateVpc",
				"CreateVpcEndpoint"))...),
		allow("TagOwn", networkTypes, []string{"ec2:CreateTags", "ec2:DeleteTags"}, []string{s.env.ARN("ec2", "*")},
			own...),
		// A VPC comes with a group, an ACL and a route table that nobody has tagged, and that the stack takes over. AWS
		// knows no condition by which only those of the stack's VPC could be meant before it exists.
		allow("TakeOverDefaults", networkTypes, []string{
			"ec2:CreateTags", "ec2:DeleteNetworkAclEntry", "ec2:DeleteRoute", "ec2:ReplaceNetworkAclAssociation",
			"ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress",
		}, here("network-acl", "route-table", "security-group", "security-group-rule"),
			iampolicy.Null(resourceTag+"/"+naming.TagProject, true)),
		allow("BlockPublicAccess", []string{"aws_vpc_block_public_access_options"},
			[]string{"ec2:ModifyVpcBlockPublicAccessOptions"}, anything, s.inRegion()),
	}
}

// roleWrites make roles under the boundary only, and pass each to its own service only.
func (s scope) roleWrites() []permission {
	roles, policies := []string{s.iam("role")}, []string{s.iam("policy")}
	permissions := []permission{
		allow("MakeRoles", roleTypes, []string{"iam:CreateRole", "iam:PutRolePermissionsBoundary"}, roles,
			iampolicy.StringEquals("iam:PermissionsBoundary", s.boundaryARN())),
		allow("ChangeRoles", roleTypes, []string{
			"iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:TagRole", "iam:UntagRole",
			"iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
		}, roles),
		allow("AttachOwnPolicies", roleTypes, []string{"iam:AttachRolePolicy"}, roles,
			iampolicy.ArnLike("iam:PolicyARN", s.iam("policy"))),
		allow("ChangePolicies", policyTypes, []string{
			"iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion",
			"iam:TagPolicy", "iam:UntagPolicy",
		}, policies),
		allow("MakeServiceLinkedRole", databaseTypes, []string{"iam:CreateServiceLinkedRole"},
			[]string{s.env.IAMARN("role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS")},
			iampolicy.StringEquals("iam:AWSServiceName", s.env.ServicePrincipal("rds"))),
	}
	for _, role := range s.stack.OfType("aws_iam_role") {
		name, _ := role.String("name")
		trust, _ := role.String("assume_role_policy")
		for _, service := range servicesIn(trust) {
			permissions = append(permissions, allow("Pass"+s.word(name), nil, []string{"iam:PassRole"},
				[]string{s.env.IAMARN("role" + s.path() + name)},
				iampolicy.StringEquals("iam:PassedToService", service)))
		}
	}
	return permissions
}

// word is the middle of a name as one word: TrailDelivery of acme-trail-delivery-prod.
func (s scope) word(name string) string {
	middle := strings.TrimSuffix(strings.TrimPrefix(name, s.project+"-"), "-"+s.environment)
	var word string
	for part := range strings.SplitSeq(middle, "-") {
		if part != "" {
			word += title(part)
		}
	}
	return word
}

// servicesIn are the service principals of a trust policy.
func servicesIn(policy string) []string {
	document, err := iampolicy.Parse(policy)
	if err != nil {
		return nil
	}
	var services []string
	for _, statement := range document.Statements {
		services = append(services, statement.Principal.Service...)
	}
	return services
}

// keyWrites make keys with the stack's tags, and use them through services only.
func (s scope) keyWrites() []permission {
	keys := []string{s.env.ARN("kms", "key/*")}
	own, made := s.tagged(resourceTag), s.tagged(requestTag)
	through := func(services ...string) iampolicy.Condition {
		for i, service := range services {
			services[i] = s.env.ViaService(service)
		}
		return iampolicy.StringEquals("kms:ViaService", services...)
	}
	change := []string{"kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:TagResource", "kms:UntagResource",
		"kms:UpdateKeyDescription"}
	if s.deletesKeys() {
		change = append(change, "kms:ScheduleKeyDeletion")
	}
	return []permission{
		allow("MakeKeys", keyTypes, []string{"kms:CreateKey"}, anything, append(made, s.inRegion())...),
		// A key is new as long as it has neither tags nor an alias: with the stack's tags, the key of somebody else
		// would count as the stack's own (KMS Developer Guide, "Using tags to control access to KMS keys").
		allow("TagNewKeys", keyTypes, []string{"kms:TagResource"}, keys, append(made,
			iampolicy.Null(resourceTag+"/"+naming.TagProject, true), iampolicy.Null("kms:ResourceAliases", true))...),
		allow("ChangeKeys", keyTypes, change, keys, own...),
		allow("NameKeys", keyTypes, []string{"kms:CreateAlias", "kms:DeleteAlias"},
			s.own("kms", "alias/")),
		allow("NameOwnKeys", keyTypes, []string{"kms:CreateAlias", "kms:DeleteAlias"}, keys, own...),
		allow("UseKeysThroughServices", databaseTypes, []string{"kms:Decrypt", "kms:GenerateDataKey"}, keys,
			append(own, through("rds", "secretsmanager"))...),
		allow("LetServicesUseKeys", databaseTypes, []string{"kms:CreateGrant"}, keys,
			append(own, through("rds", "secretsmanager"), iampolicy.Bool("kms:GrantIsForAWSResource", true))...),
	}
}

// deletesKeys reports whether Terraform may delete the keys of the stack.
func (s scope) deletesKeys() bool {
	return slices.ContainsFunc(s.stack.OfType("aws_kms_key"), func(key template.Resource) bool {
		return key.Value("lifecycle", "prevent_destroy") != true
	})
}

// bucketWrites never touch an object, unless buckets may be deleted with what is in them.
func (s scope) bucketWrites() []permission {
	permissions := []permission{allow("ChangeBuckets", bucketTypes, []string{
		"s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucketLogging",
		"s3:PutBucketObjectLockConfiguration", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy",
		"s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning",
		"s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
	}, []string{s.buckets()})}
	if slices.ContainsFunc(s.stack.OfType("aws_s3_bucket"), func(bucket template.Resource) bool {
		return bucket.Attributes["force_destroy"] == true
	}) {
		permissions = append(permissions,
			allow("FindObjectsToDelete", nil, []string{"s3:ListBucketVersions"}, []string{s.buckets()}),
			allow("EmptyBuckets", nil, []string{"s3:DeleteObject", "s3:DeleteObjectVersion"},
				[]string{s.buckets() + "/*"}))
	}
	return permissions
}

// auditWrites cannot stop a trail: it goes as a whole or not at all.
func (s scope) auditWrites() []permission {
	groups := []string{
		"logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteMetricFilter", "logs:PutMetricFilter",
		"logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource",
	}
	if slices.ContainsFunc(s.stack.OfType("aws_cloudwatch_log_group"), func(group template.Resource) bool {
		return group.Attributes["skip_destroy"] != true
	}) {
		groups = append(groups, "logs:DeleteLogGroup")
	}
	return []permission{
		allow("ChangeLogGroups", logTypes, groups, s.logGroups()),
		allow("ChangeAlarms", alarmTypes, []string{
			"cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource",
			"cloudwatch:UntagResource",
		}, s.own("cloudwatch", "alarm:")),
		allow("ChangeTrail", trailTypes, []string{
			"cloudtrail:AddTags", "cloudtrail:CreateTrail", "cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors",
			"cloudtrail:PutInsightSelectors", "cloudtrail:RemoveTags", "cloudtrail:StartLogging",
			"cloudtrail:UpdateTrail",
		}, s.own("cloudtrail", "trail/")),
		allow("ChangeTopics", topicTypes, []string{
			"sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource",
			"sns:UntagResource",
		}, s.own("sns", "")),
		allow("EndSubscriptions", topicTypes, []string{"sns:Unsubscribe"}, anything, s.inRegion()),
	}
}

// databaseWrites never read the master password: RDS makes the secret on behalf of the caller.
func (s scope) databaseWrites() []permission {
	return []permission{
		allow("ChangeDatabase", databaseTypes, []string{
			"rds:AddTagsToResource", "rds:CreateDBInstance", "rds:CreateDBParameterGroup", "rds:CreateDBSnapshot",
			"rds:CreateDBSubnetGroup", "rds:CreateEventSubscription", "rds:DeleteDBInstance",
			"rds:DeleteDBParameterGroup", "rds:DeleteDBSubnetGroup", "rds:DeleteEventSubscription",
			"rds:ModifyDBInstance", "rds:ModifyDBParameterGroup", "rds:ModifyDBSubnetGroup",
			"rds:ModifyEventSubscription", "rds:RemoveTagsFromResource", "rds:ResetDBParameterGroup",
			"rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBInstanceToPointInTime",
		}, append(s.databases(), s.env.ARN("rds", "og:default:*"))),
		allow("KeepMasterPassword", databaseTypes,
			[]string{"secretsmanager:CreateSecret", "secretsmanager:TagResource"}, s.secrets()),
		allow("RotateMasterPassword", databaseTypes,
			[]string{"secretsmanager:CancelRotateSecret", "secretsmanager:RotateSecret"}, s.secrets()),
	}
}
