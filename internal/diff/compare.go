package diff

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// comparison is a change of a stack while it is reviewed.
type comparison struct {
	before, after side
	// former tells by the present address of what moved where it was.
	former map[string]string
	// forgotten are addresses that leave the state and stay in AWS.
	forgotten map[string]bool
}

// changes lists what differs, in the order of the addresses.
func (c comparison) changes() []Change {
	changes := []Change{}
	for _, address := range keysOf(c.before, c.after) {
		if change, differs := c.change(address); differs {
			changes = append(changes, change)
		}
	}
	return changes
}

// keysOf lists the keys of two objects, sorted.
func keysOf[Value any](one, other map[string]Value) []string {
	all := map[string]Value{}
	maps.Copy(all, one)
	maps.Copy(all, other)
	return slices.Sorted(maps.Keys(all))
}

// change compares what is at an address, and reports whether anything differs.
func (c comparison) change(address string) (Change, bool) {
	before, existed := c.before[address]
	after, exists := c.after[address]
	change := Change{Address: address, Former: c.former[address], Type: after.kind}
	switch {
	case !existed:
		change.Action = Added
		change.Policies = policiesOf(element{}, after)
		c.judgeAdded(&change, after)
		return change, true
	case !exists:
		change.Type, change.Action = before.kind, Removed
		if c.forgotten[address] {
			change.Action = Forgot
		}
		change.Policies = policiesOf(before, element{})
		c.judgeRemoved(&change, before)
		return change, true
	}
	if !reflect.DeepEqual(before.attributes, after.attributes) {
		change.Policies = policiesOf(before, after)
		change.Arguments = arguments(before, after)
	}
	if len(change.Policies)+len(change.Arguments) == 0 {
		change.Action = Moved
		return change, change.Former != ""
	}
	change.Action = Changed
	c.judge(&change, before, after)
	return change, true
}

// ignored reports whether lifecycle.ignore_changes keeps an argument of what exists as it is.
func (e element) ignored(path string) bool {
	name, _, _ := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	ignored := e.at("lifecycle.ignore_changes")
	return ignored == "all" || slices.Contains(template.Texts(ignored), name)
}

// weaker marks a change.
func (c *Change) weaker(argument, why string) {
	c.Weakenings = append(c.Weakenings, Weakening{argument, why})
}

// unjudged marks a change that a person has to judge.
func (c *Change) unjudged(argument, why string) {
	c.Unjudged = append(c.Unjudged, Weakening{argument, why})
}

// mark marks a change of an argument as its rule says. What is not visible, a person has to judge.
func (c *Change) mark(rule rule, argument string, old, now any) {
	verdict := maybe
	if visible(old) && visible(now) {
		verdict = rule.weaker(old, now)
	}
	switch verdict {
	case yes:
		c.weaker(argument, rule.why)
	case maybe:
		c.unjudged(argument, "weaker if "+rule.why)
	case look:
		c.unjudged(argument, rule.why)
	}
}

// judge finds what is weaker in what exists before and after.
func (c comparison) judge(change *Change, before, after element) {
	for _, rule := range append(slices.Clone(everywhere), rules[after.kind]...) {
		old, now := before.at(rule.argument), after.at(rule.argument)
		if equal(old, now) || after.ignored(rule.argument) {
			continue
		}
		change.mark(rule, rule.argument, old, now)
	}
	for _, whole := range wholes[after.kind] {
		whole(c, change, before, after)
	}
	for _, argument := range change.Arguments {
		if slices.Contains(policyArguments, argument.Path) {
			change.unjudged(argument.Path, "the policy cannot be read here")
		}
	}
	judgePolicies(change)
}

// policyArguments are the names under which types of resources keep a policy.
var policyArguments = []string{"policy", "assume_role_policy", "policy_document", "access_policy", "resource_policy"}
