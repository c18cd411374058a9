package s3

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucket"
	lifecycle "github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketlifecycleconfiguration"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketlogging"
	lock "github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketobjectlockconfiguration"
	ownership "github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketownershipcontrols"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketpolicy"
	publicaccess "github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketpublicaccessblock"
	encryption "github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketserversideencryptionconfiguration"
	versioning "github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucketversioning"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/tf"
)

// Bucket is a bucket with all that belongs to it.
type Bucket struct {
	props Props
	ready tf.Deps
}

// Ref is the bucket for services that deliver to it. They wait for the last of its parts, and with it for all.
func (b *Bucket) Ref() tf.Ref {
	return tf.Ref{Name: b.props.Name, ARN: b.props.bucketARN(), Ready: b.ready}
}

// abortDays is how long the parts of an upload that nobody finishes are paid for.
const abortDays = 7

// tier is the storage class that objects of a kind are moved to.
var tier = map[Kind]string{Data: "INTELLIGENT_TIERING", Trail: "GLACIER_IR", AccessLogs: "STANDARD_IA"}

// add adds the parts of the bucket, each after the one before, and returns the last. S3 changes a bucket's settings one
// at a time and refuses others meanwhile with OperationAborted, which the provider retries but does not always outlast
// (hashicorp/terraform-provider-aws#33552). The same order backwards keeps it from happening when they are destroyed.
func add(node constructs.Construct, p Props, policy string) tf.Deps {
	bucket := s3bucket.NewS3Bucket(node, jsii.String("Resource"), &s3bucket.S3BucketConfig{
		// Object Lock is turned on by its own resource, also later: here it would replace the bucket.
		Bucket:       &p.Name,
		ForceDestroy: jsii.Bool(p.AllowDestroy),
		Tags:         tf.StringMap(p.Naming.Tags()),
		Lifecycle:    &cdktf.TerraformResourceLifecycle{PreventDestroy: jsii.Bool(!p.AllowDestroy)},
		DependsOn:    p.Key.Ready.Ptr(),
	})
	id := bucket.Id()
	owned := ownership.NewS3BucketOwnershipControls(node, jsii.String("ownership"),
		&ownership.S3BucketOwnershipControlsConfig{
			Bucket: id, DependsOn: tf.Deps{bucket}.Ptr(),
			// Access control lists are off: policies alone decide.
			Rule: &ownership.S3BucketOwnershipControlsRule{ObjectOwnership: jsii.String("BucketOwnerEnforced")},
		})
	closed := publicaccess.NewS3BucketPublicAccessBlock(node, jsii.String("public-access"),
		&publicaccess.S3BucketPublicAccessBlockConfig{
			Bucket: id, DependsOn: tf.Deps{owned}.Ptr(),
			BlockPublicAcls: jsii.Bool(true), BlockPublicPolicy: jsii.Bool(true),
			IgnorePublicAcls: jsii.Bool(true), RestrictPublicBuckets: jsii.Bool(true),
		})
	versioned := versioning.NewS3BucketVersioningA(node, jsii.String("versioning"),
		&versioning.S3BucketVersioningAConfig{
			Bucket: id, DependsOn: tf.Deps{closed}.Ptr(),
			VersioningConfiguration: &versioning.S3BucketVersioningVersioningConfiguration{
				Status: jsii.String("Enabled"),
			},
		})
	encrypted := addEncryption(node, p, id, tf.Deps{versioned})
	last := tf.Deps{s3bucketpolicy.NewS3BucketPolicy(node, jsii.String("policy"), &s3bucketpolicy.S3BucketPolicyConfig{
		Bucket: id, DependsOn: encrypted.Ptr(), Policy: &policy,
	})}
	if p.ObjectLock.Mode != Unlocked {
		last = addObjectLock(node, p, id, last)
	}
	last = addLifecycle(node, p, id, last)
	if p.LogTo.Name == "" {
		return last
	}
	return tf.Deps{s3bucketlogging.NewS3BucketLoggingA(node, jsii.String("access-logging"),
		&s3bucketlogging.S3BucketLoggingAConfig{
			Bucket: id, TargetBucket: &p.LogTo.Name, TargetPrefix: jsii.String(p.Name + "/"),
			// Logs that the target's policy does not let in are dropped without an error.
			DependsOn: tf.After(last, p.LogTo.Ready).Ptr(),
		})}
}

