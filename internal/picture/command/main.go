// Command picture draws the stack in a directory as SVG. It is a program of its own: what draws would make synthesis
// slower to build and to start.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"securebaseline/internal/picture"
	"securebaseline/internal/template"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: picture DIRECTORY-OF-STACK FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "picture: "+err.Error())
		os.Exit(1)
	}
}

func run(directory, file string) error {
	stack, err := template.Read(directory)
	if err != nil {
		return err
	}
	drawn, err := picture.Render(stack)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file, drawn, 0o644); err != nil {
		return err
	}
	_, err = fmt.Println(file)
	return err
}
