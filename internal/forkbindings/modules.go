package forkbindings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"securebaseline/internal/awsbindings/assembly"
)

// The npm packages of the fork.
const (
	npmLibrary  = "cdktn"
	npmProvider = "@cdktn/provider-aws"
)

// Directory is where the modules of the fork are in a project that uses them.
const Directory = "bindings"

// Module is a Go module of bindings that has been made of an npm package.
type Module struct {
	// Path and Version are those that go.mod names. The version is that of the npm package.
	Path, Version string
	// Folder is the directory of the module below Directory.
	Folder string
}

// Library makes the Go module of the fork's library below a directory, of the npm package in the directory of its
// installation.
func Library(ctx context.Context, installed, target string) (Module, error) {
	return generate(ctx, installed, filepath.Join(installed, "node_modules", npmLibrary), target)
}

// Provider makes the Go module of the AWS provider's bindings below a directory, of what the project in directory root
// imports of them.
func Provider(ctx context.Context, root, installed, target string) (made Module, submodules, of int, err error) {
	// The packages that it needs are found above it.
	pruned, err := os.MkdirTemp(installed, "provider-")
	if err != nil {
		return Module{}, 0, 0, err
	}
	defer os.RemoveAll(pruned)
	stock := filepath.Join(installed, "node_modules", filepath.FromSlash(npmProvider))
	if submodules, of, err = prune(root, stock, pruned); err != nil {
		return Module{}, 0, 0, fmt.Errorf("%s: %w", npmProvider, err)
	}
	made, err = generate(ctx, installed, pruned, target)
	return made, submodules, of, err
}

// prune copies of an npm package what the project in directory root imports of the bindings that it uses now, and
// returns how many submodules that are, of how many.
func prune(root, stock, pruned string) (kept, of int, err error) {
	content, err := os.ReadFile(filepath.Join(stock, assembly.File))
	if err != nil {
		return 0, 0, err
	}
	description, err := assembly.Parse(content)
	if err != nil {
		return 0, 0, err
	}
	of = len(description.Submodules)
	imported, err := assembly.ImportedPackages(root, oldProvider)
	if err != nil {
		return 0, 0, err
	}
	submodules, err := description.Closure(imported)
	if err != nil {
		return 0, 0, err
	}
	description.KeepOnly(submodules)
	if content, err = description.Encode(); err != nil {
		return 0, 0, err
	}
	for _, submodule := range submodules {
		directory := filepath.Join("lib", filepath.FromSlash(submodule.Directory))
		if err := os.CopyFS(filepath.Join(pruned, directory), os.DirFS(filepath.Join(stock, directory))); err != nil {
			return 0, 0, err
		}
	}
	for _, name := range []string{"package.json", "LICENSE"} {
		if err := copyFile(filepath.Join(stock, name), filepath.Join(pruned, name)); err != nil {
			return 0, 0, err
		}
	}
	return len(submodules), of, errors.Join(
		os.WriteFile(filepath.Join(pruned, assembly.File), content, 0o644),
		os.WriteFile(filepath.Join(pruned, "lib", "index.js"), assembly.Index(submodules), 0o644))
}

// generate lets jsii-pacmak make the Go module of an npm package below a directory.
func generate(ctx context.Context, installed, source, target string) (Module, error) {
	output, err := os.MkdirTemp(installed, "go-")
	if err != nil {
		return Module{}, err
	}
	defer os.RemoveAll(output)
	if err := execute(ctx, ".", filepath.Join(installed, "node_modules", ".bin", "jsii-pacmak"),
		"--targets", "go", "--code-only", "--outdir", output, source); err != nil {
		return Module{}, err
	}
	found, err := filepath.Glob(filepath.Join(output, "go", "*", "go.mod"))
	if err != nil || len(found) != 1 {
		return Module{}, fmt.Errorf("jsii-pacmak %s: must make one Go module, not %d", source, len(found))
	}
	content, err := os.ReadFile(found[0])
	if err != nil {
		return Module{}, err
	}
	manifest, err := os.ReadFile(filepath.Join(source, "package.json"))
	if err != nil {
		return Module{}, err
	}
	var npm struct{ Version string }
	if err := json.Unmarshal(manifest, &npm); err != nil {
		return Module{}, fmt.Errorf("%s: package.json: %w", source, err)
	}
	directory := filepath.Dir(found[0])
	made := Module{modfile.ModulePath(content), "v" + npm.Version, filepath.Base(directory)}
	if err := os.CopyFS(filepath.Join(target, made.Folder), os.DirFS(directory)); err != nil {
		return Module{}, err
	}
	return made, execute(ctx, target, "gofmt", "-w", made.Folder)
}

// Require makes a go.mod require the modules, in directories below Directory, in place of the bindings that it requires
// now.
func Require(goMod string, modules ...Module) error {
	content, err := os.ReadFile(goMod)
	if err != nil {
		return err
	}
	file, err := modfile.Parse(goMod, content, nil)
	if err != nil {
		return err
	}
	for _, old := range []string{oldLibrary, oldProvider} {
		if err := errors.Join(file.DropRequire(old), file.DropReplace(old, "")); err != nil {
			return err
		}
	}
	for _, module := range modules {
		directory := "./" + Directory + "/" + module.Folder
		if err := errors.Join(file.AddRequire(module.Path, module.Version),
			file.AddReplace(module.Path, "", directory, "")); err != nil {
			return err
		}
	}
	file.Cleanup()
	if content, err = file.Format(); err != nil {
		return err
	}
	return os.WriteFile(goMod, content, 0o644)
}

// copyFile copies a file, and makes the directory that it comes to.
func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, content, info.Mode().Perm()))
}

// Size returns how many bytes the files below a directory have.
func Size(directory string) (bytes int64, err error) {
	err = filepath.WalkDir(directory, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return bytes, err
}
