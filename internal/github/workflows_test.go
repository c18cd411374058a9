package github

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"securebaseline/internal/testkit"
)

// workflow is a file of .github/workflows, or of an action, which has steps of its own.
type workflow struct {
	On          any
	Permissions map[string]string
	Jobs        map[string]*workflowJob
	Runs        struct{ Steps []step }
}

type workflowJob struct {
	If, Environment string
	Needs           any
	Permissions     map[string]string
	Concurrency     struct {
		Group  string
		Cancel any `yaml:"cancel-in-progress"`
	}
	Env     map[string]string
	Outputs map[string]string
	Steps   []step
}

type step struct {
	Uses, Run, If, ID string
	With, Env         map[string]string
}

const preparing = "./.github/actions/prepare"

// role is the role that a job takes, empty if it takes none.
func (j workflowJob) role() string {
	for _, one := range j.Steps {
		if one.Uses == preparing {
			return one.With["role"]
		}
	}
	return ""
}

// commands are what the steps of a job run.
func (j workflowJob) commands() []string {
	var commands []string
	for _, one := range j.Steps {
		if one.Run != "" {
			commands = append(commands, one.Run)
		}
	}
	return commands
}

// workflows reads all files, by their names.
func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	all := map[string]workflow{}
	for _, pattern := range []string{"workflows/*", "actions/*/*"} {
		files, err := filepath.Glob(filepath.Join(testkit.Root(t), ".github", pattern))
		require.NoError(t, err)
		for _, file := range files {
			var one workflow
			require.NoError(t, yaml.Unmarshal([]byte(testkit.ReadFile(t, file)), &one), file)
			all[filepath.Base(file)] = one
		}
	}
	require.Subset(t, slices.Collect(maps.Keys(all)),
		[]string{"ci.yml", "pull-request.yml", "deploy.yml", "drift.yml", "action.yml"})
	return all
}

// TestWorkflowsPinActions demands a digest, which nobody can move, and the release that it stands for, of everything
// that is not of this repository.
func TestWorkflowsPinActions(t *testing.T) {
	pinned := regexp.MustCompile(`^\s*- uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40}) # (v[0-9]+\.[0-9]+\.[0-9]+)$`)
	digests, found := map[string]string{}, 0
	require.NoError(t, filepath.WalkDir(filepath.Join(testkit.Root(t), ".github"),
		func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			for line := range strings.Lines(testkit.ReadFile(t, path)) {
				line = strings.TrimRight(line, "\n")
				if !strings.Contains(line, "uses:") || strings.HasSuffix(line, "uses: "+preparing) {
					continue
				}
				match := pinned.FindStringSubmatch(line)
				if assert.NotNil(t, match, "%s: %s", path, line) {
					assert.Contains(t, []string{"", match[2] + match[3]}, digests[match[1]],
						"one release of %s", match[1])
					digests[match[1]] = match[2] + match[3]
					found++
				}
			}
			return nil
		}))
	assert.Greater(t, found, 10)
}

// TestWorkflowsRunTheMakefile keeps what a pipeline does on everybody's machine, and texts of others out of its shells.
func TestWorkflowsRunTheMakefile(t *testing.T) {
	makefile := testkit.ReadFile(t, testkit.Root(t), "Makefile")
	for name, file := range workflows(t) {
		steps := slices.Clone(file.Runs.Steps)
		for _, job := range file.Jobs {
			steps = append(steps, job.Steps...)
		}
		require.NotEmpty(t, steps, name)
		for _, one := range steps {
			target, isMake := strings.CutPrefix(one.Run, "make ")
			if one.Run != "" && one.Run != ".ci/run" {
				assert.True(t, isMake && strings.Contains(makefile, "\n"+target+":"), "%s: %s", name, one.Run)
			}
			if strings.HasPrefix(one.Uses, "actions/checkout@") {
				assert.Equal(t, "false", one.With["persist-credentials"], name)
			}
		}
	}
}

