package template

import "strconv"

// value walks down nested objects and lists. A list is entered by position. It returns nil where the path leads
// nowhere.
func value(from any, path ...string) any {
	for _, name := range path {
		switch parent := from.(type) {
		case map[string]any:
			from = parent[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(parent) {
				return nil
			}
			from = parent[i]
		default:
			return nil
		}
	}
	return from
}

// Texts returns the strings of a list, and nothing of any other value.
func Texts(list any) []string { return elements[string](list) }

// Objects returns the objects of a list, such as blocks, and nothing of any other value.
func Objects(list any) []map[string]any { return elements[map[string]any](list) }

func elements[Kind any](list any) []Kind {
	var found []Kind
	all, _ := list.([]any)
	for _, one := range all {
		if element, isKind := one.(Kind); isKind {
			found = append(found, element)
		}
	}
	return found
}
