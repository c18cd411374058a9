//go:build provider && unix

package provider

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/review"
	"securebaseline/internal/testkit"
)

// TestReview plans a new deployment by the commands of a pipeline, with the real provider and no AWS.
func TestReview(t *testing.T) {
	t.Parallel()
	c := checkout(t.TempDir())
	testkit.CopyProject(t, string(c))
	c.configure(t, testkit.Offline(nil))
	require.NoError(t, os.MkdirAll(c.stack(), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(c.stack(), "offline_override.tf.json"), []byte(override), 0o600))
	run := func(target string, variables ...string) testkit.Result {
		t.Helper()
		return c.make(t, target, append(append([]string{"CI=true", "AUTO_APPROVE=true"}, offline...), variables...)...)
	}
	kept := func(name string) string { return filepath.Join(c.stack(), name) }

	result := run("review")
	require.Zero(t, result.Code, result.Stderr)
	text := testkit.ReadFile(t, kept("review.md"))
	marker, err := review.ReadMarker(text)
	require.NoError(t, err)
	declared := c.declared(t)
	assert.GreaterOrEqual(t, marker.Changes, len(declared))
	for _, address := range declared {
		assert.Contains(t, text, "\n- `"+address+"`\n", "every resource of the stack is listed")
	}
	assert.Contains(t, result.Stdout, "\nnext: make apply ENVIRONMENT=dev REVIEWED="+marker.Fingerprint+"\n")
	assert.NoFileExists(t, kept("reviewed.tfplan"), "a plan holds secrets")

	result = run("review")
	require.Zero(t, result.Code, result.Stderr)
	assert.Equal(t, text, testkit.ReadFile(t, kept("review.md")), "a second plan has the same fingerprint")

	t.Run("another plan is refused", func(t *testing.T) {
		c.configure(t, testkit.Offline(testkit.Settings{"logging.retentionDays": 731}))
		result := run("apply", "REVIEWED="+marker.Fingerprint)
		assert.NotZero(t, result.Code)
		assert.Regexp(t, `(?m)^securebaseline: the plan has changed since it was reviewed \([0-9]+ to create\): its `+
			`fingerprint is [0-9a-f]{64}, not `+marker.Fingerprint+`; nothing is applied, make review ENVIRONMENT=dev `+
			`again$`, result.Stderr)
		assert.NotContains(t, result.Stdout, "Apply complete")
		assert.NotContains(t, result.Stdout, "Creating...")
		assert.NoFileExists(t, kept("reviewed.tfplan"))
		assert.NoFileExists(t, kept("state"))
		c.configure(t, testkit.Offline(nil))
	})
	t.Run("drift is reported, and a check that fails reports none", func(t *testing.T) {
		result := run("drift")
		assert.NotZero(t, result.Code)
		assert.Regexp(t, `(?m)^securebaseline: AWS is not as the configuration of dev says: [0-9]+ to create, see .*`+
			`drift.md$`, result.Stderr)
		assert.Contains(t, testkit.ReadFile(t, kept("drift.md")), "**In the configuration, and not in AWS**")
		result = run("drift", "TERRAFORM="+stub(t, "terraform", "Terraform v1.5.7"))
		assert.NotZero(t, result.Code)
		assert.NoFileExists(t, kept("drift.md"))
	})
	t.Run("mistakes are found before anything is planned", func(t *testing.T) {
		for _, test := range []struct{ target, variable, want string }{
			{"apply", "REVIEWED=", `REVIEWED = "": must be the fingerprint of 64 digits that make review has printed`},
			{"apply", "REVIEWED=$(date)", `REVIEWED = "$(date)": must be the fingerprint of 64 digits that make ` +
				`review has printed`},
			{"unlock", "LOCK=", `LOCK = "": must be the id of a lock, as Terraform prints it where a state is locked`},
			{"unlock", "LOCK=mine", `LOCK = "mine": must be the id of a lock, as Terraform prints it where a state is ` +
				`locked`},
		} {
			result := run(test.target, test.variable)
			assert.NotZero(t, result.Code)
			assert.True(t, strings.HasPrefix(result.Stderr, test.want+"\n"), result.Stderr)
			assert.Empty(t, result.Stdout)
		}
	})
	t.Run("who holds a lock is said", func(t *testing.T) {
		const id = "e1d511bf-0248-8194-db94-5a2d5624e9f6"
		state, err := os.OpenFile(kept("state"), os.O_RDWR|os.O_CREATE, 0o600)
		require.NoError(t, err)
		defer state.Close()
		require.NoError(t, syscall.FcntlFlock(state.Fd(), syscall.F_SETLK,
			&syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart}))
		require.NoError(t, os.WriteFile(kept(".state.lock.info"), []byte(`{"ID": "`+id+`", "Operation":
			"OperationTypeApply", "Who": "ann@runner-7", "Version": "1.11.4", "Path": "state",
			"Created": "2026-11-30T10:27:35.455275881Z"}`), 0o600))
		for _, target := range []string{"plan", "review"} {
			result := run(target, "LOCK_TIMEOUT=0s")
			assert.NotZero(t, result.Code)
			assert.Regexp(t, regexp.QuoteMeta("The state is locked by ann@runner-7 since 2026-11-30 10:27:35 +0000 UTC: "+
				"wait until that run is over. Only if it\nwas killed: make unlock ENVIRONMENT=dev LOCK="+id+"\n"),
				result.Stderr, target)
		}
	})
}

// TestPlansAreRemoved interrupts a command while there is a plan, which only its owner may read.
func TestPlansAreRemoved(t *testing.T) {
	t.Parallel()
	c := checkout(t.TempDir())
	testkit.CopyProject(t, string(c))
	slow := filepath.Join(t.TempDir(), "terraform")
	require.NoError(t, os.WriteFile(slow, []byte("#!/bin/sh\ncase \"$*\" in version) echo Terraform v1.11.4;; *' plan '*) "+
		"echo secret >\"${1#-chdir=}/reviewed.tfplan\"; exec sleep 60;; esac\n"), 0o755))
	plan := filepath.Join(c.stack(), "reviewed.tfplan")
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		command := c.command(t, "review", "TERRAFORM="+slow)
		command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a terminal and a runner signal all of it
		require.NoError(t, command.Start())
		ended := make(chan error, 1)
		go func() { ended <- command.Wait() }()
		require.Eventually(t, func() bool { _, err := os.Stat(plan); return err == nil }, time.Minute, 50*time.Millisecond)
		info, err := os.Stat(plan)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		require.NoError(t, syscall.Kill(-command.Process.Pid, signal))
		require.Error(t, <-ended)
		assert.Eventually(t, func() bool { _, err := os.Stat(plan); return os.IsNotExist(err) }, 10*time.Second,
			50*time.Millisecond, "%v", signal)
	}
}

// declared lists the resources of the stack.
func (c checkout) declared(t *testing.T) []string {
	t.Helper()
	return testkit.Parse(t, []byte(testkit.ReadFile(t, c.stack(), "cdk.tf.json"))).Addresses()
}
