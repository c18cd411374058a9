package evidence

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// Creation is a resource or data source in an order in which Terraform may make or read the stack.
type Creation struct {
	// Address is that of the resource.
	Address string `json:"address"`
	// Wave counts from 0: what is in a wave waits for something of the one before.
	Wave int `json:"wave"`
	// After lists what it waits for directly: what it refers to or names in depends_on.
	After []Cause `json:"after"`
	// Through lists what AWS needs before it, and what it waits for by way of others.
	Through []Detour `json:"through"`
}

// Cause is something that must be there before.
type Cause struct {
	// Address is that of what must be there.
	Address string `json:"address"`
	// Arguments lists the arguments that refer to it, without depends_on. There are none where the order is written.
	Arguments []string `json:"arguments,omitempty"`
	// Written means that depends_on names it.
	Written bool `json:"written,omitempty"`
	// Why says what happens otherwise. Empty means that nothing but a value is needed.
	Why string `json:"why,omitempty"`
}

// Detour is something that must be there before, and that is waited for at a distance.
type Detour struct {
	// Address is that of what must be there, Why what happens otherwise.
	Address string `json:"address"`
	Why     string `json:"why"`
	// By is the shortest way there: each waits for the next, the last one for the address.
	By []string `json:"by"`
}

// order lists the waves of creation, in each of them by address.
func (s *stack) order() []Creation {
	waves := map[string]int{}
	all := []Creation{}
	for _, address := range s.graph.Order() {
		made := Creation{Address: address, After: []Cause{}, Through: s.detours(address)}
		r, _ := s.Resource(address)
		for _, before := range s.graph[address] {
			made.Wave = max(made.Wave, waves[before]+1)
			made.After = append(made.After, s.cause(r, before))
		}
		waves[address] = made.Wave
		all = append(all, made)
	}
	slices.SortStableFunc(all, func(a, b Creation) int {
		return cmp.Or(cmp.Compare(a.Wave, b.Wave), strings.Compare(a.Address, b.Address))
	})
	return all
}

// cause says why a resource waits for another one, as far as the JSON and AWS's rules tell.
func (s *stack) cause(r template.Resource, before string) Cause {
	c := Cause{Address: before, Written: slices.Contains(r.DependsOn(), before)}
	for _, name := range slices.Sorted(maps.Keys(r.Attributes)) {
		argument := template.Resource{Attributes: map[string]any{name: r.Attributes[name]}}
		if name != "depends_on" && slices.Contains(argument.References(), before) {
			c.Arguments = append(c.Arguments, name)
		}
	}
	other, _ := s.Resource(before)
	c.Why = why(r, other)
	return c
}

// detours finds the nearest of each type that AWS needs before a resource, where it is not waited for directly.
func (s *stack) detours(address string) []Detour {
	found := []Detour{}
	for _, promise := range Promises() {
		if !strings.HasPrefix(address, promise.After+".") {
			continue
		}
		if way := s.wayTo(address, promise.Before); len(way) > 1 { // of one is what it waits for directly
			last := len(way) - 1
			found = append(found, Detour{way[last], promise.Why, way[:last]})
		}
	}
	return found
}

// wayTo is the shortest way from an address to one of a type, without the first. Of ways of the same length it takes
// the first in the order of the alphabet.
func (s *stack) wayTo(address, resourceType string) []string {
	seen := map[string]bool{address: true}
	for ways := [][]string{{address}}; len(ways) > 0; ways = ways[1:] {
		way := ways[0]
		last := way[len(way)-1]
		if len(way) > 1 && strings.HasPrefix(last, resourceType+".") {
			return way[1:]
		}
		for _, before := range s.graph[last] {
			if !seen[before] {
				seen[before] = true
				ways = append(ways, append(slices.Clone(way), before))
			}
		}
	}
	return nil
}

// writtenOrders are those that the program writes down where a stack needs them, besides those of every stack. An empty
// After stands for any type.
var writtenOrders = []Promise{
	{"aws_cloudtrail", "aws_s3_bucket_logging", "the last setting of the bucket, which changes until then"},
	{"aws_cloudtrail", "aws_sns_topic", "the trail is refused without its topic"},
	{"aws_cloudtrail", "aws_sns_topic_policy", "the trail is refused when it may not publish to its topic"},
	{"aws_cloudwatch_metric_alarm", "aws_sns_topic", "an alarm whose topic is missing is silent"},
	{"aws_cloudwatch_metric_alarm", "aws_kms_key", "an alarm that may not use the topic's key is silent"},
	{"aws_db_event_subscription", "aws_sns_topic", "RDS publishes to the topic when it makes the subscription"},
	{"aws_db_event_subscription", "aws_sns_topic_policy", "RDS refuses a topic that it may not publish to"},
	{"aws_db_instance", "aws_network_acl", "the database is never in a network that lets in more"},
	{"aws_db_instance", "aws_network_acl_association", "the database is never in a network that lets in more"},
	{"aws_db_instance", "aws_route_table_association", "the database is never in a subnet with another way out"},
	{"aws_iam_role_policy_attachments_exclusive", "aws_iam_role_policy_attachment",
		"it detaches what is attached besides, and must not race with what attaches"},
	{"aws_s3_bucket", "aws_kms_key", "no object is taken in before there is a key for it"},
	{"aws_s3_bucket_logging", "aws_s3_bucket_lifecycle_configuration",
		"the last setting of the target, which drops logs that its policy does not let in"},
	{"aws_sns_topic", "aws_kms_key", "the topic is encrypted from the start"},
	{"", "aws_kms_alias", "a key is waited for with all that belongs to it"},
}

// why says why one resource must wait for another. Empty means that nothing but a reference or the program demands it.
func why(after, before template.Resource) string {
	for _, promise := range Promises() {
		if strings.HasPrefix(after.Address, promise.After+".") &&
			strings.HasPrefix(before.Address, promise.Before+".") {
			return promise.Why
		}
	}
	of, _ := after.Reference("bucket")
	also, _ := before.Reference("bucket")
	if of != "" && of == also {
		return "concurrent changes of one bucket are refused"
	}
	for _, one := range writtenOrders {
		if (one.After == "" || one.After == after.Type) && one.Before == before.Type {
			return one.Why
		}
	}
	return ""
}
