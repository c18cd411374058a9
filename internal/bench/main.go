// Command bench measures what the pruned npm packages save: it synthesizes the baseline with stock and with pruned
// packages side by side, checks that both give the same JSON, and writes the results to docs/performance.md.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/jsii-runtime-go"

	"securebaseline/internal/bench/measure"
)

// limit bounds the whole command, whatever happens.
const limit = 30 * time.Minute

func main() {
	quick := flag.Bool("quick", false, "fewer rounds, for a first impression")
	environment := flag.String("environment", "prod", "environment of cdktf.json to synthesize")
	output := flag.String("output", filepath.Join("docs", "performance.md"),
		"page for the results, which go between its markers")
	copies := flag.Int("copies", 0, "only synthesize the baseline this many times, for the command's own use")
	directory := flag.String("directory", "", "output directory for -copies")
	flag.Parse()

	var err error
	if *copies > 0 {
		err = synthesize(*environment, *copies, *directory)
	} else {
		err = bench(*environment, *quick, *output)
	}
	jsii.Close()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

// rounds is how often each variant is measured at a scale.
type rounds struct{ copies, warm, cold int }

func plan(quick bool) []rounds {
	if quick {
		return []rounds{{1, 3, 1}, {10, 1, 1}, {50, 1, 1}}
	}
	return []rounds{{1, 11, 5}, {10, 5, 3}, {50, 3, 3}}
}

func bench(environment string, quick bool, output string) error {
	runner, err := newRunner(environment)
	if err != nil {
		return err
	}
	defer runner.close()
	report := measure.Report{
		Machine: measure.ThisMachine(), Environment: environment, Date: time.Now().Format(time.DateOnly),
	}
	for _, rounds := range plan(quick) {
		fmt.Fprintf(os.Stderr, "measuring %d× the baseline\n", rounds.copies)
		result, err := runner.measure(rounds)
		if err != nil {
			return fmt.Errorf("%d× the baseline: %w", rounds.copies, err)
		}
		report.Results = append(report.Results, result)
	}
	page, err := os.ReadFile(output)
	if err != nil {
		return err
	}
	changed, err := report.Insert(string(page))
	if err != nil {
		return fmt.Errorf("%s: %w", output, err)
	}
	if err := os.WriteFile(output, []byte(changed), 0o644); err != nil {
		return err
	}
	fmt.Print(report.Table())
	return report.Missed()
}
