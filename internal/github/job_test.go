package github

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/review"
	"securebaseline/internal/testkit"
)

// report writes a text with its marker into a file.
func report(t *testing.T, marker review.Marker, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.md")
	require.NoError(t, os.WriteFile(file, []byte(marker.String()+"\n"+text), 0o600))
	return file
}

var (
	reviewed = review.Marker{Kind: review.OfChange, Environment: "prod", Changes: 3,
		Fingerprint: strings.Repeat("0a", 32)}
	drifted = review.Marker{Kind: review.OfDrift, Environment: "prod", Changes: 2}
	clean   = review.Marker{Kind: review.OfDrift, Environment: "prod"}
)

// TestComment comments a pull request on which others have written a lot, also the marker.
func TestComment(t *testing.T) {
	s := newServer(t)
	job := s.job(t, nil)
	marker := review.Prefix(review.OfChange, "prod")
	for range 250 {
		s.add(7, "ann", "Looks good to me")
	}
	forged := s.add(7, "mallory", marker+"forged -->\nNothing changes")
	quoted := s.add(7, bot, "It says: "+marker)
	other := s.add(7, bot, review.Prefix(review.OfChange, "prod-eu"))
	elsewhere := s.add(8, bot, marker)
	before := len(s.texts)

	url, err := job.Comment(t.Context(), report(t, reviewed, "first\n"))
	require.NoError(t, err)
	require.Len(t, s.texts, before+1)
	made := s.texts[before]
	assert.Equal(t, "https://github.test/255", url)
	assert.Equal(t, 7, made.of)
	assert.Equal(t, reviewed.String()+"\nfirst\n\n<sub>For commit c0ffee, by "+run+".</sub>\n", made.body)

	for range 100 {
		s.add(7, "ann", "And now?")
	}
	s.requests = nil
	again, err := job.Comment(t.Context(), report(t, reviewed, "second\n"))
	require.NoError(t, err)
	assert.Equal(t, url, again)
	assert.Len(t, s.texts, before+101, "there is one comment")
	assert.Contains(t, made.body, "second")
	assert.NotContains(t, made.body, "first")
	assert.Contains(t, s.requests, "GET "+repository+"/issues/7/comments?page=3&per_page=100")

	_, err = job.Comment(t.Context(), filepath.Join(t.TempDir(), "missing"))
	require.NoError(t, err)
	assert.Contains(t, made.body, "## prod: the plan failed")
	assert.NotContains(t, made.body, "second", "an earlier review is not left standing")

	assert.Equal(t, marker+"forged -->\nNothing changes", forged.body)
	assert.Equal(t, "It says: "+marker, quoted.body)
	assert.Equal(t, review.Prefix(review.OfChange, "prod-eu"), other.body)
	assert.Equal(t, marker, elsewhere.body)
}

func TestCommentHasAnEnd(t *testing.T) {
	s := newServer(t)
	job := s.job(t, nil)
	rest := review.Limit - len(reviewed.String()) - 1
	_, err := job.Comment(t.Context(), report(t, reviewed, strings.Repeat("x", rest)))
	require.NoError(t, err, "the longest review, with what is added")
	_, err = job.Comment(t.Context(), report(t, reviewed, strings.Repeat("x", mostText)))
	assert.ErrorContains(t, err, "422")
	assert.ErrorContains(t, err, "body is too long (maximum is 65536 characters)")
	assert.Len(t, s.texts, 1)
}

func TestSummary(t *testing.T) {
	s := newServer(t)
	job := s.job(t, nil)
	require.NoError(t, job.Summary(report(t, reviewed, "what changes\n")))
	assert.Equal(t, reviewed.String()+"\nwhat changes\n", testkit.ReadFile(t, job.Get("GITHUB_STEP_SUMMARY")))
	assert.Equal(t, "fingerprint="+reviewed.Fingerprint+"\nchanges=3\n", testkit.ReadFile(t, job.Get("GITHUB_OUTPUT")))

	job = s.job(t, nil)
	require.NoError(t, job.Summary(filepath.Join(t.TempDir(), "missing")))
	assert.Contains(t, testkit.ReadFile(t, job.Get("GITHUB_STEP_SUMMARY")), "## prod: the plan failed")
	assert.NoFileExists(t, job.Get("GITHUB_OUTPUT"), "there is nothing to apply")
	assert.Empty(t, s.requests)
}

