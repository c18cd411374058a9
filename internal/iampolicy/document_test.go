package iampolicy

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseReadsTheFormsThatAWSAccepts(t *testing.T) {
	doc, err := Parse(`{
		"Version": "2012-10-17", "Id": "access",
		"Statement": [
			{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
			{"Sid": "Two", "Effect": "Deny",
			 "Principal": {"AWS": ["111122223333"], "Service": "a.amazonaws.com", "Federated": "accounts.google.com"},
			 "NotAction": ["s3:Get*", "s3:List*"], "NotResource": ["a", "b"],
			 "Condition": {"Bool": {"aws:SecureTransport": false}, "NumericLessThan": {"s3:TlsVersion": [1.2, "1.3"]}}}
		]}`)
	require.NoError(t, err)
	assert.Equal(t, []Statement{
		{Effect: Allow, Principal: Everyone(), Actions: []string{"s3:GetObject"}, Resources: []string{"*"}},
		{Sid: "Two", Effect: Deny,
			Principal: Principal{AWS: []string{"111122223333"}, Service: []string{"a.amazonaws.com"},
				Federated: []string{"accounts.google.com"}},
			NotActions: []string{"s3:Get*", "s3:List*"}, NotResources: []string{"a", "b"},
			Conditions: []Condition{
				{"Bool", "aws:SecureTransport", []string{"false"}},
				{"NumericLessThan", "s3:TlsVersion", []string{"1.2", "1.3"}},
			}},
	}, doc.Statements)

	doc, err = Parse(`{"Statement":{"Action":"sts:AssumeRole","Effect":"Allow"},"Version":"2012-10-17"}`)
	require.NoError(t, err)
	assert.Equal(t, []Statement{{Effect: Allow, Actions: []string{"sts:AssumeRole"}}}, doc.Statements)
}

func TestParseRefuses(t *testing.T) {
	// Most cases put one member into a statement that is sound but for it.
	in := func(member string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*",` + member + `}]}`
	}
	tests := []struct {
		name, document, want string
	}{
		{"nothing", ``, "unexpected EOF"},
		{"no JSON", `{"Version" "2012-10-17"}`, "invalid character '\"' after object key"},
		{"number for a name", `{1:2}`, "invalid character '1'"},
		{"cut short", `{"Version":`, "unexpected EOF"},
		{"more than one document", `{} {}`, "text follows the end of the document"},
		{"invalid UTF-8", "{\"\xff\":1}", "text is not valid UTF-8"},
		{"too deep", strings.Repeat("[", 9) + strings.Repeat("]", 9), "nested deeper than 8 levels"},
		{"repeated member", in(`"Action":"s3:Get*","Action":"s3:Put*"`), `member "Action" is a duplicate`},
		{"repeated condition key", in(`"Action":"s3:Get*","Condition":{"Bool":{"a:b":"true","a:b":"false"}}`),
			`member "a:b" is a duplicate`},

		{"no object", `[]`, "document: must be an object, is a list"},
		{"no version", `{"Statement":{"Effect":"Allow","Action":"s3:Get*"}}`, `Version: "" must be "2012-10-17"`},
		{"old version", `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*"}}`,
			`Version: "2008-10-17" must be "2012-10-17"`},
		{"version of another type", `{"Version":20121017,"Statement":{"Effect":"Allow","Action":"s3:Get*"}}`,
			"Version: must be text, is a number\nVersion: \"\" must be \"2012-10-17\""},
		{"no statement", `{"Version":"2012-10-17"}`, "Statement: is required"},
		{"empty statement list", `{"Version":"2012-10-17","Statement":[]}`,
			"Statement: is empty: at least one is required"},
		{"statement of another type", `{"Version":"2012-10-17","Statement":[null]}`,
			"Statement[0]: must be an object, is null"},
		{"unknown document member",
			`{"Version":"2012-10-17","Statements":[],"Statement":{"Effect":"Deny","Action":"*"}}`,
			"Statements: is unknown: a document has Version, Id and Statement"},

		{"unknown statement member", in(`"Action":"s3:Get*","Actions":"s3:Get*"`), "Statement[0].Actions: is unknown"},
		{"member in lower case", in(`"action":"s3:Get*"`),
			"Statement[0].action: is unknown\nStatement[0]: exactly one of Action and NotAction is required"},
		{"member full of verbs", in(`"Action":"s3:Get*","%d%s":1`), "Statement[0].%d%s: is unknown"},
		{"bad effect", `{"Version":"2012-10-17","Statement":{"Effect":"allow","Action":"s3:Get*"}}`,
			`Statement[0].Effect: "allow" must be Allow or Deny`},
		{"both actions", in(`"Action":"s3:Get*","NotAction":"s3:Put*"`),
			"Statement[0]: exactly one of Action and NotAction is required"},
		{"both resources", in(`"Action":"s3:Get*","NotResource":"*"`),
			"Statement[0]: Resource and NotResource exclude each other"},
		{"empty action list", in(`"Action":[]`), "Statement[0].Action: is empty: at least one value is required"},
		{"empty action", in(`"Action":["s3:Get*",""]`),
			"Statement[0].Action: value 2 must be text that is not empty, is empty text"},
		{"number for an action", in(`"Action":1`),
			"Statement[0].Action: value 1 must be text that is not empty, is a number"},
		{"object for an action", in(`"Action":{"a":true}`),
			"Statement[0].Action: value 1 must be text that is not empty, is an object"},

		{"not-principal", in(`"Action":"s3:Get*","NotPrincipal":"*"`),
			"Statement[0].NotPrincipal: is not supported: AWS advises against it, use a Deny with a condition on " +
				"aws:PrincipalArn"},
		{"principal as text", in(`"Action":"s3:Get*","Principal":"111122223333"`),
			`Statement[0].Principal: must be "*" or an object with AWS, Service or Federated`},
		{"empty principal", in(`"Action":"s3:Get*","Principal":{}`),
			`Statement[0].Principal: must be "*" or an object with AWS, Service or Federated`},
		{"canonical user", in(`"Action":"s3:Get*","Principal":{"CanonicalUser":"79a5"}`),
			"Statement[0].Principal.CanonicalUser: is not supported: a principal has AWS, Service or Federated"},

		{"condition as text", in(`"Action":"s3:Get*","Condition":"x"`),
			"Statement[0].Condition: must be an object of operators, is text"},
		{"unknown operator", in(`"Action":"s3:Get*","Condition":{"StringEqual":{"a:b":"c"}}`),
			"Statement[0].Condition.StringEqual: is not a condition operator"},
		{"operator without keys", in(`"Action":"s3:Get*","Condition":{"Bool":true}`),
			"Statement[0].Condition.Bool: must be an object of condition keys, is a boolean"},
		{"null for a value", in(`"Action":"s3:Get*","Condition":{"Bool":{"a:b":null}}`),
			"Statement[0].Condition.Bool.a:b: value 1 must be text, a number or a boolean, is null"},
		{"no values", in(`"Action":"s3:Get*","Condition":{"Bool":{"a:b":[]}}`),
			"Statement[0].Condition.Bool.a:b: is empty: at least one value is required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.document)
			assert.EqualError(t, err, "policy document: "+tt.want)
		})
	}
}
