package github

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// server answers as GitHub documents for a job's token: a list has at most 100 entries a page and names the next one in
// the header Link, a text of more than 65,536 characters is not taken, an app cannot ask who it is, and nobody is asked
// twice for a page.
type server struct {
	t        *testing.T
	url      string
	texts    []*text // comments and issues, in the order of their ids
	success  time.Time
	requests []string
}

type text struct {
	id, of int // of is the number of the issue that a comment belongs to; 0 is an issue
	author string
	state  string
	title  string
	body   string
	pull   bool
}

const (
	token      = "ghs_secret"
	repository = "/repos/acme/baseline"
	mostText   = 65_536
)

func newServer(t *testing.T) *server {
	s := &server{t: t}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /user", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusForbidden, map[string]any{"message": "Resource not accessible by integration"})
	})
	mux.HandleFunc("GET "+repository+"/issues", func(w http.ResponseWriter, r *http.Request) {
		s.list(w, r, func(one *text) bool { return one.of == 0 && one.state == r.URL.Query().Get("state") })
	})
	mux.HandleFunc("GET "+repository+"/issues/{number}/comments", func(w http.ResponseWriter, r *http.Request) {
		s.list(w, r, func(one *text) bool { return one.of != 0 && strconv.Itoa(one.of) == r.PathValue("number") })
	})
	mux.HandleFunc("POST "+repository+"/issues", func(w http.ResponseWriter, r *http.Request) {
		s.write(w, r, http.StatusCreated, s.add(0, bot, ""))
	})
	mux.HandleFunc("POST "+repository+"/issues/{number}/comments", func(w http.ResponseWriter, r *http.Request) {
		number, err := strconv.Atoi(r.PathValue("number"))
		require.NoError(t, err)
		s.write(w, r, http.StatusCreated, s.add(number, bot, ""))
	})
	edit := func(w http.ResponseWriter, r *http.Request) {
		for _, one := range s.texts {
			if strconv.Itoa(one.id) == r.PathValue("id") {
				s.write(w, r, http.StatusOK, one)
			}
		}
	}
	mux.HandleFunc("PATCH "+repository+"/issues/{id}", edit)
	mux.HandleFunc("PATCH "+repository+"/issues/comments/{id}", edit)
	mux.HandleFunc("GET "+repository+"/actions/workflows/drift.yml/runs", func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "success", r.URL.Query().Get("status"))
		runs := []any{}
		if !s.success.IsZero() {
			runs = append(runs, map[string]any{"id": 1, "updated_at": s.success.Format(time.RFC3339)})
		}
		reply(w, http.StatusOK, map[string]any{"total_count": len(runs), "workflow_runs": runs})
	})
	running := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
		if r.Header.Get("Authorization") != "Bearer "+token {
			reply(w, http.StatusUnauthorized, map[string]any{"message": "Bad credentials"})
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(running.Close)
	s.url = running.URL
	return s
}

// add makes an open issue, or a comment of one.
func (s *server) add(of int, author, body string) *text {
	one := &text{id: len(s.texts) + 1, of: of, author: author, state: "open", body: body}
	s.texts = append(s.texts, one)
	return one
}

func (s *server) list(w http.ResponseWriter, r *http.Request, wanted func(*text) bool) {
	query := r.URL.Query()
	size, page := 30, 1 // the defaults
	if given, err := strconv.Atoi(query.Get("per_page")); err == nil {
		size = min(given, 100)
	}
	if given, err := strconv.Atoi(query.Get("page")); err == nil {
		page = given
	}
	var all []any
	for _, one := range s.texts {
		if wanted(one) {
			all = append(all, one.json())
		}
	}
	pages := slices.Collect(slices.Chunk(all, size))
	if page < len(pages) {
		query.Set("page", strconv.Itoa(page+1))
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next"`, s.url, r.URL.Path, query.Encode()))
	}
	if page > len(pages) {
		reply(w, http.StatusOK, []any{})
		return
	}
	reply(w, http.StatusOK, pages[page-1])
}

func (s *server) write(w http.ResponseWriter, r *http.Request, status int, one *text) {
	var given struct{ Title, Body, State *string }
	require.NoError(s.t, json.NewDecoder(r.Body).Decode(&given))
	if given.Body != nil && len([]rune(*given.Body)) > mostText {
		s.texts = slices.DeleteFunc(s.texts, func(t *text) bool { return t == one && status == http.StatusCreated })
		reply(w, http.StatusUnprocessableEntity, map[string]any{"message": "Validation Failed",
			"errors": []any{map[string]any{"message": "body is too long (maximum is 65536 characters)"}}})
		return
	}
	for to, value := range map[*string]*string{
		&one.title: given.Title, &one.body: given.Body, &one.state: given.State,
	} {
		if value != nil {
			*to = *value
		}
	}
	reply(w, status, one.json())
}

func (one *text) json() map[string]any {
	object := map[string]any{"id": one.id, "number": one.id, "title": one.title, "body": one.body, "state": one.state,
		"user": map[string]any{"login": one.author}, "html_url": fmt.Sprintf("https://github.test/%d", one.id)}
	if one.pull {
		object["pull_request"] = map[string]any{"url": "https://github.test/pull"}
	}
	return object
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// job is a job of the server's, whose variables may be replaced.
func (s *server) job(t *testing.T, replaced map[string]string) Job {
	t.Helper()
	directory := t.TempDir()
	event := filepath.Join(directory, "event.json")
	require.NoError(t, os.WriteFile(event,
		[]byte(`{"number": 7, "pull_request": {"number": 7, "head": {"sha": "c0ffee"}}}`), 0o600))
	variables := map[string]string{
		"ENVIRONMENT": "prod", "GITHUB_TOKEN": token, "GITHUB_REPOSITORY": "acme/baseline", "GITHUB_API_URL": s.url,
		"GITHUB_SERVER_URL": "https://github.test", "GITHUB_RUN_ID": "42", "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_EVENT_PATH":   event,
		"GITHUB_WORKFLOW_REF": "acme/baseline/.github/workflows/drift.yml@refs/heads/main",
		"GITHUB_STEP_SUMMARY": filepath.Join(directory, "summary"), "GITHUB_OUTPUT": filepath.Join(directory, "output"),
		"GITHUB_ENV": filepath.Join(directory, "env"),
	}
	maps.Copy(variables, replaced)
	return Job{Get: func(name string) string { return variables[name] },
		Now: time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)}
}

const run = "[this run](https://github.test/acme/baseline/actions/runs/42)"
