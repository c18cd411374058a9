//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/teardown"
	"securebaseline/internal/testkit"
)

// rehearseDestroy shows that what must not be lost cannot be destroyed by mistake, and that nothing stays otherwise.
func rehearseDestroy(t *testing.T, w *workspace, e emulator) string {
	before := w.state(t)
	if !obstacles(t, w).None() {
		said, err := w.make(t, "destroy")
		require.Error(t, err)
		require.Contains(t, said, "guarded by prevent_destroy")
		assert.Equal(t, slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(w.state(t))), "nothing is gone")
		return rehearseTeardown(t, w, e)
	}
	_, err := w.make(t, "destroy")
	require.NoError(t, err)
	assert.Empty(t, w.state(t))
	left := remaining(t, w.aws(e.url), before)
	assert.Empty(t, left, "left behind in AWS")
	return fmt.Sprintf("%d resources gone, 0 in the state, 0 in the emulator", len(before))
}

func obstacles(t *testing.T, w *workspace) teardown.Obstacles {
	t.Helper()
	return teardown.Of(w.template(t).Template, slices.Collect(maps.Keys(w.state(t))))
}

// rehearseTeardown goes the way of docs/operations.md: down, with what must outlive the stack left in AWS, and back over
// it by imports.
func rehearseTeardown(t *testing.T, w *workspace, e emulator) string {
	// Before, a speed of storage, which the way down takes back.
	for _, edit := range []testkit.Settings{
		{"rds.iops": 16000, "rds.throughputMiB": 1000}, {"rds.preventDestroy": false, "rds.deletionProtection": false},
	} {
		settings := maps.Clone(w.edits)
		maps.Copy(settings, edit)
		w.synthesize(t, settings)
		w.init(t)
		require.NoError(t, w.apply(t))
	}
	assertModified(t, e, map[string]string{"Iops": "16000", "StorageThroughput": "1000"})
	assertModified(t, e, map[string]string{"DeletionProtection": "false", "Iops": "12000", "StorageThroughput": "500"})
	in := obstacles(t, w)
	require.Empty(t, in.Databases)
	require.NotEmpty(t, in.Kept)
	kept, stack := w.state(t), w.template(t)
	w.must(t, append([]string{"state", "rm"}, in.Kept...)...)
	_, err := w.make(t, "destroy")
	require.NoError(t, err)
	assert.Empty(t, w.state(t))

	api := w.aws(e.url)
	imports := []map[string]string{}
	adopt := func(resource testkit.Resource, attribute string) {
		imports = append(imports, map[string]string{"to": resource.Resource.Address,
			"id": kept[resource.Resource.Address].text(t, attribute)})
	}
	for _, key := range stack.OfType("aws_kms_key") {
		id := kept[key.Resource.Address].text(t, "key_id")
		found, err := kms.NewFromConfig(api).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: &id})
		require.NoError(t, err)
		assert.Equal(t, kmstypes.KeyStateEnabled, found.KeyMetadata.KeyState, "what is kept can be decrypted")
		adopt(key, "key_id")
	}
	for _, alias := range stack.OfType("aws_kms_alias") {
		adopt(alias, "name")
	}
	for _, bucket := range stack.OfType("aws_s3_bucket") {
		name := kept[bucket.Resource.Address].text(t, "bucket")
		_, err := s3.NewFromConfig(api).HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &name})
		require.NoError(t, err)
		adopt(bucket, "bucket")
	}
	groups, err := cloudwatchlogs.NewFromConfig(api).DescribeLogGroups(t.Context(),
		&cloudwatchlogs.DescribeLogGroupsInput{})
	require.NoError(t, err)
	assert.Len(t, groups.LogGroups, len(stack.OfType("aws_cloudwatch_log_group")), "log groups are kept")
	for _, group := range stack.OfType("aws_cloudwatch_log_group") {
		adopt(group, "name")
	}

	data, err := json.Marshal(map[string]any{"import": imports})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(w.stack(), "import.tf.json"), data, 0o600))
	announced, err := w.make(t, "diff")
	require.NoError(t, err)
	assert.Contains(t, announced, fmt.Sprintf("Plan: %d to import, ", len(imports)))
	assert.Contains(t, announced, " 0 to destroy.")
	for address, change := range w.changes(t) {
		assert.False(t, change.Change.Actions.Delete() || change.Change.Actions.Replace(), "%s: %v", address,
			change.Change.Actions)
	}
	// The rest is a first deployment, which has been rehearsed.
	apply := []string{"apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=" + parallelism}
	for _, one := range imports {
		apply = append(apply, "-target="+one["to"])
	}
	w.must(t, apply...)
	for _, one := range imports {
		assert.Contains(t, w.state(t), one["to"])
	}
	return fmt.Sprintf("refused while %d resources are guarded; then destroyed, %d imported again", len(in.Kept),
		len(imports))
}

// assertRequests reads what was asked of RDS and S3 when the configuration changed: AWS refuses other ways to say it, or
// keeps what was paid for.
func assertRequests(t *testing.T, w *workspace, e emulator) {
	t.Helper()
	assertModified(t, e, map[string]string{"AllocatedStorage": "400", "Iops": "12000", "StorageThroughput": "500"})
	if w.config.RDS.Insights == "advanced" {
		assertModified(t, e, map[string]string{"DatabaseInsightsMode": "standard", "EnablePerformanceInsights": "false"})
	}
	if w.config.S3.PreventDestroy {
		assert.True(t, slices.ContainsFunc(e.calls(t), func(c call) bool {
			return c.succeeded() && c.Action == "PUT object-lock" && strings.Contains(c.Request, "GOVERNANCE")
		}), "Object Lock is turned on in place")
	}
}

// assertModified demands a change of the database with all of the parameters in one request.
func assertModified(t *testing.T, e emulator, parameters map[string]string) {
	t.Helper()
	assert.True(t, slices.ContainsFunc(e.calls(t), func(c call) bool {
		if !c.succeeded() || c.Action != "ModifyDBInstance" {
			return false
		}
		for name, value := range parameters {
			if c.form().Get(name) != value {
				return false
			}
		}
		return true
	}), "ModifyDBInstance with %v", parameters)
}
