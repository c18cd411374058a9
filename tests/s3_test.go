package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/s3"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
	"securebaseline/internal/tf"
)

// TestBucketPartsFollowOneAnother demands one unbroken chain of explicit dependencies through all parts of a bucket.
func TestBucketPartsFollowOneAnother(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllBuckets())
	for bucket, locked := range map[string]bool{"access-logs": false, "trail": true, "data": false, "reports": false,
		"vault": true} {
		chain := [][2]string{
			{"aws_s3_bucket", "Resource"},
			{"aws_s3_bucket_ownership_controls", "ownership"},
			{"aws_s3_bucket_public_access_block", "public-access"},
			{"aws_s3_bucket_versioning", "versioning"},
			{"aws_s3_bucket_server_side_encryption_configuration", "encryption"},
			{"aws_s3_bucket_policy", "policy"},
		}
		if locked {
			chain = append(chain, [2]string{"aws_s3_bucket_object_lock_configuration", "object-lock"})
		}
		chain = append(chain, [2]string{"aws_s3_bucket_lifecycle_configuration", "lifecycle"})
		if bucket != "access-logs" {
			chain = append(chain, [2]string{"aws_s3_bucket_logging", "access-logging"})
		}
		for i := range chain[1:] {
			before := stack.Address(t, chain[i][0], bucket+"-bucket/"+chain[i][1])
			part := stack.At(t, chain[i+1][0], bucket+"-bucket/"+chain[i+1][1])
			assert.Contains(t, part.DependsOn(), before, part.Path)
		}
	}
}

func TestBucketsWaitForWhatTheyNeed(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllBuckets())
	target := stack.Address(t, "aws_s3_bucket_lifecycle_configuration", "access-logs-bucket/lifecycle")
	for bucket, key := range map[string]string{"trail": "logs", "data": "data", "reports": "data", "vault": "data"} {
		assert.Contains(t, stack.At(t, "aws_s3_bucket", bucket+"-bucket/Resource").DependsOn(),
			stack.Address(t, "aws_kms_key", key+"-key/Resource"), bucket)
		assert.Contains(t, stack.At(t, "aws_s3_bucket_logging", bucket+"-bucket/access-logging").DependsOn(), target,
			bucket)
	}
}

func TestBucketsAreClosedVersionedAndEncrypted(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllBuckets())
	for bucket, want := range map[string]struct {
		algorithm string
		key       any
		bucketKey bool
	}{
		"access-logs": {"AES256", nil, false},
		"trail":       {"aws:kms", testkit.KeyARN("logs"), false},
		"data":        {"aws:kms", testkit.KeyARN("data"), true},
		"reports":     {"aws:kms", testkit.KeyARN("data"), true},
	} {
		public := stack.At(t, "aws_s3_bucket_public_access_block", bucket+"-bucket/public-access")
		for _, closed := range []string{"block_public_acls", "block_public_policy", "ignore_public_acls",
			"restrict_public_buckets"} {
			assert.Equal(t, true, public.Attributes[closed], "%s of %s", closed, bucket)
		}
		assert.Equal(t, map[string]any{"object_ownership": "BucketOwnerEnforced"},
			stack.At(t, "aws_s3_bucket_ownership_controls", bucket+"-bucket/ownership").Attributes["rule"])
		assert.Equal(t, map[string]any{"status": "Enabled"},
			stack.At(t, "aws_s3_bucket_versioning", bucket+"-bucket/versioning").Attributes["versioning_configuration"])

		rule := stack.At(t, "aws_s3_bucket_server_side_encryption_configuration",
			bucket+"-bucket/encryption").Attributes["rule"].([]any)[0].(map[string]any)
		byDefault := rule["apply_server_side_encryption_by_default"].(map[string]any)
		key := byDefault["kms_master_key_id"]
		if reference, isText := key.(string); isText {
			key = testkit.Resolve(reference)
		}
		assert.Equal(t, want.algorithm, byDefault["sse_algorithm"], bucket)
		assert.Equal(t, want.key, key, bucket)
		assert.Equal(t, want.bucketKey, rule["bucket_key_enabled"], bucket)
	}
	assert.Empty(t, stack.OfType("aws_s3_bucket_acl"))
}

