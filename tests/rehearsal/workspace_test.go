//go:build rehearsal && unix

package rehearsal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
	"securebaseline/internal/testkit"
	"securebaseline/stacks"
)

// parallelism lets everything happen at once that the graph allows: an edge that is missing has no slow queue to hide
// in.
const parallelism = "30"

// workspace is a copy of what a user has: cdktf.json and the state beside it. The user's own state is never touched.
type workspace struct {
	run       *rehearsal
	config    config.Config // as it is in cdktf.json
	directory string
	variables []string
	edits     testkit.Settings
	backend   map[string]any // where the state is, in place of what the configuration says
	planned   [][2]int       // which calls of the log were made by reviews, from and to
}

// newWorkspace prepares a deployment of an environment against an AWS endpoint, with a local state.
func (r *rehearsal) newWorkspace(t *testing.T, cfg config.Config, endpoint string) *workspace {
	t.Helper()
	w := &workspace{run: r, config: cfg, directory: t.TempDir(), backend: map[string]any{"type": config.LocalBackend}}
	w.variables = append(w.variables,
		"ENVIRONMENT="+cfg.Environment,
		// All that the provider needs to take the emulator for AWS. The client uses path-style addresses of buckets by
		// itself where the endpoint is an IP address.
		"AWS_ENDPOINT_URL="+endpoint, "AWS_ACCESS_KEY_ID="+deployer, "AWS_SECRET_ACCESS_KEY=rehearsal",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"CI=1", "CHECKPOINT_DISABLE=1", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1",
		// The CLI would make a plugin cache in the home of the user.
		"CDKTF_DISABLE_PLUGIN_CACHE_ENV=1",
	)
	if r.mirror == "" {
		w.variables = append(w.variables, "TF_PLUGIN_CACHE_DIR="+r.plugins)
	} else {
		w.variables = append(w.variables, "TF_PLUGIN_CACHE_DIR=", "TF_CLI_CONFIG_FILE="+r.mirror)
	}
	w.pin(t)
	return w
}

// stateBucket holds the state of a deployment that keeps it in AWS.
const stateBucket = "rehearsal-state"

// keepStateIn makes a bucket and has the deployment keep its state there, as deployments that matter do.
func (w *workspace) keepStateIn(t *testing.T, endpoint string) {
	t.Helper()
	input := &s3.CreateBucketInput{Bucket: aws.String(stateBucket)}
	if w.config.Region != "us-east-1" { // the default, which must not be named
		input.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{
			LocationConstraint: s3types.BucketLocationConstraint(w.config.Region)}
	}
	_, err := s3.NewFromConfig(w.aws(endpoint)).CreateBucket(t.Context(), input)
	require.NoError(t, err)
	w.backend = map[string]any{"type": config.S3Backend, "bucket": stateBucket, "region": w.config.Region}
}

// Access keys of the deployment, and of the rehearsal itself, which looks and changes things by hand.
const (
	deployer = "deployment"
	byHand   = "by-hand"
)

// aws is the configuration of a client of the API.
func (w *workspace) aws(endpoint string) aws.Config {
	return aws.Config{Region: string(w.config.Region), BaseEndpoint: &endpoint,
		HTTPClient:  &http.Client{Timeout: time.Minute},
		Credentials: credentials.NewStaticCredentialsProvider(byHand, "rehearsal", "")}
}

// name is the name of the stack.
func (w *workspace) name() string { return stacks.Name(w.config.Environment) }

// stack is the directory that holds cdk.tf.json.
func (w *workspace) stack() string {
	return filepath.Join(w.directory, "cdktf.out", "stacks", w.name())
}

// testkit.Stack is the synthesized stack.
func (w *workspace) template(t *testing.T) testkit.Stack {
	t.Helper()
	return testkit.Parse(t, []byte(testkit.ReadFile(t, w.stack(), "cdk.tf.json")))
}

// command is a program that runs in a directory of the workspace.
func (w *workspace) command(t *testing.T, limit time.Duration, directory, name string, arguments ...string) *exec.Cmd {
	t.Helper()
	command := bounded(t, w.run.ctx, limit, name, arguments...)
	command.Dir, command.Env = directory, append(command.Env, w.variables...)
	return command
}

// synthesize writes the stack of cdktf.json, with some settings of the environment replaced.
func (w *workspace) synthesize(t *testing.T, replaced testkit.Settings) {
	t.Helper()
	w.configure(t, replaced)
	output, err := w.command(t, 2*time.Minute, w.directory, w.run.program).CombinedOutput()
	require.NoError(t, err, string(output))
}

