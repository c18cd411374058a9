//go:build provider && unix

package provider

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/providerlock"
	"securebaseline/internal/testkit"
	"securebaseline/stacks"
)

// TestHCLPlansTheSame exports stacks by the user's own command, and compares what Terraform makes of the export with
// what it makes of the JSON.
func TestHCLPlansTheSame(t *testing.T) {
	t.Parallel()
	c := checkout(t.TempDir())
	testkit.CopyProject(t, string(c))
	everything := testkit.Everything()
	maps.Copy(everything, testkit.AllDatabase())
	for _, stack := range []struct {
		name, environment string
		settings          testkit.Settings
	}{
		{"dev", "dev", testkit.Offline(nil)},
		{"prod", "prod", testkit.Offline(nil)},
		{"every option", "prod", everything},
	} {
		t.Run(stack.name, func(t *testing.T) {
			c.configureIn(t, stack.environment, stack.settings)
			result := c.make(t, "hcl", "ENVIRONMENT="+stack.environment)
			require.Zero(t, result.Code, result.Stderr)
			assert.NotContains(t, result.Stderr, "Warning")
			name := stacks.Name(stack.environment)
			directory := filepath.Join(string(c), "cdktf.out", "hcl", name)
			assert.Contains(t, result.Stdout, "next: "+testkit.TerraformBinary()+" -chdir=cdktf.out/hcl/"+name+" init")
			synthesized := filepath.Join(string(c), "cdktf.out", "stacks", name)
			assert.Equal(t, testkit.ReadFile(t, synthesized, providerlock.File),
				testkit.ReadFile(t, directory, providerlock.File))

			data := []byte(testkit.ReadFile(t, synthesized, "cdk.tf.json"))
			exported := exportedIn(t, directory)
			assertWritten(t, testkit.Parse(t, data), exported)

			native := terraformOn(t, exported)
			formatted, _, err := native.FormatCheck(t.Context())
			require.NoError(t, err)
			assert.True(t, formatted, "terraform fmt has nothing to change")
			valid, err := native.Validate(t.Context())
			require.NoError(t, err)
			assert.Empty(t, valid.Diagnostics)
			want, got := outcome(t, plan(t, terraform(t, data))), outcome(t, plan(t, native))
			assert.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
			for what := range want {
				assert.Equal(t, want[what], got[what], what)
			}
		})
	}
}

// TestHCLRefuses runs the command where it must write nothing.
func TestHCLRefuses(t *testing.T) {
	t.Parallel()
	c := checkout(t.TempDir())
	testkit.CopyProject(t, string(c))
	target := filepath.Join(t.TempDir(), "export")
	result := c.make(t, "hcl", "HCL="+target)
	require.Zero(t, result.Code, result.Stderr)
	assert.Contains(t, testkit.ReadFile(t, target, "terraform.tf"), "terraform.baseline-dev.tfstate")

	edited := filepath.Join(target, "kms.tf")
	require.NoError(t, os.WriteFile(edited, []byte("# mine"), 0o600))
	result = c.make(t, "hcl", "HCL="+target)
	assert.NotZero(t, result.Code)
	assert.Contains(t, result.Stderr,
		"hcl: "+edited+" was changed after its export: move it away, or choose another directory\n")
	assert.Equal(t, "# mine", testkit.ReadFile(t, edited))

	imports := filepath.Join(c.stack(), "adopt.tf.json")
	require.NoError(t, os.WriteFile(imports, []byte("{}"), 0o600))
	result = c.make(t, "hcl", "HCL="+filepath.Join(target, "other"))
	assert.NotZero(t, result.Code)
	assert.Contains(t, result.Stderr,
		"hcl: cdktf.out/stacks/baseline-dev/adopt.tf.json would be left out: deploy it first, or remove it\n")
	assert.NoDirExists(t, filepath.Join(target, "other"))
}

// exportedIn returns the configuration in a directory.
func exportedIn(t *testing.T, directory string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(directory, "*.tf"))
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, path := range paths {
		files[filepath.Base(path)] = []byte(testkit.ReadFile(t, path))
	}
	return files
}

