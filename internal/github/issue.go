package github

import (
	"context"
	"time"

	api "github.com/google/go-github/v88/github"
)

// Issue is an issue that this package has opened and nobody has closed.
type Issue struct {
	Number int
	URL    string
	Text   string
}

// Find returns the open issue whose text begins with a prefix, or nil. All open issues are looked through: labels are
// dropped where the token may not set them, and a search may not know yet what was written a moment ago.
func (r *Repository) Find(ctx context.Context, prefix string) (*Issue, error) {
	self, err := r.author(ctx)
	if err != nil {
		return nil, err
	}
	open := &api.IssueListByRepoOptions{State: "open", ListOptions: api.ListOptions{PerPage: 100}}
	for one, err := range r.client.Issues.ListByRepoIter(ctx, r.owner, r.name, open) {
		if err != nil {
			return nil, err
		}
		if !one.IsPullRequest() && own(one.GetBody(), prefix, one.User, self) {
			return &Issue{one.GetNumber(), one.GetHTMLURL(), one.GetBody()}, nil
		}
	}
	return nil, nil
}

// Put gives an issue a title and a text, or opens one where the issue is nil. It returns the address of the issue.
func (r *Repository) Put(ctx context.Context, issue *Issue, title, text string) (url string, err error) {
	request := &api.IssueRequest{Title: &title, Body: &text}
	if issue == nil {
		made, _, err := r.client.Issues.Create(ctx, r.owner, r.name, request)
		return made.GetHTMLURL(), err
	}
	edited, _, err := r.client.Issues.Edit(ctx, r.owner, r.name, issue.Number, request)
	return edited.GetHTMLURL(), err
}

// Close closes an issue, and says why in a comment.
func (r *Repository) Close(ctx context.Context, issue Issue, why string) error {
	_, _, err := r.client.Issues.CreateComment(ctx, r.owner, r.name, issue.Number, &api.IssueComment{Body: &why})
	if err != nil {
		return err
	}
	closed := "closed"
	_, _, err = r.client.Issues.Edit(ctx, r.owner, r.name, issue.Number, &api.IssueRequest{State: &closed})
	return err
}

// LastSuccess is when the workflow that runs has last succeeded; the zero time if it never has.
func (r *Repository) LastSuccess(ctx context.Context) (time.Time, error) {
	runs, _, err := r.client.Actions.ListWorkflowRunsByFileName(ctx, r.owner, r.name, r.workflow,
		&api.ListWorkflowRunsOptions{Status: "success", ListOptions: api.ListOptions{PerPage: 1}})
	if err != nil || len(runs.WorkflowRuns) == 0 {
		return time.Time{}, err
	}
	return runs.WorkflowRuns[0].GetUpdatedAt().Time, nil
}
