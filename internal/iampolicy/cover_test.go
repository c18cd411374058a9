package iampolicy

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCovers(t *testing.T) {
	for _, test := range []struct {
		wide, narrow string
		want         bool
	}{
		{"*", "s3:*", true},
		{"s3:*", "*", false},
		{"s3:Get*", "s3:GetObject", true},
		{"s3:Get*", "s3:GetObject*", true},
		{"s3:GetObject*", "s3:Get*", false},
		{"s3:get*", "S3:GetObject", true},
		{"s3:*Object", "s3:Get*", false},
		{"a?c", "abc", true},
		{"a?c", "a*c", false},
		{"a*?", "a?*", true},
		{"a?*", "a*", false},
	} {
		assert.Equal(t, test.want, CoversAction(test.wide, test.narrow), "%s %s", test.wide, test.narrow)
	}
	assert.False(t, CoversResource("a", "A"), "resources are compared as they are written")
	assert.True(t, CoversResource("${aws_kms_key.a[*].arn}", "${aws_kms_key.a[*].arn}"))
	assert.False(t, CoversResource("${aws_kms_key.a[*].arn}", "${aws_kms_key.a[0].arn}"), "no wildcard")
	assert.True(t, CoversResource("*", "${aws_kms_key.a.arn}"))
	assert.True(t, CoversResource("${aws_s3_bucket.a.arn}/*", "${aws_s3_bucket.a.arn}/x"))
}

func TestImplies(t *testing.T) {
	const key = "aws:SourceArn"
	trail, trails := "arn:aws:cloudtrail:r:1:trail/a", "arn:aws:cloudtrail:r:1:trail/*"
	for name, test := range map[string]struct {
		narrow, wide Condition
		want         bool
	}{
		"the same":           {StringEquals(key, "a"), StringEquals("AWS:sourcearn", "a"), true},
		"another key":        {StringEquals(key, "a"), StringEquals("aws:SourceAccount", "a"), false},
		"a value more":       {StringEquals(key, "a"), StringEquals(key, "b", "a"), true},
		"a value less":       {StringEquals(key, "a", "b"), StringEquals(key, "a"), false},
		"a wildcard":         {StringEquals(key, "ab"), StringLike(key, "a*"), true},
		"no wildcard in it":  {StringEquals(key, "a*"), StringEquals(key, "a"), false},
		"literal star":       {StringEquals(key, "a*"), StringLike(key, "a?"), true},
		"a wildcard less":    {StringLike(key, "a*"), StringEquals(key, "ab"), false},
		"other case":         {StringEquals(key, "a"), Condition{"StringEqualsIgnoreCase", key, []string{"A"}}, true},
		"wider ARN":          {ArnEquals(key, trail), ArnLike(key, trails), true},
		"narrower ARN":       {ArnLike(key, trails), ArnEquals(key, trail), false},
		"text to ARN":        {StringEquals(key, trail), ArnLike(key, trails), true},
		"text across colons": {StringLike(key, "arn:*"), ArnLike(key, "arn:*:*:*:*:*"), false},
		"ARN across parts":   {ArnLike(key, "arn:aws:*:r:1:x"), ArnLike(key, "arn:aws:s3:*:1:x"), false},
		"if exists":          {StringEquals(key, "a"), IfExists(StringEquals(key, "a")), true},
		"if exists no more":  {IfExists(StringEquals(key, "a")), StringEquals(key, "a"), false},
		"negated, fewer":     {StringNotEquals(key, "a", "b"), StringNotEquals(key, "a"), true},
		"negated, more":      {StringNotEquals(key, "a"), StringNotEquals(key, "a", "b"), false},
		"negated, IfExists":  {IfExists(StringNotEquals(key, "a")), StringNotEquals(key, "a"), true},
		"any, IfExists": {ForAnyValue(IfExists(StringNotEquals(key, "a"))), ForAnyValue(StringNotEquals(key,
			"a")), false},
		"all to any": {ForAllValues(StringEquals(key, "a")), ForAnyValue(StringEquals(key, "a")), false},
		"all, IfExists": {ForAllValues(IfExists(StringEquals(key, "a"))), ForAllValues(StringEquals(key,
			"a")), true},
		"positive to negated":  {StringEquals(key, "a"), StringNotEquals(key, "b"), false},
		"the same, negated":    {StringEquals(key, "a"), StringNotEquals(key, "a"), false},
		"absent":               {Null(key, true), Null(key, true), true},
		"present":              {Null(key, true), Null(key, false), false},
		"a value is present":   {StringEquals(key, "a"), Null(key, false), true},
		"a value may be":       {IfExists(StringEquals(key, "a")), Null(key, false), false},
		"all values may be":    {ForAllValues(StringEquals(key, "a")), Null(key, false), false},
		"presence is no value": {Null(key, false), StringEquals(key, "a"), false},
		"flag":                 {Bool(key, true), Bool(key, true), true},
		"other flag":           {Bool(key, true), Bool(key, false), false},
		"higher limit":         {NumericLessThan(key, "1.2"), NumericLessThan(key, "1.3"), true},
		"lower limit":          {NumericLessThan(key, "1.2"), NumericLessThan(key, "1.1"), false},
		"at least":             {NumericGreaterThanEquals(key, "2"), NumericGreaterThanEquals(key, "1"), true},
		"at least more":        {NumericGreaterThanEquals(key, "1"), NumericGreaterThanEquals(key, "2"), false},
		"wider range":          {IPAddress(key, "10.1.0.0/16"), IPAddress(key, "10.0.0.0/8"), true},
		"narrower range":       {IPAddress(key, "10.0.0.0/8"), IPAddress(key, "10.1.0.0/16"), false},
		"fewer ranges out":     {NotIPAddress(key, "10.0.0.0/8"), NotIPAddress(key, "10.1.0.0/16"), true},
		"later": {Condition{"DateLessThan", key, []string{"2026-01-01"}},
			Condition{"DateLessThan", key, []string{"2026-01-01T00:00:01Z"}}, true},
		"unknown operator": {Condition{"Equals", key, nil}, Condition{"Equals", key, nil}, false},
	} {
		assert.Equal(t, test.want, test.narrow.Implies(test.wide), name)
	}
}

