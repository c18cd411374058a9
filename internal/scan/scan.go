// Package scan asks independent scanners about a stack, and judges what they find by the exceptions of the project.
//
// A scanner that has looked at nothing finds nothing. So each counts the resources that its checks were about, and one
// that counts none has failed. What a scanner is told to skip, in the JSON or by settings of its own, is found all the
// same: exceptions.json is the one list of what is accepted.
package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"securebaseline/internal/evidence"
	"securebaseline/internal/problem"
)

// Finding is what a scanner says about one resource.
type Finding struct {
	// Rule is the scanner's id of what it checks, such as CKV_AWS_18.
	Rule string
	// Address is that of the resource, as far as the scanner tells it.
	Address string
	// Title is what the rule demands, or says is wrong, in the scanner's words.
	Title string
	// Guide is the URL of what the scanner's maker says about it, if the scanner tells.
	Guide string
}

// Look is what a scanner has looked at, and what it has found there.
type Look struct {
	// Scanner is the name of the scanner.
	Scanner string
	// Source is the file: that of the stack, or a plan.
	Source string
	// Resources are the addresses that at least one check was about, each once. Of is how many resources there are.
	Resources []string
	Of        int
	// Probed means that the scanner, which tells nothing of what passes, has found the fault that stands beside the
	// stack.
	Probed bool
	// Findings are what the checks say against them.
	Findings []Finding
}

// Report is what is left of the findings after the exceptions.
type Report struct {
	// Environment is the one whose exceptions count.
	Environment string
	// Looks are what the scanners have seen.
	Looks []Look
	// Open are the findings outside the list of exceptions, each once, and Accepted how many are in it.
	Open     []Finding
	Accepted int
	// Exceptions are those to rules of the scanners that were asked.
	Exceptions []evidence.UsedException

	day time.Time
}

// Judge applies the exceptions that an environment has on a day. A finding that a scanner repeats, because it sees the
// stack and a plan of it, counts once.
func Judge(looks []Look, exceptions evidence.Exceptions, environment string, day time.Time) Report {
	r := Report{Environment: environment, Looks: looks, day: day}
	asked, seen := map[string]bool{}, map[[2]string]bool{}
	for _, look := range looks {
		if !asked[look.Scanner] {
			asked[look.Scanner] = true
			r.Exceptions = append(r.Exceptions, exceptions.In(environment, look.Scanner, day)...)
		}
	}
	for _, look := range looks {
		for _, f := range look.Findings {
			id := [2]string{f.Rule, f.Address}
			if seen[id] {
				continue
			}
			seen[id] = true
			if evidence.Cover(r.Exceptions, f.Rule, f.Address) < 0 {
				r.Open = append(r.Open, f)
			} else {
				r.Accepted++
			}
		}
	}
	slices.SortFunc(r.Open, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Address, b.Address))
	})
	return r
}

// Summary says, a line each, what the scanners have looked at, and how the findings were judged.
func (r Report) Summary() string {
	var text strings.Builder
	for _, look := range r.Looks {
		if look.Probed {
			fmt.Fprintf(&text, "%s: %s has read %s, with %d resources\n", r.Environment, look.Scanner, look.Source,
				look.Of)
			continue
		}
		fmt.Fprintf(&text, "%s: %s has checks for %d of %d resources of %s\n", r.Environment, look.Scanner,
			len(look.Resources), look.Of, look.Source)
	}
	fmt.Fprintf(&text, "%s: %d findings outside the list of exceptions, %d in it\n", r.Environment, len(r.Open),
		r.Accepted)
	return text.String()
}

// Faults says, a line each, what keeps the stack from being clean: findings without an exception, exceptions that have
// expired or cover nothing, and scanners that have looked at nothing.
func (r Report) Faults() []string {
	var lines []string
	for _, look := range r.Looks {
		if len(look.Resources) == 0 && !look.Probed {
			lines = append(lines, look.Scanner+" looked at no resource of "+look.Source+", so that it proves nothing")
		}
	}
	for _, f := range r.Open {
		lines = append(lines, strings.TrimSuffix(fmt.Sprintf("%s: %s: %s; see %s", f.Rule, f.Address, f.Title, f.Guide),
			"; see "))
	}
	lines = append(lines, evidence.FaultsOf(r.Exceptions)...)
	if len(r.Open) > 0 {
		f := r.Open[0]
		lines = append(lines, fmt.Sprintf(`what cannot be mended is accepted in %s by {"environment": %q, "rule": %q, `+
			`"address": %q, "reason": "…", "owner": "…", "expires": %q}, and docs/exceptions.md says why`,
			evidence.ExceptionsFile, r.Environment, f.Rule, f.Address, r.day.AddDate(1, 0, 0).Format(time.DateOnly)))
	}
	return lines
}

// Choose returns the scanners of the given names, which are separated by blanks.
func Choose(names string) ([]Scanner, error) {
	var known []string
	for _, one := range scanners() {
		known = append(known, one.Name)
	}
	var chosen []Scanner
	for _, name := range strings.Fields(names) {
		i := slices.Index(known, name)
		if i < 0 {
			return nil, fmt.Errorf("SCANNERS = %q: each must be one of %s%s", names, strings.Join(known, ", "),
				problem.DidYouMean(name, known))
		}
		chosen = append(chosen, scanners()[i])
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("SCANNERS = %q: must name at least one of %s", names, strings.Join(known, ", "))
	}
	return chosen, nil
}
