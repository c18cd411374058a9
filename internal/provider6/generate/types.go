package main

import (
	"fmt"
	"regexp"
	"strings"

	"securebaseline/internal/provider6"
)

// types are those of the description, by their full name: package, submodule, type.
type types map[string]described

// described is a class or an interface.
type described struct {
	Base       string
	Docs       docs
	Properties []property
}

type docs struct{ Summary, Remarks string }

type property struct {
	Name             string
	Optional, Static bool
	Docs             docs
	Type             valueType
}

// valueType is the type of a property: that of another class or interface, a collection, or one of several.
type valueType struct {
	FQN        string
	Collection *struct{ ElementType valueType }
	Union      *struct{ Types []valueType }
}

// What the bindings make of a type: a class with this base, and its prefix in provider6.Schema.
var bases = map[string]string{
	"cdktn.TerraformResource": "", "cdktn.TerraformDataSource": "data.", "cdktn.TerraformProvider": "provider.",
}

// Suffixes of what the bindings derive from a name.
const (
	configSuffix  = "Config"          // the arguments of a type
	readSuffix    = "OutputReference" // what can be read of a nested block
	listSuffix    = "List"            // the same, of one that can be repeated
	writtenSuffix = "Input"           // what an argument has been set to
)

var (
	// linked is the end of a type's documentation: a link with the version and the name that Terraform knows.
	linked = regexp.MustCompile(`/aws/([0-9.]+)/docs\S* ([a-z0-9_]+)\}`)
	// anchored is the name of an argument in the link to its documentation. The bindings rename some.
	anchored = regexp.MustCompile(`/docs\S*#([a-z0-9_]+) `)
	capital  = regexp.MustCompile(`[A-Z]`)
)

// providerVersion is the version that the documentation of the provider links to.
func (t types) providerVersion() (string, error) {
	provider := t[npmPackage+".provider.AwsProvider"]
	found := linked.FindStringSubmatch(provider.Docs.Summary)
	if found == nil {
		return "", fmt.Errorf("AwsProvider: must link to its documentation, not %q", provider.Docs.Summary)
	}
	return found[1], nil
}

// submodule returns the type of a submodule, by its name in lower case, as Terraform names it, and its fields.
func (t types) submodule(name string) (string, provider6.Fields, error) {
	for fqn, class := range t {
		prefix, isType := bases[class.Base]
		parts := strings.Split(fqn, ".")
		if !isType || strings.ToLower(parts[len(parts)-2]) != name {
			continue
		}
		found := linked.FindStringSubmatch(class.Docs.Summary)
		if found == nil {
			return "", nil, fmt.Errorf("%s: must link to its documentation, not %q", fqn, class.Docs.Summary)
		}
		read := fqn
		if prefix == bases["cdktn.TerraformProvider"] {
			read = "" // nothing refers to a provider
		}
		return prefix + found[2], t.fields(fqn+configSuffix, read), nil
	}
	return "", nil, fmt.Errorf("no type in the submodule %s", name)
}

// fields returns the fields that a configuration sets, by an interface, and those that can be read besides, by a class.
func (t types) fields(written, read string) provider6.Fields {
	fields, known := provider6.Fields{}, map[string]bool{"internalValue": true}
	for _, one := range t[written].Properties {
		use := provider6.Required
		if one.Optional {
			use = provider6.Optional
		}
		known[one.Name], known[one.Name+writtenSuffix] = true, true
		fields[one.terraformName()] = t.field(one, use)
	}
	for _, one := range t[read].Properties {
		if !one.Static && !known[one.Name] {
			fields[one.terraformName()] = t.field(one, provider6.Computed)
		}
	}
	return fields
}

func (t types) field(one property, use provider6.Use) provider6.Field {
	field := provider6.Field{Use: use}
	block, many := one.Type.block()
	if block == "" {
		return field
	}
	field.Once = !many
	field.Fields = t.fields(block, block+readSuffix)
	return field
}

// block returns the interface of a nested block, if the type is one, and whether the block can be repeated.
func (v valueType) block() (fqn string, many bool) {
	switch {
	case v.Collection != nil:
		fqn, _ = v.Collection.ElementType.block()
		return fqn, true
	case v.Union != nil:
		for _, one := range v.Union.Types {
			if fqn, many = one.block(); fqn != "" {
				break
			}
		}
		return fqn, many
	case !strings.HasPrefix(v.FQN, npmPackage+"."):
		return "", false
	}
	if list, isList := strings.CutSuffix(v.FQN, listSuffix); isList {
		return list, true
	}
	return strings.TrimSuffix(v.FQN, readSuffix), false
}

// terraformName is the name that Terraform knows.
func (p property) terraformName() string {
	if found := anchored.FindStringSubmatch(p.Docs.Summary + " " + p.Docs.Remarks); found != nil {
		return found[1]
	}
	return strings.ToLower(capital.ReplaceAllString(p.Name, "_$0"))
}
