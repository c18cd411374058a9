// Command generate reads the type description of the fork's bindings for version 6 of the AWS provider, and writes an
// extract of it for package provider6 to embed: the types that the stacks use. It fetches the npm package, of some 45
// MB, into a temporary directory.
//
//	go run ./internal/provider6/generate [-version 25.7.0]
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"securebaseline/internal/awsbindings/assembly"
	"securebaseline/internal/provider6"
)

const (
	npmPackage = "@cdktn/provider-aws"
	// bindings is the Go module whose packages the stacks use.
	bindings = "github.com/cdktf/cdktf-provider-aws-go/aws/v19"
)

func main() {
	version := flag.String("version", "25.7.0", "the version of "+npmPackage+"; 25.7.0 describes provider 6.66.0")
	flag.Parse()
	if err := run(*version); err != nil {
		fmt.Fprintln(os.Stderr, "generate: "+err.Error())
		os.Exit(1)
	}
}

func run(version string) error {
	packages, err := assembly.ImportedPackages(".", bindings)
	if err != nil {
		return err
	}
	types, err := fetch(npmPackage+"@"+version, packages)
	if err != nil {
		return err
	}
	schema := provider6.Schema{Package: npmPackage + "@" + version, Types: map[string]provider6.Fields{}}
	for _, name := range packages {
		address, fields, err := types.submodule(name)
		if err != nil {
			return err
		}
		schema.Types[address] = fields
	}
	if schema.Version, err = types.providerVersion(); err != nil {
		return err
	}
	text, err := encode(schema)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("internal", "provider6", "schema.json"), text, 0o644)
}

// encode writes a line for each type, which a difference between two versions then shows.
func encode(schema provider6.Schema) ([]byte, error) {
	var text bytes.Buffer
	fmt.Fprintf(&text, "{\"version\": %q, \"package\": %q, \"types\": {", schema.Version, schema.Package)
	for i, name := range slices.Sorted(maps.Keys(schema.Types)) {
		line, err := json.Marshal(schema.Types[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if i > 0 {
			text.WriteString(",")
		}
		fmt.Fprintf(&text, "\n%q: %s", name, line)
	}
	text.WriteString("\n}}\n")
	return text.Bytes(), nil
}
