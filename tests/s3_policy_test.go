package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/iampolicy"
)

// Encryption headers of an upload, as S3 shows them to policies.
const (
	sse         = "s3:x-amz-server-side-encryption"
	sseKey      = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	sseCustomer = "s3:x-amz-server-side-encryption-customer-algorithm"
)

// over returns the keys of a request over TLS with more beside them.
func over(tls string, more contextKeys) contextKeys {
	all := contextKeys{"aws:SecureTransport": "true", "s3:TlsVersion": tls}
	for key, value := range more {
		all[key] = value
	}
	return all
}

func put(headers contextKeys) contextKeys { return over("1.3", headers) }

func bucketPolicy(t *testing.T, stack template, bucket string) iampolicy.Document {
	t.Helper()
	return stack.at(t, "aws_s3_bucket_policy", bucket+"-bucket/policy").policy(t, "policy")
}

// What a bucket policy does not speak about is left to the policies of the role: implicit deny here.
const left = iampolicy.ImplicitDeny

// transport are the rows that hold for every bucket.
func transport(role iampolicy.Caller, right contextKeys) []decision {
	plain := contextKeys{"aws:SecureTransport": "false"}
	for key, value := range right {
		plain[key] = value
	}
	return []decision{
		{"read over plain HTTP: aws:SecureTransport is false", role, "s3:GetObject", plain, iampolicy.ExplicitDeny},
		{"write over plain HTTP: the right headers do not help", role, "s3:PutObject", plain, iampolicy.ExplicitDeny},
		{"read over TLS 1.0: below 1.2", role, "s3:GetObject", over("1.0", nil), iampolicy.ExplicitDeny},
		{"write over TLS 1.1: below 1.2", role, "s3:PutObject", over("1.1", right), iampolicy.ExplicitDeny},
		{"read over TLS 1.2: nothing speaks against it", role, "s3:GetObject", over("1.2", nil), left},
		{"read by the root user over plain HTTP: a Deny is for everyone", iampolicy.Root(account), "s3:GetObject", plain, iampolicy.ExplicitDeny},
		{"read anonymously: nothing lets in", iampolicy.Anonymous(), "s3:GetObject", over("1.3", nil), left},
		{"read from another account: nothing lets in", iampolicy.Role("arn:aws:iam::" + foreign + ":role/x"), "s3:GetObject", over("1.3", nil), left},
		{"another account changes the policy", iampolicy.Root(foreign), "s3:PutBucketPolicy", over("1.3", nil), left},
	}
}

// encrypted are the rows for a bucket under a key.
func encrypted(caller iampolicy.Caller, key string, missing iampolicy.Decision) []decision {
	return []decision{
		{"no header: the policy sees the request before default encryption", caller, "s3:PutObject", put(nil), missing},
		{"AES256: not the bucket's algorithm", caller, "s3:PutObject", put(contextKeys{sse: "AES256"}), iampolicy.ExplicitDeny},
		{"aws:kms:dsse: not the bucket's algorithm", caller, "s3:PutObject", put(contextKeys{sse: "aws:kms:dsse", sseKey: key}), iampolicy.ExplicitDeny},
		{"aws:kms without a key: S3 would take the AWS managed one", caller, "s3:PutObject", put(contextKeys{sse: "aws:kms"}), iampolicy.ExplicitDeny},
		{"aws:kms with a foreign key", caller, "s3:PutObject",
			put(contextKeys{sse: "aws:kms", sseKey: "arn:aws:kms:" + region + ":" + foreign + ":key/x"}), iampolicy.ExplicitDeny},
		{"aws:kms with another key of the account", caller, "s3:PutObject", put(contextKeys{sse: "aws:kms", sseKey: keyOf("database")}), iampolicy.ExplicitDeny},
		{"aws:kms with the right key", caller, "s3:PutObject", put(contextKeys{sse: "aws:kms", sseKey: key}), left},
		{"a key of the customer", caller, "s3:PutObject", put(contextKeys{sseCustomer: "AES256"}), iampolicy.ExplicitDeny},
		{"a key of the customer beside the right headers", caller, "s3:PutObject",
			put(contextKeys{sse: "aws:kms", sseKey: key, sseCustomer: "AES256"}), iampolicy.ExplicitDeny},
		{"no header, and nobody signed: the missing caller is no service", iampolicy.Anonymous(), "s3:PutObject", put(nil), missing},
	}
}

