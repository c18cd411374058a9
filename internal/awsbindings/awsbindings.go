// Package awsbindings makes synthesis fast: it gives the JavaScript runtime small npm packages in place of the large
// ones inside the Go bindings. The code of CDKTF and jsii stays as it is, and the Terraform JSON is the same.
//
// The AWS bindings ask jsii, when the first of them is used, to load the npm package inside them: two thousand modules
// and a type description of 120 MB, of which a program needs a few dozen. But jsii loads a package once for each name
// and version. So whoever loads another archive under that name and version first decides what the runtime works with.
// Load does that, with the public call that the bindings make too.
//
// To change it:
//
//   - generate/ makes the archives that are embedded here ("make generate"). It takes the npm packages from the Go
//     module cache, keeps of the provider the submodules that this module imports with their part of the type
//     description (assembly/), and bundles all that an entry point reaches with esbuild (bundle.go). Tests fail when
//     an archive is stale.
//   - javascript/ has the entry point of an archive, and that of the runtime. Both keep, in jsii's package cache, what
//     V8 has compiled.
//   - launch_unix.go saves one of the two Node.js processes that the client of jsii starts, and the way through it that
//     every message takes.
//
// docs/performance.md says what each is worth. Load leaves everything to the stock packages when the bindings have
// another version than the archives, or when Variable says so.
package awsbindings

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the archives
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	goruntime "runtime"
	"runtime/debug"
	"strings"

	constructs "github.com/aws/constructs-go/constructs/v10/jsii"
	"github.com/aws/jsii-runtime-go"
	"github.com/aws/jsii-runtime-go/runtime"
	aws "github.com/cdktf/cdktf-provider-aws-go/aws/v19/jsii"
	cdktf "github.com/hashicorp/terraform-cdk-go/cdktf/jsii"
)

//go:generate go run ./generate

// Variable is the environment variable that chooses the npm packages: "pruned", the default, or "stock" for those of
// the bindings, loaded and run as they would be without this package.
const Variable = "SECUREBASELINE_BINDINGS"

var (
	//go:embed cdktf.tgz
	cdktfArchive []byte
	//go:embed provider-aws.tgz
	awsArchive []byte
)

// packages are the npm packages that Load replaces, in the order in which they need each other.
var packages = []struct {
	archive    []byte
	module     string // the Go module that embeds the stock package
	initialize func() // its function that loads the stock package
}{
	{cdktfArchive, "github.com/hashicorp/terraform-cdk-go/cdktf", cdktf.Initialize},
	{awsArchive, "github.com/cdktf/cdktf-provider-aws-go/aws/v19", aws.Initialize},
}

var (
	prepared bool
	nodeJS   node
)

// Load starts the runtime and loads the npm packages that Variable chooses. Call it before the first construct is
// made, and again after jsii.Close; other calls do nothing. It panics like the bindings when the runtime does not
// start, and like them it is not safe for concurrent use.
func Load() error {
	pruned, err := choice()
	if err != nil {
		return err
	}
	reason := mismatch()
	first := !prepared
	if first {
		if nodeJS, err = findNode(); err != nil {
			return err
		}
		prepared = true
		// When the bindings were initialized they made a client, with the environment of that moment and without a
		// runtime.
		jsii.Close()
		if pruned && reason != "" {
			fmt.Fprintln(os.Stderr,
				"securebaseline: "+reason+": using the stock packages, which are slow; run make generate")
		}
	}
	pruned = pruned && reason == ""

	launched := start(pruned, first)
	if pruned {
		for _, replaced := range packages {
			name, version := identity(replaced.archive)
			runtime.Load(name, version, replaced.archive)
		}
	}
	if first && !launched {
		nodeJS.warn() // the launcher hears the version from the runtime, at no cost
	}
	return nil
}

// start starts the runtime, unless it runs already. Its client copies the environment when the first call makes it.
// Afterwards the settings would only mislead other programs that this one starts. It reports whether the launcher
// starts it.
func start(pruned, first bool) (launched bool) {
	var settings [][2]string
	if pruned {
		settings = launcher(nodeJS)
	}
	switch launched = len(settings) > 0; {
	case !launched:
		settings = nodeJS.quiet()
	case !first:
		settings = append(settings, [2]string{endOfLifeBanner, ""}) // the launcher warns once
	}
	defer set(append(settings, packageCache()...))()
	constructs.Initialize()
	return launched
}

// choice reports whether Variable chooses the pruned packages.
func choice() (pruned bool, err error) {
	switch value := os.Getenv(Variable); value {
	case "", "pruned":
		return true, nil
	case "stock":
		return false, nil
	default:
		return false, fmt.Errorf("%s is %q; allowed are \"pruned\", the default, and \"stock\"", Variable, value)
	}
}

// mismatch says which archive was generated from another version of the bindings than this program holds, if any.
// Loading it would fail, because the bindings would ask for theirs next.
func mismatch() string {
	for _, replaced := range packages {
		name, version := identity(replaced.archive)
		// In a vendored test nothing tells the version. That archives and go.mod agree is tested besides.
		if compiled := compiledVersion(replaced.initialize, replaced.module); compiled != version &&
			compiled != unknown {
			return fmt.Sprintf("the pruned package %s has version %s, the bindings %s", name, version, compiled)
		}
	}
	return ""
}

// unknown is a version that cannot be told.
const unknown = "unknown"

// identity returns the name and the version of the npm package in an archive, which the generator puts in its header.
func identity(archive []byte) (name, version string) {
	header, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return "", unknown
	}
	at := strings.LastIndex(header.Comment, "@")
	if at < 0 {
		return "", unknown
	}
	return header.Comment[:at], header.Comment[at+1:]
}

// compiledVersion returns the version of the module that a function comes from, or unknown.
func compiledVersion(function func(), module string) string {
	// The path of the source file has the version in every build but a vendored one. The build information has it in
	// every build but that of a test.
	code := goruntime.FuncForPC(reflect.ValueOf(function).Pointer())
	file, _ := code.FileLine(code.Entry())
	if _, rest, found := strings.Cut(file, module+"@v"); found {
		version, _, _ := strings.Cut(rest, "/")
		return version
	}
	if info, known := debug.ReadBuildInfo(); known {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return strings.TrimPrefix(dependency.Version, "v")
			}
		}
	}
	return unknown
}

// typeNotFound matches how the runtime names a type of the provider that its package lacks.
var typeNotFound = regexp.MustCompile(`Type '((@[a-z]+/provider-aws)\.[^']+)' not found`)

// Explain says what to do about an error of the runtime that only a pruned package causes, or a machine on which
// nothing can be written. It returns others unchanged.
func Explain(err error) error {
	if remedy, known := explainStorage(err); known {
		return errors.New(remedy)
	}
	if missing := typeNotFound.FindStringSubmatch(err.Error()); missing != nil {
		return fmt.Errorf("the pruned package %s lacks the type %s, which is newly imported: run make generate",
			missing[2], missing[1])
	}
	return err
}

// set sets environment variables, each a name and a value, and returns a function that takes them back.
func set(settings [][2]string) (restore func()) {
	var undo []func()
	for _, setting := range settings {
		name := setting[0]
		if before, existed := os.LookupEnv(name); existed {
			undo = append(undo, func() { os.Setenv(name, before) })
		} else {
			undo = append(undo, func() { os.Unsetenv(name) })
		}
		os.Setenv(name, setting[1])
	}
	return func() {
		for _, undo := range undo {
			undo()
		}
	}
}
