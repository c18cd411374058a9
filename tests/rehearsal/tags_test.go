//go:build rehearsal && unix

package rehearsal

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// elsewhere are the kinds whose tags another service keeps, which is not asked here; the second plan compares those.
var elsewhere = []string{"aws_cloudtrail", "aws_cloudwatch_metric_alarm", "aws_db_event_subscription", "aws_iam_policy"}

// tags reads the tags of what has them from the service that keeps them, and returns how many resources that were.
func (r *readback) tags(t *testing.T) int {
	read := 0
	onEC2 := map[string]map[string]string{}
	pages := ec2.NewDescribeTagsPaginator(ec2.NewFromConfig(r.api), &ec2.DescribeTagsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, tag := range page.Tags {
			if onEC2[*tag.ResourceId] == nil {
				onEC2[*tag.ResourceId] = map[string]string{}
			}
			onEC2[*tag.ResourceId][*tag.Key] = *tag.Value
		}
	}
	for address, wanted := range r.wanted {
		kind, _, _ := strings.Cut(address, ".")
		asked, taggable := wanted["tags"].(map[string]any)
		if !taggable || slices.Contains(elsewhere, kind) {
			continue
		}
		state := r.state[address]
		arn, _ := state["arn"].(string)
		var told map[string]string
		var err error
		switch kind {
		case "aws_kms_key":
			var out *kms.ListResourceTagsOutput
			if out, err = kms.NewFromConfig(r.api).ListResourceTags(t.Context(),
				&kms.ListResourceTagsInput{KeyId: &arn}); err == nil {
				told = byKey(out.Tags, func(tag kmstypes.Tag) (*string, *string) { return tag.TagKey, tag.TagValue })
			}
		case "aws_s3_bucket":
			var out *s3.GetBucketTaggingOutput
			if out, err = s3.NewFromConfig(r.api).GetBucketTagging(t.Context(),
				&s3.GetBucketTaggingInput{Bucket: r.id(t, address, "bucket")}); err == nil {
				told = byKey(out.TagSet, func(tag s3types.Tag) (*string, *string) { return tag.Key, tag.Value })
			}
		case "aws_cloudwatch_log_group":
			var out *cloudwatchlogs.ListTagsForResourceOutput
			if out, err = cloudwatchlogs.NewFromConfig(r.api).ListTagsForResource(t.Context(),
				&cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &arn}); err == nil {
				told = out.Tags
			}
		case "aws_db_instance", "aws_db_parameter_group", "aws_db_subnet_group":
			var out *rds.ListTagsForResourceOutput
			if out, err = rds.NewFromConfig(r.api).ListTagsForResource(t.Context(),
				&rds.ListTagsForResourceInput{ResourceName: &arn}); err == nil {
				told = byKey(out.TagList, func(tag rdstypes.Tag) (*string, *string) { return tag.Key, tag.Value })
			}
		case "aws_sns_topic":
			var out *sns.ListTagsForResourceOutput
			if out, err = sns.NewFromConfig(r.api).ListTagsForResource(t.Context(),
				&sns.ListTagsForResourceInput{ResourceArn: &arn}); err == nil {
				told = byKey(out.Tags, func(tag snstypes.Tag) (*string, *string) { return tag.Key, tag.Value })
			}
		case "aws_iam_role":
			var out *iam.ListRoleTagsOutput
			if out, err = iam.NewFromConfig(r.api).ListRoleTags(t.Context(),
				&iam.ListRoleTagsInput{RoleName: r.id(t, address, "name")}); err == nil {
				told = byKey(out.Tags, func(tag iamtypes.Tag) (*string, *string) { return tag.Key, tag.Value })
			}
		default:
			id, _ := state["id"].(string)
			if rule, isRule := state["security_group_rule_id"].(string); isRule {
				id = rule
			}
			told = onEC2[id]
		}
		require.NoError(t, err, address)
		read++
		for key, value := range asked {
			assert.Equal(t, value, told[key], "tag %s of %s in AWS", key, address)
		}
	}
	require.NotZero(t, read)
	return read
}

// byKey is a service's list of tags as a map.
func byKey[T any](tags []T, parts func(T) (key, value *string)) map[string]string {
	all := map[string]string{}
	for _, tag := range tags {
		key, value := parts(tag)
		all[*key] = *value
	}
	return all
}