func TestBucketProtectionByProfile(t *testing.T) {
	for environment, protected := range map[string]bool{"dev": false, "staging": true, "prod": true} {
		for _, bucket := range testkit.Synthesize(t, environment, nil).OfType("aws_s3_bucket") {
			assert.Equal(t, map[string]any{"prevent_destroy": protected}, bucket.Attributes["lifecycle"], environment)
			assert.Equal(t, !protected, bucket.Attributes["force_destroy"], environment)
		}
	}
}

func TestBucketNames(t *testing.T) {
	stack := testkit.Synthesize(t, "staging", testkit.Offline(testkit.Settings{"project": strings.Repeat("p", 32)}))
	for _, bucket := range stack.OfType("aws_s3_bucket") {
		name := bucket.Text(t, "bucket")
		assert.LessOrEqual(t, len(name), 63)
		assert.Regexp(t, `^[a-z0-9][a-z0-9-]+[a-z0-9]$`, name)
		assert.Contains(t, name, "-staging-"+account+"-"+region)
	}
}

func TestLifecycles(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllBuckets())
	for bucket, want := range map[string]map[string]any{
		"access-logs": {"expiration": 400.0},
		"trail":       {"expiration": 2557.0, "GLACIER_IR": 90.0},
		"data":        {"INTELLIGENT_TIERING": 30.0, "markers": true},
		"reports":     {"expiration": 365.0, "INTELLIGENT_TIERING": 30.0},
	} {
		lifecycle := stack.At(t, "aws_s3_bucket_lifecycle_configuration", bucket+"-bucket/lifecycle")
		assert.Equal(t, "all_storage_classes_128K", lifecycle.Attributes["transition_default_minimum_object_size"])
		rule := lifecycle.Attributes["rule"].([]any)[0].(map[string]any)
		assert.Equal(t, []any{map[string]any{"days_after_initiation": 7.0}}, rule["abort_incomplete_multipart_upload"])
		assert.Equal(t, []any{map[string]any{"noncurrent_days": 90.0}}, rule["noncurrent_version_expiration"])
		got := map[string]any{}
		expiration := rule["expiration"].([]any)[0].(map[string]any)
		if expiration["days"] != nil {
			got["expiration"] = expiration["days"]
		}
		if expiration["expired_object_delete_marker"] != nil {
			got["markers"] = expiration["expired_object_delete_marker"]
		}
		if transition, moves := rule["transition"].([]any); moves {
			first := transition[0].(map[string]any)
			got[first["storage_class"].(string)] = first["days"]
		}
		assert.Equal(t, want, got, bucket)
	}
}

// TestObjectLockIsTurnedOnInPlace demands that the bucket itself says nothing of it, which would replace a bucket that
// exists.
func TestObjectLockIsTurnedOnInPlace(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllBuckets())
	for bucket, mode := range map[string]string{"trail": "GOVERNANCE", "vault": "COMPLIANCE"} {
		lock := stack.At(t, "aws_s3_bucket_object_lock_configuration", bucket+"-bucket/object-lock")
		retention := lock.Attributes["rule"].(map[string]any)["default_retention"].(map[string]any)
		assert.Equal(t, mode, retention["mode"])
		assert.Equal(t, "Enabled", lock.Attributes["object_lock_enabled"])
	}
	assert.Len(t, stack.OfType("aws_s3_bucket_object_lock_configuration"), 2)
	for _, bucket := range stack.OfType("aws_s3_bucket") {
		assert.NotContains(t, bucket.Attributes, "object_lock_enabled", bucket.Path)
	}
}

