package diff

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Text writes a review for a terminal: first what is weaker, then every change.
func (r Review) Text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s\n", r.title(), r.summary())
	if origin := r.origin(); origin != "" {
		fmt.Fprintf(&out, "%s\n", origin)
	}
	section := func(title string, marked []Marked, sign string) {
		if len(marked) > 0 {
			fmt.Fprintf(&out, "\n%s\n", title)
		}
		for _, one := range marked {
			fmt.Fprintf(&out, "  %s %s\n", sign, one)
		}
	}
	section("Weaker than before:", r.Weakenings(), "!")
	section("To be judged by a person:", r.Unjudged(), "?")
	for _, change := range r.Changes {
		fmt.Fprintf(&out, "\n%s\n", line(change.title()))
		for _, line := range change.lines() {
			fmt.Fprintf(&out, "  %s\n", line)
		}
	}
	if len(r.Changes) > 0 {
		out.WriteString("\n")
		for _, note := range r.Notes {
			fmt.Fprintf(&out, "note: %s\n", note)
		}
	}
	return out.String()
}

// JSON writes a review for programs, with the counts.
func (r Review) JSON() (string, error) {
	counts := map[Action]int{}
	for _, action := range actions {
		counts[action] = len(r.Of(action))
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(struct {
		Weakenings int            `json:"weakenings"`
		Unjudged   int            `json:"unjudged"`
		Counts     map[Action]int `json:"counts"`
		Review
	}{len(r.Weakenings()), len(r.Unjudged()), counts, r})
	return out.String(), err
}

// String is a weakening in one line.
func (m Marked) String() string {
	place := m.Address
	if m.Argument != "" {
		place += " " + m.Argument
	}
	return line(place + ": " + m.Why)
}

// line keeps text on one line, and shows as � what could hide or reorder it on a screen.
func line(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func (r Review) title() string {
	if r.Stack == "" {
		return "the stack"
	}
	return r.Stack
}

// origin says what was compared.
func (r Review) origin() string {
	switch {
	case r.After == "":
		return ""
	case r.Source == FromPlan:
		return "by the plan " + r.After
	}
	return fmt.Sprintf("from %s to %s", r.Before, r.After)
}

// summary counts weakenings and changes in a line.
func (r Review) summary() string {
	if len(r.Changes) == 0 {
		return "no changes"
	}
	var parts []string
	for _, action := range actions {
		if n := len(r.Of(action)); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, action))
		}
	}
	text := count(len(r.Weakenings()), "weakening")
	if n := len(r.Unjudged()); n > 0 {
		text += fmt.Sprintf(", %d to be judged by a person", n)
	}
	return text + "; " + count(len(r.Changes), "change") + ": " + strings.Join(parts, ", ")
}

func count(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun + "s"
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// title is the first line of a change.
func (c Change) title() string {
	text := string(c.Action) + " " + c.Address
	if c.Former != "" {
		text += " (formerly " + c.Former + ")"
	}
	if len(c.ReplacedBy) > 0 {
		text += ", because of " + strings.Join(c.ReplacedBy, ", ")
	}
	if c.Imported {
		text += ", imported"
	}
	return text
}

// lines say what changed and what is weaker, each with a sign: ! weaker, ? to be judged, + and - what comes and goes.
func (c Change) lines() []string {
	var lines []string
	add := func(format string, arguments ...any) {
		lines = append(lines, line(fmt.Sprintf(format, arguments...)))
	}
	for _, marked := range []struct {
		sign string
		all  []Weakening
	}{{"!", c.Weakenings}, {"?", c.Unjudged}} {
		for _, one := range marked.all {
			if c.ofPolicy(one) {
				continue // the statement itself says it
			}
			if one.Argument != "" {
				add("%s %s: %s", marked.sign, one.Argument, one.Why)
			} else {
				add("%s %s", marked.sign, one.Why)
			}
		}
	}
	for _, one := range c.Arguments {
		remark := ""
		if one.Ignored {
			remark = " (ignored: what exists stays as it is)"
		}
		if one.Old == "" && one.New == "" {
			for _, element := range one.Less {
				add("- %s: %s%s", one.Path, element, remark)
			}
			for _, element := range one.More {
				add("+ %s: %s%s", one.Path, element, remark)
			}
			continue
		}
		add("  %s: %s → %s%s", one.Path, one.Old, one.New, remark)
	}
	for _, policy := range c.Policies {
		for _, one := range policy.Statements {
			sign := one.sign()
			if slices.Contains(c.Weakenings, Weakening{policy.Argument, one.words()}) {
				sign = "!"
			}
			add("%s %s: %s", sign, policy.Argument, one.words())
			if one.Change != statementAdded && one.Change != statementRemoved {
				add("    now %s", one.Text)
			}
		}
	}
	return lines
}

// ofPolicy reports whether a weakening is that of a statement.
func (c Change) ofPolicy(weakening Weakening) bool {
	return slices.ContainsFunc(c.Policies, func(policy Policy) bool {
		return slices.ContainsFunc(policy.Statements, func(one Statement) bool {
			return weakening == Weakening{policy.Argument, one.words()}
		})
	})
}

func (s Statement) sign() string {
	switch s.Change {
	case statementAdded:
		return "+"
	case statementRemoved:
		return "-"
	}
	return " "
}
