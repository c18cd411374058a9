package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"securebaseline/internal/awsbindings/assembly"
)

// npmPackage is an npm package by its identity, NAME@VERSION, and its files.
type npmPackage struct {
	identity string
	files    files
}

// files are contents by path.
type files map[string][]byte

func (f files) names() []string { return slices.Sorted(maps.Keys(f)) }

// packageFolder is the directory that an npm package has everything in. The runtime strips it.
const packageFolder = "package/"

// packedAt is the time of change of every file in an archive: the one that npm gives.
var packedAt = time.Date(1985, time.October, 26, 8, 15, 0, 0, time.UTC)

// readArchive reads an npm package, as far as the runtime can need it. Scripts lose their source map, which is most of
// their size.
func readArchive(path string) (npmPackage, error) {
	archive, err := os.Open(path)
	if err != nil {
		return npmPackage{}, err
	}
	defer archive.Close()
	compressed, err := gzip.NewReader(archive)
	if err != nil {
		return npmPackage{}, err
	}
	found := files{}
	for tarball := tar.NewReader(compressed); ; {
		header, err := tarball.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return npmPackage{}, err
		}
		name := strings.TrimPrefix(header.Name, packageFolder)
		if header.Typeflag != tar.TypeReg || !neededAtRunTime(name) {
			continue
		}
		if found[name], err = io.ReadAll(tarball); err != nil {
			return npmPackage{}, fmt.Errorf("%s: %w", name, err)
		}
		if isScript(name) {
			found[name] = withoutSourceMap(found[name])
		}
	}
	if compressed.Comment != "" {
		return npmPackage{compressed.Comment, found}, nil
	}
	manifest, err := found.manifest("")
	return npmPackage{manifest.Name + "@" + manifest.Version, found}, err
}

func isScript(name string) bool { return path.Ext(name) == ".js" || path.Ext(name) == ".cjs" }

func neededAtRunTime(name string) bool {
	return isScript(name) || path.Ext(name) == ".json" || name == assembly.File || isLicence(name)
}

// withoutSourceMap cuts off a source map in the last line, which leaves the numbers of the others as they are.
func withoutSourceMap(script []byte) []byte {
	comment := bytes.LastIndex(script, []byte("\n//# sourceMappingURL="))
	if comment < 0 || bytes.ContainsRune(bytes.TrimSpace(script[comment:]), '\n') {
		return script
	}
	return bytes.Clone(script[:comment+1])
}

// writeArchive writes an archive whose bytes follow from the package alone.
func writeArchive(path string, content npmPackage) error {
	var archive bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&archive, gzip.BestCompression)
	if err != nil {
		return err
	}
	compressed.Comment = content.identity // package awsbindings reads it there without unpacking
	tarball := tar.NewWriter(compressed)
	for _, name := range content.files.names() {
		header := tar.Header{
			Typeflag: tar.TypeReg, Format: tar.FormatUSTAR,
			Name: packageFolder + name, Size: int64(len(content.files[name])), Mode: 0o644, ModTime: packedAt,
		}
		if err := tarball.WriteHeader(&header); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := tarball.Write(content.files[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := errors.Join(tarball.Close(), compressed.Close()); err != nil {
		return err
	}
	return os.WriteFile(path, archive.Bytes(), 0o644)
}

// differences tells in which files two packages differ, one line for each.
func differences(have, want npmPackage) []string {
	var lines []string
	if have.identity != want.identity {
		lines = append(lines, fmt.Sprintf("it holds %s, not %s", have.identity, want.identity))
	}
	for _, name := range want.files.names() {
		if content, exists := have.files[name]; !exists {
			lines = append(lines, name+" is missing")
		} else if !bytes.Equal(content, want.files[name]) {
			lines = append(lines, name+" differs")
		}
	}
	for _, name := range have.files.names() {
		if _, exists := want.files[name]; !exists {
			lines = append(lines, name+" is superfluous")
		}
	}
	return lines
}
