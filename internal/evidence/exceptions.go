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
	"strings"
	"time"

	"securebaseline/internal/problem"
)

// ExceptionsFile is the name of the file of exceptions, beside cdktf.json.
const ExceptionsFile = "exceptions.json"

// Exception lets resources break a rule on purpose, for a while.
type Exception struct {
	// Environment is where it holds. Required.
	Environment string `json:"environment"`
	// Rule is the id of the rule. Required.
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

// ReadExceptions reads the file in a directory. Without one there are no exceptions. Every fault is reported at once,
// with the field, its value and what is allowed.
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
		known := strings.Contains(" "+strings.Join(ids, " ")+" ", " "+x.Rule+" ")
		l.CheckThat(x.Rule != "" && known, at+"rule", x.Rule, "must be the id of a rule, see docs/controls.md%s",
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
