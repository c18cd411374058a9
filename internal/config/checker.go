package config

import (
	"slices"
	"strings"

	"securebaseline/internal/problem"
)

// checker collects what is wrong with the merged settings of one environment, and finds where each came from.
type checker struct {
	layers                   // of the environment that is checked
	bad      map[string]bool // paths that the schema has reported
	problems Problems
}

// check applies a rule to a field that a layer sets. The rule says what the value must be.
func (c *checker) check(value string, rule func(string) error, path ...string) {
	if c.given(path...) {
		c.problemIf(c.where(path...), value, rule(value))
	}
}

// each applies a rule to every element of a list.
func (c *checker) each(values []string, rule func(string) error, path ...string) {
	for i, value := range values {
		c.problemIf(element(c.where(path...), i), value, rule(value))
	}
}

// setBy reports which layers set a field.
func (c *checker) setBy(path []string) (own, defaults bool) {
	_, own = c.own.get(path)
	_, defaults = c.defaults.get(path)
	return own, defaults
}

// given reports whether a layer sets a field.
func (c *checker) given(path ...string) bool {
	own, defaults := c.setBy(path)
	return own || defaults
}

// known reports whether a field is set, or was and has been reported.
func (c *checker) known(path ...string) bool {
	own, defaults := c.places(path)
	return c.given(path...) || c.reported(own) || c.reported(defaults)
}

// where returns the place of a field: in the environment, unless only the defaults have it.
func (c *checker) where(path ...string) string {
	own, defaults := c.places(path)
	if inOwn, inDefaults := c.setBy(path); inDefaults && !inOwn {
		return defaults
	}
	return own
}

// stands returns what a layer sets a field to, the environment's own rather than the defaults'.
func (c *checker) stands(path ...string) any {
	if value, set := c.own.get(path); set {
		return value
	}
	value, _ := c.defaults.get(path)
	return value
}

// places are those of a field in the environment and in the defaults.
func (c *checker) places(path []string) (own, defaults string) {
	return field(slices.Concat([]string{"environments", c.config.Environment}, path)...),
		field(slices.Concat([]string{"defaults"}, path)...)
}

// reported reports whether the schema has refused a place, or something that contains it.
func (c *checker) reported(place string) bool {
	for bad := range c.bad {
		if place == bad || within(place, bad) {
			return true
		}
	}
	return false
}

// within reports whether a place is a part of another.
func within(place, whole string) bool {
	return strings.HasPrefix(place, whole+".") || strings.HasPrefix(place, whole+"[")
}

// problem reports a mistake, unless one at that place has been reported by the schema.
func (c *checker) problem(path string, value any, message string) {
	if !c.reported(path) {
		c.problems = append(c.problems, problem.New(path, value, message))
	}
}

// problemIf reports a rule that is broken. The rule's error is the message: it begins with "must" and names neither
// path nor value.
func (c *checker) problemIf(path string, value any, rule error) {
	if rule != nil {
		c.problem(path, value, rule.Error())
	}
}
