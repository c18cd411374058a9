package iampolicy

import (
	"regexp"
	"strings"
)

// unknown stands in a text under check for a part whose value only Terraform or AWS knows. It lies outside the
// characters that a policy may hold, so no text can smuggle it in.
const unknown = "\uE000"

// mask replaces every Terraform expression ${...} in text by unknown, and with it what is escaped for Terraform: of a
// policy variable $${...} the first $ stays.
func mask(text string) string {
	var out strings.Builder
	for {
		before, _, found := strings.Cut(text, "${")
		end := expressionEnd(text[len(before):])
		if !found || end < 0 {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(before)
		out.WriteString(unknown)
		text = text[len(before)+end:]
	}
}

// expressionEnd is the index behind the brace that closes the expression at the start of text, or -1.
func expressionEnd(text string) int {
	depth := 0
	for i, r := range text {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
			if depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// bareVariable finds a policy variable that lacks its escape. No Terraform expression starts like this: its names
// hold no colon, and a conditional has its question mark first.
var bareVariable = regexp.MustCompile(`(?:^|[^$])(\$\{(?:[*?$]|[A-Za-z0-9-]+:[A-Za-z])[^}]*\})`)

// unescapedVariable returns the first policy variable in text that Terraform would try to evaluate.
func unescapedVariable(text string) (string, bool) {
	found := bareVariable.FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	return found[1], true
}
