package template

import (
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// References lists the addresses that the expressions in the resource refer to, sorted, each once. The resource itself
// ("self") is not among them.
func (r Resource) References() []string {
	var found []string
	walkStrings(r.Attributes, func(text string) {
		for _, variable := range variables(text) {
			if address, isResource := addressOf(variable); isResource {
				found = append(found, address)
			}
		}
	})
	// Unlike other arguments, these take addresses without ${}.
	found = append(found, Texts(r.Value("lifecycle", "replace_triggered_by"))...)
	slices.Sort(found)
	return slices.Compact(found)
}

// Reference returns the address that a string attribute refers to, such as aws_vpc.network_0A1B2C3D for
// "${aws_vpc.network_0A1B2C3D.id}", and reports whether the attribute is such a reference: one expression and nothing
// else.
func (r Resource) Reference(attribute string) (address string, isReference bool) {
	text, _ := r.String(attribute)
	return ReferenceIn(text)
}

// ReferenceIn is Resource.Reference for a text from elsewhere, such as an element of a list.
func ReferenceIn(text string) (address string, isReference bool) {
	if found := variables(text); len(found) == 1 && text == "${"+expression(found[0])+"}" {
		return addressOf(found[0])
	}
	return "", false
}

// Self stands for the resource itself in expressions of its lifecycle and its connection.
const Self = "self"

// Attribute is what an expression reads of a resource or data source.
type Attribute struct {
	// Address is that of the resource, or Self.
	Address string
	// Names lead to the attribute, without keys and positions of maps and lists: master_user_secret, secret_arn. There
	// are none where the whole resource is read.
	Names []string
}

// AttributesIn lists what the expressions in a text read, in their order.
func AttributesIn(text string) []Attribute {
	var found []Attribute
	for _, variable := range variables(text) {
		address, isResource := addressOf(variable)
		if variable.RootName() == Self {
			address, isResource = Self, true
		}
		if !isResource {
			continue
		}
		names := names(variable)
		found = append(found, Attribute{address, names[strings.Count(address, ".")+1:]})
	}
	return found
}

// parsedTexts keeps the variables of each text: readers ask for the same references again and again, and policies are
// long texts.
var parsedTexts sync.Map

// variables are what the expressions of a template string refer to. Terraform reads strings of JSON as templates. The
// result is shared and must not be changed.
func variables(text string) []hcl.Traversal {
	if !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		return nil
	}
	if known, isKnown := parsedTexts.Load(text); isKnown {
		return known.([]hcl.Traversal)
	}
	var found []hcl.Traversal
	if parsed, diagnostics := hclsyntax.ParseTemplate([]byte(text), "", hcl.InitialPos); !diagnostics.HasErrors() {
		found = parsed.Variables()
	}
	parsedTexts.Store(text, found)
	return found
}

// noResources are the names before a dot that are no types of resources (Terraform Language, "References to Named
// Values").
var noResources = []string{"count", "each", "local", "path", Self, "terraform", "var"}

// addressOf is the address of the resource that a traversal leads into.
func addressOf(traversal hcl.Traversal) (address string, isResource bool) {
	names := steps(traversal)
	count := 2
	if len(names) > 0 && names[0] == "data" {
		count = 3
	}
	if len(names) < count || slices.Contains(noResources, names[0]) {
		return "", false
	}
	return strings.Join(names[:count], "."), true
}

// expression is a traversal as it is written, if it consists of names alone.
func expression(traversal hcl.Traversal) string { return strings.Join(steps(traversal), ".") }

// names are all names of a traversal, without the keys and positions between them.
func names(traversal hcl.Traversal) []string {
	var all []string
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			all = append(all, step.Name)
		case hcl.TraverseAttr:
			all = append(all, step.Name)
		}
	}
	return all
}

// steps are the names of a traversal up to its first index.
func steps(traversal hcl.Traversal) []string {
	var names []string
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		default:
			return names
		}
	}
	return names
}

// Strings lists every string in the attributes of the resource, as often as it occurs.
func (r Resource) Strings() []string {
	var all []string
	walkStrings(r.Attributes, func(text string) { all = append(all, text) })
	return all
}

// walkStrings visits every string in a value.
func walkStrings(in any, visit func(string)) {
	switch in := in.(type) {
	case string:
		visit(in)
	case []any:
		for _, element := range in {
			walkStrings(element, visit)
		}
	case map[string]any:
		for _, element := range in {
			walkStrings(element, visit)
		}
	}
}
