package iampolicy

import (
	"testing"
)

var fuzzRequests = []Request{
	{},
	{Caller: Role(roleARN), Action: "s3:GetObject", Resource: bucket + "/key"},
	{Caller: AssumedRole(roleARN, "job"), Action: "kms:Decrypt", Resource: "*",
		Context: map[string][]string{"kms:ViaService": {"s3.eu-west-1.amazonaws.com"}, "aws:TagKeys": {"a", "b"}}},
	{Caller: User(userARN), Action: "*", Resource: "${aws:username}",
		Context: map[string][]string{"aws:SourceIp": {"10.0.0.1"}, "aws:SecureTransport": {"false"},
			"x:n": {"1.2", ""}}},
	{Caller: Root(rootARN), Action: "iam:PassRole", Resource: roleARN, Context: map[string][]string{"": nil}},
	{Caller: Service("cloudtrail.amazonaws.com"), Action: "s3:PutObject", Resource: bucket + "/AWSLogs/1",
		Context: map[string][]string{"aws:SourceArn": {trailARN}, "aws:CurrentTime": {"2025-01-02T03:04:05Z"}}},
}

func seedDocuments(f *testing.F) {
	f.Helper()
	for _, kind := range allKinds {
		text, err := Render(kind, sound(kind))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	text, err := Render(KeyPolicy, everyMember()...)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(rule(Deny, `"*"`))
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"s3:${*}?",` +
		`"NotResource":"${aws:username, 'x'}*",` +
		`"Condition":{"ForAllValues:ArnLikeIfExists":{"aws:SourceArn":["a:*:b","${x"]},` +
		`"NumericEquals":{"x:n":[1e3,true]},` +
		`"NotIpAddress":{"aws:SourceIp":"::/0"},"DateLessThan":{"aws:CurrentTime":99999999999999999}}}}`)
}

// What parses can be evaluated, checked and, if sound, rendered to text that parses again.
func FuzzParse(f *testing.F) {
	seedDocuments(f)
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := Parse(text)
		if err != nil {
			return
		}
		for _, r := range fuzzRequests {
			doc.Evaluate(r)
			Decide(r, Policies{Identity: []Document{doc}, Boundary: &doc, Resource: &doc, ResourceKind: KeyPolicy})
		}
		for _, kind := range allKinds {
			rendered, err := Render(kind, doc.Statements...)
			if err != nil {
				continue
			}
			if _, err := Parse(rendered); err != nil {
				t.Fatalf("%s renders to what does not parse: %v\n%s", kind, err, rendered)
			}
		}
	})
}

// One more Deny never opens anything; one more Allow never lifts a Deny and never takes anything away.
func FuzzEvaluate(f *testing.F) {
	seedDocuments(f)
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := Parse(text)
		if err != nil {
			return
		}
		for i := range doc.Statements {
			// The document without its statement i, and with that statement once as Allow and once as Deny.
			rest := append(doc.Statements[:i:i], doc.Statements[i+1:]...)
			extra := doc.Statements[i]
			with := func(effect Effect) Document {
				extra.Effect = effect
				return Document{append(rest[:len(rest):len(rest)], extra)}
			}
			for _, r := range fuzzRequests {
				before := Document{rest}.Evaluate(r)
				if denied := with(Deny).Evaluate(r); denied != before && denied != ExplicitDeny {
					t.Fatalf("a Deny turns %v into %v", before, denied)
				}
				if allowed := with(Allow).Evaluate(r); allowed < before {
					t.Fatalf("an Allow turns %v into %v", before, allowed)
				}
			}
		}
	})
}

// Whatever texts a statement is made of, Render either refuses it or writes JSON that reads back as that statement.
func FuzzRender(f *testing.F) {
	f.Add("Read", "s3:GetObject", "arn:aws:s3:::a/${b}", "111122223333", "StringLike", "aws:SourceArn", "a*")
	f.Add("A%d", "s3:*", "arn:${", "arn:aws:iam::${x}:root", "ForAnyValue:IpAddressIfExists", "a:b", "10.0.0.0/8")
	f.Add("\xff", "", "$${*}", "*", "NullIfExists", ":", "")
	f.Fuzz(func(t *testing.T, sid, action, resource, principal, operator, key, value string) {
		for _, kind := range allKinds {
			s := sound(kind)
			s.Sid, s.Actions = sid, []string{action}
			s.Conditions = append(s.Conditions, Condition{operator, key, []string{value}})
			if !kinds[kind].noResource {
				s.Resources = []string{resource}
			}
			if !kinds[kind].noPrincipal {
				s.Principal = Principal{AWS: []string{principal}}
			}
			text, err := Render(kind, s)
			if err != nil {
				continue
			}
			doc, err := Parse(text)
			if err != nil {
				t.Fatalf("%s renders to what does not parse: %v\n%s", kind, err, text)
			}
			got := doc.Statements[0]
			if got.Sid != sid || got.Actions[0] != action || len(got.Conditions) != len(s.Conditions) {
				t.Fatalf("%s reads back as %+v, was %+v", kind, got, s)
			}
		}
	})
}
