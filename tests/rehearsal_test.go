//go:build rehearsal && unix

package tests

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/config"
)

var (
	kills = flag.Int("rehearsal.kills", 10, "how often the rehearsal kills Terraform in the middle of an apply")
	seed  = flag.Uint64("rehearsal.seed", 1, "seed of the rehearsal's random moments and faults")
)

// TestRehearsal deploys the environments named in ENVIRONMENT, or dev, with the pinned CLI and the real provider to an
// emulator of AWS, and does to each what happens to a deployment over the years.
//
// Most of the time the provider waits, so independent parts run at once, each in an account of its own. No part uses jsii
// in this process: the program synthesizes.
func TestRehearsal(t *testing.T) {
	environments := strings.Fields(os.Getenv("ENVIRONMENT"))
	if len(environments) == 0 {
		environments = []string{"dev"}
	}
	s := &summary{}
	t.Cleanup(s.print)
	binary := build(t)
	for _, environment := range environments {
		check := exec.Command(binary, "check")
		check.Dir, check.Env = "..", append(os.Environ(), "ENVIRONMENT="+environment)
		if output, err := check.CombinedOutput(); err != nil {
			t.Fatalf("\n%s", output)
		}
	}
	emulatorPython(t) // installed once, before the parts start
	for _, environment := range environments {
		t.Run(environment, func(t *testing.T) {
			t.Parallel()
			rehearse(t, s, binary, load(t, environment, nil))
		})
	}
}

// rehearse does all parts with one environment.
func rehearse(t *testing.T, s *summary, binary string, cfg config.Config) {
	id := cfg.AccountID
	if id == "" {
		id = account
	}
	run := func(name string, do func(t *testing.T, e emulator, w *workspace)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := startEmulator(t, id)
			do(t, e, newWorkspace(t, binary, cfg, e.url))
		})
	}
	run("life", func(t *testing.T, e emulator, w *workspace) { rehearseLife(t, s, e, w) })
	run("kills", func(t *testing.T, e emulator, w *workspace) { rehearseKills(t, s, e, w) })
	run("faults", func(t *testing.T, e emulator, w *workspace) { rehearseFaults(t, s, e, w) })
	run("speed", func(t *testing.T, _ emulator, w *workspace) { rehearseSpeed(t, s, startEmulator(t, id), w) })
	t.Run("policies", func(t *testing.T) {
		t.Parallel()
		e := startEnforcing(t, id, string(cfg.Region))
		rehearsePolicies(t, s, e, newWorkspace(t, binary, cfg, e.tls))
	})
}

// rehearseLife is the life of a deployment: made, looked at, changed, destroyed.
func rehearseLife(t *testing.T, s *summary, e emulator, w *workspace) {
	deployed := s.step(t, "cdktf deploy", func(t *testing.T) string {
		w.keepStateIn(t, e.url)
		w.deploy(t)
		declared, state := w.template(t).addresses(), w.state(t)
		assert.Equal(t, declared, slices.Sorted(maps.Keys(state)), "every resource of the JSON exists")
		return fmt.Sprintf("%d resources in the JSON, %d created", len(declared), len(state))
	})
	if !deployed {
		return
	}
	s.step(t, "order of the calls", func(t *testing.T) string { return observeOrder(t, w, e.calls(t)) })
	s.step(t, "read back through the API", func(t *testing.T) string { return readBack(t, w, e.url) })
	s.step(t, "second plan", func(t *testing.T) string {
		assertNoChanges(t, w)
		return "no changes"
	})
	s.step(t, "change of the configuration", func(t *testing.T) string { return rehearseChanges(t, w) })
	s.step(t, "destroy", func(t *testing.T) string { return rehearseDestroy(t, w, e) })
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
		told := do(t)
		if !t.Failed() {
			result = told
		}
	})
	seconds := time.Since(began).Seconds()
	tell(t, fmt.Sprintf("%-32s %6.1f s  %s", name, seconds, result))
	s.mutex.Lock()
	s.lines = append(s.lines, summaryLine{part(t), name, result, seconds})
	s.mutex.Unlock()
	return passed
}

// tell prints a line of progress at once; the test log would keep it until the end.
func tell(t *testing.T, progress string) {
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
