package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/teardown"
	"securebaseline/internal/testkit"
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
		assert.Equal(t, stack.Address(t, "aws_db_instance", "database/Resource"), obstacles.Database, environment)
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
		assert.Contains(t, advice, "rds.deletionProtection to false")
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
