package diff

import (
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// forcing are the arguments of stateful types whose change the provider answers by a replacement.
var forcing = map[string][]string{
	"aws_cloudtrail":           {"name"},
	"aws_cloudwatch_log_group": {"name", "name_prefix", "log_group_class"},
	"aws_db_instance": {"availability_zone", "db_name", "engine", "kms_key_id",
		"storage_encrypted", "username"},
	"aws_kms_key":   {"customer_master_key_spec", "key_usage", "multi_region"},
	"aws_s3_bucket": {"bucket", "bucket_prefix", "object_lock_enabled"},
	"aws_sns_topic": {"name", "name_prefix"},
	"aws_subnet":    {"availability_zone", "cidr_block", "vpc_id"},
	"aws_vpc":       {"cidr_block", "ipv4_ipam_pool_id"},
}

// Forcing lists the arguments of a resource type of which it is known here that the provider (hashicorp/aws 5.99 and
// 5.100) answers their change by a replacement. A test asks the provider of each. Only stateful types have any.
func Forcing(resourceType string) []string { return forcing[resourceType] }

// losses say what is lost when a resource is made anew.
var losses = map[string]string{
	"aws_cloudtrail":           "made anew: nothing is recorded in between",
	"aws_cloudwatch_log_group": "made anew: the log begins again, and what was in it stays behind or is lost",
	"aws_db_instance":          "made anew: its data goes with the former one",
	"aws_kms_key":              "made anew: what the former key encrypted cannot be read without it",
	"aws_s3_bucket":            "made anew: its objects go with the former one",
	"aws_sns_topic":            "made anew: its subscriptions have to be confirmed again",
}

// forceReplacement says of a changed resource that it is replaced, where that is known without the provider.
func (c comparison) forceReplacement(change *Change) {
	if change.Action != Changed {
		return
	}
	for _, argument := range change.Arguments {
		name, _, _ := strings.Cut(argument.Path, ".")
		forces := slices.Contains(Forcing(change.Type), name) || name == "triggers_replace"
		if forces && !argument.Ignored && !slices.Contains(change.ReplacedBy, name) {
			change.ReplacedBy = append(change.ReplacedBy, name)
		}
	}
	for _, trigger := range template.Texts(c.after[change.Address].at("lifecycle.replace_triggered_by")) {
		if c.differs(trigger) {
			change.ReplacedBy = append(change.ReplacedBy, "lifecycle.replace_triggered_by")
			break
		}
	}
	change.replaced()
}

// differs reports whether a resource that is named by a trigger changes.
func (c comparison) differs(trigger string) bool {
	for address := range c.after {
		if trigger == address || strings.HasPrefix(trigger, address+".") || strings.HasPrefix(trigger, address+"[") {
			return !equal(c.before[address].attributes, c.after[address].attributes)
		}
	}
	return false
}

// replaced turns a change that some argument forces into a replacement.
func (c *Change) replaced() {
	if len(c.ReplacedBy) == 0 {
		return
	}
	c.Action = Replaced
	if words, loses := losses[c.Type]; loses {
		c.weaker("", words)
	}
}
