//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// event is one line of what "terraform apply -json" tells.
type event struct {
	Type string
	Hook struct {
		Resource struct{ Addr string }
		Elapsed  float64 `json:"elapsed_seconds"`
	}
}

func events(output string) []event {
	var all []event
	for line := range strings.Lines(output) {
		var one event
		if json.Unmarshal([]byte(line), &one) == nil {
			all = append(all, one)
		}
	}
	return all
}

// speed applies the stack with and without its explicit order at the same time, each to an account of its own,
// and tells which chain of resources the time of the first is made of.
func (r *rehearsal) speed(t *testing.T, other emulator, ordered *workspace) {
	loose := ordered.run.newWorkspace(t, ordered.config, other.url)
	r.step(t, "with and without depends_on", func(t *testing.T) string {
		type result struct {
			output string
			wall   time.Duration
			err    error
		}
		apply := func(w *workspace) result {
			began := time.Now()
			output, err := w.terraform(t, "apply", "-json", "-auto-approve", "-input=false",
				"-parallelism="+parallelism)
			return result{output, time.Since(began), err}
		}
		ordered.synthesize(t, nil)
		ordered.init(t)
		loose.synthesize(t, nil)
		loosen(t, loose)
		loose.init(t)
		without := make(chan result, 1)
		go func() { without <- apply(loose) }()
		with := apply(ordered)
		free := <-without
		require.NoError(t, with.err)
		outcome := fmt.Sprintf("%.0f s without", free.wall.Seconds())
		if free.err != nil {
			// Nobody promised that it works: that is what the order is for.
			t.Logf("without depends_on: %v", free.err)
			outcome += ", which fails"
		}

		elapsed := map[string]float64{}
		for _, one := range events(with.output) {
			if one.Type == "apply_complete" {
				elapsed[one.Hook.Resource.Addr] = one.Hook.Elapsed
			}
		}
		chain, seconds := criticalPath(ordered.template(t).Graph(), elapsed)
		t.Logf("critical path, %.0f s:\n  %s", seconds, strings.Join(chain, "\n  "))
		return fmt.Sprintf("%.0f s with, %s; critical path %.0f s: %s",
			with.wall.Seconds(), outcome, seconds, strings.Join(shorten(chain), " > "))
	})
}

// loosen removes every depends_on from the synthesized stack.
func loosen(t *testing.T, w *workspace) {
	t.Helper()
	var stack map[string]any
	require.NoError(t, json.Unmarshal([]byte(testkit.ReadFile(t, w.stack(), "cdk.tf.json")), &stack))
	for _, named := range stack["resource"].(map[string]any) {
		for _, body := range named.(map[string]any) {
			delete(body.(map[string]any), "depends_on")
		}
	}
	data, err := json.Marshal(stack)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(w.stack(), "cdk.tf.json"), data, 0o600))
}

// criticalPath returns the chain of resources that takes longest, each line with its seconds, and how long it takes.
func criticalPath(needs map[string][]string, elapsed map[string]float64) ([]string, float64) {
	longest, previous := map[string]float64{}, map[string]string{}
	var visit func(string) float64
	visit = func(address string) float64 {
		if known, done := longest[address]; done {
			return known
		}
		most := 0.0
		for _, before := range slices.Sorted(slices.Values(needs[address])) {
			if sum := visit(before); sum > most {
				most, previous[address] = sum, before
			}
		}
		longest[address] = most + elapsed[address]
		return longest[address]
	}
	last := ""
	for _, address := range slices.Sorted(maps.Keys(elapsed)) {
		if visit(address) > longest[last] {
			last = address
		}
	}
	var chain []string
	for address := last; address != ""; address = previous[address] {
		chain = append(chain, fmt.Sprintf("%s %.0f s", address, elapsed[address]))
	}
	slices.Reverse(chain)
	return chain, longest[last]
}

// shorten leaves of a chain what takes at least two seconds, by kind.
func shorten(chain []string) []string {
	var short []string
	for _, one := range chain {
		kind, rest, _ := strings.Cut(one, ".")
		if _, seconds, _ := strings.Cut(rest, " "); seconds != "0 s" && seconds != "1 s" {
			short = append(short, strings.TrimPrefix(kind, "aws_")+" "+seconds)
		}
	}
	return short
}
