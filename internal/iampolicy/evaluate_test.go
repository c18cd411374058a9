package iampolicy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	account = "111122223333"
	foreign = "444455556666"
	bucket  = "arn:aws:s3:::data"
	rootARN = "arn:aws:iam::111122223333:root"
	userARN = "arn:aws:iam::111122223333:user/staff/ann"
)

func parsed(t testing.TB, document string) Document {
	t.Helper()
	doc, err := Parse(document)
	require.NoError(t, err)
	return doc
}

// rule is the JSON of a policy with one statement about reading the bucket.
func rule(effect Effect, principal string) string {
	if principal != "" {
		principal = `"Principal":` + principal + `,`
	}
	return `{"Version":"2012-10-17","Statement":{"Effect":"` + string(effect) + `",` + principal +
		`"Action":"s3:Get*","Resource":"` + bucket + `/*"}}`
}

func TestEvaluateMatchesActionsAndResources(t *testing.T) {
	tests := []struct {
		name, element    string
		action, resource string
		want             Decision
	}{
		{"same", `"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/a"`, "s3:GetObject", "arn:aws:s3:::data/a",
			Allowed},
		{"action in another case", `"Action":"S3:getobject","Resource":"*"`, "s3:GetObject", "arn:aws:s3:::data/a",
			Allowed},
		{"action wildcard", `"Action":"s3:Get*Acl","Resource":"*"`, "s3:GetObjectAcl", "arn:aws:s3:::data/a", Allowed},
		{"question mark", `"Action":"s3:GetObject?cl","Resource":"*"`, "s3:GetObjectAcl", "arn:aws:s3:::data/a",
			Allowed},
		{"another service", `"Action":"s3:*","Resource":"*"`, "sns:Publish", "*", ImplicitDeny},
		{"longer action", `"Action":"s3:GetObject","Resource":"*"`, "s3:GetObjectAcl", "arn:aws:s3:::data/a",
			ImplicitDeny},
		{"not-action", `"NotAction":"iam:*","Resource":"*"`, "s3:GetObject", "*", Allowed},
		{"not-action excludes", `"NotAction":["s3:*","iam:*"],"Resource":"*"`, "s3:GetObject", "*", ImplicitDeny},
		{"resource in another case", `"Action":"s3:GetObject","Resource":"arn:aws:s3:::DATA/a"`, "s3:GetObject",
			"arn:aws:s3:::data/a", ImplicitDeny},
		{"resource wildcard", `"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/?/*"`, "s3:GetObject",
			"arn:aws:s3:::data/a/b/c", Allowed},
		{"bucket is not its objects", `"Action":"s3:*","Resource":"arn:aws:s3:::data/*"`, "s3:ListBucket",
			"arn:aws:s3:::data", ImplicitDeny},
		{"not-resource", `"Action":"s3:*","NotResource":"arn:aws:s3:::logs/*"`, "s3:GetObject", "arn:aws:s3:::data/a",
			Allowed},
		{"not-resource excludes", `"Action":"s3:*","NotResource":["arn:aws:s3:::data/*"]`, "s3:GetObject",
			"arn:aws:s3:::data/a", ImplicitDeny},
		{"no resource form", `"Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::*"`, "s3:ListAllMyBuckets", "*",
			ImplicitDeny},
		{"no resource element", `"Action":"sts:AssumeRole"`, "sts:AssumeRole", "arn:aws:iam::111122223333:role/Writer",
			Allowed},
		{"variable", `"Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/*"`, "s3:GetObject",
			"arn:aws:s3:::home/ann/x", Allowed},
		{"variable of another", `"Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/*"`, "s3:GetObject",
			"arn:aws:s3:::home/bob/x", ImplicitDeny},
		{"variable without value", `"Action":"s3:*","Resource":"arn:aws:s3:::${aws:userid}*"`, "s3:GetObject",
			"arn:aws:s3:::x", ImplicitDeny},
		{"not-resource variable without value", `"Action":"s3:*","NotResource":"${aws:userid}*"`, "s3:GetObject",
			"arn:aws:s3:::x", Allowed},
		{"default value", `"Action":"s3:*","Resource":"arn:aws:s3:::${aws:PrincipalTag/team, 'all'}"`, "s3:GetObject",
			"arn:aws:s3:::all", Allowed},
		{"literal star", `"Action":"s3:*","Resource":"arn:aws:s3:::data/${*}"`, "s3:GetObject", "arn:aws:s3:::data/a",
			ImplicitDeny},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := parsed(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+tt.element+`}]}`)
			assert.Equal(t, tt.want,
				doc.Evaluate(Request{Caller: User(userARN), Action: tt.action, Resource: tt.resource}))
		})
	}
}

