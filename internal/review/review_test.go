package review

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/tfplan"
)

const (
	group = `{"address": "aws_security_group.g", "mode": "managed", "type": "aws_security_group", "change": {"actions":
		["update"], "before": {"ingress": "hidden-value"}, "after": {"ingress": "other-hidden-value"}}}`
	database = `{"address": "aws_db_instance.d", "mode": "managed", "type": "aws_db_instance", "change": {"actions":
		["delete", "create"], "before": {"engine": "a"}, "after": {"engine": "b"},
		"replace_paths": [["engine"], ["engine", 0]]}}`
	moved = `{"address": "aws_vpc.v", "previous_address": "aws_vpc.old", "mode": "managed", "type": "aws_vpc", "change":
		{"actions": ["no-op"], "before": {}, "after": {}}}`
)

func plan(t *testing.T, drift string, changes ...string) tfplan.Plan {
	t.Helper()
	parsed, err := tfplan.Parse(strings.NewReader(fmt.Sprintf(`{"format_version": "1.2", "configuration": {},
		"resource_changes": [%s], "resource_drift": [%s], "output_changes": {"endpoint": {"actions": ["update"],
		"before": "hidden-value", "after": "x"}}}`, strings.Join(changes, ","), drift)))
	require.NoError(t, err)
	return parsed
}

func TestReview(t *testing.T) {
	p := plan(t, "", group, moved, database)
	text := Of("prod", p, List(p))
	assert.Equal(t, "<!-- securebaseline review prod 4 "+p.Fingerprint()+" -->\n"+
		"## prod: 1 to replace, 1 to update, 1 to move\n\n"+
		"**1 to replace**\n\n- `aws_db_instance.d`, **and what it holds is lost**, because of `engine`\n\n"+
		"**1 to update**\n\n- `aws_security_group.g`\n\n"+
		"**1 to move**\n\n- `aws_vpc.v`, so far `aws_vpc.old`\n\n"+
		"**Outputs that change:** `endpoint`\n\n"+
		"To apply exactly this, and nothing if anything else would change by then:\n\n"+
		"    make apply ENVIRONMENT=prod REVIEWED="+p.Fingerprint()+"\n", text)
	marker, err := ReadMarker(text)
	require.NoError(t, err)
	assert.Equal(t, Marker{OfChange, "prod", 4, p.Fingerprint()}, marker)
	assert.True(t, strings.HasPrefix(text, Prefix(OfChange, "prod")))
	assert.False(t, strings.HasPrefix(text, Prefix(OfChange, "pro")))
}

func TestReviewOfNothing(t *testing.T) {
	empty, err := tfplan.Parse(strings.NewReader(`{"format_version": "1.2", "configuration": {}}`))
	require.NoError(t, err)
	text := Of("dev", empty, List(empty))
	assert.Contains(t, text, "\n## dev: no resource changes\n\nAWS is as the configuration says. There is nothing to "+
		"apply.\n")
	marker, err := ReadMarker(text)
	require.NoError(t, err)
	assert.Zero(t, marker.Changes)
}

// TestLongReview has more to say than a comment holds.
func TestLongReview(t *testing.T) {
	var many []string
	for i := range 3000 {
		many = append(many, strings.Replace(group, "_group.g", fmt.Sprintf("_group.g%d", i), 1))
	}
	p := plan(t, "", many...)
	for _, details := range []string{List(p), "```diff\n" + List(p) + "```\n", strings.Repeat("x", 2*Limit)} {
		text := Of("prod", p, details)
		assert.LessOrEqual(t, len(text), Limit)
		assert.Regexp(t, `This is not all: [1-9][0-9]* more lines are left out here`, text)
		assert.True(t, strings.HasSuffix(text, "REVIEWED="+p.Fingerprint()+"\n"), "how to apply it stays")
		assert.Zero(t, strings.Count(text, "```")%2, "what follows is no code")
	}
	assert.Greater(t, len(Of("prod", p, List(p))), Limit-1000, "it shows what there is room for")
	assert.LessOrEqual(t, len(Drift("prod", p)), Limit)
}

func TestDrift(t *testing.T) {
	text := Drift("prod", plan(t, group, group, database))
	assert.Equal(t, "<!-- securebaseline drift prod 2 - -->\n## prod: AWS is not as the configuration says\n\n"+
		"**Changed in AWS since the last deployment**\n\n- `aws_security_group.g` (to update)\n\n"+
		"**In the configuration, and not in AWS**\n\n- `aws_db_instance.d`, **and what it holds is lost**, "+
		"because of `engine` (to replace)\n\n\n"+
		"The next deployment makes AWS what the configuration says: `make review ENVIRONMENT=prod` shows it. What "+
		"should stay as it is in AWS belongs into the configuration.\n", text)
	marker, err := ReadMarker(text)
	require.NoError(t, err)
	assert.Equal(t, Marker{Kind: OfDrift, Environment: "prod", Changes: 2}, marker)

	text = Drift("dev", plan(t, group))
	assert.Equal(t, "<!-- securebaseline drift dev 0 - -->\n## dev: AWS is as the configuration says\n", text,
		"what the plan leaves as it is, is no drift")
}

func TestReadMarker(t *testing.T) {
	for _, bad := range []string{"", "## prod", "\n" + Marker{Kind: OfDrift, Environment: "dev"}.String()} {
		_, err := ReadMarker(bad)
		assert.EqualError(t, err, "must begin with the marker of make review or make drift", bad)
	}
}

func TestNamesStayCode(t *testing.T) {
	assert.Equal(t, "`a'b c`", quote("a`b\nc"))
}
