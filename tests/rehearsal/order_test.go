//go:build rehearsal && unix

package rehearsal

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
)

// making tells how a resource of a kind is recognized in the request log: the first and the last call that make it, and
// the attributes whose values these calls mention in path, request or answer.
type making struct {
	first, last string
	by          []string
}

var makings = map[string]making{
	"aws_cloudtrail":           {"CreateTrail", "CreateTrail", []string{"name"}},
	"aws_cloudwatch_log_group": {"CreateLogGroup", "CreateLogGroup", []string{"name"}},
	"aws_cloudwatch_log_metric_filter": {"PutMetricFilter", "PutMetricFilter",
		[]string{"name", "log_group_name"}},
	"aws_cloudwatch_metric_alarm": {"PutMetricAlarm", "PutMetricAlarm", []string{"alarm_name"}},
	"aws_db_event_subscription": {"CreateEventSubscription", "CreateEventSubscription",
		[]string{"name"}},
	"aws_db_instance": {"CreateDBInstance", "CreateDBInstance",
		[]string{"identifier"}},
	"aws_db_parameter_group": {"CreateDBParameterGroup", "ModifyDBParameterGroup",
		[]string{"name"}},
	"aws_db_subnet_group": {"CreateDBSubnetGroup", "CreateDBSubnetGroup",
		[]string{"name"}},
	"aws_eip":        {"AllocateAddress", "AllocateAddress", []string{"id"}},
	"aws_flow_log":   {"CreateFlowLogs", "CreateFlowLogs", []string{"id"}},
	"aws_iam_policy": {"CreatePolicy", "CreatePolicy", []string{"arn"}},
	"aws_iam_role":   {"CreateRole", "CreateRole", []string{"name"}},
	"aws_iam_role_policy_attachment": {"AttachRolePolicy", "AttachRolePolicy",
		[]string{"role", "policy_arn"}},
	"aws_internet_gateway": {"CreateInternetGateway", "AttachInternetGateway",
		[]string{"id"}},
	"aws_kms_alias":   {"CreateAlias", "CreateAlias", []string{"name"}},
	"aws_kms_key":     {"CreateKey", "EnableKeyRotation", []string{"key_id"}},
	"aws_nat_gateway": {"CreateNatGateway", "CreateNatGateway", []string{"id"}},
	"aws_network_acl": {"CreateNetworkAcl", "CreateNetworkAclEntry", []string{"id"}},
	"aws_network_acl_association": {"ReplaceNetworkAclAssociation",
		"ReplaceNetworkAclAssociation", []string{"id"}},
	"aws_route": {"CreateRoute", "CreateRoute", []string{"route_table_id"}},
	"aws_route_table_association": {"AssociateRouteTable", "AssociateRouteTable",
		[]string{"id"}},
	"aws_s3_bucket":                           {"PUT", "PUT", []string{"bucket"}},
	"aws_s3_bucket_lifecycle_configuration":   {"PUT lifecycle", "PUT lifecycle", []string{"bucket"}},
	"aws_s3_bucket_logging":                   {"PUT logging", "PUT logging", []string{"bucket"}},
	"aws_s3_bucket_notification":              {"PUT notification", "PUT notification", []string{"bucket"}},
	"aws_s3_bucket_object_lock_configuration": {"PUT object-lock", "PUT object-lock", []string{"bucket"}},
	"aws_s3_bucket_ownership_controls": {"PUT ownershipControls", "PUT ownershipControls",
		[]string{"bucket"}},
	"aws_s3_bucket_policy": {"PUT policy", "PUT policy", []string{"bucket"}},
	"aws_s3_bucket_public_access_block": {"PUT publicAccessBlock", "PUT publicAccessBlock",
		[]string{"bucket"}},
	"aws_s3_bucket_server_side_encryption_configuration": {"PUT encryption", "PUT encryption", []string{"bucket"}},
	"aws_s3_bucket_versioning":                           {"PUT versioning", "PUT versioning", []string{"bucket"}},
	"aws_sns_topic":                                      {"CreateTopic", "CreateTopic", []string{"name"}},
	"aws_sns_topic_policy": {"SetTopicAttributes", "SetTopicAttributes",
		[]string{"arn", "policy"}},
	"aws_vpc_endpoint": {"CreateVpcEndpoint", "CreateVpcEndpoint", []string{"id"}},
	"aws_vpc_endpoint_route_table_association": {"ModifyVpcEndpoint", "ModifyVpcEndpoint",
		[]string{"route_table_id"}},
}

