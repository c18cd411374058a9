// Command generate prunes the npm packages inside the Go bindings to what this module needs, and writes the results
// for package awsbindings to embed.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"securebaseline/internal/awsbindings/assembly"
)

// archive is an npm package to prune, named like the file that holds the result.
type archive struct {
	file   string
	module string // the Go module that embeds the npm package
	// onlyImported leaves out the submodules whose Go package nobody imports. Of cdktf all are kept: its types refer to
	// each other, and the description of 800 KB is read in a moment.
	onlyImported bool
}

var archives = []archive{
	{file: "cdktf.tgz", module: "github.com/hashicorp/terraform-cdk-go/cdktf"},
	{file: "provider-aws.tgz", module: "github.com/cdktf/cdktf-provider-aws-go/aws/v19", onlyImported: true},
}

// path is where the archive is in the module whose root directory is given.
func (a archive) path(root string) string {
	return filepath.Join(root, "internal", "awsbindings", a.file)
}

func main() {
	// go generate runs in the directory of the package that asks for it, internal/awsbindings.
	root := filepath.Join("..", "..")
	for _, archive := range archives {
		if err := archive.update(root); err != nil {
			fmt.Fprintf(os.Stderr, "generate: %s: %v\n", archive.file, err)
			os.Exit(1)
		}
	}
}

// update writes the archive. One that holds the right files stays as it is: another version of Go may compress them
// to other bytes.
func (a archive) update(root string) error {
	want, err := a.prune(root)
	if err != nil {
		return err
	}
	have, err := readArchive(a.path(root))
	if err == nil && len(differences(have, want)) == 0 {
		return nil
	}
	return writeArchive(a.path(root), want)
}

// prune makes the content of the archive anew, from the module cache and the imports of the module in directory root.
func (a archive) prune(root string) (npmPackage, error) {
	module, err := findModule(root, a.module)
	if err != nil {
		return npmPackage{}, err
	}
	stock, err := module.npmPackage()
	if err != nil {
		return npmPackage{}, err
	}
	description, err := assembly.Parse(stock.files[assembly.File])
	if err != nil {
		return npmPackage{}, err
	}
	if a.onlyImported {
		imported, err := assembly.ImportedPackages(root, a.module)
		if err != nil {
			return npmPackage{}, err
		}
		submodules, err := description.Closure(imported)
		if err != nil {
			return npmPackage{}, err
		}
		description.KeepOnly(submodules)
		stock.files["lib/index.js"] = assembly.Index(submodules)
	}
	return stock.pruned(description)
}
