// Package template reads a synthesized stack: its resources by Terraform address, their place in the construct tree,
// what they refer to and wait for, and the policies in them.
//
// It is the one reader of cdk.tf.json. Everything that looks at a stack after synthesis builds on it and knows nothing
// of what wrote the JSON: the package imports no constructs, no stacks, no configuration and no bindings.
package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// File is the name of the Terraform JSON in the directory of a stack.
const File = "cdk.tf.json"

// Template is a synthesized stack.
type Template struct {
	// Stack is the name of the stack, such as baseline-prod. Empty if the JSON holds no metadata.
	Stack string
	// Provider holds the configurations of each provider, by its local name.
	Provider map[string][]map[string]any
	// Terraform is the terraform block: backend, required_providers, required_version.
	Terraform map[string]any
	// Output holds the outputs by name.
	Output map[string]map[string]any
	// Removed lists the addresses that the state forgets without deleting anything.
	Removed []string
	// Moved tells, by the former address of a resource, the one that the state gives it now.
	Moved map[string]string
	// Import holds the import blocks, Variable the input variables and Locals the local values.
	Import   []map[string]any
	Variable map[string]map[string]any
	Locals   map[string]any

	resources map[string]Resource // managed resources and data sources, by address
	destroyed []string            // former addresses at which Terraform deletes what there is
	data      []byte
	addresses []string // of both, sorted
}

// Parse reads the JSON of a stack. It fails on what is no Terraform JSON.
func Parse(data []byte) (*Template, error) {
	var document struct {
		Comment   map[string]any `json:"//"`
		Resource  map[string]map[string]map[string]any
		Data      map[string]map[string]map[string]any
		Provider  map[string][]map[string]any
		Terraform map[string]any
		Output    map[string]map[string]any
		Import    []map[string]any
		Variable  map[string]map[string]any
		Locals    map[string]any
		Removed   []struct {
			From      string
			Lifecycle struct{ Destroy *bool }
		}
		Moved []struct{ From, To string }
	}
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	t := &Template{
		Provider: document.Provider, Terraform: document.Terraform, Output: document.Output, Moved: map[string]string{},
		Import: document.Import, Variable: document.Variable, Locals: document.Locals, resources: map[string]Resource{},
		data: data,
	}
	t.Stack, _ = value(document.Comment, "metadata", "stackName").(string)
	for _, moved := range document.Moved {
		t.Moved[moved.From] = moved.To
	}
	for _, removed := range document.Removed {
		if destroy := removed.Lifecycle.Destroy; destroy == nil || *destroy { // what Terraform does by default
			t.destroyed = append(t.destroyed, removed.From)
			continue
		}
		t.Removed = append(t.Removed, removed.From)
	}
	for mode, byType := range map[Mode]map[string]map[string]map[string]any{
		Managed: document.Resource, Data: document.Data,
	} {
		for kind, byName := range byType {
			for name, attributes := range byName {
				r := newResource(mode, kind, name, attributes)
				t.resources[r.Address] = r
			}
		}
	}
	t.addresses = slices.Sorted(maps.Keys(t.resources))
	return t, nil
}

// known are the names at the top of the JSON that Parse reads.
var known = []string{
	metadata, "data", "import", "locals", "moved", "output", "provider", "removed", "resource", "terraform", "variable",
}

// Unread names what the JSON holds besides and no field or method tells. A reader that must lose nothing refuses it.
func (t *Template) Unread() []string {
	var document map[string]json.RawMessage
	_ = json.Unmarshal(t.data, &document) // Parse has read it
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(document)), func(name string) bool {
		return slices.Contains(known, name)
	})
	for _, from := range t.destroyed {
		names = append(names, "removed "+from)
	}
	return names
}

// Read parses the JSON in the directory of a stack. The error is an fs.ErrNotExist when nothing was synthesized there.
func Read(directory string) (*Template, error) {
	path := filepath.Join(directory, File)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	case err != nil:
		return nil, err
	}
	t, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Place returns the region of the AWS provider, and the account if the provider is held to one; empty otherwise. Of
// several configurations the first that says it counts.
func (t *Template) Place() (region, account string) {
	for _, provider := range t.Provider["aws"] {
		if region == "" {
			region, _ = provider["region"].(string)
		}
		if allowed := Texts(provider["allowed_account_ids"]); account == "" && len(allowed) == 1 {
			account = allowed[0]
		}
	}
	return region, account
}

// Resources lists the managed resources in the order of their addresses.
func (t *Template) Resources() []Resource { return t.list(Managed) }

// DataSources lists the data sources in the order of their addresses.
func (t *Template) DataSources() []Resource { return t.list(Data) }

func (t *Template) list(mode Mode) []Resource {
	var list []Resource
	for _, address := range t.addresses {
		if r := t.resources[address]; r.Mode == mode {
			list = append(list, r)
		}
	}
	return list
}

// Addresses lists the addresses of the managed resources, sorted.
func (t *Template) Addresses() []string {
	var addresses []string
	for _, r := range t.Resources() {
		addresses = append(addresses, r.Address)
	}
	return addresses
}

// OfType lists the managed resources of a type, such as aws_kms_key, in the order of their addresses.
func (t *Template) OfType(resourceType string) []Resource {
	var list []Resource
	for _, address := range t.addresses {
		if r := t.resources[address]; r.Type == resourceType && r.Mode == Managed {
			list = append(list, r)
		}
	}
	return list
}

// Resource returns the resource or data source at an address, such as aws_kms_key.logs-key_0A1B2C3D, and reports
// whether there is one.
func (t *Template) Resource(address string) (Resource, bool) {
	r, exists := t.resources[address]
	return r, exists
}

// AtPath returns the managed resource of a type at a path of the construct tree, such as logs-key/Resource. The error
// names the paths that there are.
func (t *Template) AtPath(resourceType, path string) (Resource, error) {
	var paths []string
	for _, r := range t.OfType(resourceType) {
		if r.Path == path {
			return r, nil
		}
		paths = append(paths, r.Path)
	}
	return Resource{}, fmt.Errorf("no %s at %q: must be one of %s", resourceType, path, strings.Join(paths, ", "))
}
