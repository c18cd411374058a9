package iampolicy

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	trailARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
	roleARN  = "arn:aws:iam::111122223333:role/app/Writer"
)

// sound returns a statement of each kind that Check accepts, for a case to spoil in one place.
func sound(kind Kind) Statement {
	cloudTrail := Principal{Service: []string{"cloudtrail.amazonaws.com"}}
	fromTrail := []Condition{StringEquals("aws:SourceArn", trailARN)}
	switch kind {
	case TrustPolicy:
		return Statement{Sid: "Assume", Effect: Allow, Principal: cloudTrail, Actions: []string{"sts:AssumeRole"}}
	case KeyPolicy:
		return Statement{Sid: "Encrypt", Effect: Allow, Principal: cloudTrail,
			Actions: []string{"kms:GenerateDataKey*"}, Resources: []string{"*"}, Conditions: fromTrail}
	case BucketPolicy:
		return Statement{Sid: "Deliver", Effect: Allow, Principal: cloudTrail,
			Actions: []string{"s3:PutObject"}, Resources: []string{"arn:aws:s3:::logs/*"}, Conditions: fromTrail}
	case TopicPolicy:
		return Statement{Sid: "Notify", Effect: Allow, Principal: cloudTrail, Actions: []string{"sns:Publish"},
			Resources: []string{"arn:aws:sns:eu-west-1:111122223333:alarms"}, Conditions: fromTrail}
	case EndpointPolicy:
		return Statement{Sid: "Own", Effect: Allow, Principal: Everyone(), Actions: []string{"s3:GetObject"},
			Resources: []string{"*"}, Conditions: []Condition{StringEquals("aws:ResourceAccount", "111122223333")}}
	default:
		return Statement{Sid: "Read", Effect: Allow, Actions: []string{"s3:GetObject"},
			Resources: []string{"arn:aws:s3:::data/*"}}
	}
}

var allKinds = []Kind{IdentityPolicy, TrustPolicy, KeyPolicy, BucketPolicy, TopicPolicy, EndpointPolicy}

func TestCheckAcceptsSoundStatements(t *testing.T) {
	for _, kind := range allKinds {
		assert.NoError(t, Check(kind, sound(kind)), kind)
	}
}

const deputyKeyList = "one of aws:SourceAccount, aws:SourceArn, aws:SourceOrgID, aws:SourceOrgPaths, " +
	"kms:ViaService, kms:EncryptionContext:<name>"

