//go:build rehearsal && unix

package rehearsal

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
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

// rehearseTeardown goes the way of docs/operations.md: down, with what must outlive the stack left in AWS, and back
// over it by imports, with the database restored from its final snapshot.
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
	var outlived []string // in AWS
	for _, one := range stack.OfType("aws_kms_key") {
		id := kept[one.Resource.Address].text(t, "key_id")
		found, err := kms.NewFromConfig(api).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: &id})
		require.NoError(t, err)
		assert.Equal(t, kmstypes.KeyStateEnabled, found.KeyMetadata.KeyState, "what is kept can be decrypted")
	}
	for _, resourceType := range []string{"aws_kms_key", "aws_kms_alias", "aws_s3_bucket", "aws_cloudwatch_log_group"} {
		for _, one := range stack.OfType(resourceType) {
			outlived = append(outlived, one.Resource.Address)
		}
	}

	// The database comes back from the snapshot that its end has left.
	snapshot := finalSnapshot(t, w, e)
	restored := maps.Clone(w.edits)
	maps.Copy(restored, testkit.Settings{"rds.snapshotIdentifier": snapshot})
	w.configure(t, restored)
	announced, err := w.make(t, "adopt")
	require.NoError(t, err)
	assert.ElementsMatch(t, outlived, imports(t, w), "what outlived the destroy, and nothing else")
	assert.Contains(t, announced, fmt.Sprintf("Plan: %d to import, ", len(outlived)))
	assert.Contains(t, announced, " 0 to destroy.")
	assert.Empty(t, w.state(t), "nothing has changed")
	for address, change := range w.changes(t) {
		assert.False(t, change.Change.Actions.Delete() || change.Change.Actions.Replace(), "%s: %v", address,
			change.Change.Actions)
	}
	_, err = w.make(t, "deploy")
	require.NoError(t, err)
	assert.Empty(t, imports(t, w), "what was imported is not imported again")
	assert.Equal(t, w.template(t).Addresses(), slices.Sorted(maps.Keys(w.state(t))))
	assertRestored(t, w, e, snapshot)
	assertNoChanges(t, w)
	w.synthesize(t, w.edits)
	assertNoChanges(t, w) // the setting counts when the instance is made
	return fmt.Sprintf("refused while %d resources are guarded; then destroyed, %d imported again, database restored",
		len(in.Kept), len(outlived))
}

// finalSnapshot is the identifier of the snapshot that the database has left.
func finalSnapshot(t *testing.T, w *workspace, e emulator) string {
	t.Helper()
	out, err := rds.NewFromConfig(w.aws(e.url)).DescribeDBSnapshots(t.Context(),
		&rds.DescribeDBSnapshotsInput{SnapshotType: aws.String("manual")}) // automated ones go with the instance
	require.NoError(t, err)
	require.Len(t, out.DBSnapshots, 1)
	assert.True(t, aws.ToBool(out.DBSnapshots[0].Encrypted), "under the key that was kept")
	return aws.ToString(out.DBSnapshots[0].DBSnapshotIdentifier)
}

// assertRestored demands that the instance was made of a snapshot, where the stack has its place, and is protected.
func assertRestored(t *testing.T, w *workspace, e emulator, snapshot string) {
	t.Helper()
	instance := w.template(t).At(t, "aws_db_instance", "database/Resource")
	assert.True(t, slices.ContainsFunc(e.calls(t), func(c call) bool {
		return c.succeeded() && c.Action == "RestoreDBInstanceFromDBSnapshot" &&
			c.form().Get("DBSnapshotIdentifier") == snapshot &&
			c.form().Get("DBInstanceIdentifier") == instance.Text(t, "identifier") &&
			c.form().Get("DBSubnetGroupName") != "" && c.form().Get("PubliclyAccessible") == "false"
	}), "the database is restored from %s", snapshot)
	for attribute, value := range w.state(t)[instance.Resource.Address] {
		switch attribute {
		case "storage_encrypted", "iam_database_authentication_enabled", "manage_master_user_password",
			"copy_tags_to_snapshot", "deletion_protection", "multi_az", "backup_retention_period", "ca_cert_identifier":
			assert.Equal(t, instance.Attributes[attribute], value, attribute)
		}
	}
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
