// Package faults collects what is wrong with the props of a construct, so that all of it is told at once and in one form:
// the field, the value, what it must be.
package faults

import (
	"errors"
	"fmt"
)

// List holds the faults found so far. The zero value is empty.
type List []error

// Check adds that a field's value breaks a rule. The rule's error says what the value must be ("must be 1 to 35 days"); nil
// adds nothing.
func (l *List) Check(field string, value any, rule error) {
	if rule == nil {
		return
	}
	shown := fmt.Sprint(value)
	if text, isText := value.(string); isText {
		shown = fmt.Sprintf("%q", text)
	}
	l.Add("%s is %s; it %w", field, shown, rule)
}

// Require adds that a field is missing, and says what it must be ("the ARN of the key").
func (l *List) Require(field string, missing bool, what string) {
	if missing {
		l.Add("%s is empty; it must be %s", field, what)
	}
}

// Add adds a fault of another kind. The text begins with the field.
func (l *List) Add(format string, arguments ...any) {
	*l = append(*l, fmt.Errorf("props."+format, arguments...))
}

// Err is all faults, a line each, or nil if there are none.
func (l List) Err() error { return errors.Join(l...) }
