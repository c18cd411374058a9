package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/diff"
	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
)

// TestDiff reviews an edited stack, against files, directories and revisions of a repository.
func TestDiff(t *testing.T) {
	t.Parallel()
	directory := copyOf(t, "prod")
	run := func(arguments ...string) testkit.Result {
		return ask(t, directory, "prod", append([]string{"diff"}, arguments...)...)
	}
	git := func(arguments ...string) {
		command := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"},
			arguments...)...)
		command.Dir, command.Env = directory, append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null")
		output, err := command.CombinedOutput()
		require.NoError(t, err, string(output))
	}
	golden := filepath.Join(directory, goldenFiles, "baseline-prod.json")
	require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o700))
	require.NoError(t, testkit.CopyFile(filepath.Join("..", "..", goldenFiles, "baseline-prod.json"), golden))
	git("init", "-q")
	git("add", goldenFiles)
	git("commit", "-qm", "x")
	git("tag", "reviewed")

	assert.Contains(t, run().Stdout, "baseline-prod: no changes\nfrom "+goldenFiles+"/baseline-prod.json to cdktf.out/")

	stack := filepath.Join(directory, "cdktf.out", "stacks", "baseline-prod", template.File)
	require.NoError(t, os.WriteFile(stack, []byte(strings.Replace(testkit.ReadFile(t, stack),
		`"backup_retention_period": 35`, `"backup_retention_period": 8`, 1)), 0o600))
	var result testkit.Result
	const weaker = "backup_retention_period: backups are kept for a shorter time\n"
	for _, against := range []string{"reviewed", "HEAD", golden, filepath.Dir(golden)} {
		result = run("-against", against)
		assert.Zero(t, result.Code, result.Stderr)
		assert.Contains(t, result.Stdout, weaker, against)
		assert.Contains(t, result.Stdout, "1 weakening; 1 change: 1 changed\nfrom ", against)
	}
	assert.Contains(t, run("-against", "reviewed").Stdout, "from "+goldenFiles+"/baseline-prod.json at reviewed (")
	assert.Equal(t, "baseline-prod: no changes",
		strings.SplitN(run("-against", "cdktf.out").Stdout, "\n", 2)[0], "a directory of CDKTF")

	result = run("-fail-on", "weakening")
	assert.Equal(t, failure, result.Code)
	assert.Contains(t, result.Stdout, weaker)
	assert.Equal(t, "securebaseline: weakenings of baseline-prod: 1\n", result.Stderr)
	assert.True(t, strings.HasPrefix(run("-format", "markdown").Stdout, diff.Marker("baseline-prod")+"\n"))
	assert.Contains(t, run("-format", "json").Stdout, "\"weakenings\": 1,")

	plan := filepath.Join("..", "diff", "testdata", "plan.json")
	plan, err := filepath.Abs(plan)
	require.NoError(t, err)
	result = run("-plan", plan)
	assert.Zero(t, result.Code, result.Stderr)
	assert.Contains(t, result.Stdout, "by the plan "+plan+"\n")

	binaryPlan := filepath.Join(directory, "plan")
	require.NoError(t, os.WriteFile(binaryPlan, []byte("PK\x03\x04"), 0o600))
	git("commit", "-q", "--allow-empty", "-m", "y")
	git("rm", "-q", "--cached", goldenFiles+"/baseline-prod.json")
	git("commit", "-qm", "z")
	for _, test := range []struct {
		arguments []string
		code      int
		want      string
	}{
		{[]string{"-against", "nothing"}, failure,
			`-against "nothing": must be a file, a directory or a revision of Git`},
		{[]string{"-against", "--output=x"}, failure,
			`-against "--output=x": must be a file, a directory or a revision of Git`},
		{[]string{"-against", "HEAD"}, failure, `-against "HEAD": that revision must hold ` + goldenFiles +
			"/baseline-prod.json: "},
		{[]string{"-against", "tests"}, failure, "tests: must hold one of baseline-prod.json, cdk.tf.json, stacks/"},
		{[]string{"-plan", binaryPlan}, failure, "must be JSON; write it by terraform show -json "},
		{[]string{"-plan", golden}, failure, "the plan: must be what terraform show -json writes of a plan"},
		{[]string{"-plan", "x", "-against", "y"}, misuse, "-plan and -against: must not both be given"},
		{[]string{"-format", "html"}, misuse, `-format "html": must be one of text, markdown, json`},
		{[]string{"-fail-on", "all"}, misuse, `-fail-on "all": must be "weakening"`},
		{[]string{"-x"}, misuse, "flag provided but not defined: -x"},
		{[]string{"x"}, misuse, `"x": must be an option; -h lists them`},
	} {
		result := run(test.arguments...)
		assert.Equal(t, test.code, result.Code, test.arguments)
		assert.Contains(t, result.Stderr, test.want)
		assert.Empty(t, result.Stdout)
	}
	assert.Contains(t, run("-h").Stdout, "usage: securebaseline diff [options]\n")
	require.NoError(t, os.RemoveAll(filepath.Join(directory, "cdktf.out")))
	assert.Contains(t, run().Stderr, "; run make json ENVIRONMENT=prod\n")
}
