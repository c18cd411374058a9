// Package lazy keeps jsii's client from doing anything before main.
//
// The initializers of the Go bindings make a client, and the client unpacks its runtime, over 2 MB, into the temporary
// directory at once. Where that fails, it panics: before main, and so for commands that need no runtime at all. A
// client that is told of another runtime by JSII_RUNTIME unpacks nothing, and it does not start that runtime before its
// first call. So this package sets the variable first, and Done takes it back before there is a call.
//
// First it is by the language: of the packages whose imports are initialized, the one with the least import path comes
// next (The Go Programming Language Specification, "Program initialization"). This one needs nothing but syscall, and
// so its turn is before that of strings, which the client imports. Nothing else may be imported here; a test fails when
// the client was first after all.
package lazy

import "syscall"

const variable = "JSII_RUNTIME"

// placeholder is a shell command that does nothing: the runtime that the first client would start if Done were not
// called.
const placeholder = ": no runtime yet"

var set bool

func init() {
	// A program of this project that starts another hands its placeholder on.
	if chosen, _ := syscall.Getenv(variable); chosen == "" || chosen == placeholder {
		set = syscall.Setenv(variable, placeholder) == nil
	}
}

// Done takes the variable back, so that the next client unpacks the runtime as usual. A runtime that the user has
// chosen stays. Close the first client after it: jsii.Close does.
func Done() {
	if set {
		set = false
		_ = syscall.Unsetenv(variable)
	}
}
