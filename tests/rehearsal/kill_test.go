//go:build rehearsal && unix

package rehearsal

import (
	"bufio"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	adoption "securebaseline/internal/adopt"
	"securebaseline/internal/config"
	"securebaseline/internal/testkit"
)

// kills ends Terraform and the provider by SIGKILL in the middle of an apply, again and again, and lets the last one
// run.
//
// A resource that was being made exists in AWS without being in the state; a local state that was being written is an
// empty file; a state in S3 may know nothing yet, and stays locked: these are Terraform's own limits, whatever it
// deploys. The rehearsal does what an operator does then: it takes the backup of a local state or unlocks the one in
// S3, and imports what the state does not know. What has no identity of its own, such as a bucket's policy, is simply
// set again. So nothing is lost, and nothing is made twice.
func (r *rehearsal) kills(t *testing.T, e emulator, w *workspace) {
	random := rand.New(rand.NewPCG(*seed, 1))
	adopted, restored := map[string]bool{}, 0
	remote := w.config.Profile != config.Ephemeral
	if remote {
		w.keepStateIn(t, e.url)
	}
	killed := r.step(t, fmt.Sprintf("%d kills", *kills), func(t *testing.T) string {
		w.synthesize(t, nil)
		w.init(t)
		left := len(w.template(t).Addresses())
		var sizes []string
		for kill := range *kills {
			if left == 0 {
				break // with more kills than the stack has room for
			}
			// The moments are spread over what is left to do; otherwise the first kills would leave only the database,
			// on which all others would wait.
			moment := moment{
				finished: random.IntN(max(1, 2*left/(*kills-kill))),
				latest:   time.Duration(random.Float64() * float64(10*time.Second)),
			}
			finished := killedApply(t, w, moment)
			if remote {
				w.unlock(t, e)
			} else if w.restoreState(t) {
				restored++
			}
			state := w.state(t)
			var imported []string
			imported, left = adopt(t, w)
			for _, address := range imported {
				adopted[address] = true
			}
			for _, address := range finished {
				kind, _, _ := strings.Cut(address, ".")
				// Terraform says that it finished a moment before it writes so into the state.
				if state[address] == nil && !adoption.Repeatable(kind) {
					assert.Contains(t, imported, address, "it was finished, and is lost")
				}
			}
			sizes = append(sizes, strconv.Itoa(len(state)))
			report(t, fmt.Sprintf("kill %d: finished %d, in the state %d, to be imported %d, left %d",
				kill+1, len(finished), len(state), len(imported), left))
		}
		return "killed with " + strings.Join(sizes, ", ") + " resources in the state"
	})
	if !killed {
		return
	}
	r.step(t, "apply after the kills", func(t *testing.T) string {
		require.NoError(t, w.apply(t))
		declared := w.template(t).Addresses()
		assert.Equal(t, declared, slices.Sorted(maps.Keys(w.state(t))), "nothing is lost")
		assertNoChanges(t, w)
		assertOnce(t, w, e)
		recovered := fmt.Sprintf("local state restored from its backup %d times", restored)
		if remote {
			recovered = fmt.Sprintf("state in S3 unlocked %d times", *kills)
		}
		return fmt.Sprintf("converged: %d resources, none twice; imported %d, %s", len(declared), len(adopted),
			recovered)
	})
}

// moment tells when an apply is killed: as soon as it has finished a number of resources, and at the latest some time
// after it began with the first. The database and what follows it take longer than that, so no apply is over before.
type moment struct {
	finished int
	latest   time.Duration
}

// killedApply starts an apply, kills it, and returns the resources that it had finished by then.
func killedApply(t *testing.T, w *workspace, moment moment) []string {
	t.Helper()
	command := w.command(t, 10*time.Minute, w.stack(), testkit.TerraformBinary(), "apply", "-json", "-auto-approve",
		"-input=false", "-parallelism="+parallelism)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	kill := sync.OnceValue(func() error { return killTree(command.Process.Pid) })
	var finished, failed []string
	var latest *time.Timer
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		for _, one := range events(lines.Text()) {
			if !strings.HasPrefix(one.Type, "apply_") || strings.HasPrefix(one.Hook.Resource.Addr, "data.") {
				continue
			}
			if latest == nil {
				latest = time.AfterFunc(moment.latest, func() { _ = kill() })
			}
			switch one.Type {
			case "apply_complete":
				finished = append(finished, one.Hook.Resource.Addr)
			case "apply_errored":
				failed = append(failed, one.Hook.Resource.Addr)
			}
			if len(finished) == moment.finished {
				require.NoError(t, kill())
			}
		}
	}
	require.NoError(t, lines.Err())
	err = command.Wait()
	if latest != nil && !latest.Stop() {
		require.NoError(t, kill())
	}
	require.Empty(t, failed, "the apply failed by itself")
	require.ErrorContains(t, err, "killed", "the apply was over before the kill")
	return finished
}
