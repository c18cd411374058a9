// Package tfplan reads saved plans, as "terraform show -json" prints them: what would change, and a fingerprint by
// which two plans are known to do the same.
//
// Only the few fields that count are read. The format is Terraform's own (Terraform documentation, "JSON output
// format", https://developer.hashicorp.com/terraform/internals/json-format); within its major version 1 fields are
// added, and none is taken away.
package tfplan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Plan is a saved plan.
type Plan struct {
	// Version is that of the format, such as 1.2. A file that has none is no plan.
	Version string `json:"format_version"`
	// Errored means that Terraform could not finish the plan, so that it lacks changes.
	Errored bool `json:"errored"`
	// Configuration is what the plan was made for. The JSON of a state has none.
	Configuration *Configuration `json:"configuration"`
	// Resources are all resources that the plan knows, also those that stay as they are. Changes leaves those out.
	Resources []Resource `json:"resource_changes"`
	// Drift is what the plan found in AWS to be otherwise than the state has it, whether it will change it or not.
	Drift []Resource `json:"resource_drift"`
	// Outputs are the outputs by name, also those that stay as they are.
	Outputs map[string]Change `json:"output_changes"`
}

// Configuration is the part of a configuration that a plan repeats.
type Configuration struct {
	RootModule struct {
		Resources []struct {
			// Address is that of the resource, without the key of an instance.
			Address string `json:"address"`
			// Expressions are the arguments that the configuration gives, by name.
			Expressions map[string]any `json:"expressions"`
		} `json:"resources"`
	} `json:"root_module"`
}

// Resource is what becomes of one object of a resource.
type Resource struct {
	Address string `json:"address"`
	// Previous is the address that the object has in the state, where that is another one.
	Previous string `json:"previous_address"`
	Mode     string `json:"mode"`
	Type     string `json:"type"`
	// Deposed tells an object that its successor has not yet replaced from the one that has the address now.
	Deposed string `json:"deposed"`
	Change  Change `json:"change"`
}

// Change is a value before and after. Numbers are json.Number, so that none loses a digit.
type Change struct {
	Actions []string `json:"actions"`
	Before  any      `json:"before"`
	After   any      `json:"after"`
	// Unknown is true where After is known only when it is applied.
	Unknown any `json:"after_unknown"`
	// BeforeSensitive and AfterSensitive are true where nobody must see the value.
	BeforeSensitive any `json:"before_sensitive"`
	AfterSensitive  any `json:"after_sensitive"`
	// ReplacePaths are the paths, of names and numbers, that cannot be changed in place.
	ReplacePaths [][]any    `json:"replace_paths"`
	Importing    *Importing `json:"importing"`
}

// Importing is what AWS calls an object that the plan takes into the state.
type Importing struct {
	ID string `json:"id"`
}

// Action is what is done to a resource.
type Action string

// What a plan does to resources, the gravest first. What only the state learns, such as an import, is an action too.
const (
	Delete  Action = "delete"
	Replace Action = "replace"
	Forget  Action = "forget"
	Update  Action = "update"
	Create  Action = "create"
	Import  Action = "import"
	Move    Action = "move"
)

// Actions lists all actions, the gravest first.
func Actions() []Action { return []Action{Delete, Replace, Forget, Update, Create, Import, Move} }

const (
	noOp        = "no-op"
	managedMode = "managed"
)

// Parse reads a plan. What is no plan is an error, such as the JSON of a state.
func Parse(from io.Reader) (Plan, error) {
	plan, err := Decode(from)
	switch {
	case err != nil || !plan.IsPlan():
		return Plan{}, errors.New("must be a saved plan as terraform show -json prints it")
	case !plan.Readable():
		return Plan{}, fmt.Errorf("format_version = %q: must be 1.x", plan.Version)
	}
	return plan, nil
}

// Decode reads JSON as a plan without asking whether it is one. It fails on what is no JSON of such a form.
func Decode(from io.Reader) (plan Plan, err error) {
	decoder := json.NewDecoder(from)
	decoder.UseNumber()
	return plan, decoder.Decode(&plan)
}

// IsPlan reports whether what was decoded is a plan at all.
func (p Plan) IsPlan() bool { return p.Version != "" && p.Configuration != nil }

// Readable reports whether the format is the one that this package reads.
func (p Plan) Readable() bool { return strings.HasPrefix(p.Version, "1.") }

// Action is what is done to the resource; empty where nothing is, or where it is only read.
func (r Resource) Action() Action {
	actions := r.Change.Actions
	switch {
	case r.Mode != managedMode || slices.Equal(actions, []string{"read"}):
		return ""
	case len(actions) == 0 || slices.Equal(actions, []string{noOp}):
		switch {
		case r.Change.Importing != nil:
			return Import
		case r.Previous != "" && r.Previous != r.Address:
			return Move
		}
		return ""
	case len(actions) == 2: // delete and create, in either order
		return Replace
	}
	return Action(actions[0])
}

// Changes lists the resources to which something is done, by address.
func (p Plan) Changes() []Resource {
	changes := slices.DeleteFunc(slices.Clone(p.Resources), func(r Resource) bool { return r.Action() == "" })
	slices.SortFunc(changes, func(a, b Resource) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Deposed, b.Deposed))
	})
	return changes
}

// ChangedOutputs lists the names of the outputs that change.
func (p Plan) ChangedOutputs() []string {
	var names []string
	for name, change := range p.Outputs {
		if !slices.Equal(change.Actions, []string{noOp}) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Empty reports whether applying the plan would change nothing.
func (p Plan) Empty() bool { return len(p.Changes()) == 0 && len(p.ChangedOutputs()) == 0 }

// Drifted reports whether AWS has an address otherwise than the state, so that a change of it may be one that somebody
// made beside Terraform.
func (p Plan) Drifted(address string) bool {
	return slices.ContainsFunc(p.Drift, func(r Resource) bool { return r.Address == address && r.Action() != "" })
}

// Count says how many resources each action is done to, the gravest first: "1 to replace, 2 to create".
func Count(changes []Resource) string {
	counts := map[Action]int{}
	for _, change := range changes {
		counts[change.Action()]++
	}
	var parts []string
	for _, action := range Actions() {
		if counts[action] > 0 {
			parts = append(parts, fmt.Sprintf("%d to %s", counts[action], action))
		}
	}
	if len(parts) == 0 {
		return "no resource changes"
	}
	return strings.Join(parts, ", ")
}