func addEncryption(node constructs.Construct, p Props, bucket *string, after tf.Deps) tf.Deps {
	byDefault := encryption.S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA{
		SseAlgorithm: jsii.String(algorithm(p.Kind)),
		// The ARN: PutBucketEncryption does not check a key id, and some services refuse a bucket that has one.
		KmsMasterKeyId: tf.OptString(p.Key.ARN),
	}
	return tf.Deps{encryption.NewS3BucketServerSideEncryptionConfigurationA(node, jsii.String("encryption"),
		&encryption.S3BucketServerSideEncryptionConfigurationAConfig{
			Bucket: bucket, DependsOn: after.Ptr(),
			Rule: &[]*encryption.S3BucketServerSideEncryptionConfigurationRuleA{{
				ApplyServerSideEncryptionByDefault: &byDefault,
				// One call to KMS for many objects. Not for a trail: with a bucket key the encryption context is the
				// bucket's ARN, and the key's policy lets CloudTrail in by the trail's.
				BucketKeyEnabled: jsii.Bool(p.Kind == Data || p.Kind == State),
			}},
		})}
}

func addObjectLock(node constructs.Construct, p Props, bucket *string, after tf.Deps) tf.Deps {
	mode := map[LockMode]string{Governance: "GOVERNANCE", Compliance: "COMPLIANCE"}[p.ObjectLock.Mode]
	return tf.Deps{lock.NewS3BucketObjectLockConfigurationA(node, jsii.String("object-lock"),
		&lock.S3BucketObjectLockConfigurationAConfig{
			Bucket: bucket, DependsOn: after.Ptr(), ObjectLockEnabled: jsii.String("Enabled"),
			Rule: &lock.S3BucketObjectLockConfigurationRuleA{
				DefaultRetention: &lock.S3BucketObjectLockConfigurationRuleDefaultRetentionA{
					Mode: &mode, Days: jsii.Number(p.ObjectLock.Days),
				},
			},
		})}
}

func addLifecycle(node constructs.Construct, p Props, bucket *string, after tf.Deps) tf.Deps {
	rule := lifecycle.S3BucketLifecycleConfigurationRule{
		Id: jsii.String("keep-and-expire"), Status: jsii.String("Enabled"),
		// Every object; a rule without a filter is an error of the provider's next version.
		Filter: &[]*lifecycle.S3BucketLifecycleConfigurationRuleFilter{{Prefix: jsii.String("")}},
		AbortIncompleteMultipartUpload: &[]*lifecycle.S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload{
			{DaysAfterInitiation: jsii.Number(abortDays)},
		},
		NoncurrentVersionExpiration: &[]*lifecycle.S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration{
			{NoncurrentDays: jsii.Number(p.Expiry.NoncurrentDays)},
		},
	}
	if p.Expiry.TierAfterDays > 0 {
		rule.Transition = &[]*lifecycle.S3BucketLifecycleConfigurationRuleTransition{
			{Days: jsii.Number(p.Expiry.TierAfterDays), StorageClass: jsii.String(tier[p.Kind])},
		}
	}
	// A delete marker whose versions are gone hides nothing, and slows every listing down. Where objects expire their
	// markers go with them, and S3 refuses both in one rule (S3 User Guide, "Removing expired object delete markers").
	expiration := lifecycle.S3BucketLifecycleConfigurationRuleExpiration{ExpiredObjectDeleteMarker: jsii.Bool(true)}
	if p.Expiry.ExpireAfterDays > 0 {
		expiration = lifecycle.S3BucketLifecycleConfigurationRuleExpiration{Days: jsii.Number(p.Expiry.ExpireAfterDays)}
	}
	rule.Expiration = &[]*lifecycle.S3BucketLifecycleConfigurationRuleExpiration{&expiration}
	return tf.Deps{lifecycle.NewS3BucketLifecycleConfiguration(node, jsii.String("lifecycle"),
		&lifecycle.S3BucketLifecycleConfigurationConfig{
			Bucket: bucket, DependsOn: after.Ptr(),
			// Written out, because the default differs between old and new buckets and would show as a change.
			TransitionDefaultMinimumObjectSize: jsii.String("all_storage_classes_128K"),
			Rule:                               &[]*lifecycle.S3BucketLifecycleConfigurationRule{&rule},
		})}
}
