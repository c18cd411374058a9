package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"

	"securebaseline/internal/template"
)

// The peer is the same stack as compiled JavaScript on the packages of CDKTF as they are: what a user of TypeScript
// would have. It is generated from the synthesized JSON: a class for each resource, imported from its own submodule.

var (
	//go:embed peer/package.json
	peerManifest []byte
	//go:embed peer/package-lock.json
	peerLock []byte
	//go:embed peer/runtime.js
	peerRuntime string
)

// peerDirectory keeps the installed packages for the next run.
var peerDirectory = filepath.Join(".cache", "peer")

// preparePeer installs the packages and writes the program that makes the stack in a directory.
func preparePeer(stack string) error {
	if err := os.MkdirAll(peerDirectory, 0o755); err != nil {
		return err
	}
	for name, content := range map[string][]byte{"package.json": peerManifest, "package-lock.json": peerLock} {
		if err := os.WriteFile(filepath.Join(peerDirectory, name), content, 0o644); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join(peerDirectory, "node_modules", "cdktf")); err != nil {
		// The provider asks for cdktf 0.20, and works with 0.21 as well.
		install := exec.Command("npm", "ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund")
		install.Dir = peerDirectory
		if output, err := install.CombinedOutput(); err != nil {
			return fmt.Errorf("npm ci: %w\n%s", err, output)
		}
	}
	program, err := peerProgram(stack)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(peerDirectory, "peer.js"), []byte(program), 0o644)
}

// peerProgram writes the stack in a directory as a JavaScript program.
func peerProgram(stack string) (string, error) {
	parsed, err := template.Read(stack)
	if err != nil {
		return "", err
	}
	var imports, body strings.Builder
	imported := map[string]bool{}
	for _, resource := range append(parsed.DataSources(), parsed.Resources()...) {
		attributes, err := json.Marshal(resource.Attributes)
		if err != nil {
			return "", err
		}
		kind := strings.TrimPrefix(resource.Type, "aws_")
		if resource.Mode == template.Data {
			kind = "data_aws_" + kind
		}
		variable := "none"
		if resource.Type != "terraform_data" {
			variable = kind
			if !imported[kind] {
				imported[kind] = true
				fmt.Fprintf(&imports, "const %s = only(require(\"@cdktf/provider-aws/lib/%s\"), %q);\n",
					kind, strings.ReplaceAll(kind, "_", "-"), resource.Type)
			}
		}
		fmt.Fprintf(&body, "  add(stack, %s, %q, %s);\n", variable, resource.Path, attributes)
	}
	rest, err := json.Marshal(map[string]any{
		"terraform": parsed.Terraform, "provider": parsed.Provider, "output": parsed.Output,
	})
	if err != nil {
		return "", err
	}
	return strings.NewReplacer("/* imports */", imports.String(), "/* resources */", body.String(),
		"/* rest */", string(rest)).Replace(peerRuntime), nil
}

// samePeer checks that the peer writes the stack of the pruned packages: every resource and data source, its arguments
// and its dependencies. Metadata, which Terraform ignores, is not compared.
func samePeer(pruned, peer string) error {
	want, err := template.Read(pruned)
	if err != nil {
		return err
	}
	got, err := template.Read(peer)
	if err != nil {
		return err
	}
	var problems []error
	for _, resource := range append(want.DataSources(), want.Resources()...) {
		other, exists := got.Resource(resource.Address)
		if !exists {
			problems = append(problems, fmt.Errorf("the peer lacks %s", resource.Address))
			continue
		}
		for name, value := range resource.Attributes {
			if !reflect.DeepEqual(value, other.Attributes[name]) {
				problems = append(problems, fmt.Errorf("%s.%s: the peer has %v, not %v", resource.Address, name,
					other.Attributes[name], value))
			}
		}
	}
	if len(want.Resources()) != len(got.Resources()) {
		problems = append(problems,
			fmt.Errorf("the peer has %d resources, not %d", len(got.Resources()), len(want.Resources())))
	}
	return errors.Join(problems...)
}
