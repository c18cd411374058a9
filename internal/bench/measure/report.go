package measure

import (
	"fmt"
	"strings"
)

// Report is what one run of the benchmark found.
type Report struct {
	Machine     Machine
	Environment string
	Date        string
	Results     []Result
}

// Table is the results as a Markdown table.
func (r Report) Table() string {
	var table strings.Builder
	table.WriteString("| baselines | resources | | stock | pruned | stock / pruned |\n|---:|---:|---|---:|---:|---:|\n")
	for _, result := range r.Results {
		row := fmt.Sprintf("| %d | %d |", result.Copies, result.Resources)
		fmt.Fprintf(&table, "%s warm | %v | %v | %.1f |\n", row, result.Stock.Warm, result.Pruned.Warm, result.warm())
		fmt.Fprintf(&table, "| | | cold | %v | %v | %.1f |\n", result.Stock.Cold, result.Pruned.Cold, result.cold())
		if result.memory() == 0 {
			table.WriteString("| | | memory of Node.js | not measurable here | | |\n")
		} else {
			fmt.Fprintf(&table, "| | | memory of Node.js | %d MB | %d MB | %.1f |\n",
				result.Stock.Memory/1e6, result.Pruned.Memory/1e6, result.memory())
		}
	}
	return table.String()
}

// PeerTable compares the pruned packages with the same stack as compiled JavaScript, as a Markdown table.
func (r Report) PeerTable() string {
	var table strings.Builder
	table.WriteString("| baselines | Go, pruned | compiled JavaScript | Go / JavaScript |\n|---:|---:|---:|---:|\n")
	for _, result := range r.Results {
		fmt.Fprintf(&table, "| %d | %v | %v | %.1f |\n", result.Copies, result.Pruned.Warm, result.Peer, result.peer())
	}
	return table.String()
}

// costs is what each further resource takes, from the difference between the scales.
func (r Report) costs() string {
	var costs strings.Builder
	first := r.Results[0]
	for _, result := range r.Results[1:] {
		more := float64(result.Resources - first.Resources)
		each := func(one, many Measured) string {
			text := fmt.Sprintf("%.1f ms", 1000*(many.Warm.Median()-one.Warm.Median()).Seconds()/more)
			if one.Memory != 0 {
				text += fmt.Sprintf(" and %.0f kB", float64(many.Memory-one.Memory)/1000/more)
			}
			return text
		}
		fmt.Fprintf(&costs, "- from %d to %d resources: %s with stock packages, %s with pruned ones\n", first.Resources,
			result.Resources, each(first.Stock, result.Stock), each(first.Pruned, result.Pruned))
	}
	return costs.String()
}

// Markdown is the results as a section of a page.
func (r Report) Markdown() string {
	rounds := fmt.Sprintf("%d warm and %d cold rounds for one baseline", len(r.Results[0].Stock.Warm),
		len(r.Results[0].Stock.Cold))
	for _, result := range r.Results[1:] {
		rounds += fmt.Sprintf(", %d and %d for %d", len(result.Stock.Warm), len(result.Stock.Cold), result.Copies)
	}
	verdict := fmt.Sprintf("For one baseline the targets are met: stock takes at least %d times as long warm, %d "+
		"times as long cold, and %d times the memory.", warmTarget, coldTarget, memoryTarget)
	if missed := r.Missed(); missed != nil {
		verdict = "Targets missed: " + strings.ReplaceAll(missed.Error(), "\n", "; ") + "."
	}
	return fmt.Sprintf("%s\n%s\n\nWhat each further resource takes:\n\n%s\nThe same stack as a user of TypeScript "+
		"would have it, warm:\n\n%s\nEnvironment `%s`, %s, on %s; %s, %d cores, %s, %s; %s.\n", r.Table(), verdict,
		r.costs(), r.PeerTable(), r.Environment, rounds, r.Date, r.Machine.Processor, r.Machine.Cores,
		r.Machine.Memory, r.Machine.System, strings.Join(r.Machine.Versions, ", "))
}

// Markers around the results in a page.
const (
	begin = "<!-- begin results: make bench -->\n"
	end   = "<!-- end results -->"
)

// Insert returns a page with the results between its markers, which must be there.
func (r Report) Insert(page string) (string, error) {
	before, rest, found := strings.Cut(page, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("the page must hold %q and %q", strings.TrimSpace(begin), end)
	}
	return before + begin + r.Markdown() + end + after, nil
}
