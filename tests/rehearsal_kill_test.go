//go:build rehearsal && unix

package tests

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rehearseKills kills Terraform and the provider in the middle of an apply, again and again, and lets the last one run.
//
// A resource that was being made exists in AWS without being in the state, and a local state that was being written is an
// empty file: these are Terraform's own limits, whatever it deploys. The rehearsal does what an operator does then: it
// takes the backup of the state, and imports what the state does not know. What has no identity of its own, such as a
// bucket's policy, is simply set again. So nothing is lost, and nothing is made twice.
func rehearseKills(t *testing.T, s *summary, e emulator, w *workspace) {
	random := rand.New(rand.NewPCG(*seed, 1))
	adopted, restored := map[string]bool{}, 0
	killed := s.step(t, fmt.Sprintf("%d kills", *kills), func(t *testing.T) string {
		w.synthesize(t, nil)
		w.init(t)
		left := len(w.template(t).addresses())
		var sizes []string
		for kill := range *kills {
			// The moments are spread over what is left to do; otherwise the first kills would leave only the database, on
			// which all others would wait.
			moment := moment{
				finished: random.IntN(max(1, 2*left/(*kills-kill))),
				latest:   time.Duration(random.Float64() * float64(10*time.Second)),
			}
			finished := killedApply(t, w, moment)
			if w.restoreState(t) {
				restored++
			}
			state := w.state(t)
			var imported []string
			imported, left = adopt(t, w, e)
			for _, address := range imported {
				adopted[address] = true
			}
			for _, address := range finished {
				kind, _, _ := strings.Cut(address, ".")
				// Terraform says that it finished a moment before it writes so into the state.
				if _, twice := orphans[kind]; state[address] == nil && twice {
					assert.Contains(t, imported, address, "it was finished, and is lost")
				}
			}
			sizes = append(sizes, strconv.Itoa(len(state)))
			tell(t, fmt.Sprintf("kill %d: finished %d, in the state %d, to be imported %d, left %d",
				kill+1, len(finished), len(state), len(imported), left))
		}
		return "killed with " + strings.Join(sizes, ", ") + " resources in the state"
	})
	if !killed {
		return
	}
	s.step(t, "apply after the kills", func(t *testing.T) string {
		require.NoError(t, w.apply(t))
		declared := w.template(t).addresses()
		assert.Equal(t, declared, slices.Sorted(maps.Keys(w.state(t))), "nothing is lost")
		assertNoChanges(t, w)
		assertOnce(t, w, e)
		return fmt.Sprintf("converged: %d resources, each made once; imported %d, state restored from its backup %d times",
			len(declared), len(adopted), restored)
	})
}

// moment tells when an apply is killed: as soon as it has finished a number of resources, and at the latest some time
// after it began with the first. The database and what follows it take longer than that, so no apply is over before.
type moment struct {
	finished int
	latest   time.Duration
}

// killedApply starts an apply, kills it, and returns the resources that it had finished by then.
func killedApply(t *testing.T, w *workspace, moment moment) []string {
	t.Helper()
	command := w.bounded(t, 10*time.Minute, w.stack(), "terraform", "apply", "-json", "-auto-approve", "-input=false", "-parallelism="+parallelism)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	kill := func() { _ = killTree(command.Process.Pid) }
	var finished, failed []string
	var latest *time.Timer
	for lines := bufio.NewScanner(output); lines.Scan(); {
		for _, one := range events(lines.Text()) {
			if !strings.HasPrefix(one.Type, "apply_") || strings.HasPrefix(one.Hook.Resource.Addr, "data.") {
				continue
			}
			if latest == nil {
				latest = time.AfterFunc(moment.latest, kill)
			}
			switch one.Type {
			case "apply_complete":
				finished = append(finished, one.Hook.Resource.Addr)
			case "apply_errored":
				failed = append(failed, one.Hook.Resource.Addr)
			}
			if len(finished) == moment.finished {
				kill()
			}
		}
	}
	err = command.Wait()
	if latest != nil {
		latest.Stop()
	}
	require.Empty(t, failed, "the apply failed by itself")
	require.ErrorContains(t, err, "killed", "the apply was over before the kill")
	return finished
}

// orphan tells how a resource of a kind is found again when it exists in AWS but not in the state: by the call that made
// it, the attributes that the call names, and its identifier. A kind that is not here can be made twice without harm: the
// second call says the same as the first.
type orphan struct {
	action     string
	by         []string // attributes; "Name" is the tag
	identifier func(values resource, request url.Values, response string) string
}

func answered(pattern string) func(resource, url.Values, string) string {
	expression := regexp.MustCompile(pattern)
	return func(_ resource, _ url.Values, response string) string {
		match := expression.FindStringSubmatch(response)
		if match == nil {
			return ""
		}
		return match[len(match)-1]
	}
}

func named(attribute string) func(resource, url.Values, string) string {
	return func(values resource, _ url.Values, _ string) string { return values[attribute].(string) }
}

func joined(separator string, parameters ...string) func(resource, url.Values, string) string {
	return func(_ resource, request url.Values, _ string) string {
		parts := make([]string, len(parameters))
		for i, parameter := range parameters {
			parts[i] = request.Get(parameter)
		}
		return strings.Join(parts, separator)
	}
}