func TestAnotherBucketMovesNothing(t *testing.T) {
	one := testkit.Synthesize(t, "prod", testkit.Offline(nil)).ByAddress()
	two := testkit.Synthesize(t, "prod",
		testkit.Offline(testkit.Settings{"s3.buckets": map[string]any{"archive": map[string]any{}}})).ByAddress()
	// What names all data buckets gains one; everything else stays as it is.
	changed := map[string]bool{}
	for address, body := range one {
		if !assert.ObjectsAreEqual(body, two[address]) {
			changed[body.Path] = true
		}
	}
	assert.Equal(t, map[string]bool{"data-key/Resource": true, "access-logs-bucket/policy": true}, changed)
}

func TestBucketRefusesBadProps(t *testing.T) {
	env, err := awsenv.New(region, account)
	require.NoError(t, err)
	stack := testkit.EmptyStack(t)
	valid := s3.Props{
		Naming: naming.New("acme", "dev", naming.Tags{}), Env: env, Kind: s3.Data, Name: "acme-data",
		Key: tf.Ref{ARN: testkit.KeyARN("data")}, LogTo: tf.Ref{Name: "acme-logs"},
	}
	for _, test := range []struct {
		change func(*s3.Props)
		want   []string
	}{
		{func(p *s3.Props) { p.Name = "Acme.Data" },
			[]string{`props.Name = "Acme.Data": must be of lower-case letters, digits and hyphens`}},
		{func(p *s3.Props) { p.Kind = "web" },
			[]string{`props.Kind = "web": must be one of data, trail, state, access-logs`}},
		{func(p *s3.Props) { p.Key = tf.Ref{} },
			[]string{`props.Key.ARN: must be the ARN of the key that encrypts the bucket`}},
		{func(p *s3.Props) { p.LogTo = tf.Ref{} },
			[]string{`props.LogTo.Name: must be the bucket that access is logged to`}},
		{func(p *s3.Props) { p.Trail.Name = "x" },
			[]string{`props.Trail.Name = "x": must be given for kind "trail" and for no other`,
				`props.Trail.Env: must be the account that owns the trail`}},
		{func(p *s3.Props) { p.Kind = s3.Trail },
			[]string{`props.Trail.Name = "": must be given for kind "trail" and for no other`}},
		{func(p *s3.Props) {
			p.Kind, p.LogSources, p.ObjectLock = s3.AccessLogs, []string{"a"},
				s3.ObjectLock{Mode: s3.Governance, Days: 1}
		},
			[]string{`props.Key.ARN = "arn:aws:kms:eu-central-1:777788889999:key/data": must` +
				` be left out of kind "access-logs": logs are not delivered to a bucket under a key or a lock`,
				`props.ObjectLock.Mode = "governance": must` +
					` be left out of kind "access-logs": logs are not delivered to a bucket under a key or a lock`,
				`props.LogTo.Name = "acme-logs": must be left out of kind "access-logs"`}},
		{func(p *s3.Props) { p.ObjectLock = s3.ObjectLock{Mode: "legal", Days: 1} },
			[]string{`props.ObjectLock.Mode = "legal": must be one of governance, compliance`}},
		{func(p *s3.Props) { p.ObjectLock = s3.ObjectLock{Mode: s3.Compliance} },
			[]string{`props.ObjectLock.Days = 0: must be 1 to 36500 days`}},
		{func(p *s3.Props) { p.ObjectLock, p.AllowDestroy = s3.ObjectLock{Mode: s3.Compliance, Days: 1}, true },
			[]string{`props.AllowDestroy = true: must be false: locked objects cannot be destroyed`}},
		{func(p *s3.Props) { p.Expiry = s3.Expiry{TierAfterDays: 30, ExpireAfterDays: 30} },
			[]string{`props.Expiry.TierAfterDays = 30: must be before ExpireAfterDays, 30`}},
		{func(p *s3.Props) { p.Expiry = s3.Expiry{NoncurrentDays: -1} },
			[]string{`props.Expiry.NoncurrentDays = -1: must not be negative`}},
	} {
		props := valid
		test.change(&props)
		_, err := s3.New(stack, "b", props)
		assert.EqualError(t, err, `bucket "b": `+strings.Join(test.want, "\n"))
	}
	assert.Empty(t, *stack.Node().Children(), "nothing is built from refused props")
}
