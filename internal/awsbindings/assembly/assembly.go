// Package assembly prunes npm packages that jsii describes: it keeps, of those that bindings are made of, what a Go
// module imports. An assembly is what jsii calls such a package with its type description, the file ".jsii"
// (https://aws.github.io/jsii/).
package assembly

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// File is the name of the type description in an npm package.
const File = ".jsii"

// Submodule is one part of an npm package: a resource type, a data source or the provider.
type Submodule struct {
	Name      string // as lib/index.js exports it: kmsKey
	Directory string // below lib: kms-key
}

// Description is the type description of an npm package.
type Description struct {
	// Submodules and Types are parts of it by their full names: package, submodule, type.
	Submodules, Types map[string]json.RawMessage

	assembly string
	fields   map[string]json.RawMessage
}

// Parse reads the text of a type description.
func Parse(content []byte) (*Description, error) {
	var d Description
	if err := json.Unmarshal(content, &d.fields); err != nil {
		return nil, fmt.Errorf(".jsii: %w", err)
	}
	for field, into := range map[string]any{"name": &d.assembly, "submodules": &d.Submodules, "types": &d.Types} {
		if err := json.Unmarshal(d.fields[field], into); err != nil {
			return nil, fmt.Errorf(".jsii: %s: %w", field, err)
		}
	}
	return &d, nil
}

// Closure returns the submodules of the used Go packages and all whose types these mention, in order of their names.
func (d *Description) Closure(used []string) ([]Submodule, error) {
	byPackage := map[string]string{}
	for fqn := range d.Submodules {
		name := strings.TrimPrefix(fqn, d.assembly+".")
		byPackage[strings.ToLower(name)] = name
	}
	typesOf := map[string][]string{}
	for fqn := range d.Types {
		name := d.submoduleOf(fqn)
		typesOf[name] = append(typesOf[name], fqn)
	}

	var faults []error
	var waiting []string
	for _, goPackage := range used {
		name, known := byPackage[goPackage]
		if !known {
			faults = append(faults, fmt.Errorf("the npm package has no submodule for the Go package %q", goPackage))
			continue
		}
		waiting = append(waiting, name)
	}
	directories := map[string]string{}
	for len(waiting) > 0 {
		name := waiting[0]
		waiting = waiting[1:]
		if _, done := directories[name]; done {
			continue
		}
		directory, err := d.directory(name)
		faults = append(faults, err)
		directories[name] = directory
		for _, fqn := range typesOf[name] {
			waiting = append(waiting, d.mentioned(d.Types[fqn])...)
		}
	}

	var submodules []Submodule
	for _, name := range slices.Sorted(maps.Keys(directories)) {
		submodules = append(submodules, Submodule{name, directories[name]})
	}
	return submodules, errors.Join(faults...)
}

// submoduleOf returns the submodule of a type by its full name: assembly, submodule, type.
func (d *Description) submoduleOf(fqn string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(fqn, d.assembly+"."), ".")
	return name
}

// mentioned returns the submodules of this package whose types a type refers to.
func (d *Description) mentioned(content []byte) []string {
	fqns := regexp.MustCompile(`"(` + regexp.QuoteMeta(d.assembly) + `\.[^"]+)"`)
	var names []string
	for _, match := range fqns.FindAllSubmatch(content, -1) {
		if fqn := string(match[1]); d.Types[fqn] != nil {
			names = append(names, d.submoduleOf(fqn))
		}
	}
	return names
}

// directory returns the directory of a submodule below lib, which the description gives as the source file.
func (d *Description) directory(name string) (string, error) {
	var submodule struct {
		SymbolID string `json:"symbolId"`
	}
	if err := json.Unmarshal(d.Submodules[d.assembly+"."+name], &submodule); err != nil {
		return "", fmt.Errorf(".jsii: submodule %s: %w", name, err)
	}
	source, isSource := strings.CutPrefix(submodule.SymbolID, "src/")
	directory := path.Dir(source)
	if !isSource || directory == "." {
		return "", fmt.Errorf(".jsii: submodule %s: symbolId is %q; want src/FOLDER/index", name, submodule.SymbolID)
	}
	return directory, nil
}

// KeepOnly drops all other submodules and their types.
func (d *Description) KeepOnly(submodules []Submodule) {
	kept := map[string]bool{}
	for _, submodule := range submodules {
		kept[submodule.Name] = true
	}
	drop := func(fqn string, _ json.RawMessage) bool { return !kept[d.submoduleOf(fqn)] }
	maps.DeleteFunc(d.Submodules, drop)
	maps.DeleteFunc(d.Types, drop)
}

// StripDocs drops what only people read.
func (d *Description) StripDocs() error {
	delete(d.fields, "readme")
	for _, parts := range []map[string]json.RawMessage{d.Submodules, d.Types} {
		for fqn, content := range parts {
			var part any
			if err := json.Unmarshal(content, &part); err != nil {
				return fmt.Errorf(".jsii: %s: %w", fqn, err)
			}
			strip(part)
			stripped, err := json.Marshal(part)
			if err != nil {
				return fmt.Errorf(".jsii: %s: %w", fqn, err)
			}
			parts[fqn] = stripped
		}
	}
	return nil
}

// strip removes documentation and source positions at every depth.
func strip(value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, text := range []string{"docs", "locationInModule", "readme"} {
			delete(value, text)
		}
		for _, part := range value {
			strip(part)
		}
	case []any:
		for _, part := range value {
			strip(part)
		}
	}
}

// Encode writes the text of the description.
func (d *Description) Encode() ([]byte, error) {
	fields := map[string]any{}
	for field, content := range d.fields {
		fields[field] = content
	}
	fields["submodules"], fields["types"] = d.Submodules, d.Types
	return json.Marshal(fields) // in the order of their names
}

// Index returns an entry point like the stock one, which exports each submodule under its name.
func Index(submodules []Submodule) []byte {
	var index bytes.Buffer
	index.WriteString("\"use strict\";\nObject.defineProperty(exports, \"__esModule\", { value: true });\n")
	for _, submodule := range submodules {
		fmt.Fprintf(&index, "exports.%s = require(%q);\n", submodule.Name, "./"+submodule.Directory)
	}
	return index.Bytes()
}
