package evidence

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

//go:generate go run ./generate

// Reference is docs/controls.md: the rules, and by each catalog the rules behind its controls.
func Reference() string {
	var text strings.Builder
	text.WriteString(`# Controls

Generated from ` + "`internal/evidence`" + ` by ` + "`make generate`" + `.

` + "`make report ENVIRONMENT=prod`" + ` asks each rule of each resource of the synthesized stack and writes ` +
		"`report.json`" + `,
` + "`report.sarif`" + ` and ` + "`report.html`" + `, a page that needs nothing but itself. It fails
where a resource breaks a rule without an exception.

An exception stands in ` + "`exceptions.json`" + `,
	beside ` + "`cdktf.json`" + `: ` + "`environment`, `rule`, `address`" +
		` (` + "`*`" + ` stands for any text),
` + "`reason`, `owner` and `expires`" + `, the last day. One that has expired, or that covers nothing any more, fails,
	too.

That a rule satisfies a control means that it does so for the resources of this stack, as far as the JSON shows.

## Rules

| Rule | What holds | Severity | Otherwise |
| --- | --- | --- | --- |
`)
	byControl := map[string]map[string][]string{}
	for _, rule := range Rules() {
		fmt.Fprintf(&text, "| %s | [%s](%s) | %s | %s |\n", rule.ID, rule.Demand, rule.Source, rule.Severity,
			rule.Reason)
		for _, c := range rule.Controls.Catalogs() {
			if byControl[c.Name] == nil {
				byControl[c.Name] = map[string][]string{}
			}
			for _, id := range c.IDs {
				byControl[c.Name][id] = append(byControl[c.Name][id], rule.ID)
			}
		}
	}
	for _, c := range (Controls{}).Catalogs() {
		fmt.Fprintf(&text, "\n## %s\n\n| Control | Rules |\n| --- | --- |\n", c.Name)
		for _, id := range slices.SortedFunc(maps.Keys(byControl[c.Name]), naturally) {
			fmt.Fprintf(&text, "| %s | %s |\n", id, strings.Join(byControl[c.Name][id], ", "))
		}
	}
	return text.String()
}

// naturally compares ids with the numbers in them as numbers: 4.2 comes before 4.10.
func naturally(a, b string) int {
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
