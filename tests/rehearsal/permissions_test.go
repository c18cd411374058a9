//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/deploypolicy"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

var record = flag.Bool("rehearsal.record", false, "write what the deployment asks of AWS to tests/testdata/calls")

// assertPermitted puts every call of the deployment to the policies of the deploy role: from the first plan to the
// destroy, and what a person has done by hand in between left out.
func assertPermitted(t *testing.T, w *workspace, e emulator, account string) string {
	documents, err := deploypolicy.For(w.template(t).Template, deploypolicy.Options{Account: account})
	require.NoError(t, err)
	name := "acme-pipeline-%s-" + w.config.Environment
	asker := newAsker(string(w.config.Region), account,
		"arn:aws:iam::"+account+":policy/"+fmt.Sprintf(name, "boundary"))
	deployRole := iampolicy.Role("arn:aws:iam::" + account + ":role/" + fmt.Sprintf(name, "deploy"))

	calls, distinct := assertAllowed(t, e.calls(t), asker, deployRole, documents.Deploy, nil)
	require.Greater(t, calls, 500)
	if *record {
		recordCalls(t, w.config.Environment, distinct)
	}
	return fmt.Sprintf("%d calls allowed to the deploy role, %d different ones", calls, len(distinct))
}

// assertAllowed puts the deployment's calls to the policies of a role: all of them, or those at positions that are
// meant. It returns how many there were, and what they asked, each once.
func assertAllowed(
	t *testing.T, calls []call, asker *asker, role iampolicy.Caller, documents []string, meant func(i int) bool,
) (count int, distinct map[string]asked) {
	var policies []iampolicy.Document
	for _, text := range documents {
		policy, err := iampolicy.Parse(text)
		require.NoError(t, err)
		policies = append(policies, policy)
	}
	distinct = map[string]asked{}
	for i, call := range calls {
		questions := asker.of(call) // also of calls that are not meant: it learns from them what has which tags
		if call.Key != deployer || meant != nil && !meant(i) {
			continue
		}
		count++
		for _, question := range questions {
			require.NotEmpty(t, question.Action, "%s %s: no action is known for it", call.Service, call.Action)
			decision := iampolicy.Decide(question.request(role), iampolicy.Policies{Identity: policies})
			assert.Equal(t, iampolicy.Allowed, decision, "%s on %s with %v, for %s", question.Action, question.Resource,
				question.Context, call.Action)
			line, err := json.Marshal(question)
			require.NoError(t, err)
			plain := random.ReplaceAllString(string(line), "$1-0")
			require.NoError(t, json.Unmarshal([]byte(plain), &question))
			distinct[plain] = question
		}
	}
	return count, distinct
}

func (a asked) request(caller iampolicy.Caller) iampolicy.Request {
	context := map[string][]string{}
	for key, value := range a.Context {
		context[key] = []string{value}
	}
	return iampolicy.Request{Caller: caller, Action: a.Action, Resource: a.Resource, Context: context}
}

// recordCalls keeps what was asked, for the tests that need no emulator.
func recordCalls(t *testing.T, environment string, distinct map[string]asked) {
	t.Helper()
	var lines []string
	for line := range distinct {
		lines = append(lines, line)
	}
	slices.Sort(lines)
	file := filepath.Join(testkit.Root(t), "tests", "testdata", "calls", environment+".jsonl")
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	var text []byte
	for _, line := range lines {
		text = append(append(text, line...), '\n')
	}
	require.NoError(t, os.WriteFile(file, text, 0o644))
}