func TestCheckRefuses(t *testing.T) {
	tests := []struct {
		name  string
		kind  Kind
		spoil func(*Statement)
		want  string
	}{
		{"missing sid", IdentityPolicy, func(s *Statement) { s.Sid = "" },
			`statement 1: sid is required: letters A-Z, a-z and digits 0-9`},
		{"sid with a space", KeyPolicy, func(s *Statement) { s.Sid = "Let 100% in" },
			`statement "Let 100% in": sid may hold only letters A-Z, a-z and digits 0-9`},
		{"missing effect", IdentityPolicy, func(s *Statement) { s.Effect = "" },
			`statement "Read": effect "" must be Allow or Deny`},
		{"lower-case effect", IdentityPolicy, func(s *Statement) { s.Effect = "allow" },
			`statement "Read": effect "allow" must be Allow or Deny`},

		{"no action", IdentityPolicy, func(s *Statement) { s.Actions = nil },
			`statement "Read": Actions or NotActions is required`},
		{"both actions", IdentityPolicy, func(s *Statement) { s.Effect, s.NotActions = Deny, []string{"s3:PutObject"} },
			`statement "Read": Actions and NotActions exclude each other`},
		{"not-actions in an Allow", IdentityPolicy, func(s *Statement) { s.NotActions, s.Actions = s.Actions, nil },
			`statement "Read": NotActions in an Allow grants all but what it lists, future actions included: use ` +
				`Actions`},
		{"empty action", IdentityPolicy, func(s *Statement) { s.Actions = []string{""} },
			`statement "Read": action "" must have the form service:Name, such as s3:GetObject`},
		{"action without service", IdentityPolicy, func(s *Statement) { s.Actions = []string{"GetObject"} },
			`statement "Read": action "GetObject" must have the form service:Name, such as s3:GetObject`},
		{"action with a wildcard service", IdentityPolicy, func(s *Statement) { s.Actions = []string{"*:GetObject"} },
			`statement "Read": action "*:GetObject" must have the form service:Name, such as s3:GetObject`},
		{"action that is an expression", IdentityPolicy, func(s *Statement) { s.Actions = []string{"${var.action}"} },
			`statement "Read": action "${var.action}" must have the form service:Name, such as s3:GetObject`},
		{"every action", IdentityPolicy, func(s *Statement) { s.Actions = []string{"*"} },
			`statement "Read": action "*" is too broad for an Allow: at least 3 literal characters of its name must ` +
				`precede a wildcard`},
		{"whole service", IdentityPolicy, func(s *Statement) { s.Actions = []string{"s3:*"} },
			`statement "Read": action "s3:*" is too broad for an Allow: at least 3 literal characters of its name ` +
				`must precede a wildcard`},
		{"every action through an endpoint", EndpointPolicy, func(s *Statement) { s.Actions = []string{"*"} },
			`statement "Own": action "*" is too broad for an Allow: at least 3 literal characters of its name must ` +
				`precede a wildcard`},
		{"every bucket for everyone through an endpoint", EndpointPolicy, func(s *Statement) { s.Conditions = nil },
			`statement "Own": principal "*" in an Allow needs a condition that names callers or networks, with a ` +
				`value that is not all wildcard: one of ` +
				strings.Join(slices.Concat(callerKeys, ownerKeys), ", ")},
		{"one of the buckets is every bucket", EndpointPolicy, func(s *Statement) {
			s.Conditions, s.Resources = nil, []string{"arn:aws:s3:::packages/*", "arn:aws:s3:::*"}
		}, `statement "Own": principal "*" in an Allow needs a condition that names callers or networks, with a ` +
			`value that is not all wildcard: one of ` +
			strings.Join(slices.Concat(callerKeys, ownerKeys), ", ")},
		{"short literal prefix", IdentityPolicy, func(s *Statement) { s.Actions = []string{"s3:Pu?Object"} },
			`statement "Read": action "s3:Pu?Object" is too broad for an Allow: at least 3 literal characters of ` +
				`its name must precede a wildcard`},
		{"foreign action in a key policy", KeyPolicy, func(s *Statement) { s.Actions = []string{"s3:GetObject"} },
			`statement "Encrypt": action "s3:GetObject" has no effect in a key policy: only kms actions do`},
		{"foreign action in a trust policy", TrustPolicy, func(s *Statement) { s.Actions = []string{"iam:PassRole"} },
			`statement "Assume": action "iam:PassRole" has no effect in a trust policy: only sts actions do`},

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
				`*" may not hold a wildcard: name the principal, or compare aws:PrincipalArn in a condition`},
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

		{"malformed condition key", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{StringEquals("SourceArn", "x")} },
			`statement "Read": condition key "SourceArn" must have the form prefix:name, such as aws:SourceArn`},
		{"misspelled operator", IdentityPolicy, func(s *Statement) {
			s.Conditions = []Condition{{"ForAnyValue:StringEqual", "aws:TagKeys", []string{"x"}}}
		},
			`statement "Read": condition operator "ForAnyValue:StringEqual" on "aws:TagKeys" is unknown, did you ` +
				`mean ForAnyValue:StringEquals?`},
		{"operator in the wrong case", IdentityPolicy, func(s *Statement) {
			s.Conditions = []Condition{{"IPAddressIfExists", "aws:SourceIp", []string{"10.0.0.0/8"}}}
		},
			`statement "Read": condition operator "IPAddressIfExists" on "aws:SourceIp" is unknown, did you mean ` +
				`IpAddressIfExists?`},
		{"null that may not exist", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{IfExists(Null("aws:SourceVpc", true))} },
			`statement "Read": condition operator "NullIfExists" on "aws:SourceVpc" is unknown, did you mean Null?`},
		{"operator like no other", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{{"Matches", "aws:SourceVpc", []string{"x"}}} },
			`statement "Read": condition operator "Matches" on "aws:SourceVpc" is unknown`},
		{"no value", IdentityPolicy, func(s *Statement) { s.Conditions = []Condition{StringEquals("aws:SourceVpc")} },
			`statement "Read": condition StringEquals on "aws:SourceVpc" has no value: at least one is required`},
		{"empty value", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{StringEquals("aws:SourceVpc", "")} },
			`statement "Read": condition StringEquals on "aws:SourceVpc" has an empty value: use Null to ask ` +
				`whether the key is there`},
		{"wildcard that is none", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{StringNotEquals("aws:SourceVpc", "vpc-*")} },
			`statement "Read": condition StringNotEquals on "aws:SourceVpc" compares "vpc-*" literally: use the ` +
				`Like operator, or $${*} for a plain *`},
		{"no number", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{NumericLessThan("s3:TlsVersion", "TLS1.2")} },
			`statement "Read": condition NumericLessThan on "s3:TlsVersion" has value "TLS1.2": it must be a number`},
		{"no boolean", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{{"Bool", "aws:SecureTransport", []string{"yes"}}} },
			`statement "Read": condition Bool on "aws:SecureTransport" has value "yes": it must be true or false`},
		{"no date", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{{"DateLessThan", "aws:CurrentTime", []string{"1 May"}}} },
			`statement "Read": condition DateLessThan on "aws:CurrentTime" has value "1 May": it must be an ISO ` +
				`8601 date or seconds since 1970`},
		{"no range", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{IPAddress("aws:SourceIp", "10.0.0.0/33")} },
			`statement "Read": condition IpAddress on "aws:SourceIp" has value "10.0.0.0/33": it must be an IP ` +
				`address or CIDR range`},
		{"no ARN", IdentityPolicy, func(s *Statement) { s.Conditions = []Condition{ArnLike("aws:PrincipalArn", "*")} },
			`statement "Read": condition ArnLike on "aws:PrincipalArn" has value "*": it must be an ARN of six ` +
				`colon-separated parts`},
		{"no base64", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{{"BinaryEquals", "a:b", []string{"*"}}} },
			`statement "Read": condition BinaryEquals on "a:b" has value "*": it must be base64`},
		{"condition given twice", IdentityPolicy, func(s *Statement) {
			s.Conditions = []Condition{StringEquals("aws:SourceVpc", "vpc-1"), StringEquals("AWS:sourcevpc", "vpc-2")}
		}, `statement "Read": condition StringEquals on "AWS:sourcevpc" is given twice: put all values in one`},

		{"describe under an encryption context", KeyPolicy, func(s *Statement) {
			s.Actions = []string{"kms:Describe*", "kms:Decrypt"}
			s.Conditions = []Condition{ArnLike("kms:EncryptionContext:aws:logs:arn",
				"arn:aws:logs:eu-west-1:111122223333:log-group:/app")}
		}, `statement "Encrypt": action "kms:Describe*" covers kms:DescribeKey, which never carries ` +
			`kms:EncryptionContext:aws:logs:arn: split the statement`},
		{"describe under a demanded context", KeyPolicy, func(s *Statement) {
			s.Actions = []string{"kms:DescribeKey"}
			s.Conditions = append(s.Conditions, Null("kms:EncryptionContext:aws:cloudtrail:arn", false))
		}, `statement "Encrypt": action "kms:DescribeKey" covers kms:DescribeKey, which never carries ` +
			`kms:EncryptionContext:aws:cloudtrail:arn: split the statement`},
		{"grant flag beside other actions", IdentityPolicy, func(s *Statement) {
			s.Actions = []string{"kms:CreateGrant", "kms:Decrypt"}
			s.Resources = []string{"arn:aws:kms:eu-west-1:111122223333:key/1"}
			s.Conditions = []Condition{Bool("kms:GrantIsForAWSResource", true)}
		}, `statement "Read": action "kms:Decrypt" never carries kms:GrantIsForAWSResource: beside it only ` +
			`kms:CreateGrant, kms:ListGrants, kms:RevokeGrant do; split the statement`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sound(tt.kind)
			tt.spoil(&s)
			require.EqualError(t, Check(tt.kind, s), tt.want)

			_, err := Render(tt.kind, s)
			assert.EqualError(t, err, tt.want, "Render refuses what Check refuses")
		})
	}
}

