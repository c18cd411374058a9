// Command hcl writes the stack in a directory in Terraform's native syntax. It is a program of its own: it reads the
// schemas of providers, which would weigh on synthesis.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"securebaseline/internal/hcl"
	"securebaseline/internal/providerlock"
	"securebaseline/internal/template"
)

// limit bounds the whole command, whatever happens.
const limit = 10 * time.Minute

func main() {
	binary := flag.String("terraform", "terraform", "the executable of Terraform or OpenTofu")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: hcl [-terraform FILE] DIRECTORY-OF-STACK DIRECTORY")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, flag.Arg(0), flag.Arg(1), *binary); err != nil {
		fmt.Fprintln(os.Stderr, "hcl: "+strings.TrimSpace(err.Error()))
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, source, target, binary string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stack, err := template.Read(source)
	if err != nil {
		return err
	}
	if err := alone(source); err != nil {
		return err
	}
	if err := hcl.KeepLocalState(stack, source, target); err != nil {
		return err
	}
	path, err := exec.LookPath(binary)
	if err != nil {
		return err
	}
	if path, err = filepath.Abs(path); err != nil { // it runs elsewhere
		return err
	}
	lock, err := os.ReadFile(filepath.Join(source, providerlock.File))
	if err != nil {
		return err
	}
	w, err := open(source, path, lock)
	if err != nil {
		return err
	}
	defer os.RemoveAll(w.directory)
	schemas, err := w.schemas(ctx, stack)
	if err != nil {
		return err
	}
	files, err := hcl.Export(stack, schemas)
	if err != nil {
		return err
	}
	if err := w.validate(ctx, files); err != nil {
		return err
	}
	count := len(files)
	files[providerlock.File] = lock
	if err := hcl.Write(target, files); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d resources in %d files, which are valid\n", target, len(stack.Resources()), count)
	return err
}

// alone fails where more configuration stands beside the JSON, such as imports that a deployment has to make first.
func alone(source string) error {
	for _, pattern := range []string{"*.tf", "*.tf.json", "*.tofu", "*.tofu.json"} {
		found, err := filepath.Glob(filepath.Join(source, pattern))
		if err != nil {
			return err
		}
		for _, path := range found {
			if filepath.Base(path) != template.File {
				return fmt.Errorf("%s would be left out: deploy it first, or remove it", path)
			}
		}
	}
	return nil
}
