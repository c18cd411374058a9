// Package forkbindings moves the project from the bindings of CDKTF to those of its community's fork, CDK Terrain. The
// Go module of the fork's AWS provider is too large for the go command
// (https://github.com/open-constructs/cdk-terrain/issues/387). So its Go modules are made of the npm packages, as the
// fork makes them, but of the provider only what the project imports.
package forkbindings

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The Go modules of bindings that the project imports.
const (
	oldLibrary  = "github.com/hashicorp/terraform-cdk-go/cdktf"
	oldProvider = "github.com/cdktf/cdktf-provider-aws-go/aws/v19"
)

// Renames are the names that change, each with what it becomes.
type Renames map[string]string

// NewRenames returns what changes when these modules of the fork take the place of those that the project imports. What
// stands for all modules of an owner, such as a rule on imports, changes as well.
func NewRenames(library, provider string) Renames {
	return Renames{
		oldLibrary: library, owner(oldLibrary, 3): owner(library, 3),
		oldProvider: provider, owner(oldProvider, 2): owner(provider, 2),
	}
}

// None reports whether the names stay, because the project uses the modules already.
func (r Renames) None() bool {
	for name, becomes := range r {
		if name != becomes {
			return false
		}
	}
	return true
}

// owner is the beginning of a module's path that others of the same owner share.
func owner(module string, parts int) string {
	return strings.Join(strings.Split(module, "/")[:parts], "/") + "/"
}

// apply returns a text in which the names are replaced, the longest first.
func (r Renames) apply(text string) string {
	var pairs []string
	for _, name := range slices.SortedFunc(maps.Keys(r), func(a, b string) int { return len(b) - len(a) }) {
		pairs = append(pairs, name, r[name])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Go returns the source of a Go file with the names replaced in its imports and other strings. A package that is called
// otherwise in the new module keeps its old name in the file. It fails when the source is no Go.
func (r Renames) Go(source []byte) ([]byte, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	aliases := map[*ast.BasicLit]string{}
	for _, spec := range parsed.Imports {
		aliases[spec.Path] = r.alias(spec)
	}
	var result bytes.Buffer
	done := 0
	ast.Inspect(parsed, func(node ast.Node) bool {
		if literal, isLiteral := node.(*ast.BasicLit); isLiteral && literal.Kind == token.STRING {
			at := files.Position(literal.Pos()).Offset
			result.Write(source[done:at])
			result.WriteString(aliases[literal] + r.apply(literal.Value))
			done = at + len(literal.Value)
		}
		return true
	})
	result.Write(source[done:])
	if bytes.Equal(result.Bytes(), source) {
		return source, nil
	}
	return format.Source(result.Bytes())
}

// alias returns the name that an import needs for the file to keep the name by which it calls the package, if any.
func (r Renames) alias(spec *ast.ImportSpec) string {
	imported, err := strconv.Unquote(spec.Path.Value)
	if err != nil || spec.Name != nil {
		return ""
	}
	if before, after := packageName(imported), packageName(r.apply(imported)); before != after {
		return before + " "
	}
	return ""
}

// majorVersion matches the last part of a module's path from version 2 on.
var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// packageName is what a package is called by its import path.
func packageName(imported string) string {
	if majorVersion.MatchString(path.Base(imported)) {
		imported = path.Dir(imported)
	}
	return path.Base(imported)
}
