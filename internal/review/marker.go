// Package review writes what a team reads of a plan, in Markdown: the review of a change, with the command that applies
// exactly what was reviewed, and the report of a nightly look for drift. By itself it shows addresses and actions, and
// no value.
package review

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// Kind is what a text is about.
type Kind string

// The kinds of texts.
const (
	OfChange Kind = "review"
	OfDrift  Kind = "drift"
)

// Marker is the first line of a text, which a reader does not see: by it a program finds the text again, in a file or
// among the comments of a pull request.
type Marker struct {
	Kind        Kind
	Environment string
	// Changes is how many resources and outputs would change.
	Changes int
	// Fingerprint is that of the plan; of a review alone.
	Fingerprint string
}

// none stands in a marker for what there is not.
const none = "-"

// Prefix is how the marker of an environment begins, whatever it says of the plan.
func Prefix(kind Kind, environment string) string {
	return fmt.Sprintf("<!-- securebaseline %s %s ", kind, environment)
}

func (m Marker) String() string {
	return fmt.Sprintf("%s%d %s -->", Prefix(m.Kind, m.Environment), m.Changes, cmp.Or(m.Fingerprint, none))
}

var marker = regexp.MustCompile(`^<!-- securebaseline (review|drift) (\S+) ([0-9]+) ([0-9a-f]{64}|-) -->`)

// ReadMarker reads the first line of a text that this package has written.
func ReadMarker(text string) (Marker, error) {
	found := marker.FindStringSubmatch(text)
	if found == nil {
		return Marker{}, errors.New("must begin with the marker of make review or make drift")
	}
	changes, err := strconv.Atoi(found[3])
	m := Marker{Kind: Kind(found[1]), Environment: found[2], Changes: changes, Fingerprint: found[4]}
	if m.Fingerprint == none {
		m.Fingerprint = ""
	}
	return m, err
}

// Failed is the text where the plan could not be made, so that nobody takes an earlier one for it.
func Failed(kind Kind, environment string) string {
	return fmt.Sprintf("%sfailed -->\n## %s: the plan failed\n\nWhat it was before does not count any more.\n",
		Prefix(kind, environment), environment)
}
