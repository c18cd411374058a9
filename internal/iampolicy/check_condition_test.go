package iampolicy

import (
	"testing"
)

func TestRenderRefusesConditions(t *testing.T) {
	assertRefused(t, []refusal{
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
			`statement "Read": condition NumericLessThan on "s3:TlsVersion" has value "TLS1.2": must be a number`},
		{"no boolean", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{{"Bool", "aws:SecureTransport", []string{"yes"}}} },
			`statement "Read": condition Bool on "aws:SecureTransport" has value "yes": must be true or false`},
		{"no date", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{{"DateLessThan", "aws:CurrentTime", []string{"1 May"}}} },
			`statement "Read": condition DateLessThan on "aws:CurrentTime" has value "1 May": must be an ISO ` +
				`8601 date or seconds since 1970`},
		{"no range", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{IPAddress("aws:SourceIp", "10.0.0.0/33")} },
			`statement "Read": condition IpAddress on "aws:SourceIp" has value "10.0.0.0/33": must be an IP ` +
				`address or CIDR range`},
		{"no ARN", IdentityPolicy, func(s *Statement) { s.Conditions = []Condition{ArnLike("aws:PrincipalArn", "*")} },
			`statement "Read": condition ArnLike on "aws:PrincipalArn" has value "*": must be an ARN of six ` +
				`colon-separated parts`},
		{"no base64", IdentityPolicy,
			func(s *Statement) { s.Conditions = []Condition{{"BinaryEquals", "a:b", []string{"*"}}} },
			`statement "Read": condition BinaryEquals on "a:b" has value "*": must be base64`},
		{"duplicate condition", IdentityPolicy, func(s *Statement) {
			s.Conditions = []Condition{StringEquals("aws:SourceVpc", "vpc-1"), StringEquals("AWS:sourcevpc", "vpc-2")}
		}, `statement "Read": condition StringEquals on "AWS:sourcevpc" is a duplicate: put all values in one`},

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
	})
}
