package problem

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"
)

// minPrefix is how many characters of a word must be given to complete it, such as "prod".
const minPrefix = 3

// DidYouMean returns a hint at the candidate nearest to a word, to be put behind a message, or nothing when none is
// near. Numbers are never near: a digit is not mistyped by half.
func DidYouMean(word string, candidates []string) string {
	if strings.Trim(word, "0123456789.") == "" {
		return ""
	}
	best, bestDistance := "", 1+max(1, len(word)/3)
	for _, candidate := range candidates {
		if len(word) >= minPrefix && strings.HasPrefix(candidate, word) {
			best = candidate
			break
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
