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

// Markdown is the whole page.
func (r Report) Markdown() string {
	rounds := fmt.Sprintf("%d warm and %d cold rounds for one baseline", len(r.Results[0].Stock.Warm),
		len(r.Results[0].Stock.Cold))
	for _, result := range r.Results[1:] {
		rounds += fmt.Sprintf(", %d and %d for %d", len(result.Stock.Warm), len(result.Stock.Cold), result.Copies)
	}
	verdict := fmt.Sprintf("For one baseline the targets are met: stock takes at least %d times as long warm, %d "+
		"times as long cold, "+
		"and %d times the memory.", warmTarget, coldTarget, memoryTarget)
	if missed := r.Missed(); missed != nil {
		verdict = "Targets missed: " + strings.ReplaceAll(missed.Error(), "\n", "; ") + "."
	}
	return fmt.Sprintf(page, r.Environment, r.Table(), verdict, r.costs(),
		r.Machine.Processor, r.Machine.Cores, r.Machine.Memory, r.Machine.System,
		strings.Join(r.Machine.Versions, ", "), r.Date, rounds)
}

const page = `<!-- Written by "make bench". Do not edit. -->
# How long synthesis takes

` + "`stock`" + ` is CDKTF as it is; ` + "`pruned`" +
	` is the default of this project. Both ran side by side, in turns, and gave the same
JSON byte for byte. Times are the median and, in brackets, the least and the greatest of a whole process, for
environment ` + "`%s`" +
	`; the larger scales are that many environments in one app. Cold means an empty package cache of jsii.

%s
%s

What each further resource takes:

%s
## Where the time goes

Stock spends it before the first construct: Node.js loads two thousand modules and a type description of 120 MB. On a
fresh machine it first unpacks 6,700 files. The package comment of internal/awsbindings tells how both are avoided.

What is left of a pruned run is mostly Node.js itself: starting it, compiling the runtime of jsii, and compiling cdktf.
What helped there:

- cdktf as one file in place of 380, without the rest of its 2,400 files, and the provider as one, too;
- the code that V8 compiles of the two, kept for the next run;
- a launcher in place of the first of the two Node.js processes that the client of jsii starts;
- no NODE_EXTRA_CA_CERTS for the runtime: Node.js would parse the whole file at every start.

What did not: Node's own cache of compiled code (the scripts are in a new directory each time, so it never hits), settings
of its garbage collector and compilers, and fewer collections in Go (all within the noise).

After that, time is for resources: each is a few calls from Go to Node.js, at a tenth of a millisecond, and the work of
cdktf itself.

## Measured on

| | |
|---|---|
| processor | %s, %d cores |
| memory | %s |
| system | %s |
| versions | %s |
| date | %s |
| rounds | %s |

Repeat it with ` + "`make bench`" + `, or ` + "`go run ./internal/bench -quick`" + ` for a first impression.
`
