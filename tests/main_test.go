// Package tests holds every test that synthesizes, in one binary: Node starts once. jsii is not safe for concurrent
// use, so no test here runs in parallel.
package tests

import (
	"flag"
	"os"
	"testing"

	"github.com/aws/jsii-runtime-go"
)

var update = flag.Bool("update", false, "rewrite the golden files; fails all the same when one changed")

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}
