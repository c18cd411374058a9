package picture

import (
	"fmt"
	"strings"
)

// sketch collects a drawing in the language of D2.
type sketch struct{ text strings.Builder }

// place is the path of a shape in a drawing: the boxes that it stands in, from the outside, and itself.
type place []string

// in is the place of a shape in this box.
func (p place) in(id string) place { return append(p[:len(p):len(p)], id) }

// String is the place in the language of D2.
func (p place) String() string {
	quoted := make([]string, len(p))
	for i, id := range p {
		quoted[i] = quote(id)
	}
	return strings.Join(quoted, ".")
}

// shape draws a shape of a class with lines of text. Further settings are in the language of D2.
func (s *sketch) shape(at place, class string, lines []string, settings ...string) place {
	settings = append([]string{"class: " + class}, settings...)
	fmt.Fprintf(&s.text, "%s: %s { %s }\n", at, quote(strings.Join(lines, "\n")), strings.Join(settings, "; "))
	return at
}

// arrow draws an arrow with a text.
func (s *sketch) arrow(from, to place, label string) { s.connect(from, "->", to, label) }

// connect draws a connection. What comes first stands above, whichever way the arrow points.
func (s *sketch) connect(above place, arrow string, below place, label string) {
	fmt.Fprintf(&s.text, "%s %s %s: %s\n", above, arrow, below, quote(label))
}

// way draws an arrow. Where none is to be seen, its ends still stand one above the other.
func (s *sketch) way(above, below place, exists bool) {
	settings := "style.opacity: 0"
	if exists {
		settings = "style.opacity: 1"
	}
	fmt.Fprintf(&s.text, "%s -> %s: { %s }\n", above, below, settings)
}

// quote makes a text of D2 that means nothing but itself.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "\n", `\n`).Replace(text) + `"`
}

// wrapped puts words into lines, joined by commas, of about a width in characters.
func wrapped(words []string, width int) []string {
	var lines []string
	line := ""
	for i, word := range words {
		if i < len(words)-1 {
			word += ","
		}
		if line != "" && len(line)+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// counted is a number with its noun: "1 alarm", "15 alarms".
func counted(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}
