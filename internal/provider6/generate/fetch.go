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
	skip := func() error { return decoder.Decode(new(json.RawMessage)) }
	found := types{}
	err := members(decoder, func(field string) error {
		if field != "types" {
			return skip()
		}
		return members(decoder, func(fqn string) error {
			parts := strings.Split(fqn, ".")
			if len(parts) < 3 || !slices.Contains(submodules, strings.ToLower(parts[len(parts)-2])) {
				return skip()
			}
			var one described
			err := decoder.Decode(&one)
			found[fqn] = one
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", description, err)
	}
	return found, nil
}

// members reads an object: value decodes each of its values, and is told the name.
func members(decoder *json.Decoder, value func(name string) error) error {
	if _, err := decoder.Token(); err != nil { // the opening brace
		return err
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder accepts nothing else in this place
		if err := value(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	_, err := decoder.Token() // the closing one
	return err
}
