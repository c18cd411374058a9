package picture

import (
	"maps"
	"path"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// audit draws what is recorded, where it goes, and who is told.
func (d *drawing) audit() {
	d.topics()
	d.trails()
	d.logGroups()
	d.alarms()
	for _, events := range d.OfType("aws_db_event_subscription") {
		topic, found := d.find("aws_sns_topic", text(events, "sns_topic"))
		if !found {
			continue
		}
		for _, source := range events.References() {
			if r, _ := d.Resource(source); r.Type == "aws_db_instance" && d.places[source] != nil {
				d.arrow(d.places[source], d.places[topic.Address], "events")
			}
		}
	}
}

// topics draws the topics and who has subscribed to them.
func (d *drawing) topics() {
	for _, topic := range d.OfType("aws_sns_topic") {
		byProtocol := map[string][]string{}
		for _, subscription := range d.of("aws_sns_topic_subscription", "topic_arn", topic) {
			endpoint := text(subscription, "endpoint")
			// The path of a webhook is often what its sender proves itself by: a picture is shown around.
			if _, address, isURL := strings.Cut(endpoint, "://"); isURL {
				endpoint, _, _ = strings.Cut(address, "/")
			}
			byProtocol[text(subscription, "protocol")] = append(byProtocol[text(subscription, "protocol")], endpoint)
		}
		lines := []string{"Topic " + name(topic)}
		if len(byProtocol) == 0 {
			lines = append(lines, "nobody has subscribed")
		}
		at := d.draw(topic, place{}, "alarm", append(lines, d.encrypted(text(topic, "kms_master_key_id"))...))
		for _, protocol := range slices.Sorted(maps.Keys(byProtocol)) {
			title, shape := strings.ToUpper(protocol), "shape: rectangle"
			if strings.HasPrefix(protocol, "email") {
				title, shape = "People", person
			}
			told := d.shape(place{protocol + " of " + topic.Address}, "outside",
				append([]string{title}, uniq(byProtocol[protocol])...), shape)
			d.arrow(at, told, strings.ReplaceAll(protocol, "email", "e-mail"))
		}
	}
}

// trails draws what records the calls to AWS.
func (d *drawing) trails() {
	for _, trail := range d.OfType("aws_cloudtrail") {
		scope := "calls to AWS"
		if trail.Value("is_organization_trail") == true {
			scope += ", all accounts"
		}
		if trail.Value("is_multi_region_trail") == true {
			scope += ", all regions"
		}
		lines := []string{"CloudTrail " + name(trail), scope}
		if recordsObjects(trail) {
			lines = append(lines, "and of objects in buckets")
		}
		if trail.Value("enable_log_file_validation") == true {
			lines = append(lines, "files are signed")
		}
		at := d.draw(trail, place{}, "audit", append(lines, d.encrypted(text(trail, "kms_key_id"))...))
		if bucket, found := d.find("aws_s3_bucket", text(trail, "s3_bucket_name")); found {
			d.arrow(at, d.places[bucket.Address], "files")
		}
		if topic, found := d.find("aws_sns_topic", text(trail, "sns_topic_name")); found {
			d.arrow(at, d.places[topic.Address], "notices")
		}
	}
}

// recordsObjects reports whether a trail records what is done to objects, too.
func recordsObjects(trail template.Resource) bool {
	for _, selector := range template.Objects(trail.Value("advanced_event_selector")) {
		for _, field := range template.Objects(selector["field_selector"]) {
			if field["field"] == "resources.type" &&
				slices.Contains(template.Texts(field["equals"]), "AWS::S3::Object") {
				return true
			}
		}
	}
	return false
}

// logGroups draws the log groups, those with the same writer in one box.
func (d *drawing) logGroups() {
	byWriter := map[string][]template.Resource{}
	for _, group := range d.OfType("aws_cloudwatch_log_group") {
		byWriter[d.writer(group)] = append(byWriter[d.writer(group)], group)
	}
	for _, writer := range slices.Sorted(maps.Keys(byWriter)) {
		groups := byWriter[writer]
		lines := []string{"Log group " + name(groups[0])}
		if len(groups) > 1 {
			lines = []string{counted(len(groups), "log group")}
		}
		var kept, keys, names []string
		for _, group := range groups {
			names = append(names, path.Base(name(group)))
			if retention := days(group.Value("retention_in_days")); retention != "" {
				kept = append(kept, "kept for "+retention)
			}
			keys = append(keys, d.encrypted(text(group, "kms_key_id"))...)
		}
		if len(groups) > 1 {
			lines = append(lines, wrapped(uniq(names), 28)...)
		}
		at := d.draw(groups[0], place{}, "audit", slices.Concat(lines, uniq(kept), uniq(keys)))
		for _, group := range groups {
			d.places[group.Address] = at
		}
		if writer != "" && d.places[writer] != nil {
			logs := "logs"
			if strings.HasPrefix(writer, "aws_vpc.") {
				logs = "flow logs"
			}
			d.arrow(d.places[writer], at, logs)
		}
	}
}

// writer is the address of what writes to a log group, or nothing.
func (d *drawing) writer(group template.Resource) string {
	for _, trail := range d.of("aws_cloudtrail", "cloud_watch_logs_group_arn", group) {
		return trail.Address
	}
	for _, log := range d.of("aws_flow_log", "log_destination", group) {
		vpc, _ := log.Reference("vpc_id")
		return vpc
	}
	for _, instance := range d.OfType("aws_db_instance") {
		for _, export := range template.Texts(instance.Value("enabled_cloudwatch_logs_exports")) {
			// RDS writes to groups of these names ("Publishing database logs to Amazon CloudWatch Logs").
			if name(group) == "/aws/rds/instance/"+text(instance, "identifier")+"/"+export {
				return instance.Address
			}
		}
	}
	return ""
}

// alarms draws the alarms, those that watch the same and tell the same in one box.
func (d *drawing) alarms() {
	type watch struct{ source, topics string }
	count := map[watch]int{}
	for _, alarm := range d.OfType("aws_cloudwatch_metric_alarm") {
		var topics []string
		for _, action := range template.Texts(alarm.Value("alarm_actions")) {
			if topic, found := d.find("aws_sns_topic", action); found {
				topics = append(topics, topic.Address)
			}
		}
		count[watch{d.watched(alarm), strings.Join(uniq(topics), " ")}]++
	}
	watches := slices.SortedFunc(maps.Keys(count), func(a, b watch) int {
		return strings.Compare(a.source+" "+a.topics, b.source+" "+b.topics)
	})
	for _, one := range watches {
		at := d.shape(place{"alarms of " + one.source + " for " + one.topics}, "alarm",
			[]string{counted(count[one], "alarm"), "on " + d.describe(one.source)})
		if source := d.places[one.source]; source != nil {
			what := "metrics"
			if strings.HasPrefix(one.source, "aws_cloudwatch_log_group.") {
				what = "matching events"
			}
			d.arrow(source, at, what)
		}
		for _, topic := range strings.Fields(one.topics) {
			d.arrow(at, d.places[topic], "")
		}
	}
}

// watched is the address of what an alarm watches: the log group whose filter counts into its metric, or what its
// dimensions name.
func (d *drawing) watched(alarm template.Resource) string {
	for _, filter := range d.OfType("aws_cloudwatch_log_metric_filter") {
		metric := filter.Value("metric_transformation")
		if list, isList := metric.([]any); isList && len(list) > 0 {
			metric = list[0]
		}
		counter, _ := metric.(map[string]any)
		if counter["name"] != alarm.Value("metric_name") || counter["namespace"] != alarm.Value("namespace") {
			continue
		}
		if group, found := d.find("aws_cloudwatch_log_group", text(filter, "log_group_name")); found {
			return group.Address
		}
	}
	dimensions, _ := alarm.Value("dimensions").(map[string]any)
	for _, dimension := range slices.Sorted(maps.Keys(dimensions)) {
		identifier, _ := dimensions[dimension].(string)
		if instance, found := d.find("aws_db_instance", identifier); found {
			return instance.Address
		}
	}
	return ""
}