func TestEvaluateReachesPrincipals(t *testing.T) {
	session := AssumedRole(roleARN, "job")
	github := Federated("arn:aws:iam::111122223333:oidc-provider/ci.example.com")
	tests := []struct {
		name, principal string
		caller          Caller
		allow, deny     Decision
	}{
		{"everyone", `"*"`, Role(roleARN), Allowed, ExplicitDeny},
		{"everyone, map form", `{"AWS":"*"}`, Anonymous(), Allowed, ExplicitDeny},
		{"everyone includes services", `"*"`, Service("logs.amazonaws.com"), Allowed, ExplicitDeny},
		{"role", `{"AWS":"` + roleARN + `"}`, Role(roleARN), Allowed, ExplicitDeny},
		{"session acts for its role", `{"AWS":"` + roleARN + `"}`, session, Allowed, ExplicitDeny},
		{"session by name", `{"AWS":"arn:aws:sts::111122223333:assumed-role/Writer/job"}`, session, Allowed,
			ExplicitDeny},
		{"other session", `{"AWS":"arn:aws:sts::111122223333:assumed-role/Writer/other"}`, session, ImplicitDeny,
			ImplicitDeny},
		{"role without a session name", `{"AWS":"arn:aws:sts::111122223333:assumed-role/Writer/job"}`, Role(roleARN),
			ImplicitDeny, ImplicitDeny},
		{"other role", `{"AWS":"` + roleARN + `2"}`, Role(roleARN), ImplicitDeny, ImplicitDeny},
		{"user", `{"AWS":["` + roleARN + `","` + userARN + `"]}`, User(userARN), Allowed, ExplicitDeny},
		{"account id delegates", `{"AWS":"111122223333"}`, Role(roleARN), Delegated, ExplicitDeny},
		{"account root delegates", `{"AWS":"arn:aws:iam::111122223333:root"}`, User(userARN), Delegated, ExplicitDeny},
		{"account and role", `{"AWS":["111122223333","` + roleARN + `"]}`, Role(roleARN), Allowed, ExplicitDeny},
		{"root user itself", `{"AWS":"111122223333"}`, Root(rootARN), Allowed, ExplicitDeny},
		{"root user by ARN", `{"AWS":"arn:aws-cn:iam::111122223333:root"}`, Root("arn:aws-cn:iam::111122223333:root"),
			Allowed, ExplicitDeny},
		{"other account", `{"AWS":"444455556666"}`, Role(roleARN), ImplicitDeny, ImplicitDeny},
		{"account is not its services", `{"AWS":"111122223333"}`, Service("logs.amazonaws.com"), ImplicitDeny,
			ImplicitDeny},
		{"service", `{"Service":"logs.amazonaws.com"}`, Service("logs.amazonaws.com"), Allowed, ExplicitDeny},
		{"regional service is another", `{"Service":"logs.amazonaws.com"}`, Service("logs.eu-west-1.amazonaws.com"),
			ImplicitDeny, ImplicitDeny},
		{"role is no service", `{"Service":"logs.amazonaws.com"}`, Role(roleARN), ImplicitDeny, ImplicitDeny},
		{"provider", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/ci.example.com"}`, github, Allowed,
			ExplicitDeny},
		{"other provider", `{"Federated":"accounts.google.com"}`, github, ImplicitDeny, ImplicitDeny},
		{"anonymous is nobody", `{"AWS":"111122223333"}`, Anonymous(), ImplicitDeny, ImplicitDeny},
		{"caller without account", `{"AWS":"arn:aws:iam:::root"}`, Role("no ARN"), ImplicitDeny, ImplicitDeny},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Request{Caller: tt.caller, Action: "s3:GetObject", Resource: bucket + "/key"}
			assert.Equal(t, tt.allow.String(), parsed(t, rule(Allow, tt.principal)).Evaluate(r).String(), "allow")
			assert.Equal(t, tt.deny.String(), parsed(t, rule(Deny, tt.principal)).Evaluate(r).String(), "deny")
		})
	}
}

