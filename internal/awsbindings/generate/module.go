package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"securebaseline/internal/awsbindings/assembly"
)

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
	names, err := filepath.Glob(filepath.Join(m.Dir, assembly.EmbeddingPackage, "*.tgz"))
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
