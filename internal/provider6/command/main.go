// Command provider6 reports whether the stack in a directory is ready for version 6 of the AWS provider. It is a
// program of its own: synthesis has no use for a schema.
package main

import (
	"fmt"
	"io"
	"os"

	"securebaseline/internal/provider6"
	"securebaseline/internal/template"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: provider6 DIRECTORY-OF-STACK")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "provider6: "+err.Error())
		os.Exit(1)
	}
}

// run writes what it finds, a line each. Mistakes are an error, after all lines; what is deprecated is none.
func run(out io.Writer, directory string) error {
	stack, err := template.Read(directory)
	if err != nil {
		return err
	}
	schema, err := provider6.Load()
	if err != nil {
		return err
	}
	mistakes := 0
	for _, found := range schema.Check(stack) {
		if found.Kind != provider6.Deprecated {
			mistakes++
		}
		fmt.Fprintf(out, "%s: %s\n", found.Kind, found.Problem)
	}
	fmt.Fprintf(out, "%d resources and %d data sources compared with the schema of the AWS provider %s\n",
		len(stack.Resources()), len(stack.DataSources()), schema.Version)
	if mistakes > 0 {
		return fmt.Errorf("mistakes, to be corrected before the stack uses version 6: %d", mistakes)
	}
	_, err = fmt.Fprintln(out, "the stack is ready, as far as a schema tells; what only a plan shows is in "+
		"docs/leaving-cdktf.md")
	return err
}
