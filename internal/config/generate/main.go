// Command generate writes what follows from the types of package config: the JSON Schema of cdktf.json and the
// configuration reference in the README.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	// go generate runs in the folder of the package that asks for it, internal/config.
	if err := write(filepath.Join("..", "..")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write brings the generated files of the project in folder root up to date.
func write(root string) error {
	files, err := generated(root)
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

// generated returns the generated files of the project in folder root, by path.
func generated(root string) (map[string][]byte, error) {
	schema, err := schema(root)
	if err != nil {
		return nil, err
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		return nil, err
	}
	if readme, err = replaceSection(readme, "configuration", reference(schema)); err != nil {
		return nil, err
	}
	if readme, err = replaceSection(readme, "profiles", profiles()); err != nil {
		return nil, err
	}
	if readme, err = replaceSection(readme, "alarms", alarms()); err != nil {
		return nil, err
	}
	encoded, err := encode(schema)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{filepath.Join("internal", "config", "cdktf.schema.json"): encoded, "README.md": readme}, nil
}