// assertWritten compares with the JSON what no plan of a new deployment tells: lists that are empty, and what Terraform
// must not do to a resource.
func assertWritten(t *testing.T, stack testkit.Stack, exported map[string][]byte) {
	t.Helper()
	bodies := map[string]*hclsyntax.Body{}
	for name, content := range exported {
		file, diagnostics := hclparse.NewParser().ParseHCL(content, name)
		require.False(t, diagnostics.HasErrors(), diagnostics.Error())
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			if block.Type == "resource" {
				bodies[block.Labels[0]+"."+block.Labels[1]] = block.Body
			}
		}
	}
	require.Len(t, bodies, len(stack.All()))
	empty, protected := 0, 0
	for _, resource := range stack.All() {
		body := bodies[resource.Resource.Address]
		require.NotNil(t, body, resource.Resource.Address)
		for name, value := range resource.Attributes {
			if list, isList := value.([]any); isList && len(list) == 0 {
				empty++
				require.Contains(t, body.Attributes, name, resource.Path)
				elements, diagnostics := hcl.ExprList(body.Attributes[name].Expr)
				assert.False(t, diagnostics.HasErrors(), resource.Path)
				assert.Empty(t, elements, resource.Path)
			}
		}
		want, _ := resource.Attributes["lifecycle"].(map[string]any)
		got := map[string]any{}
		for _, block := range body.Blocks {
			if block.Type == "lifecycle" {
				got = lifecycle(t, block.Body)
			}
		}
		assert.Len(t, got, len(want), resource.Path)
		for name := range want {
			protected++
			assert.Equal(t, want[name], got[name], "%s of %s", name, resource.Path)
		}
	}
	assert.Greater(t, empty, 3)
	assert.Greater(t, protected, 3)
}

// lifecycle returns the arguments of a block lifecycle as JSON has them.
func lifecycle(t *testing.T, body *hclsyntax.Body) map[string]any {
	t.Helper()
	values := map[string]any{}
	for name, argument := range body.Attributes {
		elements, diagnostics := hcl.ExprList(argument.Expr)
		if diagnostics.HasErrors() {
			value, diagnostics := argument.Expr.Value(nil)
			require.False(t, diagnostics.HasErrors(), diagnostics.Error())
			values[name] = value.True()
			continue
		}
		var references []any
		for _, element := range elements {
			references = append(references, hcl.ExprAsKeyword(element))
		}
		values[name] = references
	}
	return values
}

// outcome is all that a plan tells of a stack, by subject. What is empty is left out, so that all of it can be compared.
func outcome(t *testing.T, plan *tfjson.Plan) map[string]any {
	t.Helper()
	told := map[string]any{"checks": plan.Checks}
	for _, change := range plan.ResourceChanges {
		told[change.Address+" changes"] = normalized(t, change.Change)
	}
	for name, change := range plan.OutputChanges {
		told["output "+name+" changes"] = normalized(t, change)
	}
	for _, resource := range plan.Config.RootModule.Resources {
		told[resource.Address+" waits for"] = resource.DependsOn
		told[resource.Address+" is of"] = resource.ProviderConfigKey
		for argument, expression := range resource.Expressions {
			if references := references(expression); len(references) > 0 {
				told[resource.Address+"."+argument+" refers to"] = references
			}
		}
	}
	for name, output := range plan.Config.RootModule.Outputs {
		told["output "+name+" is"] = []any{output.Description, output.Sensitive, output.DependsOn,
			references(output.Expression)}
	}
	for name, provider := range plan.Config.ProviderConfigs {
		told["provider "+name] = normalized(t, provider)
	}
	require.Greater(t, len(told), 100)
	return told
}

// references lists what an expression refers to.
func references(expression *tfjson.Expression) []string {
	if expression == nil || expression.ExpressionData == nil {
		return nil
	}
	found := slices.Clone(expression.References)
	for _, block := range expression.NestedBlocks {
		for _, nested := range block {
			found = append(found, references(nested)...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// normalized returns a value as JSON has it, with policies as objects: AWS and the provider take them for equal
// whatever the order of their keys.
func normalized(t *testing.T, value any) any {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	var plain any
	require.NoError(t, json.Unmarshal(data, &plain))
	return expanded(plain)
}

func expanded(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			value[key] = expanded(value[key])
		}
	case []any:
		for i := range value {
			value[i] = expanded(value[i])
		}
	case string:
		var policy map[string]any
		if json.Unmarshal([]byte(value), &policy) == nil && policy["Statement"] != nil {
			return policy
		}
	}
	return value
}
