//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"securebaseline/internal/testkit"

	"github.com/stretchr/testify/require"
)

// emulator is an AWS of one account in a process of its own.
type emulator struct {
	url string
	log string // path of the request log
}

// startEmulator serves an empty account on a free port of the loopback interface. When the test fails, what was asked
// of it stays in the project's cache.
func (r *rehearsal) startEmulator(t *testing.T, account string) emulator {
	t.Helper()
	log := filepath.Join(t.TempDir(), "requests.jsonl")
	t.Cleanup(func() {
		if requests, err := os.ReadFile(log); t.Failed() && err == nil {
			kept := filepath.Join(testkit.Root(t), ".cache", "rehearsal",
				strings.ReplaceAll(part(t), " ", "-")+".jsonl")
			if os.MkdirAll(filepath.Dir(kept), 0o700) == nil && os.WriteFile(kept, requests, 0o600) == nil {
				t.Logf("the requests are in %s", kept)
			}
		}
	})
	return emulator{url: startPython(t, r.python, "emulator.py", []string{log}, "MOTO_ACCOUNT_ID="+account), log: log}
}

// call is one request that the emulator answered. Times are of one clock, in nanoseconds.
type call struct {
	Began, Ended         int64
	Key, Service, Action string // Key is the id of the access key, which tells who asked
	Path, Query          string
	Status               int
	Request, Response    string
}

func (c call) succeeded() bool { return c.Status >= 200 && c.Status < 300 }

// locked reports whether the call has locked a state.
func (c call) locked() bool {
	return c.succeeded() && strings.HasPrefix(c.Action, "PUT") && strings.HasSuffix(c.Path, ".tflock")
}

// form is the request's parameters, of a service that takes a form.
func (c call) form() url.Values {
	form, err := url.ParseQuery(c.Request)
	if err != nil || !strings.HasPrefix(c.Request, "Action=") {
		return nil
	}
	return form
}

// text is the request as a person would write it.
func (c call) text() string {
	request := c.Request
	if form := c.form(); form != nil {
		if plain, err := url.QueryUnescape(request); err == nil {
			request = plain
		}
	}
	return c.Path + " " + request + " "
}

// whole matches a value that is not a part of a longer one.
func whole(value string) *regexp.Regexp {
	return regexp.MustCompile(`(^|[^\w.-])` + regexp.QuoteMeta(value) + `($|[^\w-])`)
}

// calls reads what was asked of the emulator so far, in the order of the answers.
func (e emulator) calls(t *testing.T) []call {
	t.Helper()
	file, err := os.Open(e.log)
	require.NoError(t, err)
	defer file.Close()
	var calls []call
	for decoder := json.NewDecoder(file); ; {
		var one call
		err := decoder.Decode(&one)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return calls
		}
		require.NoError(t, err)
		calls = append(calls, one)
	}
}
