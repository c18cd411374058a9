package config

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
)

// Pipeline says who may assume the roles that plan and deploy, which "make bootstrap" makes. The stack itself does not
// depend on it.
type Pipeline struct {
	Repository       string   `json:"repository,omitempty"`
	Subject          string   `json:"subject,omitempty"`
	Branch           string   `json:"branch,omitempty"`
	ExistingProvider bool     `json:"existingProvider,omitempty"`
	Principals       []string `json:"principals,omitempty"`
}

// Forms of what GitHub puts into its tokens. Names of owners have up to 39 characters, those of repositories up to 100.
const (
	repositoryForm = `[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}`
	branchForm     = `^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$`
)

// subjectForm is a subject without what GitHub adds to it, with or without the ids that never change.
var subjectForm = regexp.MustCompile(`^repo:` + repositoryForm + `$`)

var pipelineFields = map[string]Field{
	"repository": {
		Meaning: "The repository on GitHub whose workflows plan and deploy, by OpenID Connect.",
		Allowed: "OWNER/NAME", Pattern: "^" + repositoryForm + "$",
	},
	"subject": {
		Meaning: "The beginning of the subject in the repository's tokens. Repositories created, renamed or moved " +
			"since June 18, 2026 have ids in it, which nobody can take over with a name: repo:OWNER-ID/NAME-ID. " +
			"GitHub shows it in the settings of OpenID Connect.",
		Allowed: "repo:OWNER/NAME or repo:OWNER-ID/NAME-ID", Default: "repo: and the repository",
	},
	"branch": {
		Meaning: "The branch whose workflow deploys.", Allowed: "the name of a branch", Pattern: branchForm,
		Default: defaultBranch,
	},
	"existingProvider": {
		Meaning: "The account already has GitHub's OpenID Connect provider, of which there can be only one: made for " +
			"another environment, or by others.",
	},
	"principals": {
		Meaning: "Who else may assume the roles: the role of another runner, or people. " + peopleMeaning,
		Allowed: peopleAllowed, Unique: true,
	},
}

const defaultBranch = "main"

// DeployBranch is Branch, or its default.
func (p Pipeline) DeployBranch() string { return cmp.Or(p.Branch, defaultBranch) }

// TokenSubject is Subject, or its default.
func (p Pipeline) TokenSubject() string {
	if p.Subject == "" && p.Repository != "" {
		return "repo:" + p.Repository
	}
	return p.Subject
}

func (c *checker) pipeline(env awsenv.Env, config Config) {
	pipeline := config.Pipeline
	c.each(pipeline.Principals, peopleIn(env), "pipeline", "principals")
	for _, name := range []string{"subject", "branch", "existingProvider"} {
		if pipeline.Repository == "" && c.given("pipeline", name) && !c.known("pipeline", "repository") {
			c.problem(c.where("pipeline", name), c.stands("pipeline", name),
				"must be left out without pipeline.repository, which it belongs to")
		}
	}
	c.check(pipeline.Subject, func(subject string) error {
		return checkSubject(subject, pipeline.Repository)
	}, "pipeline", "subject")
	if pipeline.Repository == "" && len(pipeline.Principals) == 0 || env.AccountID() == "" {
		return
	}
	scope := naming.New(config.Project, config.Environment, naming.Tags{})
	reserved := inventory.PipelineNames(scope, env).StateBucket
	for name, bucket := range inventory.New(scope, env, config.Inventory()).Data {
		if bucket.Name == reserved {
			c.problem(c.where("s3", "buckets", name), nil,
				"must have another name: with pipeline the bucket of the state is called so")
		}
	}
}

// subjectID is what the immutable form of a subject adds to the names of owner and repository.
var subjectID = regexp.MustCompile(`-[0-9]+(/|$)`)

// checkSubject accepts the subject of a repository, with or without ids.
func checkSubject(subject, repository string) error {
	if !subjectForm.MatchString(subject) {
		return errors.New("must be repo:OWNER/NAME or repo:OWNER-ID/NAME-ID")
	}
	plain := strings.TrimPrefix(subject, "repo:")
	if plain != repository && subjectID.ReplaceAllString(plain, "$1") != repository {
		return fmt.Errorf("must be the subject of %s", repository)
	}
	return nil
}
