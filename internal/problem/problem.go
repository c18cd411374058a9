// Package problem reports what is wrong with given values, all of it at once and in one form: "path = value: must be
// …".
package problem

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Problem is one value that breaks a rule. It reads "path = value: must be …", and names each of the three once.
type Problem struct {
	// Path is where the value is, such as "context.baseline.defaults.region" or "props.KeyARN".
	Path string
	// Value is what was given; nil if nothing was, or if the name of the field is the mistake.
	Value any
	// Message is the broken rule, and what to do. It begins with "must".
	Message string
}

// New returns a problem.
func New(path string, value any, message string) Problem {
	return Problem{Path: path, Value: value, Message: message}
}

// maxShownValue bounds how much of a value a message repeats, in characters.
const maxShownValue = 60

func (p Problem) String() string {
	if p.Value == nil {
		return p.Path + ": " + p.Message
	}
	return fmt.Sprintf("%s = %s: %s", p.Path, Show(p.Value), p.Message)
}

// Show renders a value as JSON, on one line and not too long, as messages do.
func Show(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	text := []rune(strings.TrimSpace(out.String()))
	if len(text) > maxShownValue {
		text = append(text[:maxShownValue], '…')
	}
	return string(text)
}

// List collects problems. The zero value is empty.
type List []Problem

// Check adds a problem if a value breaks a rule. The error of the rule says what the value must be ("must be 1 to 35
// days") and names neither path nor value; nil adds nothing.
func (l *List) Check(path string, value any, rule error) {
	if rule != nil {
		*l = append(*l, New(path, value, rule.Error()))
	}
}

// CheckThat adds a problem unless a condition holds. The format says what the value must be.
func (l *List) CheckThat(holds bool, path string, value any, format string, arguments ...any) {
	if !holds {
		*l = append(*l, New(path, value, fmt.Sprintf(format, arguments...)))
	}
}

// Require adds a problem if nothing is given where something must be, such as "the ARN of the key".
func (l *List) Require(path string, given bool, what string) {
	l.CheckThat(given, path, nil, "must be %s", what)
}

// Err returns all problems as one error, a line each, or nil if there are none.
func (l List) Err() error {
	lines := make([]error, len(l))
	for i, p := range l {
		lines[i] = errors.New(p.String())
	}
	return errors.Join(lines...)
}
