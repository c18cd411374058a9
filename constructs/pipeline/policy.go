package pipeline

import (
	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/problem"
)

// What GitHub's tokens say of who issues them, and for whom (GitHub documentation, "Configuring OpenID Connect in
// Amazon Web Services").
const (
	issuer   = "token.actions.githubusercontent.com"
	audience = "sts.amazonaws.com"
)

// Workflows that may assume the roles, by their files in the repository.
const (
	workflows           = "/.github/workflows/"
	PullRequestWorkflow = workflows + "pull-request.yml"
	DeployWorkflow      = workflows + "deploy.yml"
	DriftWorkflow       = workflows + "drift.yml"
)

// GitHub is a repository whose workflows may assume the roles.
type GitHub struct {
	// Repository is its name, OWNER/NAME. Required.
	Repository string
	// Subject begins the subject of the repository's tokens: "repo:OWNER/NAME", or with ids that nobody can take over,
	// "repo:OWNER-ID/NAME-ID". Required.
	Subject string
	// Branch is where the workflow that deploys must come from. Required.
	Branch string
	// Environment is the environment of GitHub that a job which deploys must run in, so that its rules decide who
	// approves. Required.
	Environment string
	// ExistingProvider is set where the account has the provider already. Default: it is made.
	ExistingProvider bool
}

func (g GitHub) validate(l *problem.List) {
	if g == (GitHub{}) {
		return
	}
	l.Require("props.GitHub.Repository", g.Repository != "", "OWNER/NAME")
	l.Require("props.GitHub.Subject", g.Subject != "", "the beginning of the subject of its tokens")
	l.Require("props.GitHub.Branch", g.Branch != "", "the branch that deploys")
	l.Require("props.GitHub.Environment", g.Environment != "", "the environment of a job that deploys")
}

// plans lets pull requests plan, and the branch that deploys. GitHub gives the workflows of forks no token.
func (g GitHub) plans(env awsenv.Env) []iampolicy.Statement {
	if g == (GitHub{}) {
		return nil
	}
	branch := "refs/heads/" + g.Branch
	return []iampolicy.Statement{
		g.trust(env, "PullRequestsPlan", "pull_request", PullRequestWorkflow+"@refs/pull/*/merge"),
		g.trust(env, "BranchPlans", "ref:"+branch, DeployWorkflow+"@"+branch, DriftWorkflow+"@"+branch),
	}
}

// deploys lets the workflow of the branch deploy, in a job of the environment.
func (g GitHub) deploys(env awsenv.Env) []iampolicy.Statement {
	if g == (GitHub{}) {
		return nil
	}
	return []iampolicy.Statement{g.trust(env, "EnvironmentDeploys", "environment:"+g.Environment,
		DeployWorkflow+"@refs/heads/"+g.Branch)}
}

// trust lets in tokens of one subject and of the given workflow files, which may hold wildcards. AWS compares the claim
// of the file in the commercial regions (AWS What's New, January 2026, "AWS STS now supports validation of select
// identity provider specific claims"); elsewhere it would never match, and the subject alone decides.
func (g GitHub) trust(env awsenv.Env, sid, subject string, files ...string) iampolicy.Statement {
	conditions := []iampolicy.Condition{
		iampolicy.StringEquals(issuer+":aud", audience),
		iampolicy.StringEquals(issuer+":sub", g.Subject+":"+subject),
	}
	if env.Partition() == "aws" {
		for i, file := range files {
			files[i] = g.Repository + file
		}
		conditions = append(conditions, iampolicy.StringLike(issuer+":job_workflow_ref", files...))
	}
	return iampolicy.Statement{
		Sid: sid, Effect: iampolicy.Allow,
		Principal:  iampolicy.Principal{Federated: []string{env.IAMARN("oidc-provider/" + issuer)}},
		Actions:    []string{"sts:AssumeRoleWithWebIdentity"},
		Conditions: conditions,
	}
}
