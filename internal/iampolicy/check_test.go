package iampolicy

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	trailARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
	roleARN  = "arn:aws:iam::111122223333:role/app/Writer"
)

// sound returns a statement of each kind that Render accepts, for a case to spoil in one place.
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
		assert.NoError(t, renderError(kind, sound(kind)), kind)
	}
}

// refusal is a sound statement, spoiled in one place, and the error that Render must return for it.
type refusal struct {
	name  string
	kind  Kind
	spoil func(*Statement)
	want  string
}

func assertRefused(t *testing.T, refusals []refusal) {
	t.Helper()
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			s := sound(tt.kind)
			tt.spoil(&s)
			text, err := Render(tt.kind, s)
			assert.EqualError(t, err, tt.want)
			assert.Empty(t, text)
		})
	}
}

func TestRenderRefusesSidsEffectsAndActions(t *testing.T) {
	assertRefused(t, []refusal{
		{"missing sid", IdentityPolicy, func(s *Statement) { s.Sid = "" },
			`statement 1: sid is required: letters A-Z, a-z and digits 0-9`},
		{"sid with a space", KeyPolicy, func(s *Statement) { s.Sid = "Let 100% in" },
			`statement "Let 100% in": sid must have only letters A-Z, a-z and digits 0-9`},
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
		{"short literal prefix", IdentityPolicy, func(s *Statement) { s.Actions = []string{"s3:Pu?Object"} },
			`statement "Read": action "s3:Pu?Object" is too broad for an Allow: at least 3 literal characters of ` +
				`its name must precede a wildcard`},
		{"foreign action in a key policy", KeyPolicy, func(s *Statement) { s.Actions = []string{"s3:GetObject"} },
			`statement "Encrypt": action "s3:GetObject" has no effect in a key policy: only kms actions do`},
		{"foreign action in a trust policy", TrustPolicy, func(s *Statement) { s.Actions = []string{"iam:PassRole"} },
			`statement "Assume": action "iam:PassRole" has no effect in a trust policy: only sts actions do`},
	})
}

func TestRenderReportsEveryFaultAtOnce(t *testing.T) {
	first, second := sound(IdentityPolicy), sound(IdentityPolicy)
	first.Actions = []string{"*", "s3"}
	second.Effect = "Permit"
	assert.EqualError(t, renderError(IdentityPolicy, first, second), strings.Join([]string{
		`statement "Read": action "*" is too broad for an Allow: at least 3 literal characters of its name must ` +
			`precede a wildcard`,
		`statement "Read": action "s3" must have the form service:Name, such as s3:GetObject`,
		`statement "Read": sid is a duplicate of statement 1: it must be unique in its document`,
		`statement "Read": effect "Permit" must be Allow or Deny`,
	}, "\n"))
}

func TestRenderNamesStatementsWithoutSidByPosition(t *testing.T) {
	s := sound(IdentityPolicy)
	s.Sid = ""
	assert.EqualError(t, renderError(IdentityPolicy, s, s), strings.Join([]string{
		`statement 1: sid is required: letters A-Z, a-z and digits 0-9`,
		`statement 2: sid is required: letters A-Z, a-z and digits 0-9`,
	}, "\n"))
}

func TestRenderRefusesAnEmptyPolicyAndAnUnknownKind(t *testing.T) {
	assert.EqualError(t, renderError(KeyPolicy), "key policy has no statement: at least one is required")
	assert.EqualError(t, renderError(0, sound(IdentityPolicy)),
		"policy kind 0 is unknown: name one of the kinds, such as IdentityPolicy")
}
