package iampolicy

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyMember has all that a statement can hold, its lists out of order and with repetitions.
func everyMember() []Statement {
	return []Statement{
		{
			Sid: "Use", Effect: Allow,
			Principal: Principal{
				AWS: []string{"arn:aws:iam::111122223333:role/B", "111122223333",
					"arn:aws:iam::111122223333:role/B"},
				Service: []string{"logs.eu-west-1.amazonaws.com", "cloudtrail.amazonaws.com"},
			},
			Actions:   []string{"kms:GenerateDataKey*", "kms:Decrypt", "kms:Decrypt"},
			Resources: []string{"*"},
			Conditions: []Condition{
				StringEquals("kms:ViaService", "s3.eu-west-1.amazonaws.com", "rds.eu-west-1.amazonaws.com"),
				Bool("aws:SecureTransport", true),
				StringEquals("aws:SourceAccount", "${data.aws_caller_identity.current.account_id}"),
			},
		},
		{
			Sid: "DenyRest", Effect: Deny, Principal: Everyone(),
			NotActions: []string{"kms:*"}, NotResources: []string{"arn:aws:kms:eu-west-1:111122223333:key/<a>&b"},
		},
	}
}

func TestRenderWritesMembersInFixedOrder(t *testing.T) {
	got, err := Render(KeyPolicy, everyMember()...)
	require.NoError(t, err)
	assert.Equal(t, strings.Join([]string{
		`{"Version":"2012-10-17","Statement":[`,
		`{"Sid":"Use","Effect":"Allow",`,
		`"Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/B"],`,
		`"Service":["cloudtrail.amazonaws.com","logs.eu-west-1.amazonaws.com"]},`,
		`"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*",`,
		`"Condition":{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{`,
		`"aws:SourceAccount":"${data.aws_caller_identity.current.account_id}",`,
		`"kms:ViaService":["rds.eu-west-1.amazonaws.com","s3.eu-west-1.amazonaws.com"]}}},`,
		`{"Sid":"DenyRest","Effect":"Deny","Principal":{"AWS":"*"},"NotAction":"kms:*",`,
		`"NotResource":"arn:aws:kms:eu-west-1:111122223333:key/<a>&b"}]}`,
	}, ""), got)
}

func TestRenderIgnoresTheOrderOfLists(t *testing.T) {
	want, err := Render(KeyPolicy, everyMember()...)
	require.NoError(t, err)

	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		statements := everyMember()
		for _, s := range statements {
			for _, list := range [][]string{s.Principal.AWS, s.Principal.Service, s.Actions, s.Resources} {
				random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			}
			random.Shuffle(len(s.Conditions), func(i, j int) {
				s.Conditions[i], s.Conditions[j] = s.Conditions[j], s.Conditions[i]
			})
			for _, c := range s.Conditions {
				random.Shuffle(len(c.Values), func(i, j int) { c.Values[i], c.Values[j] = c.Values[j], c.Values[i] })
			}
		}
		got, err := Render(KeyPolicy, statements...)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestRenderLeavesItsArgumentsAlone(t *testing.T) {
	statements := everyMember()
	_, err := Render(KeyPolicy, statements...)
	require.NoError(t, err)
	assert.Equal(t, everyMember(), statements)
}

func TestRenderedPolicyParsesBackToTheSameText(t *testing.T) {
	for _, kind := range allKinds {
		text, err := Render(kind, sound(kind))
		require.NoError(t, err)
		doc, err := Parse(text)
		require.NoError(t, err)
		again, err := Render(kind, doc.Statements...)
		require.NoError(t, err)
		assert.Equal(t, text, again)
	}
}

// padded returns a sound policy of exactly size characters, as many bytes unless filler is longer.
func padded(t *testing.T, kind Kind, size int, filler string) []Statement {
	t.Helper()
	deny := sound(kind)
	deny.Sid, deny.Effect = "Pad", Deny
	deny.Conditions = []Condition{StringEquals("aws:SourceVpc", "x")}
	statements := []Statement{sound(kind), deny}
	text, err := Render(kind, statements...)
	require.NoError(t, err)
	deny.Conditions[0].Values[0] += strings.Repeat(filler, size-len(text))
	return statements
}

func TestRenderHoldsTheSizeLimitOfEachKind(t *testing.T) {
	tests := []struct {
		kind  Kind
		limit int
		unit  string
	}{
		{IdentityPolicy, 6144, "characters"},
		{TrustPolicy, 2048, "characters"},
		{KeyPolicy, 32768, "bytes"},
		{BucketPolicy, 20480, "bytes"},
		{TopicPolicy, 30720, "bytes"},
		{EndpointPolicy, 20480, "characters"},
	}
	for _, tt := range tests {
		t.Run(tt.kind.String(), func(t *testing.T) {
			assert.Equal(t, tt.limit, tt.kind.MaxSize())

			text, err := Render(tt.kind, padded(t, tt.kind, tt.limit, "x")...)
			require.NoError(t, err)
			assert.Len(t, text, tt.limit)

			_, err = Render(tt.kind, padded(t, tt.kind, tt.limit+1, "x")...)
			assert.EqualError(t, err, fmt.Sprintf("%s has %d %s: at most %d are allowed",
				tt.kind, tt.limit+1, tt.unit, tt.limit))

			// Two bytes, one character.
			_, err = Render(tt.kind, padded(t, tt.kind, tt.limit, "é")...)
			assert.Equal(t, tt.unit == "bytes", err != nil, "counted in %s", tt.unit)
		})
	}
}

func TestConstructorsSpellOperatorsThatAWSKnows(t *testing.T) {
	conditions := []Condition{
		StringEquals("k:k", "v"), StringNotEquals("k:k", "v"), StringLike("k:k", "v"), StringNotLike("k:k", "v"),
		ArnEquals("k:k", trailARN), ArnLike("k:k", trailARN), ArnNotLike("k:k", trailARN),
		Bool("k:k", true), Null("k:k", false), NumericLessThan("k:k", "1"), NumericGreaterThanEquals("k:k", "1"),
		IPAddress("k:k", "10.0.0.0/8"), NotIPAddress("k:k", "10.0.0.0/8"),
		IfExists(Bool("k:k", false)), ForAllValues(StringLike("k:k", "v")),
		ForAnyValue(IfExists(StringEquals("k:k", "v"))),
	}
	var operators []string
	for _, c := range conditions {
		s := sound(IdentityPolicy)
		s.Conditions = []Condition{c}
		assert.NoError(t, renderError(IdentityPolicy, s))
		operators = append(operators, c.Operator)
	}
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(operators))), len(conditions), "each its own operator")
	assert.Equal(t, "ForAnyValue:StringEqualsIfExists", operators[len(operators)-1])
}

func BenchmarkRender(b *testing.B) {
	statements := everyMember()
	for b.Loop() {
		if _, err := Render(KeyPolicy, statements...); err != nil {
			b.Fatal(err)
		}
	}
}
