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
	var report Report
	for _, rule := range Rules() {
		report.Rules = append(report.Rules, Result{Rule: rule})
		fmt.Fprintf(&text, "| %s | [%s](%s) | %s | %s |\n", rule.ID, rule.Demand, rule.Source, rule.Severity,
			rule.Reason)
	}
	for _, catalog := range report.ByControl() {
		fmt.Fprintf(&text, "\n## %s\n\n| Control | Rules |\n| --- | --- |\n", catalog.Name)
		for _, control := range catalog.Controls {
			name := control.ID
			if catalog.Tag == hubTag {
				name = fmt.Sprintf("[%s](%s)", name, SecurityHubURL(name))
			}
			fmt.Fprintf(&text, "| %s | %s |\n", name, strings.Join(control.entries(), ", "))
		}
	}
	return text.String()
}

//go:embed reference.md
var referenceIntroduction string

// entries names the rules behind a control, with the controls of Security Hub by which they have it.
func (c ControlResult) entries() []string {
	var all []string
	for _, rule := range c.Rules {
		entry := rule.ID
		if hub := rule.Controls.through(c.ID); len(hub) > 0 {
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
