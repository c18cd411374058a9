package s3

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucket"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketlifecycleconfiguration"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketlogging"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketobjectlockconfiguration"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketownershipcontrols"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketpolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketpublicaccessblock"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketserversideencryptionconfiguration"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketversioning"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/tf"
)

// Bucket is a bucket with all that belongs to it.
type Bucket struct {
	node  constructs.Construct
	props Props

	id   *string // read once: each reading is a call to Node
	last tf.Deps // the part that was made last
}

// Name is the bucket's name.
func (b *Bucket) Name() string { return b.props.Name }

// ARN is the bucket's ARN, composed from its name.
func (b *Bucket) ARN() string { return b.props.Env.BucketARN(b.props.Name) }

// Ready lists what must exist before anything is delivered to the bucket: the last of its parts, and with it all.
func (b *Bucket) Ready() tf.Deps { return b.last }

// build makes the parts of the bucket one after the other. S3 changes a bucket's settings one at a time and refuses
// others meanwhile with OperationAborted, which the provider retries but does not always outlast
// (hashicorp/terraform-provider-aws#33552). The same order backwards keeps it from happening when they are destroyed.
func (b *Bucket) build(policy string) {
	b.addBucket()
	b.next(s3bucketownershipcontrols.NewS3BucketOwnershipControls(b.node, jsii.String("ownership"), &s3bucketownershipcontrols.S3BucketOwnershipControlsConfig{
		Bucket: b.id, DependsOn: b.last.Ptr(),
		// Access control lists are off: policies alone decide.
		Rule: &s3bucketownershipcontrols.S3BucketOwnershipControlsRule{ObjectOwnership: jsii.String("BucketOwnerEnforced")},
	}))
	b.next(s3bucketpublicaccessblock.NewS3BucketPublicAccessBlock(b.node, jsii.String("public-access"), &s3bucketpublicaccessblock.S3BucketPublicAccessBlockConfig{
		Bucket: b.id, DependsOn: b.last.Ptr(),
		BlockPublicAcls: jsii.Bool(true), BlockPublicPolicy: jsii.Bool(true),
		IgnorePublicAcls: jsii.Bool(true), RestrictPublicBuckets: jsii.Bool(true),
	}))
	b.next(s3bucketversioning.NewS3BucketVersioningA(b.node, jsii.String("versioning"), &s3bucketversioning.S3BucketVersioningAConfig{
		Bucket: b.id, DependsOn: b.last.Ptr(),
		VersioningConfiguration: &s3bucketversioning.S3BucketVersioningVersioningConfiguration{Status: jsii.String("Enabled")},
	}))
	b.addEncryption()
	b.next(s3bucketpolicy.NewS3BucketPolicy(b.node, jsii.String("policy"), &s3bucketpolicy.S3BucketPolicyConfig{
		Bucket: b.id, DependsOn: b.last.Ptr(), Policy: &policy,
	}))
	b.addObjectLock()
	b.addLifecycle()
	b.addLogging()
}

// next makes a part the one that the following part waits for.
func (b *Bucket) next(part cdktf.ITerraformDependable) { b.last = tf.Deps{part} }

func (b *Bucket) addBucket() {
	bucket := s3bucket.NewS3Bucket(b.node, jsii.String("Resource"), &s3bucket.S3BucketConfig{
		Bucket:            &b.props.Name,
		ForceDestroy:      jsii.Bool(b.props.AllowDestroy),
		ObjectLockEnabled: jsii.Bool(b.props.ObjectLock.Mode != Unlocked),
		Tags:              tf.StringMap(b.props.Naming.Tags()),
		Lifecycle:         &cdktf.TerraformResourceLifecycle{PreventDestroy: jsii.Bool(!b.props.AllowDestroy)},
		DependsOn:         b.props.DependsOn.Ptr(),
	})
	b.id = bucket.Id()
	b.next(bucket)
}

