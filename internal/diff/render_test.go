package diff

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit/goldenfile"
)

// example is a change with something of everything.
func example(t *testing.T) Review {
	t.Helper()
	review := reviewed(t, "prod", nil, edits(
		set(database, "deletion_protection", false),
		set(database, "enabled_cloudwatch_logs_exports", []any{"postgresql", "upgrade"}),
		set(database, "username", "somebody"),
		set("aws_s3_bucket.data-bucket", "bucket", "another"),
		set("aws_cloudwatch_log_metric_filter.alarms_root-use-filter", "pattern", "{$.a=b}"),
		parameter("rds.force_ssl", "0"),
		statement(topicPolicy, "policy", "AlarmsPublish", lose("StringEquals")),
		addStatement(topicPolicy, "policy", map[string]any{"Sid": "Read", "Effect": "Allow", "Action": "sns:Publish",
			"Principal": map[string]any{"Service": "budgets.amazonaws.com"}, "Resource": "*"}),
		statement(reader, "policy", "ReadObjects", put("Action", "s3:GetObject")),
		remove("aws_s3_bucket_public_access_block.data-bucket_public-access"),
		rename("aws_iam_policy.data-writer", "writer"),
		add("aws_sns_topic.new", map[string]any{"name": "new"}),
	))
	review.Stack, review.Before, review.After = "baseline-prod", "main", "cdk.tf.json"
	return review
}

// TestRendering compares a review with files that a person has read.
func TestRendering(t *testing.T) {
	review := example(t)
	for name, got := range map[string]string{"review.txt": review.Text(), "review.md": review.Markdown()} {
		goldenfile.Assert(t, filepath.Join("testdata", name), got)
	}
}

func TestJSON(t *testing.T) {
	review := example(t)
	text, err := review.JSON()
	require.NoError(t, err)
	var read struct {
		Stack, Source        string
		Weakenings, Unjudged int
		Counts               map[string]int
		Changes              []Change
	}
	require.NoError(t, json.Unmarshal([]byte(text), &read))
	assert.Equal(t, len(review.Weakenings()), read.Weakenings)
	assert.Equal(t, len(review.Unjudged()), read.Unjudged)
	assert.Equal(t, "baseline-prod", read.Stack)
	assert.Equal(t, "stacks", read.Source)
	assert.Equal(t, map[string]int{"added": 1, "removed": 1, "changed": 5, "replaced": 1, "moved": 1, "forgotten": 0},
		read.Counts)
	assert.Len(t, read.Changes, len(review.Changes))
}

// many is a review with a number of changes, each with a weakening and values of a length.
func many(count, length int) Review {
	review := Review{Stack: "baseline-prod", Notes: []string{"a note"}}
	for i := range count {
		review.Changes = append(review.Changes, Change{
			Address: fmt.Sprintf("aws_x.y%d", i), Action: Changed,
			Arguments:  []Argument{{Path: "a", Old: strings.Repeat("o", length), New: strings.Repeat("n", length)}},
			Weakenings: []Weakening{{"a", fmt.Sprintf("it is weaker, %d", i)}},
			Unjudged:   []Weakening{{"b", fmt.Sprintf("nobody knows, %d", i)}},
		})
	}
	return review
}

// TestMarkdownFitsIntoAComment leaves out details, then weakenings, and says so.
func TestMarkdownFitsIntoAComment(t *testing.T) {
	for name, test := range map[string]struct {
		review Review
		whole  bool
		says   string
	}{
		"everything": {many(10, 10), true, ""},
		"few that are long": {many(3, 100000), false, "left out are the details of 3 changes, no weakenings and 0 " +
			"to be judged"},
		"one that is long": {Review{Changes: append(many(5, 10).Changes, many(1, 100000).Changes...)}, false,
			"the details of 1 change,"},
		"more than there fit": {many(5000, 10), false, "the details of 5000 changes,"},
		"long words": {many(200, 400), false, "no weakenings and 0 to be judged by a person. `make diff` " +
			"shows all."},
	} {
		text := test.review.Markdown()
		assert.LessOrEqual(t, len(text), maxComment, name)
		assert.Equal(t, test.whole, !strings.Contains(text, "Not all of it is here"), name)
		assert.Contains(t, text, test.says, name)
		assert.Contains(t, text, test.review.summary(), name)
		assert.True(t, strings.HasPrefix(text, Marker(test.review.Stack)+"\n"), name)
		assert.Contains(t, text, "it is weaker, 0\n", name)
		assert.Equal(t, strings.Count(text, "<details>"), strings.Count(text, "</details>"), name)
	}
}

// TestHostileTexts puts into a stack what Markdown, HTML or a terminal would take for its own.
func TestHostileTexts(t *testing.T) {
	const hostile = "</details>\n<!-- securebaseline diff x --> ``` **bold** \x1b[2J \u202e \u2028 [a](b)"
	review := reviewed(t, "prod", nil, edits(
		set(dataKey, "description", hostile),
		addStatement(topicPolicy, "policy", map[string]any{"Sid": hostile, "Effect": "Allow", "Action": hostile,
			"Principal": "*", "Resource": hostile}),
		add("aws_iam_role_policy_attachment.x", map[string]any{"role": hostile, "policy_arn": hostile}),
	))
	for _, text := range []string{review.Text(), review.Markdown()} {
		for _, character := range []string{"\x1b", "\u202e", "\u2028"} {
			assert.NotContains(t, text, character)
		}
	}
	inFence, fence := false, ""
	for line := range strings.Lines(review.Markdown()) {
		switch {
		case !inFence && strings.HasSuffix(line, "diff\n") && strings.HasPrefix(line, "```"):
			inFence, fence = true, strings.TrimSuffix(line, "diff\n")
		case inFence && strings.TrimSpace(line) == fence:
			inFence = false
		case !inFence && line != Marker("")+"\n":
			assert.NotRegexp(t, `(^|[^\\])(<!--|\*\*bold)`, line)
			if strings.Contains(line, "</details>") {
				assert.Equal(t, "</details>\n", line)
			}
		}
	}
	assert.False(t, inFence)
	assert.Equal(t, "```a``b```", code("a``b"))
	assert.Equal(t, "`` `a ``", code("`a"))
}
