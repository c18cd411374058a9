package assembly

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// EmbeddingPackage is the package of a module of bindings that embeds the npm package.
const EmbeddingPackage = "jsii"

// ImportedPackages returns the packages of a module of bindings that the module in directory root imports, tests
// included, sorted, without that which embeds the npm package. It reads every Go file whatever its build constraints,
// so that what is pruned by them is the same everywhere and serves every set of tags.
func ImportedPackages(root, bindings string) ([]string, error) {
	var imported []string
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != root && skipped(file, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			name, isBinding := strings.CutPrefix(target, bindings+"/")
			if isBinding && name != EmbeddingPackage {
				imported = append(imported, path.Clean(name))
			}
		}
		return nil
	})
	slices.Sort(imported)
	return slices.Compact(imported), err
}

// skipped reports whether the packages of a module cannot be in a directory of it.
func skipped(directory, name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	if slices.Contains([]string{"testdata", "vendor", "node_modules", "cdktf.out"}, name) {
		return true
	}
	_, err := os.Stat(filepath.Join(directory, "go.mod"))
	return err == nil // another module
}
