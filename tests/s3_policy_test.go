package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

// Encryption headers of an upload, as S3 shows them to policies.
const (
	sse         = "s3:x-amz-server-side-encryption"
	sseKey      = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	sseCustomer = "s3:x-amz-server-side-encryption-customer-algorithm"
)

// over returns the keys of a request over TLS with more beside them.
func over(tls string, more requestContext) requestContext {
	all := requestContext{"aws:SecureTransport": "true", "s3:TlsVersion": tls}
	for key, value := range more {
		all[key] = value
	}
	return all
}

func put(headers requestContext) requestContext { return over("1.3", headers) }

func bucketPolicy(t *testing.T, stack testkit.Stack, bucket string) iampolicy.Document {
	t.Helper()
	return stack.At(t, "aws_s3_bucket_policy", bucket+"-bucket/policy").Policy(t, "policy")
}

// What a bucket policy does not speak about is left to the policies of the role: implicit deny here.
const left = iampolicy.ImplicitDeny

// transport are the rows that hold for every bucket.
func transport(role iampolicy.Caller, right requestContext) []request {
	plain := requestContext{"aws:SecureTransport": "false"}
	for key, value := range right {
		plain[key] = value
	}
	return []request{
		{"read over plain HTTP: aws:SecureTransport is false", role, "s3:GetObject", plain, iampolicy.ExplicitDeny},
		{"write over plain HTTP: the right headers do not help", role, "s3:PutObject", plain, iampolicy.ExplicitDeny},
		{"read over TLS 1.0: below 1.2", role, "s3:GetObject", over("1.0", nil), iampolicy.ExplicitDeny},
		{"write over TLS 1.1: below 1.2", role, "s3:PutObject", over("1.1", right), iampolicy.ExplicitDeny},
		{"read over TLS 1.2: nothing speaks against it", role, "s3:GetObject", over("1.2", nil), left},
		{"read by the root user over plain HTTP: a Deny is for everyone", iampolicy.Root(rootARN), "s3:GetObject",
			plain, iampolicy.ExplicitDeny},
		{"read anonymously: nothing lets in", iampolicy.Anonymous(), "s3:GetObject", over("1.3", nil), left},
		{"read from another account: nothing lets in", iampolicy.Role("arn:aws:iam::" + foreign + ":role/x"),
			"s3:GetObject", over("1.3", nil), left},
		{"another account changes the policy", iampolicy.Root(foreignRootARN), "s3:PutBucketPolicy",
			over("1.3", nil), left},
	}
}

// encrypted are the rows for a bucket under a key.
func encrypted(caller iampolicy.Caller, key string, missing iampolicy.Decision) []request {
	return []request{
		{"no header: the policy sees the request before default encryption", caller, "s3:PutObject", put(nil), missing},
		{"AES256: not the bucket's algorithm", caller, "s3:PutObject", put(requestContext{sse: "AES256"}),
			iampolicy.ExplicitDeny},
		{"aws:kms:dsse: not the bucket's algorithm", caller, "s3:PutObject",
			put(requestContext{sse: "aws:kms:dsse", sseKey: key}), iampolicy.ExplicitDeny},
		{"aws:kms without a key: S3 would take the AWS managed one", caller, "s3:PutObject",
			put(requestContext{sse: "aws:kms"}), iampolicy.ExplicitDeny},
		{"aws:kms with a foreign key", caller, "s3:PutObject",
			put(requestContext{sse: "aws:kms", sseKey: "arn:aws:kms:" + region + ":" + foreign + ":key/x"}),
			iampolicy.ExplicitDeny},
		{"aws:kms with another key of the account", caller, "s3:PutObject",
			put(requestContext{sse: "aws:kms", sseKey: testkit.KeyARN("database")}), iampolicy.ExplicitDeny},
		{"aws:kms with the right key", caller, "s3:PutObject", put(requestContext{sse: "aws:kms", sseKey: key}), left},
		{"a key of the customer", caller, "s3:PutObject", put(requestContext{sseCustomer: "AES256"}),
			iampolicy.ExplicitDeny},
		{"a key of the customer beside the right headers", caller, "s3:PutObject",
			put(requestContext{sse: "aws:kms", sseKey: key, sseCustomer: "AES256"}), iampolicy.ExplicitDeny},
		{"no header, and nobody signed: the missing caller is no service", iampolicy.Anonymous(), "s3:PutObject",
			put(nil), missing},
	}
}

