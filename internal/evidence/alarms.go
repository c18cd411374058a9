package evidence

import (
	"fmt"
	"maps"
	"slices"

	"securebaseline/internal/access"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

const (
	alarmDocs = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
	topicDocs = "https://docs.aws.amazon.com/sns/latest/dg/"
)

func alarmRules() []Rule {
	const alarm, topic = "aws_cloudwatch_metric_alarm", "aws_sns_topic"
	var controls []string
	for _, one := range cisalarms.All() {
		controls = append(controls, one.Control)
	}
	return []Rule{
		{"SB-ALM-01",
			"Each of the fifteen kinds of events of the benchmark has a filter on the trail's log group and an alarm",
			"What nobody is notified of goes on.",
			Medium, "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html",
			relatedTo("CloudWatch.1", "CloudWatch.2", "CloudWatch.3", "CloudWatch.4", "CloudWatch.5", "CloudWatch.6",
				"CloudWatch.7", "CloudWatch.8", "CloudWatch.9", "CloudWatch.10", "CloudWatch.11", "CloudWatch.12",
				"CloudWatch.13", "CloudWatch.14").and(Controls{CIS: controls,
				NIST: []string{"AU-6(1)", "SI-4(5)", "SI-4(12)"}, PCI: []string{"10.4.1.1", "10.7.2"}}),
			watchesTrail},
		{"SB-ALM-02", "Every alarm, event and topic reaches somebody",
			"An alarm without a subscriber is a chart that nobody looks at.",
			High, alarmDocs + "Notify_Users_Alarm_Changes.html",
			relatedTo("CloudWatch.15").and(Controls{PCI: []string{"10.7.2"}}),
			isHeard},
		{"SB-ALM-03", "Whoever publishes to a topic is allowed to, also by the key of the topic",
			"What a topic or its key refuses disappears without an error.",
			High, topicDocs + "sns-key-management.html#compatibility-with-aws-services",
			Controls{NIST: []string{"SI-4(5)"}, PCI: []string{"10.7.2"}},
			canPublish},
		{"SB-ALM-04", "Actions of alarms are switched on",
			"An alarm whose actions are off changes its color and tells nobody.",
			Medium, alarmDocs + "alarm-actions.html",
			relatedTo("CloudWatch.17").and(Controls{PCI: []string{"10.7.2"}}),
			every(alarm, func(_ *stack, r template.Resource) string {
				if r.Attributes["actions_enabled"] == false {
					return "actions_enabled is false"
				}
				return ""
			})},
		{"SB-SNS-01", "Topics are encrypted with a key of the account",
			"Messages say what was found, and where.",
			Medium, topicDocs + "sns-server-side-encryption.html",
			relatedTo("SNS.1"),
			every(topic, keyOf("kms_master_key_id"))},
		{"SB-SNS-02", "Topics refuse plain HTTP, and whoever is outside the account",
			"Whoever can publish can cry wolf, and whoever can subscribe listens in.",
			High, topicDocs + "sns-security-best-practices.html",
			relatedTo("SNS.4").and(Controls{NIST: []string{"AC-3", "AC-6", "SC-8"}}),
			every(topic, isClosedTopic)},
	}
}

// watchesTrail finds for each trail the filter and the alarm of each kind of event.
func watchesTrail(s *stack) []Finding {
	var findings []Finding
	for _, trail := range s.OfType("aws_cloudtrail") {
		group, exists := s.groupOf(trail)
		if !exists {
			continue // SB-CT-04 tells
		}
		fault := ""
		for _, kind := range cisalarms.All() {
			if !s.isWatched(group, kind) {
				fault = fmt.Sprintf("nothing watches %s for CIS %s: %s", group.Address, kind.Control, kind.Title)
				break
			}
		}
		findings = append(findings, Finding{trail.Address, fault})
	}
	return findings
}

func (s *stack) isWatched(group template.Resource, kind cisalarms.Alarm) bool {
	for _, filter := range s.OfType("aws_cloudwatch_log_metric_filter") {
		of, _ := filter.Reference("log_group_name")
		if of != group.Address || filter.Attributes["pattern"] != kind.Pattern {
			continue
		}
		for _, alarm := range s.OfType("aws_cloudwatch_metric_alarm") {
			if alarm.Attributes["metric_name"] == filter.Value("metric_transformation", "name") &&
				alarm.Attributes["namespace"] == filter.Value("metric_transformation", "namespace") {
				return true
			}
		}
	}
	return false
}

// isHeard turns what Unheard lists into findings.
func isHeard(s *stack) []Finding {
	unheard := Unheard(s.Template)
	var findings []Finding
	for _, resourceType := range []string{"aws_cloudwatch_metric_alarm", "aws_db_event_subscription", "aws_sns_topic"} {
		for _, r := range s.OfType(resourceType) {
			fault := ""
			if slices.Contains(unheard, r.Address) {
				fault = "it reaches no subscriber"
			}
			findings = append(findings, Finding{r.Address, fault})
		}
	}
	return findings
}

// Publisher is something that publishes to a topic of the stack.
type Publisher struct {
	// Source publishes, by a service, to Topic.
	Source, Topic template.Resource
	Service       string
	// Context tells the topic and its key whose work it is.
	Context access.Context
}

// Publishers lists what publishes to topics: alarms, trails and event subscriptions.
func Publishers(t *template.Template) ([]Publisher, error) {
	s, err := newStack(t)
	if err != nil {
		return nil, err
	}
	return s.publishers(), nil
}

func (s *stack) publishers() []Publisher {
	var all []Publisher
	add := func(source template.Resource, topic, service string, about template.Resource) {
		r, exists := s.Resource(topic)
		if !exists {
			return
		}
		arn, _ := s.access.ARN(about)
		context := access.Context{"aws:SourceArn": {arn}}
		if service != "cloudtrail.amazonaws.com" {
			context["aws:SourceAccount"] = []string{s.access.Env().AccountID()}
		}
		all = append(all, Publisher{source, r, service, context})
	}
	for _, alarm := range s.OfType("aws_cloudwatch_metric_alarm") {
		told := map[string]bool{}
		for _, list := range []string{"alarm_actions", "ok_actions", "insufficient_data_actions"} {
			for _, action := range template.Texts(alarm.Attributes[list]) {
				if topic, _ := template.ReferenceIn(action); !told[topic] {
					told[topic] = true
					add(alarm, topic, "cloudwatch.amazonaws.com", alarm)
				}
			}
		}
	}
	for _, trail := range s.OfType("aws_cloudtrail") {
		for _, topic := range s.OfType("aws_sns_topic") {
			if trail.Attributes["sns_topic_name"] == topic.Attributes["name"] {
				add(trail, topic.Address, "cloudtrail.amazonaws.com", trail)
			}
		}
	}
	for _, events := range s.OfType("aws_db_event_subscription") {
		topic, _ := events.Reference("sns_topic")
		for _, source := range template.Texts(events.Attributes["source_ids"]) {
			address, _ := template.ReferenceIn(source)
			if about, exists := s.Resource(address); exists {
				add(events, topic, "events.rds.amazonaws.com", about)
			}
		}
	}
	return all
}

// canPublish asks the topic and its key for each publisher.
func canPublish(s *stack) []Finding {
	var findings []Finding
	for _, p := range s.publishers() {
		findings = append(findings, Finding{p.Source.Address, s.publishing(p)})
	}
	return findings
}

func (s *stack) publishing(p Publisher) string {
	service := iampolicy.Service(p.Service)
	context := access.Context{"aws:SecureTransport": {"true"}}
	maps.Copy(context, p.Context)
	if s.asks(p.Topic, service, "sns:Publish", "", context) != iampolicy.Allowed {
		return fmt.Sprintf("%s does not let %s publish for it", p.Topic.Address, p.Service)
	}
	key, exists := s.refers(p.Topic, "kms_master_key_id")
	if !exists {
		return "" // SB-SNS-01 tells
	}
	arn, _ := s.access.ARN(p.Topic)
	context["kms:EncryptionContext:aws:sns:topicArn"] = []string{arn}
	for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
		if s.asks(key, service, action, "", context) != iampolicy.Allowed {
			return fmt.Sprintf("%s does not let %s %s for it", key.Address, p.Service, action)
		}
	}
	return ""
}

func isClosedTopic(s *stack, topic template.Resource) string {
	plain := access.Context{"aws:SecureTransport": {"false"}}
	if s.asks(topic, s.inAccount(), "sns:Publish", "", plain) != iampolicy.ExplicitDeny {
		return "it does not deny plain HTTP"
	}
	for _, caller := range s.strangers() {
		for _, action := range []string{"sns:Publish", "sns:Subscribe", "sns:SetTopicAttributes"} {
			if s.may(topic, caller, action, "", overTLS()) {
				return fmt.Sprintf("%s may %s", caller, action)
			}
		}
	}
	return ""
}
