package config

import "maps"

// layer is a JSON object: the defaults, or one environment.
type layer map[string]any

// get returns the value at a path.
func (l layer) get(path []string) (any, bool) {
	var value any = map[string]any(l)
	for _, name := range path {
		object, _ := value.(map[string]any)
		below, set := object[name]
		if !set {
			return nil, false
		}
		value = below
	}
	return value, true
}

// set puts a value at a path, making the objects on the way.
func (l layer) set(path []string, value any) {
	object := map[string]any(l)
	for _, name := range path[:len(path)-1] {
		next, isObject := object[name].(map[string]any)
		if !isObject {
			next = map[string]any{}
			object[name] = next
		}
		object = next
	}
	object[path[len(path)-1]] = value
}

// merge returns base with over laid on it: objects field by field, anything else replaced.
func merge(base, over map[string]any) map[string]any {
	merged := map[string]any{}
	maps.Copy(merged, base)
	for name, value := range over {
		below, isObject := merged[name].(map[string]any)
		above, alsoObject := value.(map[string]any)
		if isObject && alsoObject {
			merged[name] = merge(below, above)
			continue
		}
		merged[name] = value
	}
	return merged
}

// clone copies an object and the objects in it.
func clone(object map[string]any) map[string]any {
	copied := maps.Clone(object)
	for name, value := range copied {
		if below, isObject := value.(map[string]any); isObject {
			copied[name] = clone(below)
		}
	}
	return copied
}
