package tests

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsbindings"
	"securebaseline/internal/config"
	"securebaseline/stacks"
)

const (
	// account stands in where the account is known only at plan.
	account = "777788889999"
	foreign = "999900001111"
	region  = "eu-central-1"
)

var environments = []string{"dev", "staging", "prod"}

// settings are fields of an environment, by path, that replace those of cdktf.json; nil removes one.
type settings map[string]any

// ours adds what makes a plan possible without asking AWS: an account, zones and a major version of the database.
func ours(more settings) settings {
	all := settings{
		"accountId": account, "network.zones": zones("a", "b", "c"),
		"rds.majorVersion": "17", "rds.applyImmediately": true,
	}
	maps.Copy(all, more)
	return all
}

// zones names zones of the region by their letters.
func zones(letters ...string) []string {
	names := make([]string, len(letters))
	for i, letter := range letters {
		names[i] = region + letter
	}
	return names
}

// load reads the project's own cdktf.json as the program does, with some settings of the environment replaced.
func load(t testing.TB, environment string, replaced settings) config.Config {
	t.Helper()
	cfg, err := configured(t, environment, replaced)
	require.NoError(t, err)
	return cfg
}

// configured is load where the configuration may be refused.
func configured(t testing.TB, environment string, replaced settings) (config.Config, error) {
	t.Helper()
	context, err := json.Marshal(edited(t, environment, replaced)["context"])
	require.NoError(t, err)
	return config.Load(t.TempDir(), func(name string) (string, bool) {
		value, set := map[string]string{config.ContextVar: string(context), config.EnvironmentVar: environment}[name]
		return value, set
	})
}

// edited is the project's own cdktf.json, with some settings of the environment replaced.
func edited(t testing.TB, environment string, replaced settings) map[string]any {
	t.Helper()
	var file map[string]any
	require.NoError(t, json.Unmarshal([]byte(projectFile(t)), &file))
	own := object(t, object(t, object(t, object(t, file, "context"), "baseline"), "environments"), environment)
	for path, value := range replaced {
		replace(t, own, strings.Split(path, "."), value)
	}
	return file
}

func object(t testing.TB, parent map[string]any, name string) map[string]any {
	t.Helper()
	child, isObject := parent[name].(map[string]any)
	require.True(t, isObject, "%s is not an object", name)
	return child
}

func replace(t testing.TB, parent map[string]any, path []string, value any) {
	t.Helper()
	for _, name := range path[:len(path)-1] {
		if parent[name] == nil {
			parent[name] = map[string]any{}
		}
		parent = object(t, parent, name)
	}
	if last := path[len(path)-1]; value == nil {
		delete(parent, last)
	} else {
		parent[last] = value
	}
}

// synthesize writes the stack into a new folder and returns the bytes of its Terraform JSON and where they are.
func synthesize(t testing.TB, cfg config.Config) (data []byte, folder string) {
	t.Helper()
	out := t.TempDir()
	require.NoError(t, stacks.Synthesize(cfg, stacks.Output{Dir: out}))
	folder = stacks.Output{Dir: out}.Stack(cfg.Environment)
	data, err := os.ReadFile(filepath.Join(folder, "cdk.tf.json"))
	require.NoError(t, err)
	return data, folder
}

// synth returns the parsed stack of an environment of cdktf.json, with some settings replaced.
func synth(t testing.TB, environment string, replaced settings) template {
	t.Helper()
	data, _ := synthesize(t, load(t, environment, replaced))
	return parse(t, data)
}

// emptyStack is a scope for constructs that must refuse to be built.
func emptyStack(t testing.TB) cdktf.TerraformStack {
	t.Helper()
	require.NoError(t, awsbindings.Load())
	return cdktf.NewTerraformStack(cdktf.NewApp(&cdktf.AppConfig{Outdir: jsii.String(t.TempDir())}), jsii.String("refused"))
}
