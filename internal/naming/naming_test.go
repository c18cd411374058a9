package naming

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsenv"
)

func TestNames(t *testing.T) {
	scope := New("acme", "dev", Tags{})
	assert.Equal(t, "acme-logs-dev", scope.Child("logs").Name(KMSAlias))
	assert.Equal(t, "acme-logs-key-dev", scope.Child("logs").Child("key").Name(KMSAlias))
	assert.Equal(t, "acme-dev", scope.Name(KMSAlias))
	assert.Equal(t, "acme-*-dev", scope.Pattern())
}

func TestLongNamesAreCutWithAHash(t *testing.T) {
	scope := New("acme", "dev", Tags{})
	one := scope.Child(strings.Repeat("a", 80) + "-one").Name(IAMRole)
	two := scope.Child(strings.Repeat("a", 80) + "-two").Name(IAMRole)
	assert.Len(t, one, int(IAMRole))
	assert.NotEqual(t, one, two)
	assert.Regexp(t, `^acme-a+-[0-9a-f]{8}-dev$`, one)
	assert.NotContains(t, scope.Child(strings.Repeat("a-", 60)).Name(IAMRole), "--", "RDS refuses two hyphens in a row")
}

func TestBucketNamesCarryAccountAndRegion(t *testing.T) {
	env, err := awsenv.New("ap-southeast-1", "111122223333")
	require.NoError(t, err)
	short := New("acme", "dev", Tags{}).Child("data")
	assert.Equal(t, "acme-data-dev-111122223333-ap-southeast-1", short.BucketName(env))
	long := New(strings.Repeat("p", MaxProjectLength), "staging", Tags{}).Child("access-logs").BucketName(env)
	assert.Len(t, long, int(S3Bucket))
	assert.Regexp(t, `^p+-[0-9a-f]{8}-staging-111122223333-ap-southeast-1$`, long)

	known := long
	env, err = awsenv.New("ap-southeast-1", "${data.aws_caller_identity.current.account_id}")
	require.NoError(t, err)
	unknown := New(strings.Repeat("p", MaxProjectLength), "staging", Tags{}).Child("access-logs").BucketName(env)
	assert.Equal(t, known, strings.Replace(unknown, env.AccountID(), "111122223333", 1),
		"an account known only at plan must not change the name")
}

func TestTags(t *testing.T) {
	scope := New("acme", "dev",
		Tags{Owner: "platform", CostCenter: "42", Compliance: "cis",
			Extra: map[string]string{"Team": "a"}}).Child("logs")
	want := map[string]string{
		"Project": "acme", "Environment": "dev", "Owner": "platform", "CostCenter": "42", "Compliance": "cis",
		"ManagedBy": "cdktf", "Name": "acme-logs-dev", "Team": "a",
	}
	tags := scope.Tags()
	assert.Equal(t, want, tags)
	for _, key := range RequiredTags() {
		assert.Contains(t, tags, key)
	}
	tags["Owner"] = "changed"
	assert.Equal(t, want, scope.Tags(), "each caller gets its own map")
}

func TestChecks(t *testing.T) {
	tests := []struct {
		name  string
		check func(string) error
		value string
		want  string // empty: accepted
	}{
		{"project", CheckProject, "acme-payments2", ""},
		{"project too short", CheckProject, "a", "must be 2 to 32 characters long, not 1"},
		{"project too long", CheckProject, strings.Repeat("a", 33), "must be 2 to 32 characters long, not 33"},
		{"project upper case", CheckProject, "Acme",
			"must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter"},
		{"project double hyphen", CheckProject, "ac--me",
			"must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter"},
		{"project reserved", CheckProject, "sthree-x", `must not begin with "sthree-", which S3 reserves`},
		{"project aws", CheckProject, "awsome",
			`must not begin with "aws", which AWS (log groups and aliases) reserves`},
		{"environment", CheckEnvironment, "pr-12", ""},
		{"environment empty", CheckEnvironment, "", "must be 1 to 12 characters long, not 0"},
		{"environment digit first", CheckEnvironment, "1dev",
			"must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter"},
		{"tag key", CheckTagKey, "Data Class", ""},
		{"tag key of AWS", CheckTagKey, "AWS:x", `must have a key that does not begin with "aws:", which AWS reserves`},
		{"tag key of RDS", CheckTagKey, "rds:x", `must have a key that does not begin with "rds:", which AWS reserves`},
		{"tag key required", CheckTagKey, "owner",
			"must not be set: the stack sets this tag itself, on every resource"},
		{"tag key characters", CheckTagKey, "a;b",
			"must have a key that is of letters, digits, spaces and _ . : / = + - @"},
		{"tag key too long", CheckTagKey, strings.Repeat("k", 129),
			"must have a key that is 1 to 128 characters long, not 129"},
		{"tag key with a space behind", CheckTagKey, "Team ", "must have a key that is without spaces at its ends"},
		{"tag value", CheckTagValue, "büro 12", ""},
		{"tag value empty", CheckTagValue, "", "must be 1 to 256 characters long, not 0"},
		{"tag value characters", CheckTagValue, "a,b", "must be of letters, digits, spaces and _ . : / = + - @"},
		{"tag value blank", CheckTagValue, "\u00a0", "must be without spaces at its ends"},
		{"tag value with a space before", CheckTagValue, " a", "must be without spaces at its ends"},
		{"tag value of AWS", CheckTagValue, "Aws:x",
			`must not begin with "aws:", which AWS reserves in the values of tags`},
		{"tag value of RDS", CheckTagValue, "rds:x",
			`must not begin with "rds:", which AWS reserves in the values of tags`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := test.check(test.value); test.want == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, test.want)
			}
		})
	}
}

func FuzzNames(f *testing.F) {
	f.Add("acme", "logs", "data", "dev", 64)
	f.Add("p", strings.Repeat("x-", 90), strings.Repeat("x-", 91), "prod", 63)
	f.Add(strings.Repeat("p", MaxProjectLength), strings.Repeat("x", 90), strings.Repeat("y", 90),
		strings.Repeat("e", MaxEnvironmentLength), int(RDSIdentifier))
	legal := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	f.Fuzz(func(t *testing.T, project, one, two, environment string, limit int) {
		if CheckProject(project) != nil || CheckEnvironment(environment) != nil || !legal.MatchString(one) ||
			!legal.MatchString(two) {
			return
		}
		if limit < int(S3Bucket) || limit > int(LogGroup) {
			return
		}
		scope := New(project, environment, Tags{})
		a, b := scope.Child(one).Name(Limit(limit)), scope.Child(two).Name(Limit(limit))
		require.LessOrEqual(t, len(a), limit)
		require.Regexp(t, legal, a)
		require.Equal(t, one == two, a == b, "%s and %s", one, two)
		before, after, _ := strings.Cut(scope.Pattern(), "*")
		require.GreaterOrEqual(t, len(a), len(before+after), "%s does not match %s", a, scope.Pattern())
		require.True(t, strings.HasPrefix(a, before) && strings.HasSuffix(a, after), "%s and %s", a, scope.Pattern())
	})
}

func BenchmarkName(b *testing.B) {
	scope := New("acme", "prod", Tags{}).Child(strings.Repeat("long-", 20))
	for b.Loop() {
		scope.Name(IAMRole)
	}
}