func TestDataBucketPolicy(t *testing.T) {
	stack := synth(t, "prod", allBuckets())
	role, key := iampolicy.Role(workload), keyOf("data")
	right := contextKeys{sse: "aws:kms", sseKey: key}
	t.Run("strict", func(t *testing.T) {
		policy, object := bucketPolicy(t, stack, "data"), "arn:aws:s3:::acme-data-prod-"+account+"-"+region+"/a/b"
		decide(t, policy, object, transport(role, right))
		decide(t, policy, object, encrypted(role, key, iampolicy.ExplicitDeny))
	})
	t.Run("header optional", func(t *testing.T) {
		policy, object := bucketPolicy(t, stack, "reports"), "arn:aws:s3:::acme-reports-prod-"+account+"-"+region+"/a"
		decide(t, policy, object, transport(role, right))
		decide(t, policy, object, encrypted(role, key, left))
	})
}

func TestTrailBucketPolicy(t *testing.T) {
	const (
		bucket  = "arn:aws:s3:::acme-trail-prod-" + account + "-" + region
		object  = bucket + "/AWSLogs/" + account + "/CloudTrail/" + region + "/x.json.gz"
		trail   = "arn:aws:cloudtrail:" + region + ":" + account + ":trail/acme-trail-prod"
		strange = "arn:aws:cloudtrail:" + region + ":" + foreign + ":trail/acme-trail-prod"
	)
	policy := bucketPolicy(t, synth(t, "prod", ours(nil)), "trail")
	role, service, key := iampolicy.Role(workload), iampolicy.Service("cloudtrail.amazonaws.com"), keyOf("logs")
	delivery := func(source string, headers contextKeys) contextKeys {
		all := put(contextKeys{"aws:SourceArn": source, "s3:x-amz-acl": "bucket-owner-full-control"})
		for name, value := range headers {
			all[name] = value
		}
		return all
	}
	decide(t, policy, object, transport(role, contextKeys{sse: "aws:kms", sseKey: key}))
	decide(t, policy, object, encrypted(role, key, iampolicy.ExplicitDeny))
	decide(t, policy, object, []decision{
		{"CloudTrail writes a file under the key", service, "s3:PutObject", delivery(trail, contextKeys{sse: "aws:kms", sseKey: key}), iampolicy.Allowed},
		{"CloudTrail writes a digest, which has AES256", service, "s3:PutObject", delivery(trail, contextKeys{sse: "AES256"}), iampolicy.Allowed},
		{"CloudTrail writes without a header", service, "s3:PutObject", delivery(trail, nil), iampolicy.Allowed},
		{"CloudTrail for a trail of another account", service, "s3:PutObject", delivery(strange, contextKeys{sse: "aws:kms", sseKey: key}), left},
		{"CloudTrail for another trail of the account", service, "s3:PutObject", delivery(trail+"2", nil), left},
		{"CloudTrail without a source", service, "s3:PutObject", put(contextKeys{"s3:x-amz-acl": "bucket-owner-full-control"}), left},
		{"CloudTrail without handing over the object", service, "s3:PutObject", put(contextKeys{"aws:SourceArn": trail}), left},
		{"CloudTrail over plain HTTP", service, "s3:PutObject",
			contextKeys{"aws:SecureTransport": "false", "aws:SourceArn": trail, "s3:x-amz-acl": "bucket-owner-full-control"}, iampolicy.ExplicitDeny},
		{"CloudTrail reads the archive", service, "s3:GetObject", delivery(trail, nil), left},
		{"CloudTrail deletes", service, "s3:DeleteObject", delivery(trail, nil), left},
		{"a role that claims the trail", role, "s3:PutObject", delivery(trail, contextKeys{sse: "aws:kms", sseKey: key}), left},
		{"another service", iampolicy.Service("config.amazonaws.com"), "s3:PutObject", delivery(trail, nil), left},
	})
	decide(t, policy, bucket, []decision{
		{"CloudTrail checks the bucket", service, "s3:GetBucketAcl", delivery(trail, nil), iampolicy.Allowed},
		{"CloudTrail checks it for another account", service, "s3:GetBucketAcl", delivery(strange, nil), left},
	})
	for name, wrong := range map[string]string{
		"prefix of another account": bucket + "/AWSLogs/" + foreign + "/x", "no prefix": bucket + "/x",
	} {
		t.Run(name, func(t *testing.T) {
			decide(t, policy, wrong, []decision{
				{"CloudTrail writes", service, "s3:PutObject", delivery(trail, contextKeys{sse: "aws:kms", sseKey: key}), left},
			})
		})
	}
}

