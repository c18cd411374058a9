package iampolicy

import (
	"slices"
	"strings"
)

// pattern is a policy text ready for matching: runes stand for themselves, the two negative values are wildcards.
// Text that a policy variable puts in is always literal, even where it holds a * or a ?.
type pattern []rune

const (
	anyRune  rune = -1 // ? in the policy: exactly one character
	anyRunes rune = -2 // * in the policy: any number of characters, also none
)

// wildcards reads text as a pattern without policy variables.
func wildcards(text string) pattern {
	out := make(pattern, 0, len(text))
	for _, r := range text {
		switch r {
		case '*':
			r = anyRunes
		case '?':
			r = anyRune
		}
		out = append(out, r)
	}
	return out
}

// expand reads text as a pattern with the policy variables ${key} and ${key, 'default'} replaced by what lookup
// finds, and ${*}, ${?} and ${$} by those characters. It reports false when a variable has neither a value nor a
// default: AWS then takes the whole text for null, which matches nothing.
// Source: "IAM policy elements: Variables and tags".
func expand(text string, lookup func(key string) (string, bool)) (pattern, bool) {
	var out pattern
	for {
		before, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return append(out, wildcards(text)...), true
		}
		value, ok := variable(name, lookup)
		if !ok {
			return nil, false
		}
		out = append(append(out, wildcards(before)...), []rune(value)...)
		text = after
	}
}

func variable(name string, lookup func(string) (string, bool)) (string, bool) {
	switch name {
	case "*", "?", "$":
		return name, true
	}
	key, fallback, hasFallback := strings.Cut(name, ",")
	if value, ok := lookup(strings.TrimSpace(key)); ok {
		return value, true
	}
	fallback = strings.TrimSpace(fallback)
	if !hasFallback || len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\'' {
		return "", false
	}
	return fallback[1 : len(fallback)-1], true
}

// text is the pattern as plain text, wildcards written out again.
func (p pattern) text() string {
	var out strings.Builder
	for _, r := range p {
		switch r {
		case anyRunes:
			r = '*'
		case anyRune:
			r = '?'
		}
		out.WriteRune(r)
	}
	return out.String()
}

// matches reports whether the pattern covers all of text.
func (p pattern) matches(text string) bool { return p.covers([]rune(text)) }

// covers reports whether the pattern matches all that another one matches. A text is a pattern without wildcards. It
// takes at most len(p) × len(got) steps: when a character fails, only the latest * has to try again one character
// later, never the ones before it.
func (p pattern) covers(got pattern) bool {
	at, seen := 0, 0
	star, retry := -1, 0
	for seen < len(got) {
		switch {
		case at < len(p) && p[at] == anyRunes:
			star, retry = at, seen
			at++
		case at < len(p) && (p[at] == anyRune && got[seen] != anyRunes || p[at] == got[seen]):
			at++
			seen++
		case star >= 0:
			retry++
			at, seen = star+1, retry
		default:
			return false
		}
	}
	return !slices.ContainsFunc(p[at:], func(r rune) bool { return r != anyRunes })
}

// arnParts is the number of colon-separated parts of an ARN; the last, the resource, may hold colons itself.
const arnParts = 6

// matchesARN is matches for ARNs.
func (p pattern) matchesARN(arn string) bool { return p.coversARN([]rune(arn)) }

// coversARN compares part by part, so that a wildcard cannot reach into the next part.
func (p pattern) coversARN(got pattern) bool {
	parts := splitARN(p)
	return len(parts) == arnParts && slices.EqualFunc(parts, splitARN(got), pattern.covers)
}

func splitARN(p pattern) []pattern {
	var parts []pattern
	for len(parts) < arnParts-1 {
		colon := slices.Index(p, ':')
		if colon < 0 {
			break
		}
		parts, p = append(parts, p[:colon]), p[colon+1:]
	}
	return append(parts, p)
}
