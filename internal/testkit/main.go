package testkit

import (
	"os"
	"testing"

	"github.com/aws/jsii-runtime-go"
)

// Main runs the tests of a package that synthesizes, for its TestMain: Node.js starts once, at the first synthesis, and
// ends with the package.
func Main(m *testing.M) {
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}
