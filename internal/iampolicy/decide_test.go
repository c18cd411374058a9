package iampolicy

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDecide(t *testing.T) {
	doc := func(effect Effect, principal string) *Document {
		d := parsed(t, rule(effect, principal))
		return &d
	}
	var (
		allow = doc(Allow, "")
		deny  = doc(Deny, "")
		other = &Document{Statements: []Statement{{Effect: Allow, Actions: []string{"ec2:*"},
			Resources: []string{"*"}}}}
		everyone = doc(Allow, `"*"`)
		role     = doc(Allow, `{"AWS":"`+roleARN+`"}`)
		session  = doc(Allow, `{"AWS":"arn:aws:sts::111122223333:assumed-role/Writer/job"}`)
		user     = doc(Allow, `{"AWS":"`+userARN+`"}`)
		delegate = doc(Allow, `{"AWS":"111122223333"}`)
		service  = doc(Allow, `{"Service":"logs.amazonaws.com"}`)
		provider = doc(Allow, `{"Federated":"accounts.google.com"}`)
		refusal  = doc(Deny, `"*"`)
	)
	identity := func(documents ...*Document) Policies {
		var p Policies
		for _, d := range documents {
			p.Identity = append(p.Identity, *d)
		}
		return p
	}
	with := func(p Policies, change func(*Policies)) Policies { change(&p); return p }
	resource := func(d *Document) func(*Policies) { return func(p *Policies) { p.Resource = d } }
	boundary := func(d *Document) func(*Policies) { return func(p *Policies) { p.Boundary = d } }
	kind := func(k Kind, d *Document) func(*Policies) {
		return func(p *Policies) { p.Resource, p.ResourceKind = d, k }
	}
	across := func(d *Document) func(*Policies) {
		return func(p *Policies) { p.Resource, p.ResourceAccount = d, foreign }
	}
	writer := AssumedRole(roleARN, "job")

	tests := []struct {
		name     string
		caller   Caller
		policies Policies
		want     Decision
	}{
		{"no policy at all", writer, identity(), ImplicitDeny},
		{"identity allows", writer, identity(allow), Allowed},
		{"one of several identity policies allows", writer, identity(other, allow), Allowed},
		{"one of several identity policies denies", writer, identity(allow, deny), ExplicitDeny},
		{"resource allows the role", writer, with(identity(), resource(role)), Allowed},
		{"resource allows everyone", writer, with(identity(), resource(everyone)), Allowed},
		{"resource delegates, identity silent", writer, with(identity(), resource(delegate)), ImplicitDeny},
		{"resource delegates, identity allows", writer, with(identity(allow), resource(delegate)), Allowed},
		{"resource silent, identity allows", writer, with(identity(allow), resource(service)), Allowed},
		{"resource denies", writer, with(identity(allow), resource(refusal)), ExplicitDeny},
		{"identity denies what the resource allows", writer, with(identity(deny), resource(role)), ExplicitDeny},
		{"own account named", writer, with(identity(allow), func(p *Policies) { p.ResourceAccount = account }),
			Allowed},

		{"boundary allows too", writer, with(identity(allow), boundary(allow)), Allowed},
		{"boundary is silent", writer, with(identity(allow), boundary(other)), ImplicitDeny},
		{"boundary denies", writer, with(identity(allow), boundary(deny)), ExplicitDeny},
		{"boundary grants nothing", writer, with(identity(), boundary(allow)), ImplicitDeny},
		{"boundary limits a grant to the role", writer, with(with(identity(), resource(role)), boundary(other)),
			ImplicitDeny},
		{"boundary does not limit a grant to the session", writer,
			with(with(identity(), resource(session)), boundary(other)), Allowed},
		{"boundary does not limit a grant to everyone", writer,
			with(with(identity(), resource(everyone)), boundary(other)), Allowed},
		{"boundary does not limit a grant to the user", User(userARN),
			with(with(identity(), resource(user)), boundary(other)), Allowed},
		{"boundary deny stops a grant to the user", User(userARN),
			with(with(identity(), resource(user)), boundary(deny)), ExplicitDeny},

		{"key without policy", writer, with(identity(allow), kind(KeyPolicy, nil)), ImplicitDeny},
		{"key silent", writer, with(identity(allow), kind(KeyPolicy, service)), ImplicitDeny},
		{"key delegates, identity silent", writer, with(identity(), kind(KeyPolicy, delegate)), ImplicitDeny},
		{"key delegates, identity allows", writer, with(identity(allow), kind(KeyPolicy, delegate)), Allowed},
		{"key delegates, boundary silent", writer,
			with(with(identity(allow), kind(KeyPolicy, delegate)), boundary(other)), ImplicitDeny},
		{"key allows the role", writer, with(identity(), kind(KeyPolicy, role)), Allowed},
		{"key denies", writer, with(identity(allow), kind(KeyPolicy, refusal)), ExplicitDeny},
		{"trust silent", writer, with(identity(allow), kind(TrustPolicy, service)), ImplicitDeny},
		{"trust delegates, identity allows", writer, with(identity(allow), kind(TrustPolicy, delegate)), Allowed},
		{"trust allows the role", writer, with(identity(), kind(TrustPolicy, role)), Allowed},

		{"across accounts, identity alone", writer, with(identity(allow), across(nil)), ImplicitDeny},
		{"across accounts, resource alone", writer, with(identity(), across(role)), ImplicitDeny},
		{"across accounts, everyone alone", writer, with(identity(), across(everyone)), ImplicitDeny},
		{"across accounts, both", writer, with(identity(allow), across(role)), Allowed},
		{"across accounts, account named", writer, with(identity(allow), across(delegate)), Allowed},
		{"across accounts, boundary silent", writer, with(with(identity(allow), across(role)), boundary(other)),
			ImplicitDeny},
		{"across accounts, resource denies", writer, with(identity(allow), across(refusal)), ExplicitDeny},

		{"root in its account", Root(rootARN), identity(), Allowed},
		{"root and a deny", Root(rootARN), with(identity(), resource(refusal)), ExplicitDeny},
		{"root and a key that does not name it", Root(rootARN), with(identity(), kind(KeyPolicy, role)), ImplicitDeny},
		{"root and a key that names it", Root(rootARN), with(identity(), kind(KeyPolicy, delegate)), Allowed},
		{"root across accounts", Root(rootARN), with(identity(), across(nil)), ImplicitDeny},
		{"root has no boundary", Root(rootARN), with(identity(), boundary(deny)), Allowed},

		{"service named", Service("logs.amazonaws.com"), with(identity(), resource(service)), Allowed},
		{"service has no identity policy", Service("logs.amazonaws.com"), identity(allow), ImplicitDeny},
		{"service and its resource's account", Service("logs.amazonaws.com"), with(identity(), across(service)),
			Allowed},
		{"service and a key", Service("logs.amazonaws.com"), with(identity(), kind(KeyPolicy, service)), Allowed},
		{"anonymous and everyone", Anonymous(), with(identity(), resource(everyone)), Allowed},
		{"anonymous has no identity policy", Anonymous(), with(identity(allow), resource(delegate)), ImplicitDeny},
		{"provider named", Federated("accounts.google.com"), with(identity(), kind(TrustPolicy, provider)), Allowed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Request{Caller: tt.caller, Action: "s3:GetObject", Resource: bucket + "/key"}
			assert.Equal(t, tt.want.String(), Decide(r, tt.policies).String())
		})
	}
}
