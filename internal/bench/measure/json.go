package measure

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"securebaseline/internal/template"
)

// SameJSON checks that the output directories of both variants hold the same stacks, byte for byte, and counts their
// resources.
func SameJSON(stock, pruned string) (resources int, err error) {
	pattern := filepath.Join("stacks", "*", template.File)
	files, err := filepath.Glob(filepath.Join(stock, pattern))
	if err != nil {
		return 0, err
	}
	others, err := filepath.Glob(filepath.Join(pruned, pattern))
	if err != nil {
		return 0, err
	}
	if len(files) == 0 || len(files) != len(others) {
		return 0, fmt.Errorf("stock packages gave %d stacks, pruned ones %d", len(files), len(others))
	}
	for _, file := range files {
		stack := filepath.Base(filepath.Dir(file))
		want, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		got, err := os.ReadFile(filepath.Join(pruned, "stacks", stack, template.File))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(want, got) {
			return 0, fmt.Errorf("stack %s: stock and pruned packages give different JSON", stack)
		}
		parsed, err := template.Parse(want)
		if err != nil {
			return 0, fmt.Errorf("stack %s: %w", stack, err)
		}
		resources += len(parsed.Resources())
	}
	return resources, nil
}