func TestDataBucketPolicy(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllBuckets())
	role, key := iampolicy.Role(workload), testkit.KeyARN("data")
	right := requestContext{sse: "aws:kms", sseKey: key}
	t.Run("strict", func(t *testing.T) {
		policy, object := bucketPolicy(t, stack, "data"), "arn:aws:s3:::acme-data-prod-"+account+"-"+region+"/a/b"
		assertDecisions(t, policy, object, transport(role, right))
		assertDecisions(t, policy, object, encrypted(role, key, iampolicy.ExplicitDeny))
	})
	t.Run("header optional", func(t *testing.T) {
		policy, object := bucketPolicy(t, stack, "reports"), "arn:aws:s3:::acme-reports-prod-"+account+"-"+region+"/a"
		assertDecisions(t, policy, object, transport(role, right))
		assertDecisions(t, policy, object, encrypted(role, key, left))
	})
}

func TestTrailBucketPolicy(t *testing.T) {
	const (
		bucket  = "arn:aws:s3:::acme-trail-prod-" + account + "-" + region
		object  = bucket + "/AWSLogs/" + account + "/CloudTrail/" + region + "/x.json.gz"
		trail   = "arn:aws:cloudtrail:" + region + ":" + account + ":trail/acme-trail-prod"
		strange = "arn:aws:cloudtrail:" + region + ":" + foreign + ":trail/acme-trail-prod"
	)
	policy := bucketPolicy(t, testkit.Synthesize(t, "prod", testkit.Offline(nil)), "trail")
	role, service, key := iampolicy.Role(workload), iampolicy.Service("cloudtrail.amazonaws.com"),
		testkit.KeyARN("logs")
	delivery := func(source string, headers requestContext) requestContext {
		all := put(requestContext{"aws:SourceArn": source, "s3:x-amz-acl": "bucket-owner-full-control"})
		for name, value := range headers {
			all[name] = value
		}
		return all
	}
	assertDecisions(t, policy, object, transport(role, requestContext{sse: "aws:kms", sseKey: key}))
	assertDecisions(t, policy, object, encrypted(role, key, iampolicy.ExplicitDeny))
	assertDecisions(t, policy, object, []request{
		{"CloudTrail writes a file under the key", service, "s3:PutObject",
			delivery(trail, requestContext{sse: "aws:kms", sseKey: key}), iampolicy.Allowed},
		{"CloudTrail writes a digest, which has AES256", service, "s3:PutObject",
			delivery(trail, requestContext{sse: "AES256"}), iampolicy.Allowed},
		{"CloudTrail writes without a header", service, "s3:PutObject", delivery(trail, nil), iampolicy.Allowed},
		{"CloudTrail for a trail of another account", service, "s3:PutObject",
			delivery(strange, requestContext{sse: "aws:kms", sseKey: key}), left},
		{"CloudTrail for another trail of the account", service, "s3:PutObject", delivery(trail+"2", nil), left},
		{"CloudTrail without a source", service, "s3:PutObject",
			put(requestContext{"s3:x-amz-acl": "bucket-owner-full-control"}), left},
		{"CloudTrail without handing over the object", service, "s3:PutObject",
			put(requestContext{"aws:SourceArn": trail}), left},
		{"CloudTrail over plain HTTP", service, "s3:PutObject",
			requestContext{"aws:SecureTransport": "false", "aws:SourceArn": trail,
				"s3:x-amz-acl": "bucket-owner-full-control"}, iampolicy.ExplicitDeny},
		{"CloudTrail reads the archive", service, "s3:GetObject", delivery(trail, nil), left},
		{"CloudTrail deletes", service, "s3:DeleteObject", delivery(trail, nil), left},
		{"a role that claims the trail", role, "s3:PutObject",
			delivery(trail, requestContext{sse: "aws:kms", sseKey: key}), left},
		{"another service", iampolicy.Service("config.amazonaws.com"), "s3:PutObject", delivery(trail, nil), left},
	})
	assertDecisions(t, policy, bucket, []request{
		{"CloudTrail checks the bucket", service, "s3:GetBucketAcl", delivery(trail, nil), iampolicy.Allowed},
		{"CloudTrail checks it for another account", service, "s3:GetBucketAcl", delivery(strange, nil), left},
	})
	for name, wrong := range map[string]string{
		"prefix of another account": bucket + "/AWSLogs/" + foreign + "/x", "no prefix": bucket + "/x",
	} {
		t.Run(name, func(t *testing.T) {
			assertDecisions(t, policy, wrong, []request{
				{"CloudTrail writes", service, "s3:PutObject",
					delivery(trail, requestContext{sse: "aws:kms", sseKey: key}), left},
			})
		})
	}
}

