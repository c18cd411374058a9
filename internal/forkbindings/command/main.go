// Command forkbindings copies the project into a directory in which it uses the bindings of CDK Terrain, and fails
// unless the JSON of every environment stays the same.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"securebaseline/internal/forkbindings"
)

// limit bounds the whole command, whatever happens.
const limit = 30 * time.Minute

func main() {
	installed := flag.String("npm", filepath.Join(".cache", "bindings"), "where the npm packages are installed")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: forkbindings [-npm DIRECTORY] DIRECTORY")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, ".", *installed, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "forkbindings: "+strings.TrimSpace(err.Error()))
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, checkout, installed, target string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := forkbindings.Copy(ctx, checkout, target); err != nil {
		return err
	}
	renames, err := convert(ctx, out, checkout, installed, target)
	if err != nil {
		return err
	}
	if renames.None() {
		fmt.Fprintln(out, "the checkout uses the fork's bindings already: there is nothing to compare with")
	} else if err := compare(ctx, out, checkout, target); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "next: make check in %s; then docs/leaving-cdktf.md says how to bring it here\n", target)
	return err
}

// convert makes the fork's modules in the copy, and has the copy use them.
func convert(
	ctx context.Context, out io.Writer, checkout, installed, target string,
) (forkbindings.Renames, error) {
	modules := filepath.Join(target, forkbindings.Directory)
	if err := os.RemoveAll(modules); err != nil { // those of a checkout that uses them already
		return nil, err
	}
	began := time.Now()
	library, err := forkbindings.Library(ctx, installed, modules)
	if err != nil {
		return nil, err
	}
	if err := report(out, modules, library, "all", began); err != nil {
		return nil, err
	}
	began = time.Now()
	provider, kept, of, err := forkbindings.Provider(ctx, checkout, installed, modules)
	if err != nil {
		return nil, err
	}
	if err := report(out, modules, provider, fmt.Sprintf("%d of %d parts", kept, of), began); err != nil {
		return nil, err
	}
	if err := forkbindings.Require(filepath.Join(target, "go.mod"), library, provider); err != nil {
		return nil, err
	}
	renames := forkbindings.NewRenames(library.Path, provider.Path)
	changed, err := renames.Apply(target)
	if err != nil {
		return nil, err
	}
	if err := forkbindings.Tidy(ctx, target); err != nil {
		return nil, err
	}
	edited := append([]string{"edited:", "go.mod", "go.sum", "the archives of internal/awsbindings"}, changed...)
	_, err = fmt.Fprintln(out, strings.Join(edited, "\n  "))
	return renames, err
}

// report says what became of an npm package.
func report(out io.Writer, modules string, made forkbindings.Module, parts string, began time.Time) error {
	directory := filepath.Join(modules, made.Folder)
	size, err := forkbindings.Size(directory)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s %s, %s: %.1f MB in %s, made in %.0f s\n",
		made.Path, made.Version, parts, float64(size)/1e6, directory, time.Since(began).Seconds())
	return err
}
