// Package adopt finds what exists in AWS of what a stack declares and its Terraform state does not know: what outlived
// a destroy, what a run made that was killed before it could write so into the state, and what was made by hand under
// the stack's names. It writes import blocks for Terraform, and changes nothing by itself: of AWS it only asks.
//
// The plan tells what is missing, with values in place of expressions. How a resource of each type is found again
// stands in kinds.go, by the name that AWS knows it by, or else by the tags that the stack gives it.
package adopt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"

	"securebaseline/internal/template"
)

// File is the name of the file with the import blocks, in the directory of a stack. Terraform reads it with the rest.
const File = "adopt.tf.json"

// Import is a resource that exists, by the address that it gets and the identifier by which Terraform imports it.
type Import struct {
	To string `json:"to"`
	ID string `json:"id"`
}

// Report is what a search has found.
type Report struct {
	// Imports are written to File.
	Imports []Import
	// Ambiguous holds, by address, the identifiers of several resources of which each could be meant. None is imported.
	Ambiguous map[string][]string
	// Missing counts the resources that are planned to be made, because they exist nowhere.
	Missing int
}

// Stack is the directory of a synthesized stack, in which Terraform is initialized, and the executable of Terraform or
// OpenTofu.
type Stack struct{ Directory, Terraform string }

// Find looks up what exists, and writes File, or removes it where there is nothing to import. Each plan tells more:
// only once a route table is imported does it say which routes belong to it.
func (s Stack) Find(ctx context.Context, account Account) (Report, error) {
	written, err := template.Read(s.Directory)
	if err != nil {
		return Report{}, err
	}
	if err := s.write(nil); err != nil {
		return Report{}, err
	}
	report := Report{Ambiguous: map[string][]string{}}
	for {
		missing, err := s.missing(ctx)
		if err != nil {
			return Report{}, errors.Join(err, s.write(nil))
		}
		before := len(report.Imports)
		for _, change := range missing {
			ids, err := account.find(ctx, resource{change, written})
			switch {
			case err != nil:
				return Report{}, errors.Join(fmt.Errorf("%s: %w", change.Address, err), s.write(nil))
			case len(ids) == 1:
				report.Imports = append(report.Imports, Import{change.Address, ids[0]})
			case len(ids) > 1:
				report.Ambiguous[change.Address] = ids
			}
		}
		report.Missing = len(missing) - (len(report.Imports) - before)
		if len(report.Imports) == before {
			return report, nil
		}
		if err := s.write(report.Imports); err != nil {
			return Report{}, err
		}
	}
}

// missing lists the managed resources that a plan would make.
func (s Stack) missing(ctx context.Context) ([]*tfjson.ResourceChange, error) {
	terraform, err := tfexec.NewTerraform(s.Directory, s.Terraform)
	if err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp("", "adopt-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory) // a plan holds secrets
	file := filepath.Join(directory, "plan")
	if _, err := terraform.Plan(ctx, tfexec.Out(file)); err != nil {
		return nil, err
	}
	plan, err := terraform.ShowPlanFile(ctx, file)
	if err != nil {
		return nil, err
	}
	var missing []*tfjson.ResourceChange
	for _, change := range plan.ResourceChanges {
		if change.Mode == tfjson.ManagedResourceMode && change.Change.Actions.Create() {
			missing = append(missing, change)
		}
	}
	return missing, nil
}

// write writes the import blocks. Without any there is no file.
func (s Stack) write(imports []Import) error {
	file := filepath.Join(s.Directory, File)
	if len(imports) == 0 {
		if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	data, err := json.MarshalIndent(map[string]any{"import": imports}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// resource is a resource that is missing in the state.
type resource struct {
	*tfjson.ResourceChange
	stack *template.Template
}

// value is an attribute, or empty where it is not a string or known only after apply.
func (r resource) value(attribute string) string {
	values, _ := r.Change.After.(map[string]any)
	text, _ := values[attribute].(string)
	return text
}

// tag is a tag, or empty.
func (r resource) tag(key string) string {
	values, _ := r.Change.After.(map[string]any)
	tags, _ := values["tags"].(map[string]any)
	text, _ := tags[key].(string)
	return text
}

// alias is the name of the KMS alias that the stack gives to a key, or empty.
func (r resource) alias() string {
	for _, alias := range r.stack.OfType("aws_kms_alias") {
		if target, _ := alias.String("target_key_id"); strings.Contains(target, r.Address+".") {
			name, _ := alias.String("name")
			return name
		}
	}
	return ""
}
