package adopt

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"securebaseline/internal/naming"
)

func trail(ctx context.Context, a Account, r resource) ([]string, error) {
	name := r.value("name")
	out, err := a.trails.GetTrail(ctx, &cloudtrail.GetTrailInput{Name: &name})
	if err != nil {
		return absent(err)
	}
	return []string{aws.ToString(out.Trail.TrailARN)}, nil
}

func logGroup(ctx context.Context, a Account, r resource) ([]string, error) {
	name := r.value("name")
	out, err := a.logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &name})
	if err != nil {
		return absent(err)
	}
	return each(out.LogGroups, func(group logstypes.LogGroup) *string {
		if aws.ToString(group.LogGroupName) != name {
			return nil // a longer one
		}
		return group.LogGroupName
	}), nil
}

func topic(ctx context.Context, a Account, r resource) ([]string, error) {
	arn := a.env.ARN("sns", r.value("name"))
	_, err := a.sns.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &arn})
	return only(arn, err)
}

func bucket(ctx context.Context, a Account, r resource) ([]string, error) {
	name := r.value("bucket")
	_, err := a.s3.HeadBucket(ctx, &s3.HeadBucketInput{
		Bucket: &name, ExpectedBucketOwner: aws.String(a.env.AccountID())})
	return only(name, err)
}

func role(ctx context.Context, a Account, r resource) ([]string, error) {
	name := r.value("name")
	_, err := a.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	return only(name, err)
}

func policy(ctx context.Context, a Account, r resource) ([]string, error) {
	arn := a.env.IAMARN("policy/" + strings.TrimPrefix(r.value("path"), "/") + r.value("name"))
	_, err := a.iam.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	return only(arn, err)
}

func alias(ctx context.Context, a Account, r resource) ([]string, error) {
	name := r.value("name")
	_, err := a.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &name})
	return only(name, err)
}

// key finds a key by its alias or, where it has none yet, by its tags. One that is to be deleted does not count.
func key(ctx context.Context, a Account, r resource) ([]string, error) {
	if name := r.alias(); name != "" {
		if ids, err := enabledKey(ctx, a, name); err != nil || len(ids) > 0 {
			return ids, err
		}
	}
	var all []string
	for pages := kms.NewListKeysPaginator(a.kms, &kms.ListKeysInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Keys {
			out, err := a.kms.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: one.KeyId})
			if refusedCode(err) == "AccessDeniedException" {
				continue // the policies of other keys need not let anybody ask
			}
			if err != nil {
				return nil, err
			}
			tags := map[string]string{}
			for _, tag := range out.Tags {
				tags[aws.ToString(tag.TagKey)] = aws.ToString(tag.TagValue)
			}
			if !r.tagged(tags) {
				continue
			}
			ids, err := enabledKey(ctx, a, aws.ToString(one.KeyId))
			if err != nil {
				return nil, err
			}
			all = append(all, ids...)
		}
	}
	return all, nil
}

func enabledKey(ctx context.Context, a Account, name string) ([]string, error) {
	out, err := a.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &name})
	if err != nil {
		return absent(err)
	}
	if out.KeyMetadata.KeyState == kmstypes.KeyStatePendingDeletion {
		return nil, nil
	}
	return []string{aws.ToString(out.KeyMetadata.KeyId)}, nil
}

// knownBy are the keys of the tags by which a resource of the stack is known.
var knownBy = []string{naming.TagName, naming.TagProject, naming.TagEnvironment}

// tagged reports whether tags are those of a resource of the stack.
func (r resource) tagged(tags map[string]string) bool {
	return !slices.ContainsFunc(knownBy, func(key string) bool { return tags[key] != r.tag(key) })
}

func database(ctx context.Context, a Account, r resource) ([]string, error) {
	identifier := r.value("identifier")
	out, err := a.rds.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &identifier})
	if err != nil {
		return absent(err)
	}
	return each(out.DBInstances, func(instance rdstypes.DBInstance) *string {
		if aws.ToString(instance.DBInstanceStatus) == "deleting" {
			return nil
		}
		return instance.DBInstanceIdentifier
	}), nil
}

func subnetGroup(ctx context.Context, a Account, r resource) ([]string, error) {
	name := r.value("name")
	_, err := a.rds.DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{DBSubnetGroupName: &name})
	return only(name, err)
}

func eventSubscription(ctx context.Context, a Account, r resource) ([]string, error) {
	name := r.value("name")
	out, err := a.rds.DescribeEventSubscriptions(ctx, &rds.DescribeEventSubscriptionsInput{SubscriptionName: &name})
	if err != nil {
		return absent(err)
	}
	return each(out.EventSubscriptionsList, func(one rdstypes.EventSubscription) *string {
		return one.CustSubscriptionId
	}), nil
}

// parameterGroup finds a group by the prefix of its name, to which Terraform has added what makes it unique, and by its
// family: an upgrade of the major version makes a second group.
func parameterGroup(ctx context.Context, a Account, r resource) ([]string, error) {
	var names []string
	pages := rds.NewDescribeDBParameterGroupsPaginator(a.rds, &rds.DescribeDBParameterGroupsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, group := range page.DBParameterGroups {
			name := aws.ToString(group.DBParameterGroupName)
			if strings.HasPrefix(name, r.value("name_prefix")) &&
				aws.ToString(group.DBParameterGroupFamily) == r.value("family") {
				names = append(names, name)
			}
		}
	}
	return names, nil
}
