package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"securebaseline/internal/problem"
)

// ExceptionsFile is the name of the file of exceptions, beside cdktf.json.
const ExceptionsFile = "exceptions.json"

// Exception lets resources break a rule on purpose, for a while.
type Exception struct {
	// Environment is where it holds, or * for every environment. Required.
	Environment string `json:"environment"`
	// Rule is the id of the rule, of this package or of a scanner. Required.
	Rule string `json:"rule"`
	// Address is that of the resource, in which * stands for any text. Required.
	Address string `json:"address"`
	// Reason is why the risk is accepted. Required.
	Reason string `json:"reason"`
	// Owner is who accepts it. Required.
	Owner string `json:"owner"`
	// Expires is the last day, as 2006-01-02. Required.
	Expires string `json:"expires"`
}

// Exceptions are those of all environments.
type Exceptions []Exception

// ReadExceptions reads the file at a path. Without one there are no exceptions. Every fault is reported at once, with
// the field, its value and what is allowed.
func ReadExceptions(path string) (Exceptions, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var file struct {
		Exceptions Exceptions `json:"exceptions"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: must hold one object and nothing behind it", path)
	}
	if err := file.Exceptions.check(); err != nil {
		return nil, fmt.Errorf("%s:\n%w", path, err)
	}
	return file.Exceptions, nil
}

func (e Exceptions) check() error {
	var ids []string
	for _, rule := range Rules() {
		ids = append(ids, rule.ID)
	}
	var l problem.List
	for i, x := range e {
		at := fmt.Sprintf("exceptions[%d].", i)
		l.CheckThat(ScannerOf(x.Rule) != "" || slices.Contains(ids, x.Rule), at+"rule", x.Rule,
			"must be the id of a rule, see docs/controls.md, or of a scanner, such as CKV_AWS_18%s",
			problem.DidYouMean(x.Rule, ids))
		_, err := time.Parse(time.DateOnly, x.Expires)
		l.CheckThat(err == nil, at+"expires", x.Expires, "must be a day, as in 2027-11-30")
		for _, field := range []struct{ name, value, what string }{
			{"environment", x.Environment, "the environment it holds in"},
			{"address", x.Address, "the address of a resource, in which * stands for any text"},
			{"reason", x.Reason, "why the risk is accepted"},
			{"owner", x.Owner, "who accepts it"},
		} {
			l.Require(at+field.name, strings.TrimSpace(field.value) != "", field.what)
		}
	}
	return l.Err()
}

// expired reports whether the last day is over.
func (x Exception) expired(now time.Time) bool { return now.Format(time.DateOnly) > x.Expires }

// covers reports whether the exception is about a resource.
func (x Exception) covers(rule, address string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(x.Address), `\*`, ".*")
	return x.Rule == rule && regexp.MustCompile("^(?:"+pattern+")$").MatchString(address)
}

// scanners are the forms of the ids that independent scanners give their rules.
var scanners = map[string]*regexp.Regexp{
	"checkov": regexp.MustCompile(`^CKV2?_[A-Z]+_[0-9]+$`),
	"trivy":   regexp.MustCompile(`^AWS-[0-9]{4}$`),
}

// ScannerOf names the scanner that a rule is one of, by the form of its id: checkov or trivy. It is empty for a rule of
// this package.
func ScannerOf(rule string) string {
	for name, form := range scanners {
		if form.MatchString(rule) {
			return name
		}
	}
	return ""
}

// UsedException is an exception of the environment, and what it covers.
type UsedException struct {
	Exception
	// Expired means that it covers nothing any more.
	Expired bool `json:"expired"`
	// Covers lists the addresses that break the rule. One that covers none has served its time.
	Covers []string `json:"covers"`
}

// In lists the exceptions of an environment on a day to the rules of a scanner or, where that has no name, of this
// package. Nobody else can tell whether they cover anything.
func (e Exceptions) In(environment, scanner string, now time.Time) []UsedException {
	used := []UsedException{}
	for _, x := range e {
		if (x.Environment == environment || x.Environment == everywhere) && ScannerOf(x.Rule) == scanner {
			used = append(used, UsedException{x, x.expired(now), []string{}})
		}
	}
	return used
}

// everywhere is the environment of an exception that holds in all of them.
const everywhere = "*"

// Cover finds the exception for a resource that breaks a rule, and notes that it covers it. It returns the position, or
// -1 where there is none.
func Cover(used []UsedException, rule, address string) int {
	i := slices.IndexFunc(used, func(x UsedException) bool { return !x.Expired && x.covers(rule, address) })
	if i >= 0 {
		used[i].Covers = append(used[i].Covers, address)
	}
	return i
}

// FaultsOf says, a line each, which exceptions have expired or cover nothing.
func FaultsOf(used []UsedException) []string {
	var lines []string
	for _, x := range used {
		at := "exception to " + x.Rule + " for " + x.Address + ", of " + x.Owner
		switch {
		case x.Expired:
			lines = append(lines, at+": it expired on "+x.Expires)
		case len(x.Covers) == 0:
			lines = append(lines, at+": it covers nothing, and must be removed")
		}
	}
	return lines
}
