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

// stringList returns the strings of a list, and nothing of any other value.
func stringList(list any) []string {
	var texts []string
	elements, _ := list.([]any)
	for _, element := range elements {
		if text, isString := element.(string); isString {
			texts = append(texts, text)
		}
	}
	return texts
}
