package iampolicy

import (
	"testing"
)

func TestRenderRefusesResources(t *testing.T) {
	assertRefused(t, []refusal{
		{"resource in a trust policy", TrustPolicy, func(s *Statement) { s.Resources = []string{"*"} },
			`statement "Assume": Resources and NotResources are not allowed in a trust policy`},
		{"no resource", KeyPolicy, func(s *Statement) { s.Resources = nil },
			`statement "Encrypt": Resources or NotResources is required in a key policy`},
		{"every resource", IdentityPolicy, func(s *Statement) { s.Resources = []string{"*"} },
			`statement "Read": resource "*" is too broad for action "s3:GetObject": name ARNs`},
		{"every bucket", IdentityPolicy, func(s *Statement) { s.Resources = []string{"arn:aws:s3:::*"} },
			`statement "Read": resource "arn:aws:s3:::*" is too broad for action "s3:GetObject": name ARNs`},
		{"every account", IdentityPolicy, func(s *Statement) {
			s.Actions, s.Resources = []string{"sns:Publish"}, []string{"arn:aws:sns:eu-west-1:*:alarms"}
		}, `statement "Read": resource "arn:aws:sns:eu-west-1:*:alarms" is too broad for action "sns:Publish": name ` +
			`ARNs`},
		{"an exempt action beside another", IdentityPolicy, func(s *Statement) {
			s.Actions, s.Resources = []string{"logs:StopQuery", "logs:StartQuery"}, []string{"*"}
		}, `statement "Read": resource "*" is too broad for action "logs:StartQuery": name ARNs`},
		{"every resource in a bucket policy", BucketPolicy, func(s *Statement) { s.Resources = []string{"*"} },
			`statement "Deliver": resource "*" is too broad for action "s3:PutObject": name ARNs`},
		{"every resource in a topic policy", TopicPolicy, func(s *Statement) { s.Resources = []string{"*"} },
			`statement "Notify": resource "*" is too broad for action "sns:Publish": name ARNs`},
		{"both resources", IdentityPolicy, func(s *Statement) { s.Effect, s.NotResources = Deny, []string{"*"} },
			`statement "Read": Resources and NotResources exclude each other`},
		{"not-resources in an Allow", IdentityPolicy,
			func(s *Statement) { s.NotResources, s.Resources = s.Resources, nil },
			`statement "Read": NotResources in an Allow grants all but what it lists, future resources included: ` +
				`use Resources`},
		{"empty resource", IdentityPolicy, func(s *Statement) { s.Resources = []string{""} },
			`statement "Read": resource "" must be "*" or an ARN of six colon-separated parts`},
		{"bucket name for an ARN", IdentityPolicy, func(s *Statement) { s.Resources = []string{"data/*"} },
			`statement "Read": resource "data/*" must be "*" or an ARN of six colon-separated parts`},
		{"expression without an end", IdentityPolicy, func(s *Statement) { s.Resources = []string{"${local.arn"} },
			`statement "Read": resource "${local.arn" must be "*" or an ARN of six colon-separated parts`},
		{"short ARN", IdentityPolicy, func(s *Statement) { s.Resources = []string{"arn:aws:s3:data"} },
			`statement "Read": resource "arn:aws:s3:data" must be "*" or an ARN of six colon-separated parts`},
		{"character outside Latin-1", IdentityPolicy,
			func(s *Statement) { s.Resources = []string{"arn:aws:s3:::датa"} },
			`statement "Read": resource "arn:aws:s3:::датa" has a character outside printable Latin-1`},
		{"unescaped policy variable", IdentityPolicy,
			func(s *Statement) { s.Resources = []string{"arn:aws:s3:::home/${aws:username}/*"} },
			`statement "Read": resource "arn:aws:s3:::home/${aws:username}/*" holds the policy variable ` +
				`${aws:username}: write $${aws:username}, or Terraform evaluates it`},
	})
}
