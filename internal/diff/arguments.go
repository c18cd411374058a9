package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// arguments lists the arguments that differ, without policies, which are compared statement by statement.
func arguments(before, after element) []Argument {
	var found differences
	found.compare("", before.withoutPolicies(after), after.withoutPolicies(before))
	for i := range found {
		found[i].Ignored = after.ignored(found[i].Path)
	}
	return found
}

// differences collects arguments.
type differences []Argument

func (d *differences) compare(path string, before, after any) {
	before, after = single(before), single(after)
	if equal(before, after) {
		return
	}
	oldObject, wasObject := before.(map[string]any)
	newObject, isObject := after.(map[string]any)
	oldList, wasList := before.([]any)
	newList, isList := after.([]any)
	switch {
	case wasObject && isObject:
		for _, key := range keysOf(oldObject, newObject) {
			d.compare(join(path, key), oldObject[key], newObject[key])
		}
	case (wasObject || hasBlocks(oldList)) && (isObject || hasBlocks(newList)):
		d.compareBlocks(path, asList(before), asList(after))
	case wasList && isList && visible(before) && visible(after):
		*d = append(*d, Argument{Path: path, Less: without(oldList, newList), More: without(newList, oldList)})
	default:
		*d = append(*d, Argument{Path: path, Old: written(before), New: written(after)})
	}
}

func asList(value any) []any {
	if list, isList := value.([]any); isList {
		return list
	}
	return []any{value}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func hasBlocks(list []any) bool {
	return slices.ContainsFunc(list, func(one any) bool {
		_, isObject := one.(map[string]any)
		return isObject
	})
}

// compareBlocks pairs blocks by what names them, and takes the others for removed and added. Their order never counts:
// in the resources of the stack, what is written as a list of blocks is a set, or has no first.
func (d *differences) compareBlocks(path string, before, after []any) {
	gone, came := unpaired(before, after), unpaired(after, before)
	key := identity(gone, came)
	for _, old := range gone {
		name := nameOf(old, key)
		at := slices.IndexFunc(came, func(one any) bool { return key != "" && nameOf(one, key) == name })
		if at < 0 {
			*d = append(*d, Argument{Path: entry(path, name), Old: written(old), New: none})
			continue
		}
		d.compare(entry(path, name), old, came[at])
		came = slices.Delete(came, at, at+1)
	}
	for _, now := range came {
		*d = append(*d, Argument{Path: entry(path, nameOf(now, key)), Old: none, New: written(now)})
	}
}

// entry is the path of a block in a list.
func entry(path, name string) string { return path + "[" + name + "]" }

// unpaired are the elements of a list that another one has no equal for.
func unpaired(list, other []any) []any {
	rest := slices.Clone(other)
	var alone []any
	for _, one := range list {
		if at := slices.IndexFunc(rest, func(two any) bool { return equal(one, two) }); at >= 0 {
			rest = slices.Delete(rest, at, at+1)
		} else {
			alone = append(alone, one)
		}
	}
	return alone
}

// identities are arguments that may name a block, the most telling first.
var identities = []string{"name", "id", "rule_no", "field", "description", "cidr_block", "key"}

// identity is the argument that names each block of both lists, empty if there is none.
func identity(lists ...[]any) string {
	for _, key := range identities {
		names := true
		for _, list := range lists {
			seen := map[string]bool{}
			for _, one := range list {
				name := nameOf(one, key)
				names = names && name != "" && !seen[name]
				seen[name] = true
			}
		}
		if names {
			return key
		}
	}
	return ""
}

func nameOf(block any, key string) string {
	object, _ := block.(map[string]any)
	if object[key] == nil || !visible(object[key]) {
		return ""
	}
	return fmt.Sprint(object[key])
}

// equal compares values, lists as sets that may hold an element twice.
func equal(one, other any) bool {
	one, other = single(one), single(other)
	switch one := one.(type) {
	case map[string]any:
		other, isObject := other.(map[string]any)
		if !isObject || len(one) != len(other) {
			return false
		}
		for key := range one {
			if there, exists := other[key]; !exists || !equal(one[key], there) {
				return false
			}
		}
		return true
	case []any:
		other, isList := other.([]any)
		return isList && len(one) == len(other) && len(unpaired(one, other)) == 0
	}
	return reflect.DeepEqual(one, other)
}

// without are the texts of the elements of a list that another one lacks.
func without(list, other []any) []string {
	var texts []string
	for _, one := range unpaired(list, other) {
		texts = append(texts, written(one))
	}
	slices.Sort(texts)
	return texts
}

// What stands for values that there are none of, that nobody knows yet, or that nobody shall see.
const (
	none     = "(none)"
	notKnown = "(known after apply)"
	notShown = "(sensitive)"
)

// written is a value as JSON.
func written(value any) string {
	switch value.(type) {
	case nil:
		return none
	case hidden:
		return notShown
	case unknown:
		return notKnown
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// MarshalJSON hides the value in whatever holds it.
func (hidden) MarshalJSON() ([]byte, error) { return json.Marshal(notShown) }

// MarshalJSON says that the value is not known.
func (unknown) MarshalJSON() ([]byte, error) { return json.Marshal(notKnown) }
