package main

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// providerModule is the module of the AWS bindings. Each package of it is one submodule of its npm package.
const providerModule = "github.com/cdktf/cdktf-provider-aws-go/aws/v19"

// embeddingPackage is the package of a module of bindings that embeds the npm package.
const embeddingPackage = "jsii"

// module is a Go module of bindings in the version that go.mod selects.
type module struct{ Path, Version, Dir string }

// findModule asks the go command where a module is, and lets it download the module when it is not there yet.
func findModule(root, path string) (module, error) {
	// A test that runs this is run again when these change: go test sees the files that a test opens, but not what the
	// go command reads.
	for _, name := range []string{"go.mod", "go.sum"} {
		if _, err := os.ReadFile(filepath.Join(root, name)); err != nil {
			return module{}, err
		}
	}
	var found module
	for _, arguments := range [][]string{
		{"list", "-m", "-mod=readonly", "-json", path},
		{"mod", "download", "-json", path},
	} {
		command := exec.Command("go", arguments...)
		command.Dir = root
		command.Stderr = os.Stderr
		output, err := command.Output()
		if err != nil {
			return module{}, fmt.Errorf("go %s: %w", strings.Join(arguments, " "), err)
		}
		if err := json.Unmarshal(output, &found); err != nil {
			return module{}, fmt.Errorf("go %s: %w", strings.Join(arguments, " "), err)
		}
		if found.Dir != "" {
			return found, nil
		}
	}
	return module{}, fmt.Errorf("the go command does not tell where module %s is", path)
}

// npmPackage reads the npm package inside the module. The licence comes from the module, as not every npm package
// brings it.
func (m module) npmPackage() (npmPackage, error) {
	names, err := filepath.Glob(filepath.Join(m.Dir, embeddingPackage, "*.tgz"))
	if err != nil {
		return npmPackage{}, err
	}
	if len(names) != 1 {
		return npmPackage{}, fmt.Errorf("module %s %s holds %d npm packages; want one", m.Path, m.Version, len(names))
	}
	stock, err := readArchive(names[0])
	if err != nil {
		return npmPackage{}, fmt.Errorf("%s: %w", filepath.Base(names[0]), err)
	}
	stock.files["LICENSE"], err = os.ReadFile(filepath.Join(m.Dir, "LICENSE"))
	return stock, err
}

// importedPackages returns the packages of the AWS bindings that the module in directory root imports, tests included.
// It reads every Go file whatever its build constraints, so that the archive is the same everywhere and serves every
// set of tags.
func importedPackages(root string) ([]string, error) {
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
			name, isBinding := strings.CutPrefix(target, providerModule+"/")
			if isBinding && name != embeddingPackage {
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