func TestAccessLogsBucketPolicy(t *testing.T) {
	const object = "arn:aws:s3:::acme-access-logs-prod-" + account + "-" + region + "/x/2026"
	policy := bucketPolicy(t, synth(t, "prod", allBuckets()), "access-logs")
	role, service := iampolicy.Role(workload), iampolicy.Service("logging.s3.amazonaws.com")
	from := func(bucket, owner string) contextKeys {
		return put(contextKeys{"aws:SourceArn": "arn:aws:s3:::" + bucket, "aws:SourceAccount": owner})
	}
	suffix := "-prod-" + account + "-" + region
	decide(t, policy, object, transport(role, contextKeys{sse: "AES256"}))
	decide(t, policy, object, []decision{
		{"no header", role, "s3:PutObject", put(nil), iampolicy.ExplicitDeny},
		{"AES256: as the bucket demands", role, "s3:PutObject", put(contextKeys{sse: "AES256"}), left},
		{"aws:kms: logs under a key would not be delivered either", role, "s3:PutObject", put(contextKeys{sse: "aws:kms"}), iampolicy.ExplicitDeny},
		{"aws:kms with a key", role, "s3:PutObject", put(contextKeys{sse: "aws:kms", sseKey: keyOf("data")}), iampolicy.ExplicitDeny},
		{"a key of the customer", role, "s3:PutObject", put(contextKeys{sse: "AES256", sseCustomer: "AES256"}), iampolicy.ExplicitDeny},
		{"S3 delivers logs of a data bucket, without a header", service, "s3:PutObject", from("acme-data"+suffix, account), iampolicy.Allowed},
		{"S3 delivers logs of the trail's bucket", service, "s3:PutObject", from("acme-trail"+suffix, account), iampolicy.Allowed},
		{"S3 delivers logs of a further data bucket", service, "s3:PutObject", from("acme-vault"+suffix, account), iampolicy.Allowed},
		{"S3 delivers logs of an unknown bucket", service, "s3:PutObject", from("other", account), left},
		{"S3 delivers logs of another account", service, "s3:PutObject", from("acme-data"+suffix, foreign), left},
		{"S3 delivers its own logs: nobody asked for that", service, "s3:PutObject", from("acme-access-logs"+suffix, account), left},
		{"S3 reads the logs", service, "s3:GetObject", from("acme-data"+suffix, account), left},
	})
}

func TestPerimeter(t *testing.T) {
	const object = "arn:aws:s3:::acme-data-prod-" + account + "-" + region + "/a"
	in := iampolicy.Role(workload)
	out := iampolicy.Role("arn:aws:iam::" + foreign + ":role/x")
	member := put(contextKeys{"aws:PrincipalOrgID": "o-aaaaaaaaaa"})
	t.Run("of the account", func(t *testing.T) {
		stack := synth(t, "prod", ours(settings{"s3.perimeter": "account"}))
		decide(t, bucketPolicy(t, stack, "data"), object, []decision{
			{"own principal", in, "s3:GetObject", put(nil), left},
			{"foreign principal", out, "s3:GetObject", put(nil), iampolicy.ExplicitDeny},
			{"nobody", iampolicy.Anonymous(), "s3:GetObject", put(nil), iampolicy.ExplicitDeny},
		})
		decide(t, bucketPolicy(t, stack, "access-logs"), "arn:aws:s3:::acme-access-logs-prod-"+account+"-"+region+"/a", []decision{
			{"S3 still delivers", iampolicy.Service("logging.s3.amazonaws.com"), "s3:PutObject", put(contextKeys{
				"aws:SourceArn": "arn:aws:s3:::acme-data-prod-" + account + "-" + region, "aws:SourceAccount": account,
			}), iampolicy.Allowed},
		})
	})
	t.Run("of the organization", func(t *testing.T) {
		stack := synth(t, "prod", ours(settings{"s3.perimeter": "organization", "s3.organizationId": "o-aaaaaaaaaa"}))
		decide(t, bucketPolicy(t, stack, "data"), object, []decision{
			{"principal of another account of it", out, "s3:GetObject", member, left},
			{"principal of another organization", out, "s3:GetObject", put(contextKeys{"aws:PrincipalOrgID": "o-bbbbbbbbbb"}), iampolicy.ExplicitDeny},
			{"principal of none", out, "s3:GetObject", put(nil), iampolicy.ExplicitDeny},
		})
	})
}

