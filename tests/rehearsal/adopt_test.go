//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	adoption "securebaseline/internal/adopt"
	"securebaseline/internal/testkit"
)

// makes tells, for each type of which two can exist where one should, the call that makes one.
var makes = map[string]string{
	"aws_cloudtrail":              "CreateTrail",
	"aws_cloudwatch_log_group":    "CreateLogGroup",
	"aws_db_event_subscription":   "CreateEventSubscription",
	"aws_db_instance":             "CreateDBInstance",
	"aws_db_parameter_group":      "CreateDBParameterGroup",
	"aws_db_subnet_group":         "CreateDBSubnetGroup",
	"aws_eip":                     "AllocateAddress",
	"aws_flow_log":                "CreateFlowLogs",
	"aws_iam_policy":              "CreatePolicy",
	"aws_iam_role":                "CreateRole",
	"aws_internet_gateway":        "CreateInternetGateway",
	"aws_kms_alias":               "CreateAlias",
	"aws_kms_key":                 "CreateKey",
	"aws_nat_gateway":             "CreateNatGateway",
	"aws_network_acl":             "CreateNetworkAcl",
	"aws_route":                   "CreateRoute",
	"aws_route_table":             "CreateRouteTable",
	"aws_route_table_association": "AssociateRouteTable",
	"aws_s3_bucket":               "PUT",
	"aws_security_group":          "CreateSecurityGroup",
	"aws_subnet":                  "CreateSubnet",
	"aws_vpc":                     "CreateVpc",
	"aws_vpc_endpoint":            "CreateVpcEndpoint",
}

// adopt has the project's own command write an import for each resource that was made but that the state does not know.
// It returns their addresses, and how many resources the next apply has to make or change.
func adopt(t *testing.T, w *workspace) (imported []string, left int) {
	t.Helper()
	command := w.command(t, 10*time.Minute, w.directory, w.run.adopter, "-terraform", testkit.TerraformBinary(), w.stack())
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.NotContains(t, string(output), "several could be")
	planned := w.changes(t)
	for address, change := range planned {
		assert.False(t, change.Change.Actions.Delete() || change.Change.Actions.Replace(), "%s: %v", address,
			change.Change.Actions)
	}
	return imports(t, w), len(planned)
}

// imports lists the addresses of the import blocks beside the JSON.
func imports(t *testing.T, w *workspace) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(w.stack(), adoption.File))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	var written struct{ Import []adoption.Import }
	require.NoError(t, json.Unmarshal(data, &written))
	var addresses []string
	for _, one := range written.Import {
		addresses = append(addresses, one.To)
	}
	return addresses
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
	for kind, action := range makes {
		wanted[action] += len(w.template(t).OfType(kind))
	}
	for action, count := range wanted {
		assert.Equal(t, count, made[action], "%s was called", action)
	}
}
