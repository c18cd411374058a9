//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// orphan tells how a resource of a kind is found again when it exists in AWS but not in the state: by the call that
// made it, the attributes that the call names, and its identifier.
type orphan struct {
	action     string
	by         []string // attributes; "Name" is the tag, and of "a|b" the one that is set
	identifier func(values attributes, request url.Values, response string) string
}

func answered(pattern string) func(attributes, url.Values, string) string {
	expression := regexp.MustCompile(pattern)
	return func(_ attributes, _ url.Values, response string) string {
		match := expression.FindStringSubmatch(response)
		if match == nil {
			return ""
		}
		return match[len(match)-1]
	}
}

func named(attribute string) func(attributes, url.Values, string) string {
	return func(values attributes, _ url.Values, _ string) string { return values[attribute].(string) }
}

func joined(separator string, parameters ...string) func(attributes, url.Values, string) string {
	return func(_ attributes, request url.Values, _ string) string {
		parts := make([]string, len(parameters))
		for i, names := range parameters {
			for name := range strings.SplitSeq(names, "|") {
				parts[i] += request.Get(name)
			}
		}
		return strings.Join(parts, separator)
	}
}

var orphans = map[string]orphan{
	"aws_cloudtrail":            {"CreateTrail", []string{"name"}, answered(`"TrailARN": ?"([^"]+)"`)},
	"aws_cloudwatch_log_group":  {"CreateLogGroup", []string{"name"}, named("name")},
	"aws_db_event_subscription": {"CreateEventSubscription", []string{"name"}, named("name")},
	"aws_db_instance":           {"CreateDBInstance", []string{"identifier"}, named("identifier")},
	"aws_db_parameter_group": {"CreateDBParameterGroup", []string{"Name"},
		answered(`<DBParameterGroupName>([^<]+)`)},
	"aws_db_subnet_group":  {"CreateDBSubnetGroup", []string{"name"}, named("name")},
	"aws_eip":              {"AllocateAddress", []string{"Name"}, answered(`\beipalloc-[0-9a-f]{8,}`)},
	"aws_flow_log":         {"CreateFlowLogs", []string{"Name"}, answered(`\bfl-[0-9a-f]{8,}`)},
	"aws_iam_policy":       {"CreatePolicy", []string{"name"}, answered(`<Arn>([^<]+)`)},
	"aws_iam_role":         {"CreateRole", []string{"name"}, named("name")},
	"aws_internet_gateway": {"CreateInternetGateway", []string{"Name"}, answered(`\bigw-[0-9a-f]{8,}`)},
	"aws_kms_alias":        {"CreateAlias", []string{"name"}, named("name")},
	"aws_kms_key":          {"CreateKey", []string{"Name"}, answered(`"KeyId": ?"([^"]+)"`)},
	"aws_nat_gateway":      {"CreateNatGateway", []string{"Name"}, answered(`\bnat-[0-9a-f]{8,}`)},
	"aws_network_acl":      {"CreateNetworkAcl", []string{"Name"}, answered(`\bacl-[0-9a-f]{8,}`)},
	"aws_route": {"CreateRoute",
		[]string{"route_table_id", "destination_cidr_block|destination_ipv6_cidr_block"},
		joined("_", "RouteTableId", "DestinationCidrBlock|DestinationIpv6CidrBlock")},
	"aws_route_table": {"CreateRouteTable", []string{"Name"}, answered(`\brtb-[0-9a-f]{8,}`)},
	"aws_route_table_association": {"AssociateRouteTable", []string{"subnet_id", "route_table_id"},
		joined("/", "SubnetId", "RouteTableId")},
	"aws_s3_bucket":      {"PUT", []string{"bucket"}, named("bucket")},
	"aws_security_group": {"CreateSecurityGroup", []string{"Name"}, answered(`\bsg-[0-9a-f]{8,}`)},
	"aws_subnet":         {"CreateSubnet", []string{"Name"}, answered(`\bsubnet-[0-9a-f]{8,}`)},
	"aws_vpc":            {"CreateVpc", []string{"Name"}, answered(`\bvpc-[0-9a-f]{8,}`)},
	"aws_vpc_endpoint":   {"CreateVpcEndpoint", []string{"Name"}, answered(`\bvpce-[0-9a-f]{8,}`)},
}

