//go:build provider

package provider

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-cdk-go/cdktf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/s3"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
	"securebaseline/internal/tf"
)

// TestObjectLockComesAndGoesInPlace plans against the states of buckets that were made with and without it.
func TestObjectLockComesAndGoesInPlace(t *testing.T) {
	t.Parallel()
	unlocked, locked := bucket(t, s3.ObjectLock{}), bucket(t, s3.ObjectLock{Mode: s3.Compliance, Days: 30})
	lock := testkit.Parse(t, locked).OfType("aws_s3_bucket_object_lock_configuration")[0].Resource.Address

	tf := terraform(t, locked)
	state := deploy(t, tf, testkit.Parse(t, locked))
	made := state.only(t, "aws_s3_bucket").attributes

	t.Run("added to a bucket that was made without it", func(t *testing.T) {
		require.Equal(t, false, made["object_lock_enabled"])
		state.write(t, tf, lock)
		replaceStack(t, tf, unlocked)
		assertUnmoved(t, tf)
		replaceStack(t, tf, locked)
		planned := changes(t, tf)
		assert.Equal(t, []string{lock}, slices.Sorted(maps.Keys(planned)))
		assert.True(t, planned[lock].Actions.Create())
	})

	// What AWS says afterwards, whether the bucket was made with the lock or got it later.
	made["object_lock_enabled"] = true
	state.write(t, tf)
	t.Run("kept", func(t *testing.T) { assertUnmoved(t, tf) })
	t.Run("changed", func(t *testing.T) {
		replaceStack(t, tf, bucket(t, s3.ObjectLock{Mode: s3.Compliance, Days: 60}))
		planned := changes(t, tf)
		assert.Equal(t, []string{lock}, slices.Sorted(maps.Keys(planned)))
		assert.True(t, planned[lock].Actions.Update())
	})
	t.Run("removed", func(t *testing.T) {
		replaceStack(t, tf, unlocked)
		planned := changes(t, tf)
		assert.Equal(t, []string{lock}, slices.Sorted(maps.Keys(planned)))
		assert.True(t, planned[lock].Actions.Delete())
	})
}

// bucket returns the stack of one data bucket that Terraform must not delete.
func bucket(t *testing.T, lock s3.ObjectLock) []byte {
	t.Helper()
	env, err := awsenv.New(testkit.Region, testkit.Account)
	require.NoError(t, err)
	return testkit.SynthesizeAlone(t, func(stack cdktf.TerraformStack) error {
		_, err := s3.New(stack, "bucket", s3.Props{
			Naming: naming.New("acme", "test", naming.Tags{Owner: "o", CostCenter: "c", Compliance: "c"}), Env: env,
			Kind: s3.Data, Name: "acme-data", Key: tf.Ref{ARN: testkit.KeyARN("data")}, LogTo: tf.Ref{Name: "acme-logs"},
			ObjectLock: lock,
		})
		return err
	})
}
