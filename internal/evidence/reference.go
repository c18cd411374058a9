package evidence

import (
	"cmp"
	_ "embed" // for the introduction
	"fmt"
	"strings"
	"unicode"
)

//go:generate go run ./generate

// Reference is docs/controls.md: the rules, and by each catalog the rules behind its controls.
func Reference() string {
	var text strings.Builder
	text.WriteString(referenceIntroduction)
	for _, rule := range Rules() {
		fmt.Fprintf(&text, "| %s | [%s](%s) | %s | %s |\n", rule.ID, rule.Demand, rule.Source, rule.Severity,
			rule.Reason)
	}
	for i, c := range (Controls{}).Catalogs() {
		fmt.Fprintf(&text, "\n## %s\n\n| Control | Rules |\n| --- | --- |\n", c.Name)
		ids, rules := behindControls(Rules(), i, func(rule Rule) Controls { return rule.Controls })
		for _, id := range ids {
			control := id
			if c.Tag == hubTag {
				control = fmt.Sprintf("[%s](%s)", id, SecurityHubURL(id))
			}
			fmt.Fprintf(&text, "| %s | %s |\n", control, strings.Join(entries(rules[id], id), ", "))
		}
	}
	return text.String()
}

//go:embed reference.md
var referenceIntroduction string

// entries names rules behind a control, with the controls of Security Hub by which they have it.
func entries(rules []Rule, control string) []string {
	var all []string
	for _, rule := range rules {
		entry := rule.ID
		if hub := rule.Controls.through(control); len(hub) > 0 {
			entry += " (" + strings.Join(hub, ", ") + ")"
		}
		all = append(all, entry)
	}
	return all
}

// Naturally compares ids with the numbers in them as numbers: 4.2 comes before 4.10.
func Naturally(a, b string) int {
	split := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	pad := func(parts []string) string {
		for i, part := range parts {
			if unicode.IsDigit(rune(part[0])) {
				parts[i] = fmt.Sprintf("%4s", part)
			}
		}
		return strings.Join(parts, ".")
	}
	return cmp.Or(cmp.Compare(pad(split(a)), pad(split(b))), cmp.Compare(a, b))
}
