package forkbindings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Copy copies the files of a checkout that belong to the project, whether committed or not, into a directory that is
// empty or does not exist.
func Copy(ctx context.Context, checkout, target string) error {
	present, err := os.ReadDir(target)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(present) > 0 {
		return fmt.Errorf("DIR = %q: must be empty, or not exist: nothing in it is overwritten", target)
	}
	list := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = checkout
	list.Stderr = os.Stderr
	output, err := list.Output()
	if err != nil {
		return fmt.Errorf("git ls-files: %w", err)
	}
	for _, name := range strings.Split(strings.Trim(string(output), "\x00"), "\x00") {
		err := copyFile(filepath.Join(checkout, name), filepath.Join(target, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // one that was removed and not yet committed
			return err
		}
	}
	return nil
}

// Apply replaces the names in every Go file of a project, and returns the paths of those that it has changed.
func (r Renames) Apply(project string) (changed []string, err error) {
	err = filepath.WalkDir(project, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || file == filepath.Join(project, Directory)):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		result, err := r.Go(source)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if string(result) == string(source) {
			return nil
		}
		name, err := filepath.Rel(project, file)
		if err != nil {
			return err
		}
		changed = append(changed, name)
		return os.WriteFile(file, result, 0o644)
	})
	return changed, err
}

// Tidy lets the go command complete go.mod and go.sum, and has the pruned bindings made anew.
func Tidy(ctx context.Context, project string) error {
	if err := execute(ctx, project, "go", "mod", "tidy"); err != nil {
		return err
	}
	return execute(ctx, project, "go", "generate", "./internal/awsbindings")
}

// Build builds the program of a project.
func Build(ctx context.Context, project, executable string) error {
	return execute(ctx, project, "go", "build", "-o", executable, ".")
}

// execute runs a program in a directory. What it prints is part of the error when it fails.
func execute(ctx context.Context, directory, name string, arguments ...string) error {
	command := exec.CommandContext(ctx, name, arguments...)
	command.Dir = directory
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s in %s: %w\n%s", filepath.Base(name), strings.Join(arguments, " "), directory, err,
			text)
	}
	return nil
}
