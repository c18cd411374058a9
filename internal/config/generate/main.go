// Command generate writes what follows from the types and tables of package config: the JSON Schema of cdktf.json, and
// the reference in docs/configuration.md.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	// go generate runs in the directory of the package that asks for it, internal/config.
	if err := write(filepath.Join("..", "..")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write brings the generated files of the project in directory root up to date.
func write(root string) error {
	files, err := generated()
	if err != nil {
		return err
	}
	for path, content := range files {
		if err := os.WriteFile(filepath.Join(root, path), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generated returns the generated files by path.
func generated() (map[string][]byte, error) {
	schema, err := schema()
	if err != nil {
		return nil, err
	}
	encoded, err := encode(schema)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		filepath.Join("internal", "config", "cdktf.schema.json"): encoded,
		filepath.Join("docs", "configuration.md"):                []byte(page(schema)),
	}, nil
}