func TestCheckSeesThroughGuardsThatGuardNothing(t *testing.T) {
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
			assert.ErrorContains(t, Check(BucketPolicy, s), "needs a confused-deputy condition")
			s.Principal = Everyone()
			assert.ErrorContains(t, Check(BucketPolicy, s), "needs a condition that names callers or networks")
		})
	}
}

func TestCheckReportsEveryFaultAtOnce(t *testing.T) {
	first, second := sound(IdentityPolicy), sound(IdentityPolicy)
	first.Actions = []string{"*", "s3"}
	second.Effect = "Permit"
	assert.EqualError(t, Check(IdentityPolicy, first, second), strings.Join([]string{
		`statement "Read": action "*" is too broad for an Allow: at least 3 literal characters of its name must ` +
			`precede a wildcard`,
		`statement "Read": action "s3" must have the form service:Name, such as s3:GetObject`,
		`statement "Read": sid is taken by statement 1: a sid is unique in its document`,
		`statement "Read": effect "Permit" must be Allow or Deny`,
	}, "\n"))
}

func TestCheckNamesStatementsWithoutSidByPosition(t *testing.T) {
	s := sound(IdentityPolicy)
	s.Sid = ""
	assert.EqualError(t, Check(IdentityPolicy, s, s), strings.Join([]string{
		`statement 1: sid is required: letters A-Z, a-z and digits 0-9`,
		`statement 2: sid is required: letters A-Z, a-z and digits 0-9`,
	}, "\n"))
}

func TestCheckRefusesAnEmptyPolicyAndAnUnknownKind(t *testing.T) {
	assert.EqualError(t, Check(KeyPolicy), "key policy has no statement: at least one is required")
	assert.EqualError(t, Check(0, sound(IdentityPolicy)),
		"policy kind 0 is unknown: name one of the kinds, such as IdentityPolicy")
}