func TestAccessLogsBucketPolicy(t *testing.T) {
	const object = "arn:aws:s3:::acme-access-logs-prod-" + account + "-" + region + "/x/2026"
	policy := bucketPolicy(t, testkit.Synthesize(t, "prod", testkit.AllBuckets()), "access-logs")
	role, service := iampolicy.Role(workload), iampolicy.Service("logging.s3.amazonaws.com")
	from := func(bucket, owner string) requestContext {
		return put(requestContext{"aws:SourceArn": "arn:aws:s3:::" + bucket, "aws:SourceAccount": owner})
	}
	suffix := "-prod-" + account + "-" + region
	assertDecisions(t, policy, object, transport(role, requestContext{sse: "AES256"}))
	assertDecisions(t, policy, object, []request{
		{"no header", role, "s3:PutObject", put(nil), iampolicy.ExplicitDeny},
		{"AES256: as the bucket demands", role, "s3:PutObject", put(requestContext{sse: "AES256"}), left},
		{"aws:kms: logs under a key would not be delivered either", role, "s3:PutObject",
			put(requestContext{sse: "aws:kms"}), iampolicy.ExplicitDeny},
		{"aws:kms with a key", role, "s3:PutObject",
			put(requestContext{sse: "aws:kms", sseKey: testkit.KeyARN("data")}), iampolicy.ExplicitDeny},
		{"a key of the customer", role, "s3:PutObject", put(requestContext{sse: "AES256", sseCustomer: "AES256"}),
			iampolicy.ExplicitDeny},
		{"S3 delivers logs of a data bucket, without a header", service, "s3:PutObject",
			from("acme-data"+suffix, account), iampolicy.Allowed},
		{"S3 delivers logs of the trail's bucket", service, "s3:PutObject", from("acme-trail"+suffix, account),
			iampolicy.Allowed},
		{"S3 delivers logs of a further data bucket", service, "s3:PutObject", from("acme-vault"+suffix, account),
			iampolicy.Allowed},
		{"S3 delivers logs of an unknown bucket", service, "s3:PutObject", from("other", account), left},
		{"S3 delivers logs of another account", service, "s3:PutObject", from("acme-data"+suffix, foreign), left},
		{"S3 delivers its own logs: nobody asked for that", service, "s3:PutObject",
			from("acme-access-logs"+suffix, account), left},
		{"S3 reads the logs", service, "s3:GetObject", from("acme-data"+suffix, account), left},
	})
}

func TestPerimeter(t *testing.T) {
	const object = "arn:aws:s3:::acme-data-prod-" + account + "-" + region + "/a"
	in := iampolicy.Role(workload)
	out := iampolicy.Role("arn:aws:iam::" + foreign + ":role/x")
	member := put(requestContext{"aws:PrincipalOrgID": "o-aaaaaaaaaa"})
	t.Run("of the account", func(t *testing.T) {
		stack := testkit.Synthesize(t, "prod", testkit.Offline(testkit.Settings{"s3.perimeter": "account"}))
		assertDecisions(t, bucketPolicy(t, stack, "data"), object, []request{
			{"own principal", in, "s3:GetObject", put(nil), left},
			{"foreign principal", out, "s3:GetObject", put(nil), iampolicy.ExplicitDeny},
			{"nobody", iampolicy.Anonymous(), "s3:GetObject", put(nil), iampolicy.ExplicitDeny},
		})
		assertDecisions(t, bucketPolicy(t, stack, "access-logs"),
			"arn:aws:s3:::acme-access-logs-prod-"+account+"-"+region+"/a", []request{
				{"S3 still delivers", iampolicy.Service("logging.s3.amazonaws.com"), "s3:PutObject", put(requestContext{
					"aws:SourceArn":     "arn:aws:s3:::acme-data-prod-" + account + "-" + region,
					"aws:SourceAccount": account,
				}), iampolicy.Allowed},
			})
	})
	t.Run("of the organization", func(t *testing.T) {
		stack := testkit.Synthesize(t, "prod",
			testkit.Offline(testkit.Settings{"s3.perimeter": "organization", "s3.organizationId": "o-aaaaaaaaaa"}))
		assertDecisions(t, bucketPolicy(t, stack, "data"), object, []request{
			{"principal of another account of it", out, "s3:GetObject", member, left},
			{"principal of another organization", out, "s3:GetObject",
				put(requestContext{"aws:PrincipalOrgID": "o-bbbbbbbbbb"}), iampolicy.ExplicitDeny},
			{"principal of none", out, "s3:GetObject", put(nil), iampolicy.ExplicitDeny},
		})
	})
}

