package diff

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
)

// guard is a type of resource that protects, records or warns, or that holds what must not be lost.
type guard struct {
	without string // in words, what is so without it
	// of are the arguments that name what it is about. Where that is removed as well, nothing is left to protect.
	of []string
}

// guards by type. Removing one is a weakening.
var guards = map[string]guard{
	"aws_s3_bucket_policy":                               {"nothing is denied any more", []string{"bucket"}},
	"aws_s3_bucket_public_access_block":                  {"public access is not blocked", []string{"bucket"}},
	"aws_s3_bucket_versioning":                           {"versioning is suspended", []string{"bucket"}},
	"aws_s3_bucket_server_side_encryption_configuration": {"new objects have AWS's own encryption", []string{"bucket"}},
	"aws_s3_bucket_logging":                              {"access is not logged", []string{"bucket"}},
	"aws_s3_bucket_ownership_controls":                   {"access control lists count", []string{"bucket"}},
	"aws_s3_bucket_object_lock_configuration":            {"new objects are not locked", []string{"bucket"}},
	"aws_s3_account_public_access_block":                 {"public access is not blocked", nil},
	"aws_vpc_block_public_access_options":                {"the internet is not blocked", nil},
	"aws_ebs_encryption_by_default":                      {"new volumes are not encrypted", nil},
	"aws_iam_account_password_policy":                    {"passwords may be weaker", nil},
	"aws_cloudtrail":                                     {"nothing is recorded", nil},
	"aws_flow_log":                                       {"traffic is not recorded", []string{"vpc_id", "subnet_id"}},
	"aws_cloudwatch_metric_alarm":                        {"nobody is told", []string{"dimensions"}},
	"aws_cloudwatch_log_metric_filter":                   {"its alarm sees nothing", []string{"log_group_name"}},
	"aws_cloudwatch_log_subscription_filter":             {"nobody receives the log", []string{"log_group_name"}},
	"aws_cloudwatch_log_group":                           {"the log is lost", nil},
	"aws_sns_topic":                                      {"nobody is told", nil},
	"aws_sns_topic_policy":                               {"nothing is denied any more", []string{"arn"}},
	"aws_sns_topic_subscription":                         {"somebody is no longer told", []string{"topic_arn"}},
	"aws_sqs_queue_policy":                               {"nothing is denied any more", []string{"queue_url"}},
	"aws_kms_key_policy":                                 {"the default policy takes its place", []string{"key_id"}},
	"aws_db_event_subscription":                          {"nobody is told", []string{"source_ids"}},
	"aws_secretsmanager_secret_rotation":                 {"the secret is no longer changed", []string{"secret_id"}},
	"aws_secretsmanager_secret_policy":                   {"nothing is denied any more", []string{"secret_arn"}},
	"aws_iam_role_policies_exclusive": {"inline policies may be added unseen",
		[]string{"role_name"}},
	"aws_iam_role_policy_attachments_exclusive": {"policies may be attached unseen", []string{"role_name"}},
	"aws_default_security_group": {"its rules are no longer empty for certain",
		[]string{"vpc_id"}},
	"aws_default_network_acl": {"its rules are no longer empty for certain",
		[]string{"default_network_acl_id"}},
	"aws_default_route_table": {"its routes are no longer empty for certain",
		[]string{"default_route_table_id"}},
	"aws_network_acl": {"subnets fall back to the default one", []string{"vpc_id"}},
	"aws_network_acl_association": {"the subnet falls back to the default one", []string{"subnet_id",
		"network_acl_id"}},
	"aws_vpc_endpoint_policy": {"without a policy the endpoint lets everything through",
		[]string{"vpc_endpoint_id"}},
	"aws_kms_key":                         {"what it encrypts cannot be read any more", nil},
	"aws_db_instance":                     {"its data goes with it", nil},
	"aws_s3_bucket":                       {"its objects go with it", nil},
	"aws_guardduty_detector":              {"nothing is detected", nil},
	"aws_securityhub_account":             {"findings are not collected", nil},
	"aws_config_configuration_recorder":   {"changes are not recorded", nil},
	"aws_config_config_rule":              {"the rule is not checked", nil},
	"aws_accessanalyzer_analyzer":         {"access from outside is not detected", nil},
	"aws_macie2_account":                  {"sensitive data is not detected", nil},
	"aws_inspector2_enabler":              {"vulnerabilities are not detected", nil},
	"aws_backup_plan":                     {"no more backups", nil},
	"aws_backup_vault_lock_configuration": {"backups can be deleted", []string{"backup_vault_name"}},
}

