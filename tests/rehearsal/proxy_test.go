//go:build rehearsal && unix

package rehearsal

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
	"securebaseline/stacks"
)

// faultRate is how many of the calls fail; AWS does worse only in an outage.
const faultRate = 0.10

// faultyProxy stands before the emulator and answers some calls as AWS does when it is busy or broken. Such a call did
// nothing.
type faultyProxy struct {
	url           string
	mutex         sync.Mutex
	random        *rand.Rand
	calls, faults int
}

func startFaultyProxy(t *testing.T, target string) *faultyProxy {
	t.Helper()
	to, err := url.Parse(target)
	require.NoError(t, err)
	forward := httputil.NewSingleHostReverseProxy(to)
	forward.ErrorHandler = badGateway
	p := &faultyProxy{random: rand.New(rand.NewPCG(*seed, 0))}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mutex.Lock()
		p.calls++
		fails, throttled := p.random.Float64() < faultRate, p.random.IntN(2) == 0
		if fails {
			p.faults++
		}
		p.mutex.Unlock()
		if fails {
			_, _ = io.Copy(io.Discard, r.Body)
			fault(w, r, throttled)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// badGateway answers when an emulator closes a connection in the middle of a request. Clients try again.
func badGateway(w http.ResponseWriter, _ *http.Request, _ error) {
	w.WriteHeader(http.StatusBadGateway)
}

// fault answers in the protocol of the service that was asked.
func fault(w http.ResponseWriter, r *http.Request, throttled bool) {
	status, code := http.StatusInternalServerError, "InternalFailure"
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		if throttled {
			status, code = http.StatusBadRequest, "ThrottlingException"
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"__type": %q, "message": "Rate exceeded"}`, code)
	case strings.Contains(r.Header.Get("Authorization"), "/s3/"):
		status, code = http.StatusInternalServerError, "InternalError"
		if throttled {
			status, code = http.StatusServiceUnavailable, "SlowDown"
		}
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, `<Error><Code>%s</Code><Message>Please reduce your request rate.</Message></Error>`, code)
	case strings.Contains(r.Header.Get("Authorization"), "/ec2/"):
		if throttled {
			status, code = http.StatusServiceUnavailable, "RequestLimitExceeded"
		}
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, `<Response><Errors><Error><Code>%s</Code><Message>Request limit `+
			`exceeded.</Message></Error></Errors><RequestID>0</RequestID></Response>`, code)
	default:
		if throttled {
			status, code = http.StatusBadRequest, "Throttling"
		}
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>Rate `+
			`exceeded</Message></Error><RequestId>0</RequestId></ErrorResponse>`, code)
	}
}

// faults deploys while a tenth of the calls fail.
func (r *rehearsal) faults(t *testing.T, e emulator, w *workspace) {
	proxy := startFaultyProxy(t, e.url)
	w.variables = append(w.variables, "AWS_ENDPOINT_URL="+proxy.url)
	converged := r.step(t, "apply with 10 % failed calls", func(t *testing.T) string {
		w.synthesize(t, nil)
		w.init(t)
		require.NoError(t, w.apply(t))
		assert.Len(t, w.state(t), len(w.template(t).Addresses()), "nothing is lost")
		assertOnce(t, w, e)
		proxy.mutex.Lock()
		calls, faults := proxy.calls, proxy.faults
		proxy.mutex.Unlock()
		require.NotZero(t, faults)
		return fmt.Sprintf("converged; %d of %d calls failed", faults, calls)
	})
	if !converged {
		return
	}
	r.step(t, "second plan, also with faults", func(t *testing.T) string {
		assertNoChanges(t, w)
		return "no changes"
	})
	r.step(t, "state to a bucket and back", func(t *testing.T) string {
		w.variables = append(w.variables, "AWS_ENDPOINT_URL="+e.url, "TERRAFORM_BINARY_NAME="+testkit.TerraformBinary())
		move := func(from string) {
			output, err := w.command(t, 5*time.Minute, w.directory, r.program, "move-state", from).CombinedOutput()
			require.NoError(t, err, string(output))
			assert.Empty(t, w.changes(t, "-refresh=false"), "the state has come along")
		}
		local, beside := w.backend, stacks.LocalState(w.config.Environment)
		w.keepStateIn(t, e.url)
		w.synthesize(t, nil)
		move(beside)
		assert.NoFileExists(t, filepath.Join(w.directory, beside))

		pulled := w.must(t, "state", "pull")
		require.NoError(t, os.WriteFile(filepath.Join(w.directory, "saved.tfstate"), []byte(pulled), 0o600))
		w.backend = local
		w.synthesize(t, nil)
		move("saved.tfstate")
		assert.FileExists(t, filepath.Join(w.directory, beside))
		return "no changes after each move"
	})
}
