package summary

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"securebaseline/internal/config"
)

// WriteAll reads the Terraform JSON of several environments, whose directories stackOf names, and writes to out a line
// for each, and below what is to be said of it: parts that are left out, alarms that reach
// nobody.
func WriteAll(out io.Writer, stackOf func(environment string) string, environments []config.Config) error {
	var table, notes strings.Builder
	lines := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(lines, "ENVIRONMENT\tRESOURCES\tPROFILE\tREGION\tACCOUNT\tWRITTEN TO")
	for _, cfg := range environments {
		stack := stackOf(cfg.Environment)
		written, err := read(stack, cfg)
		if err != nil {
			return err
		}
		fmt.Fprintf(lines, "%s\t%d\t%s\t%s\t%s\t%s\n", cfg.Environment, len(written.Resources()), cfg.Profile,
			cfg.Region, account(cfg), stack)
		for note := range strings.Lines(leftOut(cfg) + told(written)) {
			fmt.Fprintf(&notes, "%s: %s", cfg.Environment, note)
		}
	}
	if err := lines.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s%snext: make validate ENVIRONMENT=%s\n", &table, &notes, config.AllEnvironments)
	return err
}
