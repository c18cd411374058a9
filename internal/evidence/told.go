package evidence

import (
	"slices"

	"securebaseline/internal/template"
)

// Unheard lists the addresses of what has something to tell and reaches nobody: alarms without a topic that somebody
// subscribes to, event subscriptions to such a topic, and such topics themselves. Only the topic of the trail may be
// without subscribers: programs subscribe to it, which the stack does not know.
func Unheard(t *template.Template) []string {
	heard := map[string]bool{}
	for _, subscription := range t.OfType("aws_sns_topic_subscription") {
		if topic, isReference := subscription.Reference("topic_arn"); isReference {
			heard[topic] = true
		}
	}
	for _, trail := range t.OfType("aws_cloudtrail") {
		for _, topic := range t.OfType("aws_sns_topic") {
			if topic.Attributes["name"] == trail.Attributes["sns_topic_name"] {
				heard[topic.Address] = true
			}
		}
	}
	var unheard []string
	check := func(source template.Resource, topics ...string) {
		if !slices.ContainsFunc(topics, func(topic string) bool { return heard[topic] }) {
			unheard = append(unheard, source.Address)
		}
	}
	for _, alarm := range t.OfType("aws_cloudwatch_metric_alarm") {
		var topics []string
		for _, action := range template.Texts(alarm.Attributes["alarm_actions"]) {
			topic, _ := template.ReferenceIn(action)
			topics = append(topics, topic)
		}
		check(alarm, topics...)
	}
	for _, events := range t.OfType("aws_db_event_subscription") {
		topic, _ := events.Reference("sns_topic")
		check(events, topic)
	}
	for _, topic := range t.OfType("aws_sns_topic") {
		check(topic, topic.Address)
	}
	slices.Sort(unheard)
	return unheard
}
