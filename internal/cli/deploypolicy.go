package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"securebaseline/internal/deploypolicy"
)

// writeDeployPolicy writes the policies of the pipeline's roles for the stack of the last synthesis into a directory, a
// file for each, and lists them. What stands in files of other names is left alone.
func writeDeployPolicy(p program, arguments []string) error {
	_, _, written, err := p.synthesized()
	if err != nil {
		return err
	}
	documents, err := deploypolicy.For(written, deploypolicy.Options{})
	if err != nil {
		return err
	}
	directory := arguments[0]
	files := map[string][]byte{"boundary.json": []byte(documents.Boundary + "\n")}
	for i, document := range documents.Deploy {
		files[fmt.Sprintf("deploy-%d.json", i+1)] = []byte(document + "\n")
	}
	for i, document := range documents.Plan {
		files[fmt.Sprintf("plan-%d.json", i+1)] = []byte(document + "\n")
	}
	if err := writeFiles(directory, files); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: %d policies of the deploy role, %d of the plan role, and the permissions boundary\n"+
		"docs/deploying.md says what to do with them\n", directory, len(documents.Deploy), len(documents.Plan))
	return nil
}

// writeFiles writes files by their names into a directory, which it makes where there is none.
func writeFiles(directory string, files map[string][]byte) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(directory, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
