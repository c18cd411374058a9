package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// submodule is one part of the npm package: a resource type, a data source or the provider.
type submodule struct {
	name      string // as lib/index.js exports it: kmsKey
	directory string // below lib: kms-key
}

// description is the type description of the npm package, its file ".jsii".
type description struct {
	assembly   string
	fields     map[string]json.RawMessage
	submodules map[string]json.RawMessage
	types      map[string]json.RawMessage
}

func parseDescription(content []byte) (*description, error) {
	var d description
	if err := json.Unmarshal(content, &d.fields); err != nil {
		return nil, fmt.Errorf(".jsii: %w", err)
	}
	for field, into := range map[string]any{"name": &d.assembly, "submodules": &d.submodules, "types": &d.types} {
		if err := json.Unmarshal(d.fields[field], into); err != nil {
			return nil, fmt.Errorf(".jsii: %s: %w", field, err)
		}
	}
	return &d, nil
}

// closure returns the submodules of the used Go packages and all whose types these mention, in order of their names.
func (d *description) closure(used []string) ([]submodule, error) {
	byPackage := map[string]string{}
	for fqn := range d.submodules {
		name := strings.TrimPrefix(fqn, d.assembly+".")
		byPackage[strings.ToLower(name)] = name
	}
	typesOf := map[string][]string{}
	for fqn := range d.types {
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
			waiting = append(waiting, d.mentioned(d.types[fqn])...)
		}
	}

	var submodules []submodule
	for name, directory := range directories {
		submodules = append(submodules, submodule{name, directory})
	}
	slices.SortFunc(submodules, func(a, b submodule) int { return strings.Compare(a.name, b.name) })
	return submodules, errors.Join(faults...)
}

// submoduleOf returns the submodule of a type by its full name: assembly, submodule, type.
func (d *description) submoduleOf(fqn string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(fqn, d.assembly+"."), ".")
	return name
}

// mentioned returns the submodules of this package whose types a type refers to.
func (d *description) mentioned(content []byte) []string {
	fqns := regexp.MustCompile(`"(` + regexp.QuoteMeta(d.assembly) + `\.[^"]+)"`)
	var names []string
	for _, match := range fqns.FindAllSubmatch(content, -1) {
		if fqn := string(match[1]); d.types[fqn] != nil {
			names = append(names, d.submoduleOf(fqn))
		}
	}
	return names
}

// directory returns the directory of a submodule below lib, which the description gives as the source file.
func (d *description) directory(name string) (string, error) {
	var submodule struct {
		SymbolID string `json:"symbolId"`
	}
	if err := json.Unmarshal(d.submodules[d.assembly+"."+name], &submodule); err != nil {
		return "", fmt.Errorf(".jsii: submodule %s: %w", name, err)
	}
	source, isSource := strings.CutPrefix(submodule.SymbolID, "src/")
	directory := path.Dir(source)
	if !isSource || directory == "." {
		return "", fmt.Errorf(".jsii: submodule %s: symbolId is %q; want src/FOLDER/index", name, submodule.SymbolID)
	}
	return directory, nil
}

// keepOnly drops all other submodules and their types.
func (d *description) keepOnly(submodules []submodule) {
	kept := map[string]bool{}
	for _, submodule := range submodules {
		kept[submodule.name] = true
	}
	drop := func(fqn string, _ json.RawMessage) bool { return !kept[d.submoduleOf(fqn)] }
	maps.DeleteFunc(d.submodules, drop)
	maps.DeleteFunc(d.types, drop)
}

// encode writes the description without what only people read.
func (d *description) encode() ([]byte, error) {
	fields := map[string]any{}
	for field, content := range d.fields {
		fields[field] = content
	}
	delete(fields, "readme")
	for field, parts := range map[string]map[string]json.RawMessage{"submodules": d.submodules, "types": d.types} {
		stripped := map[string]any{}
		for fqn, content := range parts {
			var part any
			if err := json.Unmarshal(content, &part); err != nil {
				return nil, fmt.Errorf(".jsii: %s: %w", fqn, err)
			}
			strip(part)
			stripped[fqn] = part
		}
		fields[field] = stripped
	}
	return json.Marshal(fields) // in the order of their names
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
