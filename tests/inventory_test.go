package tests

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
)

// nameAttributes are what the provider calls the physical name of a resource.
var nameAttributes = []string{"name", "name_prefix", "identifier", "alarm_name", "bucket", "bucket_prefix"}

// TestInventoryIsComplete finds every physical name of a stack in the table by which the configuration compares them,
// and nothing else in it.
func TestInventoryIsComplete(t *testing.T) {
	full := testkit.AllNetwork()
	maps.Copy(full, testkit.AllBuckets())
	maps.Copy(full, testkit.AllLogging())
	full["logging.alarms.root-use.enabled"] = false
	long := testkit.Settings{"project": "a-project-with-a-name-of-32-chars"[:32],
		"s3.buckets": map[string]any{"a-bucket-of-20-chars": map[string]any{}}}
	for name, replaced := range map[string]testkit.Settings{"defaults": nil, "all options": full,
		"names that are cut": testkit.Offline(long)} {
		t.Run(name, func(t *testing.T) {
			cfg := testkit.Load(t, "prod", replaced)
			env, err := awsenv.New(string(cfg.Region), cfg.AccountID)
			require.NoError(t, err)
			var want []string
			for _, one := range inventory.Resources(naming.New(cfg.Project, cfg.Environment, naming.Tags{}), env,
				cfg.Inventory()) {
				want = append(want, one.Type+" "+one.Name)
			}
			assert.ElementsMatch(t, want, physicalNames(testkit.Synthesize(t, "prod", replaced)))
		})
	}
}

// physicalNames lists the type and name of every resource whose name is decided in the JSON. A reference to another
// resource decides nothing.
func physicalNames(stack testkit.Stack) []string {
	var names []string
	for address, body := range stack.ByAddress() {
		kind, _, _ := strings.Cut(address, ".")
		for _, attribute := range nameAttributes {
			if name, given := body.Attributes[attribute].(string); given && !strings.HasPrefix(name, "${aws_") {
				names = append(names, kind+" "+name)
			}
		}
	}
	return names
}
