// Command generate writes docs/controls.md from the rules of package evidence.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"securebaseline/internal/evidence"
)

func main() {
	// go generate runs in the directory of the package that asks for it, internal/evidence.
	path := filepath.Join("..", "..", "docs", "controls.md")
	if err := os.WriteFile(path, []byte(evidence.Reference()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
