package config

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/problem"
)

// Problems are all mistakes of a configuration, in order of their paths. It is the error that Load returns.
type Problems []problem.Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = "  " + one.String()
	}
	count := fmt.Sprintf("%d problems", len(p))
	if len(p) == 1 {
		count = "1 problem"
	}
	return "the configuration has " + count + ":\n" + strings.Join(lines, "\n")
}

// sorted returns the problems in a stable order, each once. They are compared as texts, because a value can be a list,
// which Go does not compare.
func (p Problems) sorted() Problems {
	seen := map[string]bool{}
	p = slices.DeleteFunc(p, func(one problem.Problem) bool {
		text := one.String()
		again := seen[text]
		seen[text] = true
		return again
	})
	slices.SortStableFunc(p, func(a, b problem.Problem) int { return strings.Compare(a.Path, b.Path) })
	return p
}

// fewValues is how many allowed values a message lists beside a hint at the nearest.
const fewValues = 10

// oneOf is the rule that a value is one of a few.
func oneOf(allowed []string) string { return "must be one of " + strings.Join(allowed, ", ") }
