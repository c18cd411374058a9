package config

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/problem"

	"github.com/agext/levenshtein"
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

// minPrefix is how many characters of a word must be given to complete it, such as "prod".
const minPrefix = 3

// didYouMean returns a hint at the candidate nearest to a word, or nothing when none is near. Numbers are never near: a
// digit is not mistyped by half.
func didYouMean(word string, candidates []string) string {
	if strings.Trim(word, "0123456789.") == "" {
		return ""
	}
	best, bestDistance := "", 1+max(1, len(word)/3)
	for _, candidate := range candidates {
		if len(word) >= minPrefix && strings.HasPrefix(candidate, word) {
			return fmt.Sprintf("; did you mean %q?", candidate)
		}
		distance := levenshtein.Distance(strings.ToLower(word), strings.ToLower(candidate), nil)
		if distance < bestDistance {
			best, bestDistance = candidate, distance
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}