func TestPrincipalCovers(t *testing.T) {
	aws := func(names ...string) Principal { return Principal{AWS: names} }
	for name, test := range map[string]struct {
		wide, narrow Principal
		effect       Effect
		want         bool
	}{
		"nobody named":            {Principal{}, Principal{}, Allow, true},
		"somebody":                {Principal{}, Everyone(), Allow, false},
		"everyone":                {Everyone(), Principal{Service: []string{"a.amazonaws.com"}}, Allow, true},
		"not everyone":            {aws(rootARN), Everyone(), Deny, false},
		"one of two":              {aws(roleARN, userARN), aws(userARN), Allow, true},
		"account id":              {aws(accountOf(rootARN)), aws(rootARN), Allow, true},
		"a Deny for an account":   {aws(rootARN), aws(roleARN), Deny, true},
		"an Allow for an account": {aws(rootARN), aws(roleARN), Allow, false},
		"a Deny for a role":       {aws(roleARN), aws(rootARN), Deny, false},
		"another service": {Principal{Service: []string{"a"}}, Principal{Service: []string{"b"}}, Allow,
			false},
		"a service and a provider": {Principal{Service: []string{"a"}}, Principal{Federated: []string{"a"}}, Allow,
			false},
	} {
		assert.Equal(t, test.want, test.wide.Covers(test.narrow, test.effect), name)
	}
}

