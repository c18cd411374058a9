// Package github does for a pipeline on GitHub what needs GitHub itself: it keeps one comment of a pull request and one
// issue up to date, and exchanges the identity of a job for a role in AWS.
//
// It is not part of the program: the clients would make synthesis slower to build and to start.
package github

import (
	"context"
	"errors"
	"net/http"
	"path"
	"strings"
	"time"

	api "github.com/google/go-github/v88/github"

	"securebaseline/internal/problem"
)

// timeout bounds each request.
const timeout = 30 * time.Second

// Repository is a repository on GitHub, as whoever the token belongs to.
type Repository struct {
	client      *api.Client
	owner, name string
	workflow    string // file of the workflow that runs, without its directory
	self        string // login of whom the token belongs to, once it is known
}

// Open returns the repository that a job of GitHub Actions runs for. get reads an environment variable, as os.Getenv
// does: GITHUB_TOKEN, GITHUB_REPOSITORY, and GITHUB_API_URL where it is not that of github.com.
func Open(get func(string) string) (*Repository, error) {
	var problems problem.List
	token, repository := get("GITHUB_TOKEN"), get("GITHUB_REPOSITORY")
	problems.Require("GITHUB_TOKEN", token != "", "a token that may write to the repository")
	owner, name, both := strings.Cut(repository, "/")
	both = both && owner != "" && name != "" && !strings.Contains(name, "/")
	problems.CheckThat(both, "GITHUB_REPOSITORY", repository, "must be OWNER/REPOSITORY")
	if err := problems.Err(); err != nil {
		return nil, err
	}
	options := []api.ClientOptionsFunc{api.WithAuthToken(token), api.WithTimeout(timeout), api.WithEnvProxy()}
	if base := get("GITHUB_API_URL"); base != "" {
		base = strings.TrimSuffix(base, "/") + "/"
		options = append(options, api.WithURLs(&base, nil))
	}
	client, err := api.NewClient(options...)
	if err != nil {
		return nil, err
	}
	// "acme/baseline/.github/workflows/drift.yml@refs/heads/main"
	workflow, _, _ := strings.Cut(get("GITHUB_WORKFLOW_REF"), "@")
	return &Repository{client: client, owner: owner, name: name, workflow: path.Base(workflow)}, nil
}

// bot is who the token of a job writes as. Only users can be asked who they are ("Get the authenticated user" does not
// work with the token of an app, https://docs.github.com/en/rest/users/users).
const bot = "github-actions[bot]"

// author is who the token writes as.
func (r *Repository) author(ctx context.Context) (string, error) {
	if r.self != "" {
		return r.self, nil
	}
	user, response, err := r.client.Users.Get(ctx, "")
	switch {
	case response != nil && response.StatusCode == http.StatusForbidden:
		r.self = bot
	case err != nil:
		return "", err
	default:
		r.self = user.GetLogin()
	}
	return r.self, nil
}

// own reports whether a text is one that this package has written: by its marker, and by who wrote it, since anybody
// can write a marker.
func own(text, prefix string, author *api.User, self string) bool {
	return author.GetLogin() == self && strings.HasPrefix(text, prefix)
}

// Comment makes a text the comment of a pull request that begins with a prefix: the one that is there is replaced, so
// that there is never a second. It returns the address of the comment.
func (r *Repository) Comment(ctx context.Context, pullRequest int, prefix, text string) (url string, err error) {
	if !strings.HasPrefix(text, prefix) {
		return "", errors.New("the text must begin with its marker " + prefix)
	}
	self, err := r.author(ctx)
	if err != nil {
		return "", err
	}
	comment := &api.IssueComment{Body: &text}
	every := &api.IssueListCommentsOptions{ListOptions: api.ListOptions{PerPage: 100}}
	for one, err := range r.client.Issues.ListCommentsIter(ctx, r.owner, r.name, pullRequest, every) {
		if err != nil {
			return "", err
		}
		if own(one.GetBody(), prefix, one.User, self) {
			edited, _, err := r.client.Issues.EditComment(ctx, r.owner, r.name, one.GetID(), comment)
			return edited.GetHTMLURL(), err
		}
	}
	made, _, err := r.client.Issues.CreateComment(ctx, r.owner, r.name, pullRequest, comment)
	return made.GetHTMLURL(), err
}
