package report

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/testkit"
)

// tableCells are the first cells of the tables in a page: the ids of rules.
var tableCells = regexp.MustCompile(`(?m)^\| ([A-Z0-9]+[-_][^|]*) \|`)

// TestExceptionsAreExplained demands that the page explains each rule of the list, once, and no other.
func TestExceptionsAreExplained(t *testing.T) {
	listed := map[string]bool{}
	for _, x := range exceptions(t) {
		listed[x.Rule] = true
	}
	var explained []string
	page := testkit.ReadFile(t, filepath.Join(testkit.Root(t), "docs", "exceptions.md"))
	for _, cell := range tableCells.FindAllStringSubmatch(page, -1) {
		explained = append(explained, strings.Split(cell[1], ", ")...)
	}
	slices.Sort(explained)
	assert.Equal(t, slices.Sorted(maps.Keys(listed)), explained)
}
