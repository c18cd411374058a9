package adopt

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// lookup returns the identifiers by which Terraform imports what exists of a resource: none, one, or several of which
// each could be meant.
type lookup func(ctx context.Context, a Account, r resource) ([]string, error)

// lookups tell, by resource type, how what exists is found again. The identifiers are those of the section "Import" of
// each type in the documentation of the provider.
var lookups = map[string]lookup{
	"aws_cloudtrail":                      trail,
	"aws_cloudwatch_log_group":            logGroup,
	"aws_db_event_subscription":           eventSubscription,
	"aws_db_instance":                     database,
	"aws_db_parameter_group":              parameterGroup,
	"aws_db_subnet_group":                 subnetGroup,
	"aws_egress_only_internet_gateway":    byTags,
	"aws_eip":                             byTags,
	"aws_flow_log":                        byTags,
	"aws_iam_policy":                      policy,
	"aws_iam_role":                        role,
	"aws_internet_gateway":                byTags,
	"aws_kms_alias":                       alias,
	"aws_kms_key":                         key,
	"aws_nat_gateway":                     byTags,
	"aws_network_acl":                     byTags,
	"aws_route":                           route,
	"aws_route_table":                     byTags,
	"aws_route_table_association":         routeTableAssociation,
	"aws_s3_bucket":                       bucket,
	"aws_security_group":                  byTags,
	"aws_sns_topic":                       topic,
	"aws_subnet":                          byTags,
	"aws_vpc":                             byTags,
	"aws_vpc_endpoint":                    byTags,
	"aws_vpc_endpoint_subnet_association": endpointSubnet,
	"aws_vpc_ipv4_cidr_block_association": secondaryBlock,
}

// repeatable are the types that need no import, with the reason: to make one a second time does what the first did.
var repeatable = map[string]string{
	"aws_cloudwatch_log_metric_filter":                   "PutMetricFilter replaces the filter of that name",
	"aws_cloudwatch_metric_alarm":                        "PutMetricAlarm replaces the alarm of that name",
	"aws_default_network_acl":                            "the VPC has one, which Terraform takes over by itself",
	"aws_default_route_table":                            "the VPC has one, which Terraform takes over by itself",
	"aws_default_security_group":                         "the VPC has one, which Terraform takes over by itself",
	"aws_iam_role_policies_exclusive":                    "it only compares",
	"aws_iam_role_policy_attachment":                     "AttachRolePolicy of an attached policy changes nothing",
	"aws_iam_role_policy_attachments_exclusive":          "it only compares",
	"aws_network_acl_association":                        "a subnet has one, which is replaced",
	"aws_s3_bucket_lifecycle_configuration":              "it is put on the bucket again",
	"aws_s3_bucket_logging":                              "it is put on the bucket again",
	"aws_s3_bucket_object_lock_configuration":            "it is put on the bucket again",
	"aws_s3_bucket_ownership_controls":                   "it is put on the bucket again",
	"aws_s3_bucket_policy":                               "it is put on the bucket again",
	"aws_s3_bucket_public_access_block":                  "it is put on the bucket again",
	"aws_s3_bucket_server_side_encryption_configuration": "it is put on the bucket again",
	"aws_s3_bucket_versioning":                           "it is put on the bucket again",
	"aws_secretsmanager_secret_rotation":                 "RotateSecret sets the schedule again",
	"aws_sns_topic_policy":                               "it is set on the topic again",
	"aws_sns_topic_subscription":                         "Subscribe returns the subscription that there is",
	"aws_vpc_block_public_access_options":                "the region has one, which is modified",
	"aws_vpc_endpoint_route_table_association":           "an endpoint takes a route table that it has",
	"terraform_data":                                     "it exists in the state only",
}

// Types lists the types that are looked up.
func Types() []string { return slices.Sorted(maps.Keys(lookups)) }

// Repeatable reports whether a type needs no import, because to make one a second time does what the first did.
func Repeatable(resourceType string) bool { return repeatable[resourceType] != "" }

// find looks up a resource.
func (a Account) find(ctx context.Context, r resource) ([]string, error) {
	if Repeatable(r.Type) {
		return nil, nil
	}
	find, known := lookups[r.Type]
	if !known {
		return nil, fmt.Errorf("no lookup for the type %s", r.Type)
	}
	return find(ctx, a, r)
}
