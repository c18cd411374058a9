package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"

	"securebaseline/internal/providerlock"
	"securebaseline/internal/template"
)

// dataVariable names the directory in which Terraform keeps providers, instead of .terraform.
const dataVariable = "TF_DATA_DIR"

// workspace is a directory in which Terraform knows the providers of a stack and no backend: it refuses to list schemas
// where a backend is not initialized, which takes credentials.
type workspace struct {
	directory string
	terraform *tfexec.Terraform
}

// open makes a workspace with the providers that "terraform init" has installed for a stack.
func open(stack, binary string, lock []byte) (w workspace, err error) {
	if w.directory, err = os.MkdirTemp("", "hcl-"); err != nil {
		return workspace{}, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(w.directory)
		}
	}()
	data := ".terraform"
	environment := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case name == dataVariable && value != "":
			data = value
		case strings.HasPrefix(name, "TF_") && name != "TF_CLI_CONFIG_FILE": // options of the user's own commands
		default:
			environment[name] = value
		}
	}
	if !filepath.IsAbs(data) {
		if data, err = filepath.Abs(filepath.Join(stack, data)); err != nil {
			return workspace{}, err
		}
	}
	own := filepath.Join(w.directory, ".terraform")
	if err = os.Mkdir(own, 0o700); err != nil {
		return workspace{}, err
	}
	if err = os.Symlink(filepath.Join(data, "providers"), filepath.Join(own, "providers")); err != nil {
		return workspace{}, err
	}
	if err = os.WriteFile(filepath.Join(w.directory, providerlock.File), lock, 0o600); err != nil {
		return workspace{}, err
	}
	if w.terraform, err = tfexec.NewTerraform(w.directory, binary); err != nil {
		return workspace{}, err
	}
	return w, w.terraform.SetEnv(environment)
}

// schemas asks for the schemas of the stack's providers, and of Terraform's own resource.
func (w workspace) schemas(ctx context.Context, stack *template.Template) (*tfjson.ProviderSchemas, error) {
	const name = "schemas.tf.json"
	required, err := json.Marshal(map[string]any{
		"terraform": map[string]any{"required_providers": stack.Terraform["required_providers"]},
		"resource":  map[string]any{"terraform_data": map[string]any{"own": map[string]any{}}},
	})
	if err != nil {
		return nil, err
	}
	path := filepath.Join(w.directory, name)
	if err := os.WriteFile(path, required, 0o600); err != nil {
		return nil, err
	}
	schemas, err := w.terraform.ProvidersSchema(ctx)
	if err != nil {
		return nil, err
	}
	return schemas, os.Remove(path)
}

// validate fails where Terraform finds anything to say about the files, be it a warning.
func (w workspace) validate(ctx context.Context, files map[string][]byte) error {
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(w.directory, name), content, 0o600); err != nil {
			return err
		}
	}
	said, err := w.terraform.Validate(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, one := range said.Diagnostics {
		where := ""
		if one.Range != nil {
			where = fmt.Sprintf("%s:%d: ", one.Range.Filename, one.Range.Start.Line)
		}
		faults = append(faults, fmt.Errorf("%s%s: %s", where, one.Summary, one.Detail))
	}
	return errors.Join(faults...)
}