var orphans = map[string]orphan{
	"aws_cloudtrail":                      {"CreateTrail", []string{"name"}, answered(`"TrailARN": ?"([^"]+)"`)},
	"aws_cloudwatch_log_group":            {"CreateLogGroup", []string{"name"}, named("name")},
	"aws_db_event_subscription":           {"CreateEventSubscription", []string{"name"}, named("name")},
	"aws_db_instance":                     {"CreateDBInstance", []string{"identifier"}, named("identifier")},
	"aws_db_parameter_group":              {"CreateDBParameterGroup", []string{"Name"}, answered(`<DBParameterGroupName>([^<]+)`)},
	"aws_db_subnet_group":                 {"CreateDBSubnetGroup", []string{"name"}, named("name")},
	"aws_eip":                             {"AllocateAddress", []string{"Name"}, answered(`\beipalloc-[0-9a-f]{8,}`)},
	"aws_flow_log":                        {"CreateFlowLogs", []string{"Name"}, answered(`\bfl-[0-9a-f]{8,}`)},
	"aws_iam_policy":                      {"CreatePolicy", []string{"name"}, answered(`<Arn>([^<]+)`)},
	"aws_iam_role":                        {"CreateRole", []string{"name"}, named("name")},
	"aws_internet_gateway":                {"CreateInternetGateway", []string{"Name"}, answered(`\bigw-[0-9a-f]{8,}`)},
	"aws_kms_alias":                       {"CreateAlias", []string{"name"}, named("name")},
	"aws_kms_key":                         {"CreateKey", []string{"Name"}, answered(`"KeyId": ?"([^"]+)"`)},
	"aws_nat_gateway":                     {"CreateNatGateway", []string{"Name"}, answered(`\bnat-[0-9a-f]{8,}`)},
	"aws_network_acl":                     {"CreateNetworkAcl", []string{"Name"}, answered(`\bacl-[0-9a-f]{8,}`)},
	"aws_network_acl_rule":                {"CreateNetworkAclEntry", []string{"network_acl_id", "rule_number", "egress"}, joined(":", "NetworkAclId", "RuleNumber", "Protocol", "Egress")},
	"aws_route":                           {"CreateRoute", []string{"route_table_id"}, joined("_", "RouteTableId", "DestinationCidrBlock")},
	"aws_route_table":                     {"CreateRouteTable", []string{"Name"}, answered(`\brtb-[0-9a-f]{8,}`)},
	"aws_route_table_association":         {"AssociateRouteTable", []string{"subnet_id", "route_table_id"}, joined("/", "SubnetId", "RouteTableId")},
	"aws_s3_bucket":                       {"PUT", []string{"bucket"}, named("bucket")},
	"aws_security_group":                  {"CreateSecurityGroup", []string{"Name"}, answered(`\bsg-[0-9a-f]{8,}`)},
	"aws_subnet":                          {"CreateSubnet", []string{"Name"}, answered(`\bsubnet-[0-9a-f]{8,}`)},
	"aws_vpc":                             {"CreateVpc", []string{"Name"}, answered(`\bvpc-[0-9a-f]{8,}`)},
	"aws_vpc_endpoint":                    {"CreateVpcEndpoint", []string{"Name"}, answered(`\bvpce-[0-9a-f]{8,}`)},
	"aws_vpc_security_group_egress_rule":  {"AuthorizeSecurityGroupEgress", []string{"Name"}, answered(`\bsgr-[0-9a-f]{8,}`)},
	"aws_vpc_security_group_ingress_rule": {"AuthorizeSecurityGroupIngress", []string{"Name"}, answered(`\bsgr-[0-9a-f]{8,}`)},
}

// adopt writes an import for each resource that was made but that the state does not know. It returns their addresses,
// and how many resources the next apply has to make or change besides.
func adopt(t *testing.T, w *workspace, e emulator) (imported []string, left int) {
	t.Helper()
	file := filepath.Join(w.stack(), "rehearsal_adopt.tf.json")
	require.NoError(t, os.RemoveAll(file))
	calls, imports := e.calls(t), []map[string]string{}
	for {
		planned := w.changes(t)
		before := len(imports)
		for address, change := range planned {
			if identifier := made(t, change, calls); identifier != "" {
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

// made returns the identifier of a resource that exists although it is planned to be created, or nothing.
func made(t *testing.T, change *tfjson.ResourceChange, calls []call) string {
	t.Helper()
	how, known := orphans[change.Type]
	if !known || !change.Change.Actions.Create() {
		return ""
	}
	values := resource(change.Change.After.(map[string]any))
	for _, one := range calls {
		if one.Action == how.action && one.succeeded() && mentions(one, values, how.by) {
			request, _ := url.ParseQuery(one.Request)
			identifier := how.identifier(values, request, one.Response)
			require.NotEmpty(t, identifier, change.Address)
			return identifier
		}
	}
	return ""
}

// mentions tells whether the values of all attributes stand in a call, each as a whole.
func mentions(one call, values resource, attributes []string) bool {
	request, err := url.QueryUnescape(one.Request)
	if err != nil || !strings.HasPrefix(one.Request, "Action=") {
		request = one.Request
	}
	text := one.Path + " " + request + " "
	for _, attribute := range attributes {
		value, before := values[attribute], `(^|[=/"> ])`
		if attribute == "Name" {
			// Only as the value of a tag: policies mention the names of others.
			tags, _ := values["tags"].(map[string]any)
			value, before = tags["Name"], `Value(=|": ?")`
		}
		if value == nil {
			return false // known after apply: what it refers to does not exist yet
		}
		whole := regexp.MustCompile(before + regexp.QuoteMeta(fmt.Sprint(value)) + `([&/"< ]|$)`)
		if !whole.MatchString(text) {
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
		if one.succeeded() {
			made[one.Action]++
		}
	}
	for kind, how := range orphans {
		wanted[how.action] += len(w.template(t).Resource[kind])
	}
	// Each bucket, and each of its settings, is a PUT; only the first is counted here by its action. A security group is
	// born with a rule that the provider takes away.
	for action, count := range wanted {
		assert.Equal(t, count, made[action], "%s was called", action)
	}
}