// TestWorkflowsHaveFewPermissions lists what each job may do. Only a job that takes a role may get a token for it.
func TestWorkflowsHaveFewPermissions(t *testing.T) {
	allowed := map[string]map[string]string{
		"pull-request.yml": {"contents": "read", "id-token": "write", "pull-requests": "write"},
		"deploy.yml":       {"contents": "read", "id-token": "write"},
		"drift.yml":        {"actions": "read", "contents": "read", "id-token": "write", "issues": "write"},
	}
	for name, file := range workflows(t) {
		if name == "ci.yml" {
			assert.Equal(t, map[string]string{"contents": "read"}, file.Permissions)
		} else {
			assert.Empty(t, file.Permissions, name)
		}
		for id, job := range file.Jobs {
			assert.Equal(t, allowed[name], job.Permissions, "%s: %s", name, id)
			assert.Equal(t, allowed[name] != nil, job.role() != "", "%s: %s", name, id)
			for _, one := range job.Steps {
				if !strings.HasPrefix(one.Run, "make github-") {
					assert.NotContains(t, one.Env, "GITHUB_TOKEN", "%s: %s", name, one.Run)
				}
			}
		}
		text := strings.ToLower(testkit.ReadFile(t, testkit.Root(t), ".github",
			map[bool]string{true: "actions/prepare", false: "workflows"}[name == "action.yml"], name))
		for _, dangerous := range []string{"pull_request_target", "workflow_run", "secrets.", "aws_secret_access_key"} {
			assert.NotContains(t, text, dangerous, name)
		}
	}
}

// TestWorkflowsOfAClone do nothing in a repository that has not been set up, and give forks no role.
func TestWorkflowsOfAClone(t *testing.T) {
	for name, file := range workflows(t) {
		for id, job := range file.Jobs {
			if job.role() == "" {
				continue
			}
			previous := "needs.review-" + job.Environment + ".outputs.changes > 0"
			assert.True(t, strings.Contains(job.If, "vars.PIPELINE_ENVIRONMENTS") ||
				job.Environment != "" && strings.Contains(job.If, previous), "%s: %s", name, id)
			assert.NotContains(t, job.If, "||", "%s: %s", name, id)
			if events, _ := file.On.(map[string]any); events != nil {
				if _, ofOthers := events["pull_request"]; !ofOthers {
					continue
				}
			}
			assert.Contains(t, job.If, "github.event.pull_request.head.repo.full_name == github.repository", name)
		}
	}
}

// TestWorkflowsDeploy demands for each environment a review without approval and an apply with it, one after the other.
func TestWorkflowsDeploy(t *testing.T) {
	all := workflows(t)
	jobs := all["deploy.yml"].Jobs
	require.Len(t, jobs, 2*len(testkit.Environments()))
	var before any
	for _, environment := range testkit.Environments() {
		review, apply := jobs["review-"+environment], jobs["apply-"+environment]
		require.NotNil(t, review, environment)
		require.NotNil(t, apply, environment)

		assert.Equal(t, before, review.Needs)
		assert.Contains(t, review.If, `contains(vars.PIPELINE_ENVIRONMENTS, '"`+environment+`"')`)
		assert.Empty(t, review.Environment, "nobody has to approve a plan")
		assert.Equal(t, "plan", review.role())
		assert.Equal(t, []string{"make review", "make github-summary"}, review.commands())
		assert.Equal(t, "review", review.Steps[len(review.Steps)-1].ID)
		assert.Equal(t, map[string]string{"fingerprint": "${{ steps.review.outputs.fingerprint }}",
			"changes": "${{ steps.review.outputs.changes }}"}, review.Outputs)

		assert.Equal(t, "review-"+environment, apply.Needs)
		assert.Equal(t, environment, apply.Environment)
		assert.Equal(t, "deploy", apply.role())
		assert.Equal(t, []string{"make apply"}, apply.commands())
		assert.Equal(t, "${{ needs.review-"+environment+".outputs.fingerprint }}", apply.Env["REVIEWED"])
		assert.Equal(t, "apply-"+environment, apply.Concurrency.Group)
		for _, job := range []*workflowJob{review, apply} {
			assert.Equal(t, environment, job.Env["ENVIRONMENT"])
			if before != nil || job == apply {
				assert.Contains(t, job.If, "!cancelled() && !failure() && ", "skipped jobs do not stop the next ones")
			}
		}
		before = []any{"review-" + environment, "apply-" + environment}
	}
	for name, file := range all {
		for id, job := range file.Jobs {
			if job.role() != "" {
				assert.NotEqual(t, true, job.Concurrency.Cancel, "%s: %s would leave a lock", name, id)
			}
			if job.role() == "deploy" {
				assert.NotEmpty(t, job.Environment, "%s: %s deploys without approval", name, id)
			}
		}
	}
	for name, want := range map[string][]string{
		"pull-request.yml": {"make review", "make github-comment"}, "drift.yml": {"make drift", "make github-issue"},
	} {
		for _, job := range all[name].Jobs {
			assert.Equal(t, "plan", job.role(), name)
			assert.Equal(t, want, job.commands())
			assert.Equal(t, "${{ !cancelled() }}", job.Steps[len(job.Steps)-1].If, "a failure is said, too")
		}
	}
}
