package tests

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/teardown"
	"securebaseline/internal/testkit"
	"securebaseline/internal/tfstate"
)

// TestTeardownIsRefusedAtTheStart demands of each profile that either everything can be destroyed, or nothing is and
// the reader learns what to do.
func TestTeardownIsRefusedAtTheStart(t *testing.T) {
	dev := testkit.Synthesize(t, "dev", nil)
	assert.True(t, teardown.Of(dev.Template, dev.Addresses()).None())
	for _, resource := range dev.All() {
		assert.NotEqual(t, true, resource.Value("lifecycle", "prevent_destroy"), resource.Path)
	}

	for _, environment := range []string{"staging", "prod"} {
		stack := testkit.Synthesize(t, environment, nil)
		obstacles := teardown.Of(stack.Template, stack.Addresses())
		database := stack.Address(t, "aws_db_instance", "database/Resource")
		assert.Equal(t, []string{database}, obstacles.Databases, environment)
		for resourceType, path := range map[string]string{
			"aws_kms_key": "logs-key/Resource", "aws_kms_alias": "database-key/alias",
			"aws_s3_bucket": "trail-bucket/Resource", "aws_s3_bucket_policy": "trail-bucket/policy",
			"aws_s3_bucket_versioning": "access-logs-bucket/versioning",
		} {
			assert.Contains(t, obstacles.Kept, stack.Address(t, resourceType, path), environment)
		}
		for _, address := range obstacles.Kept {
			path := stack.Get(t, address).Path
			assert.Regexp(t, `^[a-z-]+-(key|bucket)/`, path, "only keys, buckets and what belongs to them")
		}
		advice := obstacles.Advice(environment, "cdktf.out/stacks/baseline-"+environment)
		assert.Contains(t, advice, "deletionProtection of that database to false")
		assert.Equal(t, len(obstacles.Kept), strings.Count(advice, "\n    "))

		t.Run(environment+" without what was taken out of the state", func(t *testing.T) {
			ready := testkit.Synthesize(t, environment, testkit.Settings{"rds.preventDestroy": false,
				"rds.deletionProtection": false})
			kept := map[string]bool{}
			for _, address := range obstacles.Kept {
				kept[address] = true
			}
			var left []string
			for _, address := range ready.Addresses() {
				if !kept[address] {
					left = append(left, address)
				}
			}
			assert.True(t, teardown.Of(ready.Template, left).None())
		})
	}
}

// TestWhatIsKeptKeepsItsKey looks for what outlives the stack under a key that does not.
func TestWhatIsKeptKeepsItsKey(t *testing.T) {
	for _, environment := range testkit.Environments() {
		stack := testkit.Synthesize(t, environment, nil)
		for _, resource := range stack.All() {
			kept := resource.Attributes["skip_destroy"] == true ||
				resource.Type == "aws_db_instance" && (resource.Attributes["skip_final_snapshot"] == false ||
					resource.Attributes["delete_automated_backups"] == false)
			if !kept {
				continue
			}
			key := stack.Get(t, resource.Refers(t, "kms_key_id"))
			assert.Equal(t, true, key.Value("lifecycle", "prevent_destroy"), "%s of %s", resource.Path, environment)
		}
	}
}

// stateOf is the state of a deployed stack, as far as its configuration says what is in it.
func stateOf(stack testkit.Stack) tfstate.State {
	state := tfstate.State{Version: 4, Lineage: "l"}
	for _, resource := range stack.All() {
		_, name, _ := strings.Cut(resource.Address, ".")
		state.Resources = append(state.Resources, tfstate.Resource{
			Mode: "managed", Type: resource.Type, Name: name,
			Instances: []tfstate.Instance{{Attributes: resource.Attributes}},
		})
	}
	return state
}

// TestDroppedPartsAreNotLost leaves out parts of stacks that are deployed. prevent_destroy is then gone with them.
func TestDroppedPartsAreNotLost(t *testing.T) {
	reports := testkit.Settings{"s3.buckets": map[string]any{"reports": map[string]any{}}}
	unprotected := testkit.Settings{"rds.preventDestroy": false, "rds.deletionProtection": false}
	noDatabase := testkit.Settings{"rds.enabled": false}
	dropped := testkit.Settings{"rds.enabled": false, "logging.trail": "none"}
	for name, test := range map[string]struct {
		environment      string
		deployed, change testkit.Settings
		database         bool
		kept             string // construct path, as a regular expression
	}{
		"nothing":                 {"prod", nil, nil, false, ""},
		"the trail":               {"prod", nil, testkit.Settings{"logging.trail": "none"}, false, `^trail-bucket/`},
		"a data bucket":           {"prod", reports, nil, false, `^reports-bucket/`},
		"a protected database":    {"prod", nil, noDatabase, true, `^database-key/`},
		"an unprotected database": {"prod", unprotected, noDatabase, false, `^database-key/`},
		"a further database": {"prod", testkit.Settings{"rds.instances": map[string]any{"orders": map[string]any{}}},
			nil, true, `^$`},
		"everything of dev": {"dev", reports, dropped, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := testkit.Synthesize(t, test.environment, test.deployed)
			after := testkit.Synthesize(t, test.environment, test.change)
			mayGo := testkit.Load(t, test.environment, nil).KMS.AccountMayDelete
			dropped := teardown.Dropped(after.Template, stateOf(before), mayGo)
			assert.Equal(t, test.database, len(dropped.Databases) > 0)
			var want []string
			for _, resource := range before.All() {
				if test.kept != "" && regexp.MustCompile(test.kept).MatchString(resource.Path) {
					want = append(want, resource.Address)
				}
			}
			assert.ElementsMatch(t, want, dropped.Kept)
			assert.Equal(t, test.kept == "", dropped.None())
			advice := dropped.AdviceOnDropped(test.environment, "d")
			for _, address := range dropped.Kept {
				assert.Contains(t, advice, "\n    "+address)
			}
		})
	}
}