func TestEvaluateKeepsTheStrongestAnswer(t *testing.T) {
	statement := func(effect Effect, principal Principal) Statement {
		return Statement{Effect: effect, Principal: principal, Actions: []string{"*"}, Resources: []string{"*"}}
	}
	delegate := statement(Allow, Principal{AWS: []string{account}})
	allow := statement(Allow, Everyone())
	deny := statement(Deny, Everyone())
	r := Request{Caller: Role(roleARN), Action: "s3:GetObject", Resource: "*"}

	assert.Equal(t, ImplicitDeny, Document{}.Evaluate(r))
	assert.Equal(t, Allowed, Document{[]Statement{delegate, allow}}.Evaluate(r))
	assert.Equal(t, Allowed, Document{[]Statement{allow, delegate}}.Evaluate(r))
	assert.Equal(t, ExplicitDeny, Document{[]Statement{allow, deny}}.Evaluate(r))
	assert.Equal(t, ExplicitDeny, Document{[]Statement{deny, allow}}.Evaluate(r))
	assert.Equal(t, "decision 9", Decision(9).String())
}

func TestCallerBringsItsContext(t *testing.T) {
	const service = "cloudtrail.amazonaws.com"
	tests := []struct {
		name   string
		caller Caller
		want   map[string][]string
	}{
		{"session", AssumedRole(roleARN, "job"), map[string][]string{"aws:principalarn": {roleARN},
			"aws:principalaccount": {account}, "kms:calleraccount": {account},
			"aws:principaltype": {"AssumedRole"}, "aws:principalisawsservice": {"false"},
			"aws:multifactorauthpresent": {"false"}}},
		{"user", User(userARN), map[string][]string{"aws:principalarn": {userARN}, "aws:username": {"ann"},
			"aws:principalaccount": {account}, "kms:calleraccount": {account},
			"aws:principaltype": {"User"}, "aws:principalisawsservice": {"false"}}},
		{"root", Root(rootARN), map[string][]string{"aws:principalarn": {"arn:aws:iam::111122223333:root"},
			"aws:principalaccount": {account}, "kms:calleraccount": {account},
			"aws:principaltype": {"Account"}, "aws:principalisawsservice": {"false"}}},
		{"service", Service(service), map[string][]string{
			"aws:principalservicename": {service}, "aws:principalisawsservice": {"true"}}},
		{"anonymous", Anonymous(), map[string][]string{"aws:principaltype": {"Anonymous"}}},
		{"provider", Federated("accounts.google.com"), map[string][]string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, requestContext(tt.want), newContext(Request{Caller: tt.caller}))
		})
	}

	own := newContext(Request{Caller: Role(roleARN), Context: map[string][]string{"AWS:principalARN": {"x"}}})
	assert.Equal(t, []string{"x"}, own["aws:principalarn"], "the request's own value wins")
	claimed := newContext(Request{Caller: Role(roleARN), Context: map[string][]string{mfaPresent: {"true"}}})
	assert.Equal(t, []string{"false"}, claimed["aws:multifactorauthpresent"], "a role never has MFA")
}

func BenchmarkEvaluate(b *testing.B) {
	text, err := Render(KeyPolicy, everyMember()...)
	require.NoError(b, err)
	doc := parsed(b, text)
	r := Request{Caller: Role("arn:aws:iam::111122223333:role/B"), Action: "kms:Decrypt",
		Resource: "arn:aws:kms:eu-west-1:111122223333:key/k",
		Context: map[string][]string{"kms:ViaService": {"s3.eu-west-1.amazonaws.com"},
			"aws:SecureTransport": {"true"}}}
	for b.Loop() {
		doc.Evaluate(r)
	}
}