// configure writes cdktf.json, with some settings of the environment replaced.
func (w *workspace) configure(t *testing.T, replaced testkit.Settings) {
	t.Helper()
	all := testkit.Settings{"backend": w.backend}
	maps.Copy(all, replaced)
	file := testkit.Edit(t, w.config.Environment, all)
	baseline := file["context"].(map[string]any)["baseline"].(map[string]any)
	if defaults, exist := baseline["defaults"].(map[string]any); exist {
		delete(defaults, "backend")
	}
	data, err := json.Marshal(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(w.directory, config.File), data, 0o600))
}

// terraform runs Terraform in the directory of the stack and returns what it printed. terraform-exec would hide the
// process, which the rehearsal must be able to kill with all that it started.
func (w *workspace) terraform(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	command := w.command(t, 15*time.Minute, w.stack(), testkit.TerraformBinary(), arguments...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		for line := range strings.Lines(out.String()) { // with -json, errors are among the rest
			if strings.Contains(line, `"@level":"error"`) {
				errs.WriteString(line)
			}
		}
		return out.String(), fmt.Errorf("terraform %s: %w: %s", arguments[0], err, &errs)
	}
	return out.String(), nil
}

func (w *workspace) must(t *testing.T, arguments ...string) string {
	t.Helper()
	output, err := w.terraform(t, arguments...)
	require.NoError(t, err)
	return output
}

func (w *workspace) init(t *testing.T) { w.must(t, "init", "-input=false", "-no-color") }

func (w *workspace) apply(t *testing.T) error {
	t.Helper()
	_, err := w.terraform(t, "apply", "-auto-approve", "-input=false", "-no-color", "-parallelism="+parallelism)
	return err
}

// changes plans and returns what would change, by address.
func (w *workspace) changes(t *testing.T, options ...string) map[string]*tfjson.ResourceChange {
	t.Helper()
	w.must(t, append([]string{"plan", "-input=false", "-no-color", "-out=plan", "-parallelism=" + parallelism},
		options...)...)
	var plan tfjson.Plan
	require.NoError(t, json.Unmarshal([]byte(w.must(t, "show", "-json", "plan")), &plan))
	changed := map[string]*tfjson.ResourceChange{}
	for _, change := range plan.ResourceChanges {
		if change.Mode == tfjson.ManagedResourceMode && !change.Change.Actions.NoOp() {
			changed[change.Address] = change
		}
	}
	return changed
}

// state returns the attributes of everything that Terraform knows of, by address; data sources are left out.
func (w *workspace) state(t *testing.T) map[string]attributes {
	t.Helper()
	var state struct {
		Resources []struct {
			Mode, Type, Name string
			Instances        []struct{ Attributes attributes }
		}
	}
	// Unlike "terraform show" this needs no provider, which takes seconds to start.
	if pulled := w.must(t, "state", "pull"); pulled != "" {
		require.NoError(t, json.Unmarshal([]byte(pulled), &state))
	}
	known := map[string]attributes{}
	for _, one := range state.Resources {
		if one.Mode == string(tfjson.ManagedResourceMode) && len(one.Instances) == 1 {
			known[one.Type+"."+one.Name] = one.Instances[0].Attributes
		}
	}
	return known
}

// attributes are those of one resource, in a stack, a state or a plan.
type attributes map[string]any

// text returns an attribute that must be a string.
func (a attributes) text(t *testing.T, name string) string {
	t.Helper()
	text, isString := a[name].(string)
	require.True(t, isString, "%s is %v, not a string", name, a[name])
	return text
}

// unlock takes away the lock that a killed Terraform has left in S3.
func (w *workspace) unlock(t *testing.T, e emulator) {
	t.Helper()
	api := s3.NewFromConfig(w.aws(e.url))
	list, err := api.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(stateBucket)})
	require.NoError(t, err)
	for _, object := range list.Contents {
		if !strings.HasSuffix(*object.Key, ".tflock") {
			continue
		}
		content, err := api.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(stateBucket), Key: object.Key})
		require.NoError(t, err)
		defer content.Body.Close()
		var lock struct{ ID string }
		require.NoError(t, json.NewDecoder(content.Body).Decode(&lock))
		w.must(t, "force-unlock", "-force", lock.ID)
		return
	}
	require.Fail(t, "there is no lock", "a killed Terraform leaves its lock in the bucket of the state")
}

// restoreState puts the backup in the place of a state that is empty, and reports whether it had to. Terraform empties
// a local state before it writes it anew, after each resource.
func (w *workspace) restoreState(t *testing.T) bool {
	t.Helper()
	path := filepath.Join(w.directory, "terraform."+w.name()+".tfstate")
	state, err := os.ReadFile(path)
	if err == nil && json.Valid(state) {
		return false
	}
	backup, err := os.ReadFile(path + ".backup")
	if errors.Is(err, os.ErrNotExist) { // there was no state before this apply
		require.NoError(t, os.RemoveAll(path))
		return true
	}
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, backup, 0o600))
	return true
}
