// Package tfstate looks at Terraform states, and moves one to where the configuration now says that it is: from a file
// beside cdktf.json into a bucket, from bucket to bucket, and back. Terraform itself reads and writes both; this
// package makes sure that nothing is overwritten and that what arrives is what was sent.
package tfstate

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strings"
)

// Terraform runs Terraform, or OpenTofu, in the directory of a stack.
type Terraform struct{ Binary, Directory string }

// Move puts the state in a file to where the stack keeps it, and renames the file, so that nobody takes it for the
// state again. It returns the new name. Nothing is overwritten: where there is a state with resources already, Move
// fails.
func (t Terraform) Move(file string) (kept string, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	sent, err := Parse(data)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	if len(sent.Resources) == 0 {
		return "", fmt.Errorf("%s: must be a state with resources", file)
	}
	if err := t.init(); err != nil {
		return "", err
	}
	there, err := t.pull()
	if err != nil {
		return "", err
	}
	if len(there.Resources) > 0 {
		return "", fmt.Errorf("there is a state with %d resources already, number %d of %s; nothing is overwritten",
			len(there.Resources), there.Serial, there.Lineage)
	}
	if _, err := t.run(data, "state", "push", "-"); err != nil {
		return "", err
	}
	arrived, err := t.pull()
	if err != nil {
		return "", err
	}
	// A bucket without a state begins a lineage and a count of its own; only where the lineage came along can the count
	// tell of a version that is older.
	older := arrived.Lineage == sent.Lineage && arrived.Serial < sent.Serial
	if older || !reflect.DeepEqual(arrived.Resources, sent.Resources) {
		return "", fmt.Errorf("what arrived is number %d of %s with %d resources, but number %d of %s with %d was "+
			"sent, and they differ; %s is left as it is", arrived.Serial, arrived.Lineage, len(arrived.Resources),
			sent.Serial, sent.Lineage, len(sent.Resources), file)
	}
	kept = fmt.Sprintf("%s.moved-%d", file, sent.Serial)
	return kept, os.Rename(file, kept)
}

// init connects the directory to the backend of the stack, whatever it was connected to before.
func (t Terraform) init() error {
	_, err := t.run(nil, "init", "-input=false", "-no-color", "-reconfigure")
	return err
}

func (t Terraform) pull() (State, error) {
	data, err := t.run(nil, "state", "pull")
	if err != nil {
		return State{}, err
	}
	return Parse(data)
}

// run runs a command and returns what it printed. What goes wrong is said in Terraform's own words.
func (t Terraform) run(input []byte, arguments ...string) ([]byte, error) {
	command := exec.Command(t.Binary, arguments...)
	command.Dir, command.Stdin = t.Directory, bytes.NewReader(input)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", t.Binary, strings.Join(arguments, " "), err,
			strings.TrimSpace(errs.String()))
	}
	return out.Bytes(), nil
}
