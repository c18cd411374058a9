// Package providerlock pins the AWS provider: it puts the project's dependency lock file beside the synthesized JSON,
// where Terraform and OpenTofu look for it, and says when the file does not pin what the JSON requires.
//
// Terraform checks a package against the checksums of the file, whether it comes from a registry or from a mirror
// (Terraform Language, "Dependency Lock File"). It looks for the file in the directory that it runs in, which is made
// by each synthesis and never committed. So the project's file may hold what Terraform's own may not: an entry for each
// major version of a provider, as long as one environment has moved to the next and another has not.
package providerlock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclparse"
)

// File is the name of a dependency lock file, the project's own and the one beside the JSON.
const File = ".terraform.lock.hcl"

// BinaryVariable is the environment variable that names the binary, "terraform" by default. The CDKTF CLI reads it too.
const BinaryVariable = "TERRAFORM_BINARY_NAME"

// Requirement is what a stack requires of a provider.
type Requirement struct {
	Source  string // namespace and type, such as "hashicorp/aws"
	Version string // a version constraint, such as "~> 5.99"
	// Environment names the environment whose stack it is, for the command that pins what it requires.
	Environment string
}

// entry is what a lock file says about one provider.
type entry struct {
	Address     string   `hcl:"address,label"`
	Version     string   `hcl:"version"`
	Constraints string   `hcl:"constraints,optional"`
	Hashes      []string `hcl:"hashes,optional"`
}

// Place copies the lock file of the project directory into the directory of a stack. It reports a provider that the
// file does not pin for the given binary, in a line to show, since Terraform then selects the newest version it finds.
// A pinned version that the stack does not accept is an error, since Terraform would refuse it.
//
// The copy holds that provider alone: an entry for the registry of the other binary would be reported as not installed.
// A copy that pins the same version by more checksums stays: "terraform init" adds that of the machine's own platform,
// and without it Terraform would not accept what it has installed.
func Place(project, stack, binary string, required Requirement) (warning string, err error) {
	source := filepath.Join(project, File)
	data, err := os.ReadFile(source)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Sprintf("%s: no such file, so the provider %s is not pinned; run %s", source, required.Source,
			required.refresh(binary)), nil
	} else if err != nil {
		return "", err
	}
	address := registry(binary) + "/" + required.Source
	entries, err := find(data, source, address)
	if err != nil {
		return "", err
	}
	pinned, err := choose(entries, required.Version)
	if err != nil {
		return "", fmt.Errorf("%s: %s = %q: %w; run %s", source, address, pinned.Version, err, required.refresh(binary))
	}
	if pinned == nil {
		warning = fmt.Sprintf("%s has no entry for %s, which is not pinned; run %s", source, address,
			required.refresh(binary))
	}
	target := filepath.Join(stack, File)
	if present, err := os.ReadFile(target); err == nil {
		kept, err := find(present, target, address)
		if err == nil && len(kept) == 1 && (pinned == nil || kept[0].includes(*pinned)) {
			return warning, nil
		}
	}
	copied, err := only(data, source, address, pinned)
	if err != nil {
		return "", err
	}
	return warning, os.WriteFile(target, copied, 0o644)
}

// registry is where a binary looks for a provider whose source names no host.
func registry(binary string) string {
	if isOpenTofu(binary) {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

func isOpenTofu(binary string) bool {
	return strings.Contains(path.Base(filepath.ToSlash(binary)), "tofu")
}

// refresh is the command that rewrites the project's file.
func (r Requirement) refresh(binary string) string {
	command := "make lock ENVIRONMENT=" + r.Environment
	if isOpenTofu(binary) {
		command += " TERRAFORM=" + binary
	}
	return command
}

// find returns the entries of a provider.
func find(data []byte, name, address string) ([]entry, error) {
	file, diagnostics := hclparse.NewParser().ParseHCL(data, name)
	var content struct {
		Providers []entry  `hcl:"provider,block"`
		Rest      hcl.Body `hcl:",remain"`
	}
	if !diagnostics.HasErrors() {
		diagnostics = gohcl.DecodeBody(file.Body, nil, &content)
	}
	if diagnostics.HasErrors() {
		return nil, fmt.Errorf("%w", diagnostics)
	}
	return slices.DeleteFunc(content.Providers, func(one entry) bool { return one.Address != address }), nil
}

// choose returns the entry that pins a provider in a version that is required, or nil if the provider has no entries.
// With an error it returns an entry that does not.
func choose(entries []entry, constraint string) (*entry, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	last := &entries[len(entries)-1]
	allowed, err := version.NewConstraint(constraint)
	if err != nil {
		return last, err
	}
	for _, one := range entries {
		if locked, err := version.NewVersion(one.Version); err != nil || !allowed.Check(locked) {
			continue
		}
		if len(one.Hashes) == 0 {
			return &one, errors.New("must have checksums")
		}
		return &one, nil
	}
	return last, fmt.Errorf("must be %s, which the stack requires", constraint)
}

// includes reports whether an entry pins the same version by the same checksums, and perhaps more.
func (e entry) includes(other entry) bool {
	return e.Version == other.Version && !slices.ContainsFunc(other.Hashes, func(hash string) bool {
		return !slices.Contains(e.Hashes, hash)
	})
}