// TestReaderAndWriterDoOnlyTheirJob asks all policies together: those of the role, of the bucket and of the key.
func TestReaderAndWriterDoOnlyTheirJob(t *testing.T) {
	stack := synth(t, "prod", allBuckets())
	const name = "acme-data-prod-" + account + "-" + region
	const bucket, object = "arn:aws:s3:::" + name, "arn:aws:s3:::" + name + "/a"
	const other = "arn:aws:s3:::acme-vault-prod-" + account + "-" + region + "/a"
	bucketSays := bucketPolicy(t, stack, "data")
	keySays := stack.at(t, "aws_kms_key", "data-key/Resource").policy(t, "policy")
	viaS3 := contextKeys{"kms:ViaService": "s3." + region + ".amazonaws.com", "kms:EncryptionContext:aws:s3:arn": bucket}
	viaOther := contextKeys{"kms:ViaService": "s3." + region + ".amazonaws.com",
		"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::acme-vault-prod-" + account + "-" + region}
	right := put(contextKeys{sse: "aws:kms", sseKey: keyOf("data")})

	for _, row := range []struct {
		name, action, resource string
		context                contextKeys
		reader, writer         iampolicy.Decision
	}{
		{"list", "s3:ListBucket", bucket, put(nil), iampolicy.Allowed, left},
		{"read", "s3:GetObject", object, put(nil), iampolicy.Allowed, left},
		{"decrypt what was read", "kms:Decrypt", keyOf("data"), viaS3, iampolicy.Allowed, iampolicy.Allowed},
		{"write with the right header", "s3:PutObject", object, right, left, iampolicy.Allowed},
		{"write without a header", "s3:PutObject", object, put(nil), iampolicy.ExplicitDeny, iampolicy.ExplicitDeny},
		{"encrypt what is written", "kms:GenerateDataKey", keyOf("data"), viaS3, left, iampolicy.Allowed},
		{"delete", "s3:DeleteObject", object, put(nil), left, left},
		{"delete a version", "s3:DeleteObjectVersion", object, put(nil), left, left},
		{"change the policy", "s3:PutBucketPolicy", bucket, put(nil), left, left},
		{"read another bucket", "s3:GetObject", other, put(nil), left, left},
		{"decrypt objects of another bucket", "kms:Decrypt", keyOf("data"), viaOther, left, left},
		{"decrypt without S3", "kms:Decrypt", keyOf("data"), nil, left, left},
	} {
		for duty, want := range map[string]iampolicy.Decision{"reader": row.reader, "writer": row.writer} {
			t.Run(duty+": "+row.name, func(t *testing.T) {
				own := stack.at(t, "aws_iam_policy", "data-"+duty).policy(t, "policy")
				policies := iampolicy.Policies{Identity: []iampolicy.Document{own}, Resource: &bucketSays, ResourceKind: iampolicy.BucketPolicy}
				switch row.resource {
				case keyOf("data"):
					policies.Resource, policies.ResourceKind = &keySays, iampolicy.KeyPolicy
				case other:
					policies.Resource = nil
				}
				got := iampolicy.Decide(iampolicy.Request{
					Caller: iampolicy.Role(workload), Action: row.action, Resource: row.resource, Context: row.context.lists(),
				}, policies)
				assert.Equal(t, want.String(), got.String())
			})
		}
	}
}
