package providerlock

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Merge puts the providers of a lock file that Terraform or OpenTofu has just written into that of the project
// directory, in place of its entries for the same major versions of the same providers. Other entries and comments
// stay.
func Merge(project, written string) error {
	target := filepath.Join(project, File)
	fresh, err := read(written)
	if err != nil {
		return err
	}
	merged, err := read(target)
	if errors.Is(err, fs.ErrNotExist) {
		merged, err = hclwrite.NewEmptyFile(), nil
	}
	if err != nil {
		return err
	}
	for _, block := range fresh.Body().Blocks() {
		for _, old := range merged.Body().Blocks() {
			if slices.Equal(old.Labels(), block.Labels()) && major(old) == major(block) {
				merged.Body().RemoveBlock(old)
			}
		}
		merged.Body().AppendNewline()
		merged.Body().AppendBlock(block)
	}
	return os.WriteFile(target, text(merged), 0o644)
}

// versionOf is the version that an entry pins.
func versionOf(block *hclwrite.Block) string {
	attribute := block.Body().GetAttribute("version")
	if attribute == nil {
		return ""
	}
	return strings.Trim(string(attribute.Expr().BuildTokens(nil).Bytes()), ` "`)
}

func major(block *hclwrite.Block) string {
	number, _, _ := strings.Cut(versionOf(block), ".")
	return number
}

// only returns a lock file without the entries of other providers, and of other versions than the pinned one.
func only(data []byte, name, address string, pinned *entry) ([]byte, error) {
	file, err := parse(data, name)
	if err != nil {
		return nil, err
	}
	for _, block := range file.Body().Blocks() {
		if !slices.Equal(block.Labels(), []string{address}) || versionOf(block) != pinned.Version {
			file.Body().RemoveBlock(block)
		}
	}
	return text(file), nil
}

// text is a file without the empty line before each block that was removed.
func text(file *hclwrite.File) []byte {
	lines := bytes.ReplaceAll(bytes.TrimSpace(file.Bytes()), []byte("\n\n\n"), []byte("\n\n"))
	return append(lines, '\n')
}

func read(name string) (*hclwrite.File, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return parse(data, name)
}

func parse(data []byte, name string) (*hclwrite.File, error) {
	file, diagnostics := hclwrite.ParseConfig(data, name, hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil, fmt.Errorf("%w", diagnostics)
	}
	return file, nil
}
