package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"time"

	"securebaseline/internal/review"
)

// Job is the job of GitHub Actions that runs.
type Job struct {
	// Get reads an environment variable, as os.Getenv does.
	Get func(string) string
	// Now is the time.
	Now time.Time
}

// pullRequest is what the event that began the run says of the pull request.
func (j Job) pullRequest() (number int, commit string, err error) {
	file := j.Get("GITHUB_EVENT_PATH")
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, "", fmt.Errorf("GITHUB_EVENT_PATH = %q: must be the file of an event: %w", file, err)
	}
	var event struct {
		PullRequest struct {
			Number int
			Head   struct{ SHA string }
		} `json:"pull_request"`
	}
	if err := json.Unmarshal(data, &event); err != nil || event.PullRequest.Number == 0 {
		return 0, "", fmt.Errorf("GITHUB_EVENT_PATH = %q: must be the event of a pull request", file)
	}
	return event.PullRequest.Number, event.PullRequest.Head.SHA, nil
}

// run is a link to the run.
func (j Job) run() string {
	return fmt.Sprintf("[this run](%s/%s/actions/runs/%s)", j.Get("GITHUB_SERVER_URL"), j.Get("GITHUB_REPOSITORY"),
		j.Get("GITHUB_RUN_ID"))
}

// environment is the environment that the job is for. A job must say which: it may not be the default.
func (j Job) environment() (string, error) {
	name := j.Get("ENVIRONMENT")
	if name == "" {
		return "", errors.New("ENVIRONMENT: must be set")
	}
	return name, nil
}

// read returns a text of a kind for the environment of the job, and what its marker says. Where there is no file, the
// plan has failed, and the text says so.
func (j Job) read(kind review.Kind, file string) (text string, marker *review.Marker, err error) {
	environment, err := j.environment()
	if err != nil {
		return "", nil, err
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return review.Failed(kind, environment), nil, nil
	} else if err != nil {
		return "", nil, err
	}
	found, err := review.ReadMarker(string(data))
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", file, err)
	}
	if found.Kind != kind || found.Environment != environment {
		return "", nil, fmt.Errorf("%s: must be the %s of %s, and is the %s of %s", file, kind, environment, found.Kind,
			found.Environment)
	}
	return string(data), &found, nil
}

// Comment puts the review in a file into the comment of the pull request that the job runs for. It returns the address
// of the comment.
func (j Job) Comment(ctx context.Context, file string) (url string, err error) {
	text, _, err := j.read(review.OfChange, file)
	if err != nil {
		return "", err
	}
	number, commit, err := j.pullRequest()
	if err != nil {
		return "", err
	}
	repository, err := Open(j.Get)
	if err != nil {
		return "", err
	}
	text += fmt.Sprintf("\n<sub>For commit %s, by %s.</sub>\n", commit, j.run())
	return repository.Comment(ctx, number, review.Prefix(review.OfChange, j.Get("ENVIRONMENT")), text)
}

// Summary shows the review in a file on the page of the run, and hands on to other jobs by which fingerprint it is
// applied, and whether there is anything to apply.
func (j Job) Summary(file string) error {
	text, marker, err := j.read(review.OfChange, file)
	if err != nil {
		return err
	}
	if err := j.extend("GITHUB_STEP_SUMMARY", text); err != nil || marker == nil {
		return err
	}
	return j.extend("GITHUB_OUTPUT",
		fmt.Sprintf("fingerprint=%s\nchanges=%d\n", marker.Fingerprint, marker.Changes))
}

// extend adds a text to a file of the runner, which a variable names.
func (j Job) extend(variable, text string) error {
	file, err := os.OpenFile(j.Get(variable), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("%s = %q: must be a file that can be written: %w", variable, j.Get(variable), err)
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

// checked matches when AWS was last compared with the configuration, in the text of an issue.
var checked = regexp.MustCompile(`<!-- checked (\S+) -->`)

// Issue keeps the one issue on the drift of the environment: it is open as long as the report in a file says that AWS
// is not as the configuration says, and as long as there is no report, because looking for drift fails. It returns
// what was done.
func (j Job) Issue(ctx context.Context, file string) (done string, err error) {
	text, marker, err := j.read(review.OfDrift, file)
	if err != nil {
		return "", err
	}
	repository, err := Open(j.Get)
	if err != nil {
		return "", err
	}
	environment, now := j.Get("ENVIRONMENT"), j.Now.UTC().Format(time.RFC3339)
	issue, err := repository.Find(ctx, review.Prefix(review.OfDrift, environment))
	switch {
	case err != nil:
		return "", err
	case marker == nil:
		last := j.lastCheck(ctx, repository, issue)
		text += fmt.Sprintf("\nNobody knows since then whether AWS is as the configuration says. Last checked: %s. "+
			"See %s.\n\n<!-- checked %[1]s -->\n", last, j.run())
		url, err := repository.Put(ctx, issue, environment+": looking for drift fails", text)
		return "says that looking for drift fails: " + url, err
	case marker.Changes > 0:
		text += fmt.Sprintf("\nChecked %s by %s.\n\n<!-- checked %[1]s -->\n", now, j.run())
		url, err := repository.Put(ctx, issue, environment+": AWS is not as the configuration says", text)
		return "says what is not as it should be: " + url, err
	case issue == nil:
		return "there is nothing to say", nil
	}
	why := fmt.Sprintf("AWS is as the configuration of %s says again. Checked %s by %s.", environment, now, j.run())
	return "closed: " + issue.URL, repository.Close(ctx, *issue, why)
}

// never stands for a time that there is not.
const never = "never"

// lastCheck is when AWS was last compared with the configuration: as the issue says, or when the workflow last
// succeeded.
func (j Job) lastCheck(ctx context.Context, repository *Repository, issue *Issue) string {
	last := never
	if issue != nil {
		if match := checked.FindStringSubmatch(issue.Text); match != nil {
			last = match[1]
		}
	}
	success, err := repository.LastSuccess(ctx)
	if err != nil && last == never {
		return "unknown"
	}
	// Times of this form and zone are in the order of their texts.
	if text := success.UTC().Format(time.RFC3339); !success.IsZero() && (last == never || last < text) {
		return text
	}
	return last
}
