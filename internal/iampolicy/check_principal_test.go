package iampolicy

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const deputyKeyList = "one of aws:SourceAccount, aws:SourceArn, aws:SourceOrgID, aws:SourceOrgPaths, " +
	"kms:ViaService, kms:EncryptionContext:<name>"

func TestRenderRefusesPrincipals(t *testing.T) {
	assertRefused(t, []refusal{
		{"principal in an identity policy", IdentityPolicy, func(s *Statement) { s.Principal.AWS = []string{roleARN} },
			`statement "Read": principal is not allowed in an identity policy: it speaks for the role or user that ` +
				`carries it`},
		{"no principal", BucketPolicy, func(s *Statement) { s.Principal = Principal{} },
			`statement "Deliver": principal is required in a bucket policy`},
		{"short account id", TrustPolicy, func(s *Statement) { s.Principal = Principal{AWS: []string{"11112222333"}} },
			`statement "Assume": AWS principal "11112222333" must be "*", an account id of 12 digits, or the ARN of ` +
				`an account root, role, user or role session`},
		{"ARN of another service", TrustPolicy, func(s *Statement) { s.Principal = Principal{AWS: []string{trailARN}} },
			`statement "Assume": AWS principal "` + trailARN +
				`" must be "*", an account id of 12 digits, or the ARN of an account root, role, user or role session`},
		{"policy variable as principal", TrustPolicy,
			func(s *Statement) { s.Principal = Principal{AWS: []string{"$${aws:PrincipalArn}"}} },
			`statement "Assume": AWS principal "$${aws:PrincipalArn}" must be "*", an account id of 12 digits, or ` +
				`the ARN of an account root, role, user or role session`},
		{"placeholder smuggled into a principal", TrustPolicy,
			func(s *Statement) { s.Principal = Principal{AWS: []string{"\uE000"}} },
			`statement "Assume": principal "\ue000" has a character outside printable Latin-1`},
		{"wildcard in a principal", TrustPolicy,
			func(s *Statement) { s.Principal = Principal{AWS: []string{roleARN + "*"}} },
			`statement "Assume": AWS principal "` + roleARN +
				`*" must not contain a wildcard: name the principal, or compare aws:PrincipalArn in a condition`},
		{"everyone among others", TrustPolicy,
			func(s *Statement) { s.Effect, s.Principal = Deny, Principal{AWS: []string{"*", roleARN}} },
			`statement "Assume": AWS principal "*" already covers the others: list it alone`},
		{"malformed service", TrustPolicy, func(s *Statement) { s.Principal.Service = []string{"cloudtrail"} },
			`statement "Assume": service principal "cloudtrail" must have the form name.amazonaws.com or ` +
				`name.region.amazonaws.com, or the same with another partition's suffix`},
		{"wildcard service", TrustPolicy, func(s *Statement) { s.Principal.Service = []string{"*.amazonaws.com"} },
			`statement "Assume": service principal "*.amazonaws.com" must have the form name.amazonaws.com or ` +
				`name.region.amazonaws.com, or the same with another partition's suffix`},
		{"malformed provider", TrustPolicy, func(s *Statement) {
			s.Principal, s.Conditions = Principal{Federated: []string{"token.example.com"}},
				[]Condition{StringEquals("a:sub", "b")}
		}, `statement "Assume": federated principal "token.example.com" must be the ARN of an OIDC or SAML ` +
			`provider, or a web identity host that AWS has built in`},

		{"provider without identity", TrustPolicy, func(s *Statement) {
			s.Principal = Principal{Federated: []string{"arn:aws:iam::111122223333:oidc-provider/ci.example.com"}}
		}, `statement "Assume": federated principal "arn:aws:iam::111122223333:oidc-provider/ci.example.com" in an ` +
			`Allow needs a condition on the identity, such as its subject`},
		{"provider with a flag", TrustPolicy, func(s *Statement) {
			s.Principal = Principal{Federated: []string{"accounts.google.com"}}
			s.Conditions = []Condition{Bool("accounts.google.com:email_verified", true)}
		}, `statement "Assume": federated principal "accounts.google.com" in an Allow needs a condition on the ` +
			`identity, such as its subject`},
		{"service without a guard", KeyPolicy, func(s *Statement) { s.Conditions = nil },
			`statement "Encrypt": service principal "cloudtrail.amazonaws.com" in an Allow needs a confused-deputy ` +
				`condition: ` + deputyKeyList},
		{"everyone without a condition", BucketPolicy,
			func(s *Statement) { s.Principal, s.Conditions = Everyone(), nil },
			`statement "Deliver": principal "*" in an Allow needs a condition that names callers or networks, with ` +
				`a value that is not all wildcard: one of ` + strings.Join(callerKeys, ", ")},
		{"every bucket for everyone through an endpoint", EndpointPolicy, func(s *Statement) { s.Conditions = nil },
			`statement "Own": principal "*" in an Allow needs a condition that names callers or networks, with a ` +
				`value that is not all wildcard: one of ` +
				strings.Join(slices.Concat(callerKeys, ownerKeys), ", ")},
		{"one of the buckets is every bucket", EndpointPolicy, func(s *Statement) {
			s.Conditions, s.Resources = nil, []string{"arn:aws:s3:::packages/*", "arn:aws:s3:::*"}
		}, `statement "Own": principal "*" in an Allow needs a condition that names callers or networks, with a ` +
			`value that is not all wildcard: one of ` +
			strings.Join(slices.Concat(callerKeys, ownerKeys), ", ")},
	})
}

func TestRenderSeesThroughGuardsThatGuardNothing(t *testing.T) {
	tests := []struct {
		name  string
		guard Condition
	}{
		{"all wildcard", StringLike("aws:SourceArn", "*")},
		{"all wildcard among others", StringLike("aws:SourceAccount", "111122223333", "?*")},
		{"ARN of any account", ArnLike("aws:SourceArn", "arn:aws:cloudtrail:*:*:trail/audit")},
		{"ARN of any bucket", ArnLike("aws:SourceArn", "arn:aws:s3:::*")},
		{"negated", StringNotEquals("aws:SourceAccount", "111122223333")},
		{"holds without the key", IfExists(StringEquals("aws:SourceAccount", "111122223333"))},
		{"holds for no value", ForAllValues(StringEquals("aws:SourceAccount", "111122223333"))},
		{"only presence", Null("aws:SourceArn", false)},
		{"another key", StringEquals("s3:x-amz-acl", "bucket-owner-full-control")},
		{"every address", IPAddress("aws:SourceIp", "0.0.0.0/0")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sound(BucketPolicy)
			s.Conditions = []Condition{tt.guard}
			assert.ErrorContains(t, renderError(BucketPolicy, s), "needs a confused-deputy condition")
			s.Principal = Everyone()
			assert.ErrorContains(t, renderError(BucketPolicy, s), "needs a condition that names callers or networks")
		})
	}
}
