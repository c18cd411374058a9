package evidence

import (
	"fmt"

	"securebaseline/internal/access"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

const bucketDocs = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"

func bucketRules() []Rule {
	const bucket = "aws_s3_bucket"
	return []Rule{
		{"SB-S3-01", "Buckets block public access in all four ways",
			"One mistaken policy or ACL opens a bucket to everybody.",
			Critical, bucketDocs + "access-control-block-public-access.html",
			relatedTo("S3.2", "S3.3", "S3.8", "CloudTrail.6"),
			every(bucket, func(s *stack, r template.Resource) string {
				block, _ := s.of("aws_s3_bucket_public_access_block", "bucket", r.Address)
				for _, way := range []string{"block_public_acls", "block_public_policy", "ignore_public_acls",
					"restrict_public_buckets"} {
					if block.Attributes[way] != true {
						return way + " is not true"
					}
				}
				return ""
			})},
		{"SB-S3-02", "Buckets deny plain HTTP and TLS below 1.2",
			"What is sent unencrypted can be read and changed on the way.",
			High, bucketDocs + "security-best-practices.html#transit",
			relatedTo("S3.5"),
			every(bucket, refusesOldTransport)},
		{"SB-S3-03", "Buckets encrypt by default, with a key of the account except where AWS cannot use one",
			"A bucket for access logs takes no key: the service that writes there cannot use one.",
			Medium, bucketDocs + "bucket-encryption.html",
			relatedTo("S3.17"),
			every(bucket, isEncryptedBucket)},
		{"SB-S3-04", "Buckets deny uploads with any encryption other than their own",
			"A caller chooses the key of an object, even one that nobody here controls.",
			High, bucketDocs + "specifying-kms-encryption.html",
			relatedTo("S3.17"),
			every(bucket, refusesOtherEncryption)},
		{"SB-S3-05", "Buckets keep versions",
			"Without versions, what is overwritten or deleted is gone.",
			Medium, bucketDocs + "Versioning.html",
			relatedTo("S3.14"),
			every(bucket, func(s *stack, r template.Resource) string {
				versioning, _ := s.of("aws_s3_bucket_versioning", "bucket", r.Address)
				if status := versioning.Value("versioning_configuration", "status"); status != "Enabled" {
					return "versioning is " + shown(status)
				}
				return ""
			})},
		{"SB-S3-06", "Buckets have a lifecycle that removes incomplete uploads and old versions",
			"What nobody sees is kept and paid for, and outlives every promise to delete.",
			Low, bucketDocs + "object-lifecycle-mgmt.html",
			relatedTo("S3.10", "S3.13").and(Controls{NIST: []string{"SI-12"}, PCI: []string{"3.2.1"}}),
			every(bucket, func(s *stack, r template.Resource) string {
				lifecycle, _ := s.of("aws_s3_bucket_lifecycle_configuration", "bucket", r.Address)
				for _, rule := range template.Objects(lifecycle.Attributes["rule"]) {
					if rule["status"] == "Enabled" && rule["abort_incomplete_multipart_upload"] != nil &&
						rule["noncurrent_version_expiration"] != nil {
						return ""
					}
				}
				return "no rule of its lifecycle does"
			})},
		{"SB-S3-07", "Access to buckets is logged to another bucket of the stack, whose policy lets S3 deliver",
			"Without them nobody can tell who has read what, unless the trail records data events.",
			Medium, bucketDocs + "ServerLogs.html",
			relatedTo("S3.9"),
			every(bucket, isLogged)},
		{"SB-S3-08", "Buckets disable ACLs: their owner owns every object",
			"An ACL grants what no policy shows.",
			Medium, bucketDocs + "about-object-ownership.html",
			relatedTo("S3.12"),
			every(bucket, func(s *stack, r template.Resource) string {
				controls, _ := s.of("aws_s3_bucket_ownership_controls", "bucket", r.Address)
				if got := controls.Value("rule", "object_ownership"); got != "BucketOwnerEnforced" {
					return "object_ownership is " + shown(got)
				}
				return ""
			})},
		{"SB-S3-09", "Bucket policies let in nobody from outside the account",
			"Whoever can change a policy can take the rest.",
			Critical, bucketDocs + "access-policy-language-overview.html",
			relatedTo("S3.2", "S3.3", "S3.6").and(Controls{PCI: []string{"1.4.4"}}),
			every(bucket, func(s *stack, r template.Resource) string {
				for _, caller := range s.strangers() {
					for _, one := range []struct{ action, inside string }{{"s3:GetObject", "/x"},
						{"s3:PutObject", "/x"}, {"s3:ListBucket", ""}, {"s3:PutBucketPolicy", ""},
						{"s3:DeleteObject", "/x"}} {
						if s.may(r, caller, one.action, one.inside, s.upload(r)) {
							return fmt.Sprintf("%s may %s", caller, one.action)
						}
					}
				}
				return ""
			})},
		{"SB-S3-10", "Files of the audit trail and access logs are kept for at least a year",
			"An intrusion is often found after months.",
			Medium, bucketDocs + "lifecycle-expire-general-considerations.html",
			Controls{NIST: []string{"AU-11", "SI-12"}, PCI: []string{"10.5.1"}},
			keepsEvidence},
		{"SB-S3-11", "Terraform empties no bucket",
			"A mistaken destroy would delete data and evidence, too.",
			Medium,
			"https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket#force_destroy",
			Controls{NIST: []string{"AU-9"}, PCI: []string{"10.3.2"}},
			is(bucket, false, "force_destroy")},
	}
}

func refusesOldTransport(s *stack, r template.Resource) string {
	for _, old := range []struct {
		name    string
		context access.Context
	}{
		{"plain HTTP", access.Context{"aws:SecureTransport": {"false"}}},
		{"TLS 1.1", access.Context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.1"}}},
	} {
		for _, caller := range []iampolicy.Caller{s.inAccount(), s.root(), iampolicy.Anonymous()} {
			if s.asks(r, caller, "s3:GetObject", "/x", old.context) != iampolicy.ExplicitDeny ||
				s.asks(r, caller, "s3:ListBucket", "", old.context) != iampolicy.ExplicitDeny {
				return fmt.Sprintf("it does not deny %s to %s", old.name, caller)
			}
		}
	}
	return ""
}

// encryption is the default encryption of a bucket, and its key if that is one of the stack.
func (s *stack) encryption(bucket template.Resource) (algorithm string, key template.Resource, hasKey bool) {
	byDefault := s.access.Encryption(bucket)
	key, hasKey = s.Resource(byDefault.Key)
	return byDefault.Algorithm, key, hasKey
}

// takesAccessLogs reports whether access logs of other buckets go to a bucket.
func (s *stack) takesAccessLogs(bucket template.Resource) bool {
	for _, logging := range s.OfType("aws_s3_bucket_logging") {
		if logging.Attributes["target_bucket"] == bucket.Attributes["bucket"] {
			return true
		}
	}
	return false
}

func isEncryptedBucket(s *stack, r template.Resource) string {
	algorithm, _, hasKey := s.encryption(r)
	switch {
	case algorithm == "":
		return "it has no encryption by default"
	case s.takesAccessLogs(r):
		return ""
	case algorithm != "aws:kms" || !hasKey:
		return fmt.Sprintf("it encrypts with %v and no key of the stack", algorithm)
	}
	return ""
}

// upload is the context of an upload that is encrypted as the bucket says.
func (s *stack) upload(bucket template.Resource) access.Context {
	context := overTLS()
	algorithm, key, hasKey := s.encryption(bucket)
	if algorithm != "" {
		context["s3:x-amz-server-side-encryption"] = []string{algorithm}
	}
	if arn, known := s.access.ARN(key); hasKey && known {
		context["s3:x-amz-server-side-encryption-aws-kms-key-id"] = []string{arn}
	}
	return context
}

func refusesOtherEncryption(s *stack, r template.Resource) string {
	_, _, hasKey := s.encryption(r)
	type setting struct{ what, key, value string }
	others := []setting{
		{"a key of the customer", "s3:x-amz-server-side-encryption-customer-algorithm", "AES256"},
		{"another algorithm", "s3:x-amz-server-side-encryption", "aws:kms:dsse"},
	}
	if hasKey {
		others = append(others, setting{"another key", "s3:x-amz-server-side-encryption-aws-kms-key-id",
			s.access.Env().AccountARN("kms", stranger, "key/x")})
	}
	for _, other := range others {
		context := s.upload(r)
		context[other.key] = []string{other.value}
		if s.asks(r, s.inAccount(), "s3:PutObject", "/x", context) != iampolicy.ExplicitDeny {
			return "it does not deny " + other.what
		}
	}
	return ""
}

func isLogged(s *stack, r template.Resource) string {
	if s.takesAccessLogs(r) {
		return "" // a bucket that logs to itself never ends
	}
	logging, exists := s.of("aws_s3_bucket_logging", "bucket", r.Address)
	if !exists {
		return "it has no access log"
	}
	target, exists := s.bucketNamed(logging.Attributes["target_bucket"])
	if !exists {
		return fmt.Sprintf("its access log goes to %s, no bucket of the stack",
			shown(logging.Attributes["target_bucket"]))
	}
	arn, _ := s.access.ARN(r)
	context := overTLS()
	context["aws:SourceArn"], context["aws:SourceAccount"] = []string{arn}, []string{s.access.Env().AccountID()}
	prefix, _ := logging.String("target_prefix")
	service := iampolicy.Service("logging.s3.amazonaws.com")
	if s.asks(target, service, "s3:PutObject", "/"+prefix+"x", context) != iampolicy.Allowed {
		return target.Address + " does not let S3 deliver its access log"
	}
	return ""
}

func keepsEvidence(s *stack) []Finding {
	trails := map[any]bool{}
	for _, trail := range s.OfType("aws_cloudtrail") {
		trails[trail.Attributes["s3_bucket_name"]] = true
	}
	var findings []Finding
	for _, bucket := range s.OfType("aws_s3_bucket") {
		if !trails[bucket.Attributes["bucket"]] && !s.takesAccessLogs(bucket) {
			continue
		}
		fault := ""
		lifecycle, _ := s.of("aws_s3_bucket_lifecycle_configuration", "bucket", bucket.Address)
		for _, rule := range template.Objects(lifecycle.Attributes["rule"]) {
			for _, expiration := range template.Objects(rule["expiration"]) {
				if days, isNumber := expiration["days"].(float64); isNumber && days > 0 && days < 365 {
					fault = fmt.Sprintf("objects expire after %v days", days)
				}
				if date, isText := expiration["date"].(string); isText && date != "" {
					fault = "all objects expire on " + date
				}
			}
		}
		findings = append(findings, Finding{bucket.Address, fault})
	}
	return findings
}
