package github

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// services answer as the token service of GitHub and as STS do.
type services struct {
	url      string
	flaky    int // how many requests for a token fail first
	tokens   int
	assumed  []string // sessions
	trusting bool
}

const bearer = "runner-secret"

// identityToken is a token of a job, with the given subject.
func identityToken(subject string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256"}`)) + "." + encode([]byte(`{"sub":"`+subject+`"}`)) + ".c2lnbmVk"
}

func newServices(t *testing.T) *services {
	s := &services{trusting: true}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /token", func(w http.ResponseWriter, r *http.Request) {
		s.tokens++
		switch query := r.URL.Query(); {
		case s.tokens <= s.flaky:
			w.WriteHeader(http.StatusBadGateway)
		case r.Header.Get("Authorization") != "Bearer "+bearer || query.Get("api-version") != "2.0" ||
			query.Get("audience") != "sts.amazonaws.com":
			w.WriteHeader(http.StatusForbidden)
		default:
			_ = json.NewEncoder(w).Encode(map[string]string{"value": identityToken("repo:acme/baseline:pull_request")})
		}
	})
	mux.HandleFunc("POST /sts/", func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, r.ParseForm())
		assert.Empty(t, r.Header.Get("Authorization"), "the token is all that is needed")
		assert.Equal(t, "AssumeRoleWithWebIdentity", r.Form.Get("Action"))
		assert.Equal(t, identityToken("repo:acme/baseline:pull_request"), r.Form.Get("WebIdentityToken"))
		w.Header().Set("Content-Type", "text/xml")
		if !s.trusting {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform `+
				`sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>`)
			return
		}
		session := strings.NewReplacer(":iam:", ":sts:", ":role/", ":assumed-role/").Replace(r.Form.Get("RoleArn")) +
			"/" + r.Form.Get("RoleSessionName")
		s.assumed = append(s.assumed, session)
		fmt.Fprintf(w, `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>
			<AssumedRoleUser><Arn>%s</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIA%d</AccessKeyId>
			<SecretAccessKey>secret-key</SecretAccessKey><SessionToken>session</SessionToken>
			<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
			</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`, session, len(s.assumed))
	})
	running := httptest.NewServer(mux)
	t.Cleanup(running.Close)
	s.url = running.URL
	return s
}

// project writes a cdktf.json into a directory of its own, with settings of prod replaced.
func project(t *testing.T, settings testkit.Settings) (directory string) {
	t.Helper()
	directory = t.TempDir()
	data, err := json.Marshal(testkit.Edit(t, "prod", settings))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(directory, "cdktf.json"), data, 0o600))
	return directory
}

var inBucket = testkit.Settings{"backend": map[string]any{"type": "s3", "bucket": "acme-state",
	"region": testkit.Region}}

// take runs "github role" as a step of a job does.
func (s *services) take(t *testing.T, binary, directory, role string, variables ...string) testkit.Result {
	t.Helper()
	command := exec.Command(binary, "role", role, "aws-config")
	command.Dir = directory
	command.Env = append(testkit.PlainEnvironment(), "ENVIRONMENT=prod", "GITHUB_ENV="+filepath.Join(directory, "env"),
		"GITHUB_RUN_ID=42", "GITHUB_RUN_ATTEMPT=2", "ACTIONS_ID_TOKEN_REQUEST_TOKEN="+bearer,
		"ACTIONS_ID_TOKEN_REQUEST_URL="+s.url+"/token?api-version=2.0", "AWS_ENDPOINT_URL_STS="+s.url+"/sts/")
	command.Env = append(command.Env, variables...)
	return testkit.Run(t, command)
}

// TestCommand runs the built command.
func TestCommand(t *testing.T) {
	binary := testkit.Build(t, "internal/github/command")
	t.Run("takes a role", func(t *testing.T) { takeRole(t, binary) })
	t.Run("is refused a role", func(t *testing.T) { beRefused(t, binary) })
	t.Run("explains itself", func(t *testing.T) {
		for _, arguments := range [][]string{{}, {"comments", "x"}, {"comment"}, {"role", "plan"}} {
			result := testkit.Run(t, exec.Command(binary, arguments...))
			assert.Equal(t, 1, result.Code)
			assert.True(t, strings.HasPrefix(result.Stderr, "github: usage: github comment FILE"), result.Stderr)
		}
	})
}

// takeRole takes a role, and then has a client of AWS use what was written, as Terraform does.
func takeRole(t *testing.T, binary string) {
	const session = "arn:aws:sts::444455556666:assumed-role/acme-pipeline-plan-prod/github-42-2"
	s, directory := newServices(t), project(t, inBucket)
	s.flaky = 1
	result := s.take(t, binary, directory, "plan")
	require.Zero(t, result.Code, result.Stderr)
	assert.Equal(t, "this job is "+session+"\n", result.Stdout)
	assert.Equal(t, []string{session}, s.assumed)
	file := filepath.Join(directory, "aws-config")
	assert.Equal(t, "AWS_CONFIG_FILE="+file+"\n", testkit.ReadFile(t, directory, "env"))
	assert.NotContains(t, testkit.ReadFile(t, file), "secret")

	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": file, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": "",
		"AWS_ENDPOINT_URL_STS": s.url + "/sts/", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": bearer,
		"ACTIONS_ID_TOKEN_REQUEST_URL": s.url + "/token?api-version=2.0", "GITHUB_RUN_ID": "42",
		"GITHUB_RUN_ATTEMPT": "2",
	} {
		t.Setenv(name, value)
	}
	for attempt := 2; attempt <= 3; attempt++ {
		settings, err := config.LoadDefaultConfig(t.Context())
		require.NoError(t, err)
		assert.Equal(t, testkit.Region, settings.Region)
		credentials, err := settings.Credentials.Retrieve(t.Context())
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprintf("ASIA%d", attempt), credentials.AccessKeyID, "each client has a session")
		assert.Equal(t, "session", credentials.SessionToken)
		assert.True(t, credentials.CanExpire, "and asks again before it expires")
		assert.Equal(t, 2099, credentials.Expires.Year())
	}
}

// beRefused says why, and leaves nothing that a later step could use.
func beRefused(t *testing.T, binary string) {
	for name, test := range map[string]struct {
		role      string
		settings  testkit.Settings
		variables []string
		distrust  bool
		want      string
	}{
		"another role": {role: "admin", want: `ROLE = "admin": must be plan or deploy`},
		"no role":      {want: `ROLE = "": must be plan or deploy`},
		"a state that a runner would lose": {role: "plan",
			settings: testkit.Settings{"backend": map[string]any{"type": "local"}},
			want:     `prod.backend.type = "local": must be "s3" for a pipeline, because a runner keeps no file`},
		"no environment": {role: "plan", variables: []string{"ENVIRONMENT="}, want: "ENVIRONMENT: must be set"},
		"no permission for a token": {role: "plan", variables: []string{"ACTIONS_ID_TOKEN_REQUEST_URL="},
			want: "ACTIONS_ID_TOKEN_REQUEST_URL: must be set, as it is in a job with the permission id-token: write"},
		"no token": {role: "plan", variables: []string{"ACTIONS_ID_TOKEN_REQUEST_TOKEN=x"},
			want: "GitHub gives this job no token: 403 Forbidden"},
		"a role that does not trust": {role: "deploy", distrust: true, want: "arn:aws:iam::444455556666:role/" +
			`acme-pipeline-deploy-prod does not let in this job, whose subject is "repo:acme/baseline:pull_request": `},
		"other credentials": {role: "plan", variables: []string{"AWS_ACCESS_KEY_ID=x"},
			want: "AWS_ACCESS_KEY_ID and AWS_PROFILE must not be set: they would be used in place of the role"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServices(t)
			s.trusting = !test.distrust
			settings := test.settings
			if settings == nil {
				settings = inBucket
			}
			directory := project(t, settings)
			result := s.take(t, binary, directory, test.role, test.variables...)
			assert.Equal(t, 1, result.Code)
			assert.True(t, strings.HasPrefix(result.Stderr, "github: "+test.want), result.Stderr)
			assert.NoFileExists(t, filepath.Join(directory, "aws-config"))
			assert.NoFileExists(t, filepath.Join(directory, "env"))
		})
	}
}
