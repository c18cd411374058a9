// Package report holds the tests of what is made from a synthesized stack for people to read: the report with its
// rules, pages and exports, and the picture. It is a package of its own so that it runs beside the tests of the stacks.
package report

import (
	"testing"

	"securebaseline/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