func TestBeyond(t *testing.T) {
	statement := func(actions, resources []string, conditions ...Condition) Statement {
		return Statement{Effect: Allow, Actions: actions, Resources: resources, Conditions: conditions}
	}
	limited := StringEquals("aws:SourceAccount", "1")
	both := statement([]string{"s3:Get", "s3:Put"}, []string{"a", "b"})
	assert.Empty(t, both.Beyond([]Statement{
		statement([]string{"s3:Get"}, []string{"a", "b"}), statement([]string{"s3:P*"}, []string{"*"}),
	}), "split")
	assert.Len(t, both.Beyond([]Statement{statement([]string{"s3:Get"}, []string{"a"})}), 3)
	assert.Len(t, both.Beyond([]Statement{statement([]string{"s3:*"}, []string{"*"}, limited)}), 4, "limited")
	denied := both
	denied.Effect = Deny
	assert.Len(t, both.Beyond([]Statement{denied}), 4, "another effect")

	but := Statement{Effect: Allow, NotActions: []string{"iam:*"}, NotResources: []string{"a"}}
	assert.Empty(t, but.Beyond([]Statement{{Effect: Allow, NotActions: []string{"iam:Get*"},
		Resources: []string{"*"}}}))
	assert.NotEmpty(t, but.Beyond([]Statement{{Effect: Allow, NotActions: []string{"*:Get"},
		Resources: []string{"*"}}}))
	assert.NotEmpty(t, but.Beyond([]Statement{statement([]string{"s3:*"}, []string{"*"})}))
	assert.NotEmpty(t, but.Beyond([]Statement{statement([]string{"*"}, []string{"b"})}))
	assert.Empty(t, statement([]string{"s3:Get"}, []string{"b"}).Beyond([]Statement{but}))
	assert.NotEmpty(t, statement([]string{"iam:GetUser"}, []string{"b"}).Beyond([]Statement{but}))
	assert.NotEmpty(t, statement([]string{"*:GetUser"}, []string{"b"}).Beyond([]Statement{but}))
}

// TestBeyondLeavesOutOnlyWhatIsCovered holds what is said to be covered against the evaluator: where the narrow
// statement applies, the wide ones do.
func TestBeyondLeavesOutOnlyWhatIsCovered(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	some := func(from ...string) []string {
		chosen := []string{pick(from...)}
		for random.IntN(2) == 0 {
			chosen = append(chosen, pick(from...))
		}
		return chosen
	}
	draw := func() Statement {
		s := Statement{Effect: Effect(pick("Allow", "Deny")), Principal: Principal{AWS: some("*", roleARN, rootARN,
			userARN)}}
		texts := []string{"*", "a*", "ab", "a?", "*b", "b"}
		if s.Actions = some(texts...); random.IntN(4) == 0 {
			s.Actions, s.NotActions = nil, s.Actions
		}
		if s.Resources = some(texts...); random.IntN(4) == 0 {
			s.Resources, s.NotResources = nil, s.Resources
		}
		for random.IntN(2) == 0 {
			operator := pick("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
			values := some("a", "b", "ab", "*")
			switch random.IntN(6) {
			case 0:
				operator, values = nullOperator, some("true", "false")
			case 1:
				operator += ifExistsSuffix
			case 2:
				operator = pick(forAllPrefix, forAnyPrefix) + operator
			}
			s.Conditions = append(s.Conditions, Condition{operator, "k", values})
		}
		return s
	}
	callers := []Caller{Role(roleARN), User(userARN), Root(rootARN), Service("a"), Anonymous()}
	covered := 0
	for range 100000 {
		narrow, wide := draw(), []Statement{draw(), draw()}
		if len(narrow.Beyond(wide)) > 0 {
			continue
		}
		covered++
		r := Request{Caller: callers[random.IntN(len(callers))], Action: pick("a", "b", "ab", "abc", "aa"),
			Resource: pick("a", "b", "ab", "abc", "aa"), Context: map[string][]string{}}
		if random.IntN(3) > 0 {
			r.Context["k"] = some("a", "b", "A", "c")
		}
		applies := Document{Statements: []Statement{narrow}}.Evaluate(r)
		assert.True(t, applies == ImplicitDeny || (Document{Statements: wide}).Evaluate(r) >= applies,
			fmt.Sprintf("%+v\n%+v\n%+v", narrow, wide, r))
	}
	assert.Greater(t, covered, 1000)
}
