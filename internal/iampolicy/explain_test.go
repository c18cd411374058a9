package iampolicy

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// explained is a policy whose statements miss the request below by one thing each.
const explainedPolicy = `{"Version":"2012-10-17","Statement":[
	{"Sid":"Hit","Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"*"},
	{"Sid":"Who","Effect":"Allow","Principal":{"Service":"logs.amazonaws.com"},"Action":"s3:*","Resource":"*"},
	{"Sid":"What","Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"},
	{"Sid":"Where","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::other/*"},
	{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{
		"StringEquals":{"aws:RequestedRegion":"us-east-1"},"Bool":{"aws:SecureTransport":"true"},
		"Null":{"aws:SourceVpce":"false"}}},
	{"Sid":"Far","Effect":"Allow","Principal":{"AWS":"` + foreign + `"},"Action":"s3:PutObject","Resource":"*"},
	{"Sid":"Account","Effect":"Allow","Principal":{"AWS":"` + account + `"},"Action":"s3:*","Resource":"*"}]}`

func TestExplain(t *testing.T) {
	r := Request{Caller: Role(roleARN), Action: "s3:GetObject", Resource: bucket + "/key",
		Context: map[string][]string{"aws:SecureTransport": {"true"}, "AWS:RequestedRegion": {"eu-central-1"}}}
	e := parsed(t, explainedPolicy).Explain(r)
	assert.Equal(t, Allowed, e.Decision)

	mismatches := map[int][]Mismatch{}
	near := map[int]bool{}
	for _, s := range e.Statements {
		mismatches[s.Number], near[s.Number] = s.Mismatches, s.IsNear()
	}
	assert.Equal(t, map[int][]Mismatch{
		1: nil,
		2: {{Element: PrincipalElement, Asked: []string{roleARN}}},
		3: {{Element: ActionElement, Asked: []string{"s3:GetObject"}}},
		4: {{Element: ResourceElement, Asked: []string{bucket + "/key"}}},
		5: {{ConditionElement, StringEquals("aws:RequestedRegion", "us-east-1"), []string{"eu-central-1"}},
			{ConditionElement, Null("aws:SourceVpce", false), nil}},
		6: {{Element: PrincipalElement, Asked: []string{roleARN}},
			{Element: ActionElement, Asked: []string{"s3:GetObject"}}},
		7: nil,
	}, mismatches)
	assert.Equal(t, map[int]bool{1: false, 2: true, 3: true, 4: true, 5: true, 6: false, 7: false}, near)

	assert.Len(t, e.Applied(Allow), 2)
	assert.Empty(t, e.Applied(Deny))
	assert.Len(t, e.Near(Allow), 3)
	assert.Len(t, e.Near(Deny), 1)
	assert.False(t, e.Statements[0].Delegates())
	assert.True(t, e.Statements[6].Delegates())
}

func TestExplainTellsWhatLacks(t *testing.T) {
	allow, deny := parsed(t, rule(Allow, "")), parsed(t, rule(Deny, ""))
	named, silent := parsed(t, rule(Allow, `{"AWS":"`+roleARN+`"}`)), parsed(t, rule(Allow, `{"AWS":"`+foreign+`"}`))
	delegate := parsed(t, rule(Allow, `{"AWS":"`+account+`"}`))
	everyone := parsed(t, rule(Allow, `"*"`))
	none := Document{}
	identity := []Document{none, allow}
	tests := []struct {
		name     string
		caller   Caller
		policies Policies
		want     Decision
		ways     [][]Side
	}{
		{"nothing", Role(roleARN), Policies{}, ImplicitDeny, [][]Side{{IdentitySide}, {NamingSide}}},
		{"allowed", Role(roleARN), Policies{Identity: identity}, Allowed, nil},
		{"denied", Role(roleARN), Policies{Identity: []Document{deny}, Resource: &named}, ExplicitDeny, nil},
		{"boundary", Role(roleARN), Policies{Identity: identity, Boundary: &none}, ImplicitDeny,
			[][]Side{{BoundarySide}, {BoundarySide, NamingSide}}},
		{"boundary beside a grant to the role", Role(roleARN), Policies{Boundary: &none, Resource: &named},
			ImplicitDeny, [][]Side{{IdentitySide, BoundarySide}, {BoundarySide}}},
		{"key", Role(roleARN), Policies{Identity: identity, Resource: &silent, ResourceKind: KeyPolicy}, ImplicitDeny,
			[][]Side{{NamingSide}, {ResourceSide}}},
		{"key delegates", Role(roleARN), Policies{Resource: &delegate, ResourceKind: KeyPolicy}, ImplicitDeny,
			[][]Side{{NamingSide}, {IdentitySide}}},
		{"another account", Role(roleARN), Policies{Identity: identity, ResourceAccount: foreign}, ImplicitDeny,
			[][]Side{{ResourceSide}}},
		{"service", Service("logs.amazonaws.com"), Policies{Resource: &silent}, ImplicitDeny,
			[][]Side{{NamingSide}}},
		{"endpoint", Role(roleARN), Policies{Identity: identity, Endpoint: &none}, ImplicitDeny,
			[][]Side{{EndpointSide}, {NamingSide, EndpointSide}}},
		{"endpoint allows", Role(roleARN), Policies{Identity: identity, Endpoint: &everyone}, Allowed, nil},
		{"endpoint grants nothing", Role(roleARN), Policies{Endpoint: &everyone}, ImplicitDeny,
			[][]Side{{IdentitySide}, {NamingSide}}},
		{"endpoint denies", Role(roleARN), Policies{Identity: identity, Endpoint: &deny}, ExplicitDeny, nil},
		{"endpoint that names the account means its root", Role(roleARN),
			Policies{Identity: identity, Endpoint: &delegate}, ImplicitDeny,
			[][]Side{{EndpointSide}, {NamingSide, EndpointSide}}},
		{"endpoint that names the account, and its root", Root(rootARN), Policies{Endpoint: &delegate}, Allowed, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Request{Caller: tt.caller, Action: "s3:GetObject", Resource: bucket + "/key"}
			a := Explain(r, tt.policies)
			assert.Equal(t, tt.want.String(), a.Decision.String())
			assert.Equal(t, tt.ways, a.Ways)
			assert.Equal(t, tt.policies.Endpoint == nil, a.Endpoint == nil)
		})
	}
	a := Explain(Request{Caller: Root(rootARN)}, Policies{Identity: identity, Boundary: &deny})
	assert.Empty(t, a.Identity, "root has no identity policies")
	assert.Nil(t, a.Boundary)
}

func TestCallerTellsWhoItIs(t *testing.T) {
	for want, caller := range map[string]Caller{
		roleARN: Role(roleARN), "anonymous": Anonymous(), "logs.amazonaws.com": Service("logs.amazonaws.com"),
		"arn:aws:sts::111122223333:assumed-role/Writer/job": AssumedRole(roleARN, "job"),
	} {
		assert.Equal(t, want, caller.String())
	}
}
