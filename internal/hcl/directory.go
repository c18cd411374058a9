package hcl

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sums is the name of the file that holds the checksums of an export, as "sha256sum -c" reads them. By it the next
// export knows which files are its own.
const sums = ".export.sha256"

// Write puts the files of an export into a directory, and removes those of the export before it that are no longer
// written. It fails, and changes nothing, where it would overwrite a file that is not of an export or was changed
// since, or where the directory has other configuration, which Terraform would read with it.
func Write(directory string, files map[string][]byte) error {
	former, err := readSums(directory)
	if err != nil {
		return err
	}
	if err := refuse(directory, files, former); err != nil {
		return err
	}
	_, err = os.Stat(directory)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	if err := replace(directory, files, former); err != nil {
		if isNew {
			err = errors.Join(err, os.RemoveAll(directory))
		}
		return err
	}
	return nil
}

// replace writes all files to the side before it moves the first one: a full disk leaves what was there.
func replace(directory string, files map[string][]byte, former map[string]string) error {
	side, err := os.MkdirTemp(directory, ".export-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(side)
	all := maps.Clone(files)
	all[sums] = writeSums(files)
	for name, content := range all {
		if err := os.WriteFile(filepath.Join(side, name), content, 0o644); err != nil {
			return err
		}
	}
	for name := range former {
		if _, stays := files[name]; !stays {
			if err := os.Remove(filepath.Join(directory, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	for name := range all {
		if err := os.Rename(filepath.Join(side, name), filepath.Join(directory, name)); err != nil {
			return err
		}
	}
	return nil
}

// refuse returns what in a directory stands in the way of an export.
func refuse(directory string, files map[string][]byte, former map[string]string) error {
	present, err := os.ReadDir(directory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, one := range present {
		name := one.Name()
		_, written := files[name]
		sum, exported := former[name]
		path := filepath.Join(directory, name)
		switch {
		case !exported && (written || isConfiguration(name)):
			return fmt.Errorf("%s is not of an export: move it away, or choose another directory", path)
		case exported:
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if checksum(content) != sum {
				return fmt.Errorf("%s was changed after its export: move it away, or choose another directory", path)
			}
		}
	}
	return nil
}

// isConfiguration tells the files that Terraform or OpenTofu read in a directory.
func isConfiguration(name string) bool {
	for _, ending := range []string{".tf", ".tf.json", ".tofu", ".tofu.json", ".auto.tfvars", ".auto.tfvars.json"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return name == "terraform.tfvars" || name == "terraform.tfvars.json"
}

func checksum(content []byte) string { return fmt.Sprintf("%x", sha256.Sum256(content)) }

func writeSums(files map[string][]byte) []byte {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&text, "%s  %s\n", checksum(files[name]), name)
	}
	return []byte(text.String())
}

// readSums returns the checksums of the export in a directory, by the name of the file.
func readSums(directory string) (map[string]string, error) {
	path := filepath.Join(directory, sums)
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	former := map[string]string{}
	for line := range strings.Lines(string(content)) {
		sum, name, found := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !found || name == "" || filepath.Base(name) != name {
			return nil, fmt.Errorf("%s: must hold checksums and names of files, not %q", path, line)
		}
		former[name] = sum
	}
	return former, nil
}