// repeatable are the kinds that are simply made again: the second call says the same as the first, about the same
// thing.
var repeatable = []string{
	"aws_cloudwatch_log_metric_filter", "aws_cloudwatch_metric_alarm", "aws_default_network_acl",
	"aws_default_route_table",
	"aws_default_security_group", "aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachment",
	"aws_iam_role_policy_attachments_exclusive", "aws_network_acl_association",
	"aws_s3_bucket_lifecycle_configuration",
	"aws_s3_bucket_logging", "aws_s3_bucket_notification", "aws_s3_bucket_object_lock_configuration",
	"aws_s3_bucket_ownership_controls",
	"aws_s3_bucket_policy", "aws_s3_bucket_public_access_block", "aws_s3_bucket_server_side_encryption_configuration",
	"aws_s3_bucket_versioning", "aws_secretsmanager_secret_rotation", "aws_sns_topic", "aws_sns_topic_policy",
	"aws_sns_topic_subscription",
	"aws_vpc_endpoint_route_table_association", "terraform_data",
}

// assertKindsKnown makes sure that nobody adds a kind without saying whether it can exist twice.
func assertKindsKnown(t *testing.T, stack testkit.Stack) {
	t.Helper()
	for _, resource := range stack.Resources() {
		_, once := orphans[resource.Type]
		assert.NotEqual(t, once, slices.Contains(repeatable, resource.Type), "can two of %s exist where one should?",
			resource.Type)
	}
}

// adopt writes an import for each resource that was made but that the state does not know. It returns their addresses,
// and how many resources the next apply has to make or change besides.
func adopt(t *testing.T, w *workspace, e emulator) (imported []string, left int) {
	t.Helper()
	file := filepath.Join(w.stack(), "rehearsal_adopt.tf.json")
	require.NoError(t, os.RemoveAll(file))
	imports := []map[string]string{}
	for {
		planned := w.changes(t)
		// Read after the plan: the emulator finishes what was asked of it, although nobody waits for the answer.
		before, calls := len(imports), e.calls(t)
		for address, change := range planned {
			if identifier := identifierOf(t, change, calls); identifier != "" {
				imports = append(imports, map[string]string{"to": address, "id": identifier})
				imported = append(imported, address)
			}
		}
		if len(imports) == before {
			return imported, len(planned)
		}
		data, err := json.Marshal(map[string]any{"import": imports})
		require.NoError(t, err)
		// Once it is known what is imported, the next plan tells what belongs to it.
		require.NoError(t, os.WriteFile(file, data, 0o600))
	}
}

// identifierOf returns the identifier of a resource that exists although it is planned to be created, or nothing.
func identifierOf(t *testing.T, change *tfjson.ResourceChange, calls []call) string {
	t.Helper()
	how, known := orphans[change.Type]
	if !known || !change.Change.Actions.Create() {
		return ""
	}
	values := attributes(change.Change.After.(map[string]any))
	for _, one := range calls {
		if one.Action == how.action && one.succeeded() && mentions(one, values, how.by) {
			identifier := how.identifier(values, one.form(), one.Response)
			require.NotEmpty(t, identifier, change.Address)
			return identifier
		}
	}
	return ""
}

// mentions reports whether the values of all attributes stand in a request, each as a whole.
func mentions(one call, values attributes, names []string) bool {
	text := one.text()
	for _, attribute := range names {
		var value any
		for name := range strings.SplitSeq(attribute, "|") {
			if set := values[name]; set != nil && set != "" {
				value = set
			}
		}
		if attribute == "Name" {
			tags, _ := values["tags"].(map[string]any)
			value = tags["Name"]
		}
		if value == nil {
			return false // known after apply: what it refers to does not exist yet
		}
		expression := whole(fmt.Sprint(value))
		if attribute == "Name" {
			// Only as the value of a tag: policies mention the names of others.
			expression = regexp.MustCompile(`Value(=|": ?")` + regexp.QuoteMeta(fmt.Sprint(value)) + `([&" ]|$)`)
		}
		if !expression.MatchString(text) {
			return false
		}
	}
	return true
}

// assertOnce counts, for each kind that can exist twice, the calls that made one.
func assertOnce(t *testing.T, w *workspace, e emulator) {
	t.Helper()
	made, wanted := map[string]int{}, map[string]int{}
	for _, one := range e.calls(t) {
		if one.succeeded() && !strings.HasPrefix(one.Path, "/"+stateBucket) {
			made[one.Action]++
		}
	}
	for kind, how := range orphans {
		wanted[how.action] += len(w.template(t).OfType(kind))
	}
	for action, count := range wanted {
		assert.Equal(t, count, made[action], "%s was called", action)
	}
}
