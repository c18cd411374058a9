package diff

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

// maxComment is how many characters the body of a comment on GitHub holds. Here bytes are counted, of which there are
// never fewer.
const maxComment = 65536

// reserve is kept for the sentence that says what was left out.
const reserve = 1024

// Marker is the hidden first line of a comment, by which the one comment on a stack is found again and updated.
func Marker(stack string) string { return "<!-- securebaseline diff " + stack + " -->" }

// Markdown writes a review for a comment on a pull request. What does not fit is left out, with a sentence that says
// so: last of all the summary and the weakenings.
func (r Review) Markdown() string {
	head := Marker(r.Stack) + "\n## " + prose(r.title()) + ": " + r.summary() + "\n"
	if origin := r.origin(); origin != "" {
		head += "\n" + prose(origin) + "\n"
	}
	return head + r.Details(maxComment-len(head))
}

// Details is Markdown without what stands above the weakenings, in at most limit bytes, for a text that has a beginning
// of its own. A limit below 1024 has room for the sentence alone that says what was left out.
func (r Review) Details(limit int) string {
	m := comment{limit: limit}
	weaker := m.list("Weaker than before", r.Weakenings())
	unjudged := m.list("To be judged by a person", r.Unjudged())
	left := 0
	if len(r.Changes) > 0 {
		m.add("\n### Changes\n")
	}
	for _, change := range r.Changes {
		if !m.add(change.markdown()) {
			left++
		}
	}
	if weaker+unjudged+left > 0 {
		fmt.Fprintf(&m, "\n**Not all of it is here**, because a comment holds %d characters: "+
			"left out are the details of %s, %s and %d to be judged by a person. `make diff` shows all.\n",
			maxComment, count(left, "change"), count(weaker, "weakening"), unjudged)
		return m.String()
	}
	if len(r.Changes) > 0 {
		for _, note := range r.Notes {
			m.add("\n" + prose(note) + "\n")
		}
	}
	return m.String()
}

// comment is a text of limited length.
type comment struct {
	strings.Builder
	limit int
}

// add writes a text if there is room for it, and reports whether there was.
func (m *comment) add(text string) bool {
	if m.Len()+len(text) > m.limit-reserve {
		return false
	}
	m.WriteString(text)
	return true
}

// list adds weakenings under a heading, and returns how many do not fit.
func (m *comment) list(heading string, marked []Marked) (left int) {
	if len(marked) == 0 {
		return 0
	}
	m.add(fmt.Sprintf("\n### %s (%d)\n\n", heading, len(marked)))
	for _, one := range marked {
		item := "- " + code(one.Address)
		if one.Argument != "" {
			item += " " + code(one.Argument)
		}
		if !m.add(item + ": " + prose(one.Why) + "\n") {
			left++
		}
	}
	return left
}

func (c Change) markdown() string {
	title := html.EscapeString(line(c.title()))
	if n := len(c.Weakenings); n > 0 {
		title += " <b>(" + count(n, "weakening") + ")</b>"
	}
	lines := c.lines()
	if len(lines) == 0 {
		return "\n" + prose(c.title()) + "\n"
	}
	text := strings.Join(lines, "\n")
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fmt.Sprintf("\n<details><summary>%s</summary>\n\n%sdiff\n%s\n%s\n</details>\n", title, fence, text, fence)
}

// special are the characters that Markdown would take for its own.
var special = regexp.MustCompile("[\\\\`*_\\[\\]<>|~&#]")

// prose writes text so that it reads as it stands, whatever is in it.
func prose(text string) string { return special.ReplaceAllString(line(text), `\$0`) }

// code writes text as code.
func code(text string) string {
	text = line(text)
	fence := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// longestRun is the length of the longest run of backticks.
func longestRun(text string) int {
	longest := 0
	for _, run := range regexp.MustCompile("`+").FindAllString(text, -1) {
		longest = max(longest, len(run))
	}
	return longest
}