func (b *Bucket) addEncryption() {
	byDefault := s3bucketserversideencryptionconfiguration.S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA{
		SseAlgorithm: jsii.String(algorithm(b.props.Kind)),
		// The ARN: PutBucketEncryption does not check a key id, and some services refuse a bucket that has one.
		KmsMasterKeyId: tf.OptString(b.props.KeyARN),
	}
	b.next(s3bucketserversideencryptionconfiguration.NewS3BucketServerSideEncryptionConfigurationA(b.node, jsii.String("encryption"),
		&s3bucketserversideencryptionconfiguration.S3BucketServerSideEncryptionConfigurationAConfig{
			Bucket: b.id, DependsOn: b.last.Ptr(),
			Rule: &[]*s3bucketserversideencryptionconfiguration.S3BucketServerSideEncryptionConfigurationRuleA{{
				ApplyServerSideEncryptionByDefault: &byDefault,
				// One call to KMS for many objects. Not for a trail: with a bucket key the encryption context is the
				// bucket's ARN, and the key's policy lets CloudTrail in by the trail's.
				BucketKeyEnabled: jsii.Bool(b.props.Kind == Data),
			}},
		}))
}

func (b *Bucket) addObjectLock() {
	lock := b.props.ObjectLock
	if lock.Mode == Unlocked {
		return
	}
	mode := map[LockMode]string{Governance: "GOVERNANCE", Compliance: "COMPLIANCE"}[lock.Mode]
	b.next(s3bucketobjectlockconfiguration.NewS3BucketObjectLockConfigurationA(b.node, jsii.String("object-lock"),
		&s3bucketobjectlockconfiguration.S3BucketObjectLockConfigurationAConfig{
			Bucket: b.id, DependsOn: b.last.Ptr(),
			Rule: &s3bucketobjectlockconfiguration.S3BucketObjectLockConfigurationRuleA{
				DefaultRetention: &s3bucketobjectlockconfiguration.S3BucketObjectLockConfigurationRuleDefaultRetentionA{
					Mode: &mode, Days: jsii.Number(lock.Days),
				},
			},
		}))
}

// abortDays is how long the parts of an upload that nobody finishes are paid for.
const abortDays = 7

// tier is the storage class that objects of a kind are moved to.
var tier = map[Kind]string{Data: "INTELLIGENT_TIERING", Trail: "GLACIER_IR", AccessLogs: "STANDARD_IA"}

func (b *Bucket) addLifecycle() {
	expiry := b.props.Expiry
	rule := s3bucketlifecycleconfiguration.S3BucketLifecycleConfigurationRule{
		Id: jsii.String("keep-and-expire"), Status: jsii.String("Enabled"),
		// Every object; a rule without a filter is an error of the provider's next version.
		Filter: &[]*s3bucketlifecycleconfiguration.S3BucketLifecycleConfigurationRuleFilter{{Prefix: jsii.String("")}},
		AbortIncompleteMultipartUpload: &[]*s3bucketlifecycleconfiguration.S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload{
			{DaysAfterInitiation: jsii.Number(abortDays)},
		},
		NoncurrentVersionExpiration: &[]*s3bucketlifecycleconfiguration.S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration{
			{NoncurrentDays: jsii.Number(expiry.NoncurrentDays)},
		},
	}
	if expiry.TierAfterDays > 0 {
		rule.Transition = &[]*s3bucketlifecycleconfiguration.S3BucketLifecycleConfigurationRuleTransition{
			{Days: jsii.Number(expiry.TierAfterDays), StorageClass: jsii.String(tier[b.props.Kind])},
		}
	}
	if expiry.ExpireAfterDays > 0 {
		rule.Expiration = &[]*s3bucketlifecycleconfiguration.S3BucketLifecycleConfigurationRuleExpiration{
			{Days: jsii.Number(expiry.ExpireAfterDays)},
		}
	}
	b.next(s3bucketlifecycleconfiguration.NewS3BucketLifecycleConfiguration(b.node, jsii.String("lifecycle"),
		&s3bucketlifecycleconfiguration.S3BucketLifecycleConfigurationConfig{
			Bucket: b.id, DependsOn: b.last.Ptr(),
			// Written out, because the default differs between old and new buckets and would show as a change.
			TransitionDefaultMinimumObjectSize: jsii.String("all_storage_classes_128K"),
			Rule:                               &[]*s3bucketlifecycleconfiguration.S3BucketLifecycleConfigurationRule{&rule},
		}))
}

func (b *Bucket) addLogging() {
	target := b.props.LogTo
	if target.BucketName == "" {
		return
	}
	b.next(s3bucketlogging.NewS3BucketLoggingA(b.node, jsii.String("access-logging"), &s3bucketlogging.S3BucketLoggingAConfig{
		Bucket: b.id, TargetBucket: &target.BucketName, TargetPrefix: jsii.String(b.props.Name + "/"),
		// Logs that the target's policy does not let in are dropped without an error.
		DependsOn: tf.After(b.last, target.Ready).Ptr(),
	}))
}
