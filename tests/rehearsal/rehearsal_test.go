//go:build rehearsal && unix

package rehearsal

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
	"securebaseline/internal/testkit"
)

var (
	kills = flag.Int("rehearsal.kills", 10, "how often the rehearsal kills Terraform in the middle of an apply")
	times = flag.Bool("rehearsal.speed", false, "measure a deployment with and without its explicit order")
	seed  = flag.Uint64("rehearsal.seed", 1, "seed of the rehearsal's random moments and faults")
)

// TestRehearsal deploys the environments named in ENVIRONMENT, or dev, with the pinned CLI and the real provider to an
// emulator of AWS, and does to each what happens to a deployment over the years.
//
// Most of the time the provider waits, so independent parts run at once, each in an account of its own. No part uses
// jsii in this process: the program synthesizes.
func TestRehearsal(t *testing.T) {
	chosen, isSet := os.LookupEnv(config.EnvironmentVar)
	environments := strings.Fields(chosen)
	switch {
	case !isSet:
		environments = []string{config.DefaultEnvironment}
	case len(environments) == 0:
		environments = []string{""} // for the check to refuse
	}
	r := &rehearsal{ctx: lifetime(t), program: testkit.BuildProgram(t),
		adopter: testkit.Build(t, "internal/adopt/command"), plugins: filepath.Join(t.TempDir(), "plugins")}
	t.Cleanup(r.print)
	for _, environment := range environments {
		check := bounded(t, r.ctx, time.Minute, r.program, "check")
		check.Dir, check.Env = testkit.Root(t), append(check.Env, "ENVIRONMENT="+environment)
		if output, err := check.CombinedOutput(); err != nil {
			t.Fatalf("\n%s", output)
		}
	}
	r.python = emulatorPython(t, r.ctx)
	r.fetchProvider(t, testkit.Load(t, environments[0], nil))
	for _, environment := range environments {
		t.Run(environment, func(t *testing.T) {
			t.Parallel()
			r.rehearse(t, testkit.Load(t, environment, nil))
		})
	}
}

// rehearsal is what all parts share.
type rehearsal struct {
	summary
	ctx     context.Context // ends everything
	program string          // the built program
	adopter string          // the built command of "make adopt"
	python  string          // that runs the emulators
	plugins string          // Terraform's cache of the provider
	mirror  string          // Terraform's configuration that installs the provider from there alone
}

// fetchProvider fills the cache of the provider, so that it is downloaded once. From then on the cache is a mirror, and
// no registry is asked.
func (r *rehearsal) fetchProvider(t *testing.T, cfg config.Config) {
	require.NoError(t, os.MkdirAll(r.plugins, 0o700))
	w := r.newWorkspace(t, cfg, testkit.ClosedAddress)
	w.synthesize(t, nil)
	w.init(t)
	r.offerToOpenTofu(t)
	r.mirror = testkit.WriteMirrorConfiguration(t, r.plugins)
}

// offerToOpenTofu puts the cached provider below the name of OpenTofu's own registry, too. Only the last directory may be
// a symbolic link.
func (r *rehearsal) offerToOpenTofu(t *testing.T) {
	platforms, err := filepath.Glob(filepath.Join(r.plugins, "registry.terraform.io", "*", "*", "*", "*"))
	require.NoError(t, err)
	for _, platform := range platforms {
		link := strings.Replace(platform, "registry.terraform.io", "registry.opentofu.org", 1)
		require.NoError(t, os.MkdirAll(filepath.Dir(link), 0o700))
		require.NoError(t, os.Symlink(platform, link))
	}
}

// rehearse does all parts with one environment.
func (r *rehearsal) rehearse(t *testing.T, cfg config.Config) {
	id := cfg.AccountID
	if id == "" {
		id = testkit.Account
	}
	run := func(name string, do func(t *testing.T, e emulator, w *workspace)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := r.startEmulator(t, id)
			do(t, e, r.newWorkspace(t, cfg, e.url))
		})
	}
	run("life", func(t *testing.T, e emulator, w *workspace) { r.life(t, e, w, id) })
	if cfg.KMS.AccountMayDelete { // so that it can be destroyed
		run("bootstrap", func(t *testing.T, e emulator, w *workspace) { r.bootstrap(t, e, w, id) })
	}
	run("kills", r.kills)
	run("faults", r.faults)
	if *times {
		run("speed", func(t *testing.T, _ emulator, w *workspace) { r.speed(t, r.startEmulator(t, id), w) })
	}
	t.Run("policies", func(t *testing.T) {
		t.Parallel()
		e := r.startEnforcing(t, id, string(cfg.Region))
		r.policies(t, e, r.newWorkspace(t, cfg, e.tls))
	})
}

