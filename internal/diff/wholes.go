package diff

import (
	"slices"
	"strings"
)

// whole judges what no single argument tells.
type whole func(c comparison, change *Change, before, after element)

// wholes are judged besides the rules, by type.
var wholes = map[string][]whole{
	"aws_cloudtrail":                            {judgeSelectors},
	"aws_cloudwatch_metric_alarm":               {judgeThreshold},
	"aws_db_parameter_group":                    {judgeParameters},
	"aws_s3_bucket_lifecycle_configuration":     {judgeLifecycle},
	"aws_vpc_endpoint":                          {judgeEndpointPolicy},
	"aws_iam_role_policy_attachments_exclusive": {judgeAttachments},
	"aws_security_group":                        {judgeFilter},
	"aws_default_security_group":                {judgeFilter},
	"aws_network_acl":                           {judgeFilter},
	"aws_default_network_acl":                   {judgeFilter},
	"aws_vpc_security_group_ingress_rule":       {judgeRule},
	"aws_vpc_security_group_egress_rule":        {judgeRule},
	"aws_security_group_rule":                   {judgeRule},
	"aws_network_acl_rule":                      {judgeRule},
	"aws_route":                                 {judgeRoute},
	"aws_route_table":                           {judgeRoutes},
	"aws_default_route_table":                   {judgeRoutes},
	"aws_route_table_association":               {judgeAssociation},
}

// judgeThreshold compares the limits of an alarm, by the side on which it is raised.
func judgeThreshold(_ comparison, change *Change, before, after element) {
	old, was := before.at("threshold").(float64)
	now, is := after.at("threshold").(float64)
	operator := after.text("comparison_operator")
	switch {
	case equal(before.at("threshold"), after.at("threshold")):
	case was && is && strings.HasPrefix(operator, "GreaterThan") && now > old,
		was && is && strings.HasPrefix(operator, "LessThan") && now < old:
		change.weaker("threshold", "the alarm comes later")
	case !was || !is:
		change.unjudged("threshold", "another limit")
	}
}

// parameterRules are those of PostgreSQL that bear on security. One that is not set has the default of its family.
var parameterRules = []rule{
	{"rds.force_ssl", "connections without TLS are let in", staysOn(false)},
	{"ssl_min_protocol_version", "older TLS is let in", notBelow("TLSv1", "TLSv1.1", "|TLSv1.2", "TLSv1.3")},
	{"password_encryption", "passwords are kept under a weaker hash", notBelow("md5", "|scram-sha-256")},
	{"log_connections", "connections are not logged", staysOn(false)},
	{"log_disconnections", "ends of connections are not logged", staysOn(false)},
	{"pgaudit.log", "fewer statements are audited", keepsAll},
	{"pgaudit.role", "objects are audited otherwise", judged},
	{"shared_preload_libraries", "a library less, such as that of the audit", keepsAll},
	{"log_statement", "statements are logged otherwise, perhaps with passwords in them", judged},
	{"log_min_duration_statement", "slow statements are logged otherwise, perhaps with what is in them", judged},
	{"log_parameter_max_length", "bound values are logged otherwise", judged},
	{"log_parameter_max_length_on_error", "bound values are logged otherwise", judged},
}

func judgeParameters(_ comparison, change *Change, before, after element) {
	value := func(e element, name string) any {
		for _, block := range e.blocks("parameter") {
			if block["name"] == name {
				return block["value"]
			}
		}
		return nil
	}
	for _, rule := range parameterRules {
		old, now := value(before, rule.argument), value(after, rule.argument)
		if !equal(old, now) {
			change.mark(rule, entry("parameter", rule.argument), old, now)
		}
	}
}