// silent are the types whose creation asks AWS for nothing: they find everything as it should be.
var silent = []string{"aws_iam_role_policy_attachments_exclusive"}

// requestLog finds in the calls of a first apply those that made a resource.
type requestLog struct {
	calls []call
	texts []string // of request and answer
	state map[string]attributes
}

func newRequestLog(calls []call, state map[string]attributes) requestLog {
	log := requestLog{calls: calls, state: state}
	for _, one := range calls {
		log.texts = append(log.texts, one.text()+one.Response)
	}
	return log
}

// made returns the first and the last call that made a resource.
func (l requestLog) made(t *testing.T, address string) (first, last call) {
	t.Helper()
	kind, _, _ := strings.Cut(address, ".")
	how, known := makings[kind]
	require.True(t, known, "how %s is made is not known", kind)
	for i, one := range l.calls {
		if !one.succeeded() || one.Action != how.first && one.Action != how.last || !l.isOf(i, address, how.by) {
			continue
		}
		if one.Action == how.first && first.Action == "" {
			first = one
		}
		if one.Action == how.last {
			last = one
		}
	}
	require.NotEmpty(t, first.Action, "%s of %s is not in the request log", how.first, address)
	require.NotEmpty(t, last.Action, "%s of %s is not in the request log", how.last, address)
	return first, last
}

// isOf reports whether a call is about a resource.
func (l requestLog) isOf(i int, address string, attributes []string) bool {
	for _, attribute := range attributes {
		value := fmt.Sprint(l.state[address][attribute])
		switch {
		case strings.HasPrefix(address, "aws_s3_"):
			// Policies mention other buckets; the path names the one that is meant.
			if strings.Trim(l.calls[i].Path, "/") != value {
				return false
			}
		default:
			if value == "" || !strings.Contains(l.texts[i], value) || !whole(value).MatchString(l.texts[i]) {
				return false
			}
		}
	}
	return true
}

// observeOrder finds each promised and each written edge in the real sequence of calls: what comes before was answered
// before what comes after was asked for.
func observeOrder(t *testing.T, w *workspace, calls []call) string {
	stack := w.template(t)
	needs, log := stack.Graph(), newRequestLog(calls, w.state(t))
	observed := map[[2]string]bool{}
	observe := func(before, after, why string) {
		edge := [2]string{before, after}
		if observed[edge] {
			return
		}
		observed[edge] = true
		_, was := log.made(t, before)
		begins, _ := log.made(t, after)
		assert.Less(t, was.Ended, begins.Began, "%s came before %s was there: %s", after, before, why)
	}

	kept, kinds := 0, 0
	for _, promise := range evidence.Promises() {
		if len(stack.OfType(promise.After)) > 0 {
			kinds++
		}
		for _, resource := range stack.OfType(promise.After) {
			after := resource.Address
			found := false
			for before := range needs.Ancestors(after) {
				if strings.HasPrefix(before, promise.Before+".") {
					found = true
					observe(before, after, promise.Why)
				}
			}
			if assert.True(t, found, "%s waits for no %s: %s", after, promise.Before, promise.Why) {
				kept++
			}
		}
	}
	for _, resource := range stack.Resources() {
		if slices.Contains(silent, resource.Type) {
			continue
		}
		for _, before := range resource.DependsOn() {
			observe(before, resource.Address, "depends_on")
		}
	}
	return fmt.Sprintf("%d of %d promises kept %d times, %d edges seen in %d calls", kinds,
		len(evidence.Promises()), kept, len(observed), len(calls))
}
