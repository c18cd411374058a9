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

// sorted returns the problems in a stable order, each once.
func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b problem.Problem) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(p, func(a, b problem.Problem) bool { return a.String() == b.String() })
}

// fewValues is how many allowed values a message lists beside a hint at the nearest.
const fewValues = 10

// oneOf is the rule that a value is one of a few.
func oneOf(allowed []string) string { return "must be one of " + strings.Join(allowed, ", ") }
