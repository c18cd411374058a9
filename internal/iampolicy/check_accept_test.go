package iampolicy

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRenderAccepts(t *testing.T) {
	tests := []struct {
		name   string
		kind   Kind
		change func(*Statement)
	}{
		{"wildcard deny for everyone", BucketPolicy, func(s *Statement) {
			*s = Statement{Sid: "DenyPlainHTTP", Effect: Deny, Principal: Everyone(), Actions: []string{"s3:*"},
				Resources: []string{"arn:aws:s3:::logs"}, Conditions: []Condition{Bool("aws:SecureTransport", false)}}
		}},
		{"deny of everything but", IdentityPolicy, func(s *Statement) {
			*s = Statement{Sid: "DenyRest", Effect: Deny, NotActions: []string{"s3:*"},
				NotResources: []string{"arn:aws:s3:::a"}}
		}},
		{"every action in a deny", KeyPolicy, func(s *Statement) { s.Effect, s.Actions = Deny, []string{"*"} }},
		{"whole service through an endpoint", EndpointPolicy, func(s *Statement) { s.Actions = []string{"s3:*"} }},
		{"named buckets for everyone through an endpoint", EndpointPolicy, func(s *Statement) {
			s.Resources, s.Conditions = []string{"arn:aws:s3:::packages/*"}, nil
		}},
		{"actions without a resource type", IdentityPolicy, func(s *Statement) {
			s.Actions, s.Resources = slices.Collect(maps.Keys(withoutResource)), []string{"*"}
		}},
		{"every resource in a deny", IdentityPolicy,
			func(s *Statement) { s.Effect, s.Resources = Deny, []string{"*"} }},
		{"three literal characters", IdentityPolicy, func(s *Statement) { s.Actions = []string{"s3:Get*"} }},
		{"whole ARN as an expression", IdentityPolicy,
			func(s *Statement) { s.Resources = []string{"${aws_s3_bucket.logs.arn}/*"} }},
		{"parts of an ARN as an expression", IdentityPolicy,
			func(s *Statement) { s.Resources = []string{"arn:${local.prefix}:key/*"} }},
		{"expression with colons and braces", IdentityPolicy, func(s *Statement) {
			s.Resources = []string{`arn:${var.cn ? "aws-cn" : format("%s", {a = "aws"}.a)}:s3:::logs/*`}
		}},
		{"escaped policy variable", IdentityPolicy,
			func(s *Statement) { s.Resources = []string{"arn:aws:s3:::home/$${aws:username}/*"} }},
		{"principals made of expressions", TrustPolicy, func(s *Statement) {
			s.Principal = Principal{
				AWS: []string{"${TfToken[TOKEN.1]}", "111122223333",
					"arn:${data.aws_partition.current.partition}:iam::" +
						"${data.aws_caller_identity.current.account_id}:root",
					`arn:${merge({a = "aws"}, {})["a"]}:iam::111122223333:root`,
					"arn:aws-cn:iam::111122223333:role/path/Name",
					"arn:aws:sts::111122223333:assumed-role/Name/session"},
				Service: []string{"logs.eu-west-1.amazonaws.com", "monitoring.rds.amazonaws.com",
					"ec2.amazonaws.com.cn",
					"logs.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}",
					"${local.service}"},
			}
		}},
		{"service guarded by account", BucketPolicy,
			func(s *Statement) { s.Conditions = []Condition{StringEquals("AWS:SourceAccount", "111122223333")} }},
		{"service guarded by encryption context", KeyPolicy, func(s *Statement) {
			s.Conditions = []Condition{ArnLike("kms:EncryptionContext:aws:logs:arn",
				"arn:aws:logs:eu-west-1:111122223333:*")}
		}},
		{"everyone from one network", BucketPolicy, func(s *Statement) {
			s.Principal, s.Conditions = Everyone(), []Condition{IPAddress("aws:SourceIp", "10.0.0.0/8")}
		}},
		{"everyone of one account", KeyPolicy, func(s *Statement) {
			s.Principal, s.Conditions = Everyone(), []Condition{StringEquals("kms:CallerAccount", "${local.account}")}
		}},
		{"subject of an identity provider", TrustPolicy, func(s *Statement) {
			s.Actions = []string{"sts:AssumeRoleWithWebIdentity"}
			s.Principal = Principal{Federated: []string{"arn:aws:iam::111122223333:oidc-provider/ci.example.com"}}
			s.Conditions = []Condition{StringLike("ci.example.com:sub", "repo:org/app:*")}
		}},
		{"describe where the context is absent", KeyPolicy, func(s *Statement) {
			s.Actions = []string{"kms:DescribeKey"}
			s.Conditions = append(s.Conditions, Null("kms:EncryptionContext:aws:logs:arn", true))
		}},
		{"describe denied under a context", KeyPolicy, func(s *Statement) {
			s.Effect, s.Actions = Deny, []string{"kms:*"}
			s.Conditions = []Condition{StringEquals("kms:EncryptionContext:aws:s3:arn", "arn:aws:s3:::data")}
		}},
		{"grant flag beside grants", IdentityPolicy, func(s *Statement) {
			s.Actions, s.Resources = []string{"kms:CreateGrant", "kms:RevokeGrant"},
				[]string{"arn:aws:kms:eu-west-1:111122223333:key/1"}
			s.Conditions = []Condition{Bool("kms:GrantIsForAWSResource", true)}
		}},
		{"tag key with a space", IdentityPolicy, func(s *Statement) {
			s.Conditions = []Condition{StringEquals("aws:RequestTag/Cost Center", "é")}
		}},
		{"number as an expression", IdentityPolicy, func(s *Statement) {
			s.Conditions = []Condition{NumericLessThan("s3:TlsVersion", "${var.tls}")}
		}},
		{"literal star", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{StringEquals("s3:prefix", "a$${*}")} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sound(tt.kind)
			tt.change(&s)
			assert.NoError(t, renderError(tt.kind, s))
		})
	}
}