// TestIssue lives through some nights.
func TestIssue(t *testing.T) {
	s := newServer(t)
	job := s.job(t, nil)
	prefix := review.Prefix(review.OfDrift, "prod")
	for range 130 {
		s.add(0, "ann", "Something else")
	}
	s.add(0, "mallory", prefix+"forged -->")
	s.add(0, bot, prefix+"of long ago -->").state = "closed"
	s.add(0, bot, prefix+"in a pull request -->").pull = true
	others := len(s.texts)
	night := func(file string) string {
		t.Helper()
		done, err := job.Issue(t.Context(), file)
		require.NoError(t, err)
		job.Now = job.Now.AddDate(0, 0, 1)
		return done
	}

	assert.Equal(t, "there is nothing to say", night(report(t, clean, "")))
	assert.Len(t, s.texts, others)

	assert.Equal(t, "says what is not as it should be: https://github.test/134",
		night(report(t, drifted, "- a group\n")))
	require.Len(t, s.texts, others+1)
	issue := s.texts[others]
	assert.Equal(t, "prod: AWS is not as the configuration says", issue.title)
	assert.Equal(t, drifted.String()+"\n- a group\n\nChecked 2026-12-01T03:00:00Z by "+run+
		".\n\n<!-- checked 2026-12-01T03:00:00Z -->\n", issue.body)

	missing := filepath.Join(t.TempDir(), "missing")
	for range 2 {
		assert.Equal(t, "says that looking for drift fails: https://github.test/134", night(missing))
		assert.Equal(t, "prod: looking for drift fails", issue.title)
		assert.Contains(t, issue.body, "Last checked: 2026-12-01T03:00:00Z. See "+run)
	}

	night(report(t, drifted, "- another group\n"))
	assert.Contains(t, issue.body, "another group")
	assert.Len(t, s.texts, others+1, "there is one issue")

	assert.Equal(t, "closed: https://github.test/134", night(report(t, clean, "")))
	assert.Equal(t, "closed", issue.state)
	require.Len(t, s.texts, others+2)
	assert.Equal(t, issue.id, s.texts[others+1].of)
	assert.Equal(t, "AWS is as the configuration of prod says again. Checked 2026-12-05T03:00:00Z by "+run+".",
		s.texts[others+1].body)

	night(report(t, drifted, ""))
	assert.Len(t, s.texts, others+3, "what was closed stays closed, and another one is opened")
}

// TestIssueOnABrokenCheck has no report from the beginning.
func TestIssueOnABrokenCheck(t *testing.T) {
	for name, test := range map[string]struct {
		success time.Time
		want    string
	}{
		"it never worked": {want: "Last checked: never."},
		"it worked before": {success: time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC),
			want: "Last checked: 2026-11-02T03:00:00Z."},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.success = test.success
			_, err := s.job(t, nil).Issue(t.Context(), filepath.Join(t.TempDir(), "missing"))
			require.NoError(t, err)
			require.Len(t, s.texts, 1)
			assert.Contains(t, s.texts[0].body, test.want)
		})
	}
}

// TestMistakes says what is missing, before anything is written.
func TestMistakes(t *testing.T) {
	s := newServer(t)
	push := filepath.Join(t.TempDir(), "push.json")
	require.NoError(t, os.WriteFile(push, []byte(`{"ref": "refs/heads/main"}`), 0o600))
	for want, replaced := range map[string]map[string]string{
		"GITHUB_TOKEN: must be a token that may write to the repository": {"GITHUB_TOKEN": ""},
		`GITHUB_REPOSITORY = "acme": must be OWNER/REPOSITORY`:           {"GITHUB_REPOSITORY": "acme"},
		`GITHUB_EVENT_PATH = "": must be the file of an event`:           {"GITHUB_EVENT_PATH": ""},
		"must be the event of a pull request":                            {"GITHUB_EVENT_PATH": push},
		"ENVIRONMENT: must be set":                                       {"ENVIRONMENT": ""},
		"must be the review of dev, and is the review of prod":           {"ENVIRONMENT": "dev"},
		"401 Bad credentials":                                            {"GITHUB_TOKEN": "another"},
	} {
		_, err := s.job(t, replaced).Comment(t.Context(), report(t, reviewed, ""))
		assert.ErrorContains(t, err, want)
	}
	job := s.job(t, nil)
	_, err := job.Comment(t.Context(), report(t, drifted, ""))
	assert.ErrorContains(t, err, "must be the review of prod, and is the drift of prod")
	_, err = job.Issue(t.Context(), push)
	assert.ErrorContains(t, err, "must begin with the marker of make review or make drift")
	assert.ErrorContains(t, s.job(t, map[string]string{"GITHUB_OUTPUT": ""}).Summary(report(t, reviewed, "")),
		`GITHUB_OUTPUT = "": must be a file that can be written`)
	assert.Empty(t, s.texts)
}
