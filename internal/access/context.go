package access

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// Assumption is the value of a condition key that nobody has given: what AWS itself sets, or what a caller sends who
// does things right.
type Assumption struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Why   string `json:"why"`
}

// Context holds the condition keys of a request.
type Context map[string][]string

// ParseContext reads "key=value key=value". A key that is given several times has several values; one without a value
// is absent from the request.
func ParseContext(text string) (Context, error) {
	context := Context{}
	for _, word := range strings.Fields(text) {
		key, value, found := strings.Cut(word, "=")
		if !found || !strings.Contains(key, ":") {
			return nil, fmt.Errorf("WITH = %q: must be condition keys and values, as in aws:SecureTransport=false",
				word)
		}
		if value == "" {
			context[key] = nil
			continue
		}
		context[key] = append(context[key], value)
	}
	return context, nil
}

// has reports whether a key is given, in any case.
func (c Context) has(key string) bool {
	for given := range c {
		if strings.EqualFold(given, key) {
			return true
		}
	}
	return false
}

// complete adds what is assumed and not given, and returns what it has added.
func (c Context) complete(all []Assumption) (Context, []Assumption) {
	completed, added := Context{}, []Assumption(nil)
	maps.Copy(completed, c)
	for _, a := range all {
		if !c.has(a.Key) {
			completed[a.Key] = []string{a.Value}
			added = append(added, a)
		}
	}
	return completed, added
}

// Condition keys of the requests that this package makes.
const (
	sourceARN     = "aws:SourceArn"
	sourceAccount = "aws:SourceAccount"
	viaService    = "kms:ViaService"
	contextKey    = "kms:EncryptionContext:"
	sse           = "s3:x-amz-server-side-encryption"
	sseKey        = "s3:x-amz-server-side-encryption-aws-kms-key-id"
)

// assumed lists what the request of a principal carries by itself.
func (s *Stack) assumed(p Principal, action string, t target, via template.Resource) []Assumption {
	all := []Assumption{
		{"aws:SecureTransport", "true", "the request is made over TLS"},
		{"aws:RequestedRegion", s.env.Region(), "the region of the stack"},
	}
	if t.inStack {
		all = append(all, Assumption{"aws:ResourceAccount", s.env.AccountID(), "the account of the stack"})
	}
	if strings.HasPrefix(action, "s3:") {
		all = append(all, Assumption{"s3:TlsVersion", "1.3", "the newest version"})
	}
	if via.Address != "" {
		all = append(all, Assumption{"aws:SourceVpce", s.Name(via), "the endpoint"})
		if vpc, isReference := via.Reference("vpc_id"); isReference {
			r, _ := s.template.Resource(vpc)
			all = append(all, Assumption{"aws:SourceVpc", s.Name(r), "the endpoint's VPC"})
		}
	}
	if action == "s3:PutObject" {
		all = append(all, s.headers(p, t)...)
	}
	if p.Caller.IsService() {
		all = append(all, s.ofService(p.Name, t)...)
	}
	return all
}

// headers are those of an upload that is encrypted as the bucket demands. Services other than CloudTrail send none.
func (s *Stack) headers(p Principal, t target) []Assumption {
	isTrail := p.Caller.IsService() && strings.HasPrefix(p.Name, "cloudtrail.")
	if !t.inStack || p.Caller.IsService() && !isTrail {
		return nil
	}
	var all []Assumption
	byDefault := s.Encryption(t.resource)
	if byDefault.Algorithm != "" {
		all = append(all, Assumption{sse, byDefault.Algorithm, "the encryption of the bucket"})
	}
	if byDefault.Key != "" {
		r, _ := s.template.Resource(byDefault.Key)
		arn, _ := s.ARN(r)
		all = append(all, Assumption{sseKey, arn, "the key of the bucket"})
	}
	if isTrail {
		// Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail".
		all = append(all, Assumption{"s3:x-amz-acl", "bucket-owner-full-control", "CloudTrail always sends it"})
	}
	return all
}

// Encryption is how a bucket encrypts an object whose upload does not say it.
type Encryption struct {
	// Algorithm is that of the header of an upload, such as aws:kms. Empty means that the stack does not set it.
	Algorithm string
	// Key is the address of the key. Empty means that it is none of the stack.
	Key string
	// BucketKey means that S3 asks the key for the bucket, and not for each object.
	BucketKey bool
}

// Encryption is the default encryption of a bucket.
func (s *Stack) Encryption(bucket template.Resource) Encryption {
	for _, r := range s.template.OfType("aws_s3_bucket_server_side_encryption_configuration") {
		if of, _ := r.Reference("bucket"); of != bucket.Address {
			continue
		}
		const byDefault = "apply_server_side_encryption_by_default"
		algorithm, _ := r.Value("rule", "0", byDefault, "sse_algorithm").(string)
		reference, _ := r.Value("rule", "0", byDefault, "kms_master_key_id").(string)
		key, _ := template.ReferenceIn(reference)
		return Encryption{algorithm, key, r.Value("rule", "0", "bucket_key_enabled") == true}
	}
	return Encryption{}
}