// TestReaderAndWriterDoOnlyTheirJob asks all policies together: those of the role, of the bucket and of the key.
func TestReaderAndWriterDoOnlyTheirJob(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllBuckets())
	const name = "acme-data-prod-" + account + "-" + region
	const bucket, object = "arn:aws:s3:::" + name, "arn:aws:s3:::" + name + "/a"
	const other = "arn:aws:s3:::acme-vault-prod-" + account + "-" + region + "/a"
	bucketSays := bucketPolicy(t, stack, "data")
	keySays := stack.At(t, "aws_kms_key", "data-key/Resource").Policy(t, "policy")
	viaS3 := requestContext{"kms:ViaService": "s3." + region + ".amazonaws.com",
		"kms:EncryptionContext:aws:s3:arn": bucket}
	viaOther := requestContext{"kms:ViaService": "s3." + region + ".amazonaws.com",
		"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::acme-vault-prod-" + account + "-" + region}
	right := put(requestContext{sse: "aws:kms", sseKey: testkit.KeyARN("data")})

	for _, row := range []struct {
		name, action, resource string
		context                requestContext
		reader, writer         iampolicy.Decision
	}{
		{"list", "s3:ListBucket", bucket, put(nil), iampolicy.Allowed, left},
		{"read", "s3:GetObject", object, put(nil), iampolicy.Allowed, left},
		{"decrypt what was read", "kms:Decrypt", testkit.KeyARN("data"), viaS3, iampolicy.Allowed, iampolicy.Allowed},
		{"write with the right header", "s3:PutObject", object, right, left, iampolicy.Allowed},
		{"write without a header", "s3:PutObject", object, put(nil), iampolicy.ExplicitDeny, iampolicy.ExplicitDeny},
		{"encrypt what is written", "kms:GenerateDataKey", testkit.KeyARN("data"), viaS3, left, iampolicy.Allowed},
		{"delete", "s3:DeleteObject", object, put(nil), left, left},
		{"delete a version", "s3:DeleteObjectVersion", object, put(nil), left, left},
		{"change the policy", "s3:PutBucketPolicy", bucket, put(nil), left, left},
		{"read another bucket", "s3:GetObject", other, put(nil), left, left},
		{"decrypt objects of another bucket", "kms:Decrypt", testkit.KeyARN("data"), viaOther, left, left},
		{"decrypt without S3", "kms:Decrypt", testkit.KeyARN("data"), nil, left, left},
	} {
		for duty, want := range map[string]iampolicy.Decision{"reader": row.reader, "writer": row.writer} {
			t.Run(duty+": "+row.name, func(t *testing.T) {
				own := stack.At(t, "aws_iam_policy", "data-"+duty).Policy(t, "policy")
				policies := iampolicy.Policies{Identity: []iampolicy.Document{own}, Resource: &bucketSays,
					ResourceKind: iampolicy.BucketPolicy}
				switch row.resource {
				case testkit.KeyARN("data"):
					policies.Resource, policies.ResourceKind = &keySays, iampolicy.KeyPolicy
				case other:
					policies.Resource = nil
				}
				got := ask(together(policies), iampolicy.Role(workload), row.action, row.resource, row.context)
				assert.Equal(t, want.String(), got.String())
			})
		}
	}
}
