package iampolicy

import (
	"fmt"
	"unicode/utf8"
)

// Kind says where a policy is attached. AWS's grammar, size limit and evaluation differ by it.
type Kind int

// The kinds of policy. The zero Kind is none of them, so a forgotten one is refused.
const (
	// IdentityPolicy is a managed or inline policy of a role or user: at most 6,144 characters, the limit of a
	// managed policy, so that an inline one can become managed.
	// Source: "IAM and AWS STS quotas".
	IdentityPolicy Kind = iota + 1
	// TrustPolicy says who may assume a role: at most 2,048 characters, the default quota (AWS can raise it to 4,096).
	// Source: "IAM and AWS STS quotas".
	TrustPolicy
	// KeyPolicy belongs to a KMS key: at most 32,768 bytes. Resource "*" in it means this key.
	// Source: "Key policies in AWS KMS".
	KeyPolicy
	// BucketPolicy belongs to an S3 bucket: at most 20 KB, 20,480 bytes.
	// Source: "Bucket policies for Amazon S3".
	BucketPolicy
	// TopicPolicy belongs to an SNS topic: at most 30 KB, 30,720 bytes.
	// Source: "Amazon SNS endpoints and quotas".
	TopicPolicy
	// EndpointPolicy belongs to a VPC endpoint: at most 20,480 characters, white space included.
	// Source: "Control access to VPC endpoints using endpoint policies".
	EndpointPolicy
)

type kindRules struct {
	name  string
	limit int
	unit  string
	size  func(document string) int

	// service is the prefix of every action that AWS evaluates in such a policy; empty where it is any.
	service string

	noPrincipal, noResource bool

	// filter marks a policy that grants nothing by itself: what it allows, other policies must allow too. Actions of a
	// whole service are no grant there, and naming the resources limits as much as naming the callers.
	filter bool

	// guardServices asks for a confused-deputy condition beside a service principal.
	guardServices bool
}

var kinds = map[Kind]kindRules{
	IdentityPolicy: {name: "identity policy", limit: 6144, unit: "characters", size: utf8.RuneCountInString,
		noPrincipal: true},
	// A trust policy is exempt from guardServices: CloudTrail documents its role for CloudWatch Logs without a
	// condition, and delivery has been seen to stop once aws:SourceArn was demanded.
	TrustPolicy: {name: "trust policy", limit: 2048, unit: "characters", size: utf8.RuneCountInString,
		service: "sts", noResource: true},
	KeyPolicy: {name: "key policy", limit: 32768, unit: "bytes", size: byteCount,
		service: "kms", guardServices: true},
	BucketPolicy: {name: "bucket policy", limit: 20480, unit: "bytes", size: byteCount,
		service: "s3", guardServices: true},
	TopicPolicy: {name: "topic policy", limit: 30720, unit: "bytes", size: byteCount,
		service: "sns", guardServices: true},
	EndpointPolicy: {name: "endpoint policy", limit: 20480, unit: "characters", size: utf8.RuneCountInString,
		filter: true},
}

func byteCount(document string) int { return len(document) }

// String is the kind's name in error messages, such as "key policy".
func (k Kind) String() string {
	if rules, ok := kinds[k]; ok {
		return rules.name
	}
	return fmt.Sprintf("policy kind %d", int(k))
}

// MaxSize is the largest document that [Render] returns, in characters for identity, trust and endpoint policies and
// in bytes for the others. Terraform expressions count as they are written: what AWS measures is the text with their
// values in place, so a document that comes close to the limit can still turn out too long.
func (k Kind) MaxSize() int { return kinds[k].limit }
