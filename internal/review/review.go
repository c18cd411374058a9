package review

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/template"
	"securebaseline/internal/tfplan"
)

// Limit is the length of a text in bytes. GitHub takes 65,536 characters for a comment or an issue, and answers 422 to
// more; what remains is for what a command adds, such as a link to the run.
const Limit = 65_536 - 1_024

// ends is the room for what Of puts before and after the details.
const ends = 2_048

// Room is how many bytes may follow details so that Of cuts none of them; less than nothing where they are too long
// already.
func Room(details string) int { return Limit - ends - len(details) }

// Of writes the review of a plan for an environment. The details show what the plan changes, in Markdown, as List does,
// and are cut where they are too long.
func Of(environment string, plan tfplan.Plan, details string) string {
	changes, outputs := plan.Changes(), plan.ChangedOutputs()
	marker := Marker{OfChange, environment, len(changes) + len(outputs), plan.Fingerprint()}
	head := fmt.Sprintf("%s\n## %s: %s\n\n", marker, environment, tfplan.Count(changes))
	if plan.Empty() {
		return head + "AWS is as the configuration says. There is nothing to apply.\n"
	}
	tail := fmt.Sprintf("To apply exactly this, and nothing if anything else would change by then:\n\n"+
		"    make apply ENVIRONMENT=%s REVIEWED=%s\n", environment, marker.Fingerprint)
	return head + fit(details, Limit-len(head)-len(tail)-1) + "\n" + tail
}

// List shows the changes of a plan by their addresses, the gravest first, and which outputs change.
func List(plan tfplan.Plan) string {
	var text strings.Builder
	changes := plan.Changes()
	for _, action := range tfplan.Actions() {
		var lines []string
		for _, change := range changes {
			if change.Action() == action {
				lines = append(lines, line(change)+"\n")
			}
		}
		section(&text, fmt.Sprintf("%d to %s", len(lines), action), lines)
	}
	if outputs := plan.ChangedOutputs(); len(outputs) > 0 {
		fmt.Fprintf(&text, "**Outputs that change:** %s\n", strings.Join(quoted(outputs), ", "))
	}
	return text.String()
}

// line is one change in a list.
func line(change tfplan.Resource) string {
	text := "- " + quote(change.Address)
	if change.Deposed != "" {
		text += ", what is left of its predecessor"
	}
	if change.Previous != "" && change.Previous != change.Address {
		text += ", so far " + quote(change.Previous)
	}
	gone := change.Action() == tfplan.Delete || change.Action() == tfplan.Replace
	if gone && template.Stateful(change.Type) {
		text += ", **and what it holds is lost**"
	}
	if reasons := reasons(change.Change.ReplacePaths); len(reasons) > 0 {
		text += ", because of " + strings.Join(quoted(reasons), ", ")
	}
	return text
}

// reasons are the attributes that cannot be changed in place.
func reasons(paths [][]any) []string {
	var names []string
	for _, path := range paths {
		if len(path) > 0 {
			names = append(names, fmt.Sprint(path[0]))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// quote puts a name into the form of code, which a name cannot leave.
func quote(name string) string {
	return "`" + strings.NewReplacer("`", "'", "\n", " ").Replace(name) + "`"
}

func quoted(names []string) []string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return quoted
}

const (
	omission = "\n**This is not all: %d more lines are left out here, because a comment has an end. make review " +
		"shows them, and so does the log of the run.**\n"
	fence = "```"
)

// fit cuts a text after a line, so that it takes no more than some bytes, and says so.
func fit(text string, room int) string {
	if len(text) <= room {
		return text
	}
	room -= len(omission) + len(fmt.Sprint(len(text))) + len(fence) + 1
	var kept strings.Builder
	fenced, left := false, 0
	for line := range strings.Lines(text) {
		if left > 0 || kept.Len()+len(line) > room {
			left++
			continue
		}
		if strings.HasPrefix(strings.TrimSpace(line), fence) {
			fenced = !fenced
		}
		kept.WriteString(line)
	}
	if fenced {
		kept.WriteString(fence + "\n")
	}
	return kept.String() + fmt.Sprintf(omission, left)
}

// Drift reports on a plan for the configuration that should be in force.
func Drift(environment string, plan tfplan.Plan) string {
	changes := plan.Changes()
	head := fmt.Sprintf("%s\n## %s: AWS is ", Marker{Kind: OfDrift, Environment: environment, Changes: len(changes)},
		environment)
	if len(changes) == 0 {
		return head + "as the configuration says\n"
	}
	head += "not as the configuration says\n\n"
	var beside, pending []string
	for _, change := range changes {
		entry := fmt.Sprintf("%s (to %s)\n", line(change), change.Action())
		if plan.Drifted(change.Address) {
			beside = append(beside, entry)
		} else {
			pending = append(pending, entry)
		}
	}
	var text strings.Builder
	section(&text, "Changed in AWS since the last deployment", beside)
	section(&text, "In the configuration, and not in AWS", pending)
	tail := fmt.Sprintf("The next deployment makes AWS what the configuration says: `make review ENVIRONMENT=%s` "+
		"shows it. What should stay as it is in AWS belongs into the configuration.\n", environment)
	return head + fit(text.String(), Limit-len(head)-len(tail)-1) + "\n" + tail
}

// section writes a heading over lines, if there are any.
func section(text *strings.Builder, title string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(text, "**%s**\n\n%s\n", title, strings.Join(lines, ""))
	}
}
