//go:build provider && scan && unix

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// TestScan lets checkov look at the JSON and at a plan of it by the public command: at what is as it should be, at a
// program that somebody has broken, and with exceptions that are not needed.
func TestScan(t *testing.T) {
	c := checkout(t.TempDir())
	testkit.CopyProject(t, string(c))
	edit := func(name, before, after string) {
		t.Helper()
		path := filepath.Join(string(c), name)
		text := testkit.ReadFile(t, path)
		require.Contains(t, text, before)
		require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(text, before, after)), 0o600))
	}
	t.Run("a plan", func(t *testing.T) {
		c.configureIn(t, "prod", testkit.Offline(nil))
		plan := filepath.Join(t.TempDir(), "plan.json")
		stack := testkit.JSON(t, "prod", testkit.Offline(nil))
		require.NoError(t, os.WriteFile(plan, showJSON(t, terraform(t, stack)), 0o600))
		result := c.make(t, "scan", "ENVIRONMENT=prod", "PLAN="+plan)
		// Where zones are named there is no list of them.
		assert.Equal(t, 1, strings.Count(result.Stderr, "\n  "), result.Stderr)
		assert.Contains(t, result.Stderr, "\n  exception to CKV_AWS_394 for data.aws_availability_zones.*, of "+
			"platform-security: it covers nothing, and must be removed\n")
		assert.Regexp(t, "prod: checkov has checks for [0-9]{2,} of [0-9]{3} resources of "+plan+"\n"+
			"prod: 0 findings outside the list of exceptions, [0-9]+ in it", result.Stdout)
		c.configure(t, nil)
	})
	t.Run("a broken program", func(t *testing.T) {
		edit("constructs/rds/instance.go", "StorageEncrypted:    jsii.Bool(true)", "StorageEncrypted:    jsii.Bool(false)")
		edit("constructs/s3/bucket.go", "BlockPublicAcls: jsii.Bool(true)", "BlockPublicAcls: jsii.Bool(false)")
		edit("exceptions.json", `"CKV_AWS_252"`, `"CKV_AWS_253"`)
		result := c.make(t, "scan", "ENVIRONMENT=prod")
		assert.NotZero(t, result.Code)
		for _, line := range []string{
			"CKV_AWS_16: aws_db_instance.database_EBDE4557: Ensure all data stored in the RDS is securely encrypted at rest",
			"CKV_AWS_53: aws_s3_bucket_public_access_block.data-bucket_public-access_",
			"CKV_AWS_252: aws_cloudtrail.trail_671F64C4: Ensure CloudTrail defines an SNS Topic\n",
			"exception to CKV_AWS_253 for aws_cloudtrail.*, of platform-security: it covers nothing, and must be removed\n",
		} {
			assert.Contains(t, result.Stderr, "\n  "+line)
		}
	})
}