// judgeLifecycle finds objects and versions that go sooner than before.
func judgeLifecycle(_ comparison, change *Change, before, after element) {
	rule := func(e element, id any) element {
		for _, block := range e.blocks("rule") {
			if one := (element{attributes: block}); one.at("id") == id && one.at("status") == "Enabled" {
				return one
			}
		}
		return element{}
	}
	for _, block := range after.blocks("rule") {
		now := rule(after, block["id"])
		then := rule(before, block["id"])
		path := entry("rule", nameOf(block, "id"))
		if len(then.attributes) > 0 && len(now.attributes) > 0 && !equal(then.at("filter"), now.at("filter")) {
			change.unjudged(path+".filter", "the rule is about other objects")
		}
		for _, one := range []struct{ argument, why string }{
			{"expiration.days", "objects are deleted sooner"},
			{"noncurrent_version_expiration.noncurrent_days", "overwritten and deleted objects are lost sooner"},
		} {
			if notShorter(then.at(one.argument), now.at(one.argument)) == yes {
				change.weaker(path+"."+one.argument, one.why)
			}
		}
		if !equal(then.at("expiration.date"), now.at("expiration.date")) {
			change.unjudged(path+".expiration.date", "objects are deleted on another day")
		}
	}
}

// judgeEndpointPolicy knows that an endpoint without a policy lets everything through (Amazon VPC User Guide, "Control
// access to VPC endpoints using endpoint policies").
func judgeEndpointPolicy(_ comparison, change *Change, before, after element) {
	if before.attributes["policy"] != nil && after.attributes["policy"] == nil {
		change.weaker("policy", "without a policy the endpoint lets everything through")
	}
}

// judgeAttachments finds policies that are attached by the list of all that may be, and not by a resource of their own.
func judgeAttachments(c comparison, change *Change, before, after element) {
	for _, policy := range missing(after.at("policy_arns"), before.at("policy_arns")) {
		attached := false
		for _, one := range c.after {
			attached = attached || one.kind == "aws_iam_role_policy_attachment" && one.text("policy_arn") == policy
		}
		if !attached {
			change.weaker("policy_arns", "a policy more: "+policy)
		}
	}
}

// managementEvents is what a trail without selectors records.
var managementEvents = map[string]any{"field_selector": []any{
	map[string]any{"field": "eventCategory", "equals": []any{"Management"}},
}}

// judgeSelectors finds events that a trail no longer records.
func judgeSelectors(_ comparison, change *Change, before, after element) {
	if !equal(before.at("event_selector"), after.at("event_selector")) {
		change.unjudged("event_selector", "other events are recorded")
	}
	insights := func(e element) []string {
		var kinds []string
		for _, block := range e.blocks("insight_selector") {
			kind, _ := block["insight_type"].(string)
			kinds = append(kinds, kind)
		}
		return kinds
	}
	now := insights(after)
	for _, kind := range insights(before) {
		if !slices.Contains(now, kind) {
			change.weaker("insight_selector", "unusual activity is no longer detected: "+kind)
		}
	}
	selectors := func(e element) []map[string]any {
		if found := e.blocks("advanced_event_selector"); len(found) > 0 {
			return found
		}
		return []map[string]any{managementEvents}
	}
	for _, selector := range selectors(before) {
		if !slices.ContainsFunc(selectors(after), func(one map[string]any) bool { return records(one, selector) }) {
			name := nameOf(selector, "name")
			change.weaker("advanced_event_selector", strings.TrimSuffix("fewer events are recorded: "+name, ": "))
		}
	}
}

// records reports whether a selector of events certainly selects all that another one does.
func records(wide, narrow map[string]any) bool {
	fields := func(selector map[string]any) map[string]element {
		found := map[string]element{}
		for _, block := range (element{attributes: selector}).blocks("field_selector") {
			one := element{attributes: block}
			found[one.text("field")] = one
		}
		return found
	}
	demanded := fields(narrow)
	for name, field := range fields(wide) {
		for _, operator := range []string{"equals", "starts_with", "ends_with"} {
			wanted, got := field.at(operator), demanded[name].at(operator)
			if wanted == nil && got == nil {
				continue
			}
			if wanted == nil || got == nil || len(missing(got, wanted)) > 0 {
				return false
			}
		}
		for _, operator := range []string{"not_equals", "not_starts_with", "not_ends_with"} {
			if len(missing(field.at(operator), demanded[name].at(operator))) > 0 {
				return false
			}
		}
	}
	return true
}
