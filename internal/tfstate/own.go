package tfstate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Terminal is what a command talks to its user by.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer
}

// override is a file that Terraform reads last, and that replaces the backend of the JSON beside it (Terraform
// documentation, "Override Files").
const override = "backend_override.tf.json"

// ApplyWithOwnState applies a stack that makes the bucket which its own state is kept in. Where there is no bucket yet,
// or an earlier attempt got no further, the state is kept in a local file until the bucket exists, and is moved then;
// kept is what that file is called afterwards, or empty. Arguments are those of "terraform apply".
func (t Terraform) ApplyWithOwnState(local string, terminal Terminal, arguments ...string) (kept string, err error) {
	if _, err := os.Stat(local); errors.Is(err, fs.ErrNotExist) {
		err := t.init()
		if err == nil {
			return "", t.apply(terminal, arguments)
		}
		if !bucketIsMissing(err) {
			return "", err
		}
	} else if err != nil {
		return "", err
	}
	if err := t.applyLocally(local, terminal, arguments); err != nil {
		return "", fmt.Errorf("%w; what is done already is in %s, and the same command goes on from there", err, local)
	}
	return t.Move(local)
}

// bucketIsMissing reports whether Terraform, or OpenTofu, says that the bucket of the state does not exist.
func bucketIsMissing(err error) bool {
	return strings.Contains(err.Error(), "NoSuchBucket") ||
		strings.Contains(err.Error(), "S3 bucket") && strings.Contains(err.Error(), "does not exist")
}

// applyLocally applies the stack with its state in a local file.
func (t Terraform) applyLocally(local string, terminal Terminal, arguments []string) (err error) {
	path, err := filepath.Abs(local)
	if err != nil {
		return err
	}
	backend, err := json.Marshal(map[string]any{
		"terraform": map[string]any{"backend": map[string]any{"local": map[string]any{"path": path}}},
	})
	if err != nil {
		return err
	}
	file := filepath.Join(t.Directory, override)
	if err := os.WriteFile(file, backend, 0o600); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(file)) }()
	if err := t.init(); err != nil {
		return err
	}
	return t.apply(terminal, arguments)
}

// Outputs are the outputs of the stack that are strings.
func (t Terraform) Outputs() (map[string]string, error) {
	data, err := t.run(nil, "output", "-json")
	if err != nil {
		return nil, err
	}
	var all map[string]struct{ Value any }
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	outputs := map[string]string{}
	for name, output := range all {
		if text, isText := output.Value.(string); isText {
			outputs[name] = text
		}
	}
	return outputs, nil
}

// apply runs "terraform apply", which talks to the user.
func (t Terraform) apply(terminal Terminal, arguments []string) error {
	command := exec.Command(t.Binary, append([]string{"apply"}, arguments...)...)
	command.Dir, command.Stdin, command.Stdout, command.Stderr = t.Directory, terminal.In, terminal.Out, terminal.Err
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s apply: %w", t.Binary, err)
	}
	return nil
}
