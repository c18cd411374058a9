// Package tests holds the tests of synthesized stacks: what is in them, and what their policies and networks let
// through. They share one process of Node.js, which starts once. jsii is not safe for concurrent use, so no test here
// runs in parallel.
package tests

import (
	"testing"

	"securebaseline/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