// judgeRemoved finds what is weaker without a resource.
func (c comparison) judgeRemoved(change *Change, before element) {
	guard, guards := guards[before.kind]
	kept := before.at("skip_destroy") == true // it stays in AWS
	switch {
	case guards && !kept && !c.goneToo(before):
		if change.Action == Forgot {
			change.weaker("", "nobody sees any more who changes or deletes it")
		} else {
			change.weaker("", guard.without)
		}
	case before.kind == "aws_network_acl_rule" && before.text("rule_action") == "deny":
		change.weaker("", "what the rule stopped may pass")
	}
}

// goneToo reports whether what an element is about is removed as well.
func (c comparison) goneToo(e element) bool {
	for address, other := range c.before {
		if _, stays := c.after[address]; !stays && address != e.address && e.isAbout(other) {
			return true
		}
	}
	return false
}

// isAbout reports whether what an element guards is another one.
func (e element) isAbout(other element) bool {
	return slices.ContainsFunc(guards[e.kind].of, func(argument string) bool {
		return refersTo(e.at(argument), other)
	})
}

// judgeAdded finds what somebody may do or reach more by a resource. What is new itself had no protection to lose: its
// own policy and rules count only where they let in everybody.
func (c comparison) judgeAdded(change *Change, after element) {
	switch after.kind {
	case "aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment",
		"aws_iam_policy_attachment":
		change.weaker("", "attaches "+written(after.at("policy_arn"))+" to "+written(
			first(after.attributes, "role", "user", "group", "name")))
	case "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy":
		judgePolicies(change)
	case "aws_iam_access_key", "aws_iam_user_login_profile":
		change.weaker("", "credentials that do not end by themselves")
	case "aws_s3_bucket_policy", "aws_sns_topic_policy", "aws_sqs_queue_policy", "aws_kms_key_policy",
		"aws_vpc_endpoint_policy", "aws_secretsmanager_secret_policy":
		if c.existed(after.isAbout) {
			judgePolicies(change)
		} else {
			judgeEveryone(change)
		}
	case "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule", "aws_security_group_rule",
		"aws_network_acl_rule":
		judgeRule(c, change, element{}, after)
	case "aws_route":
		c.judgeAddedRoute(change, after)
	case "aws_security_group":
		judgeOpenGroup(change, after)
	case "aws_db_instance":
		if after.at("publicly_accessible") == true {
			change.weaker("publicly_accessible", "it has an address that the internet can reach")
		}
	default:
		judgeEveryone(change)
	}
}

// existed reports whether an element that fits was there before.
func (c comparison) existed(fits func(element) bool) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(c.before)), fits)
}

// judgeEveryone finds statements of a new policy that allow everybody something, under no condition.
func judgeEveryone(change *Change) {
	for _, policy := range change.Policies {
		for _, one := range policy.Statements {
			if one.Effect == iampolicy.Allow && one.open {
				change.weaker(policy.Argument, one.words())
			}
		}
	}
}

// judgeOpenGroup finds rules of a new group that let in everybody.
func judgeOpenGroup(change *Change, after element) {
	rules, _ := after.filter("ingress")
	var words []string
	for _, rule := range rules {
		if rule.other == "" && rule.prefix != (netip.Prefix{}) && rule.prefix.Bits() == 0 {
			words = append(words, rule.text)
		}
	}
	if len(words) > 0 {
		change.weaker("ingress", directions["ingress"].more+strings.Join(words, "; "))
	}
}

// judgeAddedRoute finds ways out. Those by NAT or for IPv6 are no news for a route table that is new as well.
func (c comparison) judgeAddedRoute(change *Change, after element) {
	words, out := wayOut(after.attributes, c)
	table := after.at("route_table_id")
	existed := c.existed(func(one element) bool {
		return strings.HasSuffix(one.kind, "route_table") && refersTo(table, one)
	})
	switch {
	case out && (existed || strings.Contains(words, "from")):
		change.weaker("", "a way "+words)
	case existed:
		change.unjudged("", "another way")
	}
}
