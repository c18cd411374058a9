package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
	"securebaseline/internal/testkit/goldenfile"
)

// statefulFile lists the addresses of what must not be made anew, of the environments and of every option together.
var statefulFile = filepath.Join("testdata", "stateful.txt")

// statefulOf lists the addresses of stateful resources in a stack.
func statefulOf(t *template.Template) []string {
	return slices.DeleteFunc(t.Addresses(), func(address string) bool {
		resource, _ := t.Resource(address)
		return !template.Stateful(resource.Type)
	})
}

// lost says of each former address that is neither in the stack nor moved what Terraform would do, and what to write.
func lost(former []string, stack *template.Template) []string {
	var problems []string
	for _, address := range former {
		_, stays := stack.Resource(address)
		_, goes := stack.Resource(stack.Moved[address])
		if !stays && !goes {
			problems = append(problems, fmt.Sprintf("%s is gone: Terraform would destroy it, and make another one at "+
				"its new address. Keep the construct ids, or add to the stack, in stacks/upgrade.go: "+
				"{\"moved\": [{\"from\": %[1]q, \"to\": \"its new address\"}]}", address))
		}
	}
	return problems
}

// TestStatefulAddressesStay holds what is deployed where it is: an address that moves without a word destroys a
// database, a bucket or a key.
func TestStatefulAddressesStay(t *testing.T) {
	everything := testkit.Everything()
	everything["rds.instances"] = map[string]any{"orders": map[string]any{"majorVersion": "17",
		"applyImmediately": true}}
	stacks := map[string]*template.Template{"everything": testkit.SynthesizeAlways(t, "prod", everything).Template}
	for _, environment := range testkit.Environments() {
		stacks[environment] = testkit.Synthesize(t, environment, nil).Template
	}
	recorded := map[string][]string{}
	data, err := os.ReadFile(statefulFile)
	require.True(t, err == nil || goldenfile.Update(t), "run make golden")
	for line := range strings.Lines(string(data)) {
		name, address, _ := strings.Cut(strings.TrimSpace(line), " ")
		recorded[name] = append(recorded[name], address)
	}
	var now []string
	for name, stack := range stacks {
		assert.Empty(t, lost(recorded[name], stack), name)
		for _, address := range statefulOf(stack) {
			now = append(now, name+" "+address+"\n")
			assert.True(t, goldenfile.Update(t) || slices.Contains(recorded[name], address),
				"%s: %s is new; run make golden to record it", name, address)
		}
	}
	if goldenfile.Update(t) && !t.Failed() {
		slices.Sort(now)
		require.NoError(t, os.WriteFile(statefulFile, []byte(strings.Join(now, "")), 0o644))
	}
}

// TestRenamedResources renames the database of a stack, as a refactoring would, without telling Terraform and with it.
func TestRenamedResources(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", nil)
	former := statefulOf(stack.Template)
	require.Empty(t, lost(former, stack.Template))
	database := stack.Address(t, "aws_db_instance", "database/Resource")
	_, name, _ := strings.Cut(database, ".")
	for moved, want := range map[string]int{
		"": 1, `[{"from": "` + database + `", "to": "aws_db_instance.store"}]`: 0,
		`[{"from": "` + database + `", "to": "aws_db_instance.nowhere"}]`: 1,
	} {
		var document map[string]any
		require.NoError(t, json.Unmarshal(testkit.JSON(t, "prod", nil), &document))
		instances := document["resource"].(map[string]any)["aws_db_instance"].(map[string]any)
		instances["store"] = instances[name]
		delete(instances, name)
		if moved != "" {
			document["moved"] = json.RawMessage(moved)
		}
		data, err := json.Marshal(document)
		require.NoError(t, err)
		renamed, err := template.Parse(data)
		require.NoError(t, err)
		problems := lost(former, renamed)
		require.Len(t, problems, want, moved)
		if want > 0 {
			assert.Contains(t, problems[0], database+" is gone: Terraform would destroy it")
		}
	}
}