// workOf says for a service, by the beginning of its principal, whose work it does when it calls: the type of resource
// that aws:SourceArn names, and whether it sends aws:SourceAccount beside it.
// Source: IAM User Guide, "The confused deputy problem", and the policies that each service documents.
var workOf = []struct {
	service, resourceType string
	account               bool
}{
	{"cloudtrail.", "aws_cloudtrail", false},
	{"cloudwatch.", "aws_cloudwatch_metric_alarm", true},
	{"events.rds.", "aws_db_instance", true},
	{"logging.s3.", bucketType, true},
	{"monitoring.rds.", "aws_db_instance", true},
	{"vpc-flow-logs.", "aws_flow_log", true},
}

// ofService is what a service sends with its requests to say whose work it does.
func (s *Stack) ofService(service string, t target) []Assumption {
	var all []Assumption
	for _, work := range workOf {
		if !strings.HasPrefix(service, work.service) {
			continue
		}
		source, exists := s.workFor(work.resourceType, t)
		if !exists {
			return nil
		}
		arn, _ := s.ARN(source)
		all = append(all, Assumption{sourceARN, arn, "the service works for " + source.Address})
		if work.account {
			all = append(all, Assumption{sourceAccount, s.env.AccountID(), "the account of the stack"})
		}
		if work.service == "cloudtrail." && t.resource.Type == keyType {
			all = append(all, Assumption{contextKey + "aws:cloudtrail:arn", arn, "the encryption context of a trail"})
		}
	}
	if strings.HasPrefix(service, "logs.") {
		if group, exists := s.workFor("aws_cloudwatch_log_group", t); exists {
			arn, _ := s.ARN(group)
			all = append(all,
				Assumption{contextKey + "aws:logs:arn", arn, "the encryption context of " + group.Address})
		}
	}
	return all
}

// workFor is the resource of a type for which a service asks for the target: the first that refers to it, or to whose
// bucket logs go there, or else the first of all.
func (s *Stack) workFor(resourceType string, t target) (template.Resource, bool) {
	all := s.template.OfType(resourceType)
	if len(all) == 0 {
		return template.Resource{}, false
	}
	if resourceType == bucketType {
		for _, logging := range s.template.OfType("aws_s3_bucket_logging") {
			if s.text(logging, "target_bucket") == s.Name(t.resource) {
				address, _ := logging.Reference("bucket")
				return s.template.Resource(address)
			}
		}
	}
	i := slices.IndexFunc(all, func(r template.Resource) bool {
		return slices.Contains(r.References(), t.resource.Address)
	})
	return all[max(i, 0)], true
}

// inTurn is a request that AWS makes because of another one.
type inTurn struct {
	action  string
	assumed []Assumption
	why     string
}

// keyRequests lists what AWS asks of the key of a target, and the key. S3 and SNS ask for the caller.
// Source: S3 User Guide, "Using server-side encryption with AWS KMS keys"; SNS Developer Guide, "Key management".
func (s *Stack) keyRequests(p Principal, action string, t target) (key template.Resource, requests []inTurn) {
	var service, address, named, about string
	var actions []string
	switch {
	case t.resource.Type == bucketType && t.rest != "":
		service, named, about = s3, "aws:s3:arn", t.arn
		byDefault := s.Encryption(t.resource)
		if address = byDefault.Key; byDefault.BucketKey {
			about, _ = s.ARN(t.resource)
		}
		actions = map[string][]string{"s3:GetObject": {"kms:Decrypt"}, "s3:GetObjectVersion": {"kms:Decrypt"},
			"s3:PutObject": {"kms:GenerateDataKey"}}[action]
	case t.resource.Type == topicType && action == "sns:Publish":
		service, named, about = "sns", "aws:sns:topicArn", t.arn
		address, _ = t.resource.Reference("kms_master_key_id")
		actions = []string{"kms:GenerateDataKey", "kms:Decrypt"}
	}
	key, exists := s.template.Resource(address)
	if !exists {
		return key, nil
	}
	var all []Assumption
	switch {
	case !p.Caller.IsService():
		all = []Assumption{{viaService, s.env.ViaService(service), "the service asks for the caller"},
			{contextKey + named, about, "the encryption context"}}
		all = append(all, s.ofTrail(t)...)
	case service == "sns":
		all = []Assumption{{contextKey + named, about, "the encryption context"}}
	case !strings.HasPrefix(p.Name, "cloudtrail."):
		return key, nil // what S3 delivers by itself is not encrypted with a key of the customer
	}
	for _, one := range actions {
		requests = append(requests, inTurn{one, all, fmt.Sprintf("the key of %s must let the caller, too",
			cmp.Or(s.Name(t.resource), t.arn))})
	}
	return key, requests
}

// ofTrail is what CloudTrail has put into the encryption context of the files in a trail's bucket.
// Source: CloudTrail User Guide, "Granting decrypt permissions".
func (s *Stack) ofTrail(t target) []Assumption {
	for _, trail := range s.template.OfType("aws_cloudtrail") {
		if t.resource.Type == bucketType && s.text(trail, "s3_bucket_name") == s.Name(t.resource) {
			arn, _ := s.ARN(trail)
			return []Assumption{{contextKey + "aws:cloudtrail:arn", arn, "the encryption context of the trail's files"}}
		}
	}
	return nil
}