// life is that of a deployment: made, looked at, changed, destroyed.
func (r *rehearsal) life(t *testing.T, e emulator, w *workspace, account string) {
	deployed := r.step(t, "make cdktf-diff and deploy", func(t *testing.T) string {
		w.keepStateIn(t, e.url)
		w.project(t)
		w.configure(t, nil)
		announced, err := w.make(t, "cdktf-diff")
		require.NoError(t, err)
		_, err = w.make(t, "deploy")
		require.NoError(t, err)
		assert.True(t, slices.ContainsFunc(e.calls(t), call.locked), "the state was locked")
		declared, state := w.template(t).Addresses(), w.state(t)
		assert.Contains(t, announced, fmt.Sprintf("Plan: %d to add, 0 to change, 0 to destroy.", len(declared)))
		assert.Equal(t, declared, slices.Sorted(maps.Keys(state)), "every resource of the JSON exists")
		return fmt.Sprintf("%d resources in the JSON, %d created", len(declared), len(state))
	})
	if !deployed {
		return
	}
	r.step(t, "order of the calls", func(t *testing.T) string { return observeOrder(t, w, e.calls(t)) })
	r.step(t, "read back through the API", func(t *testing.T) string { return readBack(t, w, e.url, account) })
	r.step(t, "second plan", func(t *testing.T) string {
		assertNoChanges(t, w)
		return "no changes"
	})
	r.step(t, "make hcl", func(t *testing.T) string { return rehearseLeaving(t, w) })
	r.step(t, "mistakes in the configuration", func(t *testing.T) string { return rehearseMistakes(t, w) })
	r.step(t, "a lock left behind", func(t *testing.T) string { return rehearseLock(t, w, e) })
	r.step(t, "changes by hand", func(t *testing.T) string { return rehearseDrift(t, w, e) })
	r.step(t, "change of the configuration", func(t *testing.T) string { return rehearseChanges(t, w, e) })
	r.step(t, "destroy", func(t *testing.T) string { return rehearseDestroy(t, w, e) })
	r.step(t, "permissions", func(t *testing.T) string { return assertPermitted(t, w, e, account) })
	r.step(t, "permissions of reviews", func(t *testing.T) string { return assertPlanPermitted(t, w, e, account) })
}

// rehearseMistakes changes what would lose sight of a deployment or parts of it, which plan must refuse.
func rehearseMistakes(t *testing.T, w *workspace) string {
	refused := map[string]testkit.Settings{
		fmt.Sprintf("the state holds resources in %s, but region is us-west-2", w.config.Region): {"region": "us-west-2"},
	}
	if !w.config.KMS.AccountMayDelete {
		refused["no longer has what must not be lost"] = testkit.Settings{"logging.trail": "none"}
	}
	for want, settings := range refused {
		w.configure(t, settings)
		said, err := w.make(t, "plan")
		require.Error(t, err)
		require.Contains(t, said, want)
	}
	w.configure(t, nil)
	w.synthesize(t, nil)
	w.init(t)
	return fmt.Sprintf("%d refused", len(refused))
}

func assertNoChanges(t *testing.T, w *workspace) {
	t.Helper()
	assert.Empty(t, slices.Sorted(maps.Keys(w.changes(t))), "a second plan has nothing to do")
}

// summary is what the rehearsal did, step by step.
type summary struct {
	mutex sync.Mutex
	lines []summaryLine
}

type summaryLine struct {
	part, step, result string
	seconds            float64
}

// step does one thing, notes how long it took and how it ended, and returns whether it succeeded.
func (s *summary) step(t *testing.T, name string, do func(t *testing.T) string) bool {
	t.Helper()
	began := time.Now()
	result := "FAILED"
	passed := t.Run(name, func(t *testing.T) {
		defer func() {
			// A panic would end the binary at once, and leave what the other parts have started.
			if cause := recover(); cause != nil {
				t.Errorf("panic: %v\n%s", cause, debug.Stack())
			}
		}()
		outcome := do(t)
		if !t.Failed() {
			result = outcome
		}
	})
	seconds := time.Since(began).Seconds()
	report(t, fmt.Sprintf("%-32s %6.1f s  %s", name, seconds, result))
	s.mutex.Lock()
	s.lines = append(s.lines, summaryLine{part(t), name, result, seconds})
	s.mutex.Unlock()
	return passed
}

// report prints a line of progress at once; the test log would keep it until the end.
func report(t *testing.T, progress string) {
	fmt.Printf("%-13s  %s\n", part(t), progress)
}

// part is the environment and the part of the rehearsal that a test belongs to.
func part(t *testing.T) string {
	names := strings.Split(t.Name(), "/")
	return strings.Join(names[1:min(3, len(names))], " ")
}

func (s *summary) print() {
	if len(s.lines) == 0 {
		return
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PART\tSTEP\tSECONDS\tRESULT")
	slices.SortStableFunc(s.lines, func(a, b summaryLine) int { return strings.Compare(a.part, b.part) })
	for _, line := range s.lines {
		fmt.Fprintf(w, "%s\t%s\t%.1f\t%s\n", line.part, line.step, line.seconds, line.result)
	}
	w.Flush()
	fmt.Printf("\n%s\n", &table)
}
