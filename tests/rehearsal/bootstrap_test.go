//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

// bootstrap is what a team does in a new account: make what a pipeline needs, configure what that prints, and deploy
// with the permissions that the deploy role then has. The stack is a small one; "life" deploys all of it.
func (r *rehearsal) bootstrap(t *testing.T, e emulator, w *workspace, account string) {
	settings := testkit.Settings{
		"accountId": account, "pipeline.repository": testkit.Repository, "rds.enabled": false, "network.nat": "none",
	}
	done := r.step(t, "make bootstrap", func(t *testing.T) string { return w.makeBootstrap(t, settings) })
	if !done {
		return
	}
	before := len(e.calls(t))
	r.step(t, "two deployments at once", func(t *testing.T) string { return w.deployTwice(t) })
	r.step(t, "a construct renamed", func(t *testing.T) string { return w.rename(t) })
	if len(others) > 0 {
		r.step(t, "other tools and back", func(t *testing.T) string { return w.deployWith(t, e) })
	}
	r.step(t, "destroy", func(t *testing.T) string {
		_, err := w.make(t, "destroy", others...)
		require.NoError(t, err)
		assert.Empty(t, w.state(t))
		return "all that bootstrap made is left"
	})
	r.step(t, "permissions of the role", func(t *testing.T) string {
		return assertPermittedTo(t, w, e, e.calls(t)[before:], account)
	})
}

// makeBootstrap makes what a pipeline needs, and does what it says. A second time there is nothing to do.
func (w *workspace) makeBootstrap(t *testing.T, settings testkit.Settings) string {
	w.project(t)
	w.configure(t, settings)
	said, err := w.make(t, "bootstrap")
	require.NoError(t, err, said)
	_, printed, found := strings.Cut(said, "put this into cdktf.json, under environments."+w.config.Environment+":\n")
	require.True(t, found, said)
	var put map[string]any
	require.NoError(t, json.NewDecoder(strings.NewReader(printed)).Decode(&put))
	backend, hasBackend := put["backend"].(map[string]any)
	require.True(t, hasBackend, printed)
	w.backend = backend
	settings["permissionsBoundary"] = put["permissionsBoundary"]
	w.edits = settings
	w.configure(t, settings)

	again, err := w.make(t, "bootstrap")
	require.NoError(t, err, again)
	assert.Contains(t, again, "No changes.")
	assert.Contains(t, again, "the configuration names all of it already")
	assert.NotContains(t, again, "put this into")
	return "a second time changes nothing"
}

// deployTwice starts two deployments at once, as two jobs of a pipeline would. One of them may fail, because the other
// holds the lock; nothing is lost.
func (w *workspace) deployTwice(t *testing.T) string {
	var wait sync.WaitGroup
	said, failed := make([]string, 2), make([]error, 2)
	second := w.copied(t)
	for i, each := range []*workspace{w, second} {
		wait.Go(func() { said[i], failed[i] = each.make(t, "deploy") })
	}
	wait.Wait()
	outcome := "one waited for the other"
	for i, err := range failed {
		if err != nil {
			require.NoError(t, failed[1-i], "both failed: %s", said[1-i])
			require.Contains(t, said[i], "The state is locked by ")
			outcome = "one was refused, because the other held the lock"
		}
	}
	assertNoChanges(t, w)
	return fmt.Sprintf("%d resources; %s", len(w.state(t)), outcome)
}

// others are the variables of make by which other tools than Terraform and the CDKTF CLI deploy, of those to be tried.
var others []string

func init() {
	flag.Func("rehearsal.with", "what else to deploy with, of tofu and cdktn", func(words string) error {
		for _, tool := range strings.Fields(words) {
			variable, known := map[string]string{"tofu": "TERRAFORM=tofu", "cdktn": "CLI=cdktn"}[tool]
			if !known {
				return fmt.Errorf("%q must be tofu or cdktn", tool)
			}
			others = append(others, variable)
		}
		return nil
	})
}

// deployWith changes the deployment by other tools. Terraform then finds it as they have left it.
func (w *workspace) deployWith(t *testing.T, e emulator) string {
	for _, target := range []string{"plan", "cdktf-diff"} {
		planned, err := w.make(t, target, others...)
		require.NoError(t, err)
		assert.Contains(t, planned, "No changes.", target)
	}
	w.edits["tags"] = map[string]any{"Team": "blue"}
	w.configure(t, w.edits)
	before := len(e.calls(t))
	_, err := w.make(t, "deploy", others...)
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(e.calls(t)[before:], call.locked), "the state was locked")
	planned, err := w.make(t, "plan") // with Terraform's own entry of the lock file again
	require.NoError(t, err)
	assert.Contains(t, planned, "No changes.")
	return strings.Join(others, ", ") + ": no changes before, and none for Terraform after a deployment"
}

// assertPermittedTo puts calls to the policies that the deploy role has in the account.
func assertPermittedTo(t *testing.T, w *workspace, e emulator, calls []call, account string) string {
	client := iam.NewFromConfig(w.aws(e.url))
	name := "acme-pipeline-deploy-" + w.config.Environment
	attached, err := client.ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: &name})
	require.NoError(t, err)
	var documents []string
	for _, each := range attached.AttachedPolicies {
		policy, err := client.GetPolicy(t.Context(), &iam.GetPolicyInput{PolicyArn: each.PolicyArn})
		require.NoError(t, err)
		version, err := client.GetPolicyVersion(t.Context(), &iam.GetPolicyVersionInput{
			PolicyArn: each.PolicyArn, VersionId: policy.Policy.DefaultVersionId})
		require.NoError(t, err)
		text, err := url.QueryUnescape(*version.PolicyVersion.Document)
		require.NoError(t, err)
		documents = append(documents, text)
	}
	require.NotEmpty(t, documents)
	boundary := fmt.Sprintf("arn:aws:iam::%s:policy/acme-pipeline-boundary-%s", account, w.config.Environment)
	count, distinct := assertAllowed(t, calls, newAsker(string(w.config.Region), account, boundary),
		iampolicy.Role("arn:aws:iam::"+account+":role/"+name), documents, nil)
	require.Greater(t, count, 200)
	return fmt.Sprintf("%d calls allowed by its %d policies, %d different ones", count, len(documents), len(distinct))
}
