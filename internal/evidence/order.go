package evidence

import (
	"fmt"
	"strings"

	"securebaseline/internal/naming"
	"securebaseline/internal/template"
)

// Promise is an order of creation that AWS needs: what comes after fails, or works wrongly for a while, when what comes
// before is not there.
type Promise struct {
	// After and Before are types of resources.
	After, Before string
	// Why says what AWS does otherwise.
	Why string
}

// Promises lists the orders that every stack keeps.
func Promises() []Promise {
	return []Promise{
		{"aws_cloudtrail", "aws_s3_bucket_policy", "the trail is refused when it may not write"},
		{"aws_cloudtrail", "aws_s3_bucket_public_access_block", "the bucket changes while the trail tries it"},
		{"aws_cloudtrail", "aws_s3_bucket_ownership_controls", "the bucket changes while the trail tries it"},
		{"aws_cloudtrail", "aws_s3_bucket_server_side_encryption_configuration",
			"the bucket changes while the trail tries it"},
		{"aws_cloudtrail", "aws_kms_key", "the trail is refused when it may not encrypt"},
		{"aws_cloudtrail", "aws_cloudwatch_log_group", "the trail is refused without its group"},
		{"aws_cloudtrail", "aws_iam_role_policy_attachment", "the trail is refused when its role may not write"},
		{"aws_cloudwatch_log_group", "aws_kms_key", "the group is refused when the key's policy does not know it"},
		{"aws_s3_bucket_policy", "aws_s3_bucket_public_access_block", "concurrent changes of one bucket are refused"},
		{"aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_versioning", "rules for old versions need versions"},
		{"aws_s3_bucket_logging", "aws_s3_bucket_policy", "the target must let the service write"},
		{"aws_s3_bucket_logging", "aws_s3_bucket_ownership_controls", "the target must own what is written"},
		{"aws_flow_log", "aws_iam_role_policy_attachment", "the destination is refused when the role may not write"},
		{"aws_flow_log", "aws_cloudwatch_log_group", "the service makes a missing group itself, without the key"},
		{"aws_eip", "aws_internet_gateway", "an address needs the gateway"},
		{"aws_nat_gateway", "aws_internet_gateway", "a NAT gateway without way out fails"},
		{"aws_nat_gateway", "aws_route", "a NAT gateway without way out fails"},
		{"aws_db_instance", "aws_cloudwatch_log_group", "RDS makes a missing group itself, without the key"},
		{"aws_db_instance", "aws_iam_role_policy_attachment", "monitoring is refused when the role may not write"},
		{"aws_db_instance", "aws_kms_key", "storage is encrypted from the start"},
		{"aws_db_instance", "aws_db_parameter_group", "the group is named at creation"},
		{"aws_db_instance", "aws_db_subnet_group", "the group is named at creation"},
		{"aws_cloudwatch_metric_alarm", "aws_sns_topic_policy", "an alarm that may not publish is silent"},
		{"aws_cloudwatch_log_metric_filter", "aws_cloudwatch_log_group", "a filter belongs to a group"},
		{"aws_kms_alias", "aws_kms_key", "an alias needs its key"},
	}
}

func stackRules() []Rule {
	return []Rule{
		{"SB-ORD-01", "Everything is created after what AWS needs for it",
			"Otherwise a deployment fails at random, or creates something that does not work for a while.",
			Medium, "https://developer.hashicorp.com/terraform/internals/graph",
			Controls{},
			keepsPromises},
		{"SB-ORD-02", "Settings of one bucket are created one after the other",
			"S3 refuses concurrent changes of one bucket.",
			Low, "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList",
			Controls{},
			every("aws_s3_bucket", settlesInOrder)},
		{"SB-TAG-01", "Everything that takes tags says who owns it, who pays, and what manages it",
			"What nobody owns, nobody patches, and what looks unmanaged is changed by hand.",
			Low, "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
			relatedTo("CloudTrail.9", "EC2.46", "RDS.30", "SNS.3").and(Controls{NIST: []string{"CM-8"},
				PCI: []string{"12.5.1"}}),
			isTagged},
	}
}

// keepsPromises looks at each resource that must wait for something.
func keepsPromises(s *stack) []Finding {
	var findings []Finding
	for _, promise := range Promises() {
		for _, r := range s.OfType(promise.After) {
			fault := fmt.Sprintf("it waits for no %s: %s", promise.Before, promise.Why)
			for before := range s.waitsFor(r.Address) {
				if strings.HasPrefix(before, promise.Before+".") {
					fault = ""
				}
			}
			findings = append(findings, Finding{r.Address, fault})
		}
	}
	return findings
}

// settlesInOrder looks whether of any two settings of a bucket one waits for the other.
func settlesInOrder(s *stack, bucket template.Resource) string {
	var settings []string
	for _, r := range s.Resources() {
		if of, _ := r.Reference("bucket"); of == bucket.Address && strings.HasPrefix(r.Type, "aws_s3_bucket_") {
			settings = append(settings, r.Address)
		}
	}
	for i, one := range settings {
		for _, other := range settings[i+1:] {
			if !s.waitsFor(one)[other] && !s.waitsFor(other)[one] {
				return fmt.Sprintf("%s and %s wait for nothing of each other", one, other)
			}
		}
	}
	return ""
}

func isTagged(s *stack) []Finding {
	var findings []Finding
	for _, r := range s.Resources() {
		tags, tagged := r.Attributes["tags"].(map[string]any)
		if !tagged && !template.Stateful(r.Type) {
			continue
		}
		fault := ""
		for _, key := range naming.RequiredTags() {
			if text, _ := tags[key].(string); text == "" {
				fault = "it has no tag " + key
			}
		}
		findings = append(findings, Finding{r.Address, fault})
	}
	return findings
}
