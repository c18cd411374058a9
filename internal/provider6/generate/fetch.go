package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// description is the file of an npm package that describes its types.
const description = "package/.jsii"

// fetch downloads an npm package and reads from its description the types of some submodules, by their names in lower
// case.
func fetch(identity string, submodules []string) (types, error) {
	directory, err := os.MkdirTemp("", "provider6-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory)
	pack := exec.Command("npm", "pack", identity, "--silent", "--pack-destination", directory)
	pack.Stderr = os.Stderr
	if err := pack.Run(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w", identity, err)
	}
	archives, err := filepath.Glob(filepath.Join(directory, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return nil, fmt.Errorf("npm pack %s: must give one archive, not %d: %w", identity, len(archives), err)
	}
	archive, err := os.Open(archives[0])
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	compressed, err := gzip.NewReader(archive)
	if err != nil {
		return nil, err
	}
	for tarball := tar.NewReader(compressed); ; {
		header, err := tarball.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: must hold %s", identity, description)
		} else if err != nil {
			return nil, err
		}
		if header.Name == description {
			return read(tarball, submodules)
		}
	}
}

// read decodes the types one by one: the whole has some 150 MB.
func read(from io.Reader, submodules []string) (types, error) {
	decoder := json.NewDecoder(from)
	if _, err := decoder.Token(); err != nil { // the opening brace
		return nil, fmt.Errorf("%s: %w", description, err)
	}
	found := types{}
	for decoder.More() {
		field, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", description, err)
		}
		if field != "types" {
			var skipped json.RawMessage
			if err := decoder.Decode(&skipped); err != nil {
				return nil, fmt.Errorf("%s: %v: %w", description, field, err)
			}
			continue
		}
		if _, err := decoder.Token(); err != nil {
			return nil, fmt.Errorf("%s: types: %w", description, err)
		}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, fmt.Errorf("%s: types: %w", description, err)
			}
			var content json.RawMessage
			if err := decoder.Decode(&content); err != nil {
				return nil, fmt.Errorf("%s: %v: %w", description, name, err)
			}
			fqn, _ := name.(string)
			parts := strings.Split(fqn, ".")
			if len(parts) < 3 || !slices.Contains(submodules, strings.ToLower(parts[len(parts)-2])) {
				continue
			}
			var one described
			if err := json.Unmarshal(content, &one); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", description, fqn, err)
			}
			found[fqn] = one
		}
		if _, err := decoder.Token(); err != nil {
			return nil, fmt.Errorf("%s: types: %w", description, err)
		}
	}
	return found, nil
}
