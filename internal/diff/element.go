package diff

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// element is one thing under comparison: a resource or data source, an output, or settings.
type element struct {
	address, kind string
	attributes    map[string]any
}

// side is a stack before or after a change, by address.
type side map[string]element

// hidden stands for a value that must not be shown, and unknown for one that AWS has yet to choose. Neither is judged.
type (
	hidden  struct{ value any }
	unknown struct{}
)

// visible reports whether nothing in a value is hidden or unknown.
func visible(value any) bool {
	switch value := value.(type) {
	case hidden, unknown:
		return false
	case []any:
		return !slices.ContainsFunc(value, func(one any) bool { return !visible(one) })
	case map[string]any:
		for _, one := range value {
			if !visible(one) {
				return false
			}
		}
	}
	return true
}

// secret are names of arguments whose texts are not shown, whether or not something marks them.
var secret = regexp.MustCompile(`(^|_)(password|secret_string|secret_binary|auth_token|private_key|token)$`)

// tidy returns a value in the form in which values are compared: policies as objects, nothing that is null.
func tidy(value any) any {
	switch value := value.(type) {
	case map[string]any:
		tidied := map[string]any{}
		for key, one := range value {
			if text, isText := one.(string); isText && text != "" && secret.MatchString(key) {
				one = hidden{text}
			}
			if one = tidy(one); one != nil {
				tidied[key] = one
			}
		}
		return tidied
	case []any:
		tidied := make([]any, len(value))
		for i := range value {
			tidied[i] = tidy(value[i])
		}
		return tidied
	case string:
		var policy map[string]any
		if strings.HasPrefix(value, "{") && json.Unmarshal([]byte(value), &policy) == nil &&
			policy["Statement"] != nil {
			return policy
		}
	}
	return value
}

func newElement(address, kind string, attributes map[string]any) element {
	tidied, _ := tidy(attributes).(map[string]any)
	return element{address, kind, tidied}
}

// at returns what stands at a path of names, such as lifecycle.prevent_destroy. A block that may be there once only is
// the same as a list of it. It returns nil where the path leads nowhere, and what hides it where that is what it meets.
func (e element) at(path string) any {
	var value any = e.attributes
	for name := range strings.SplitSeq(path, ".") {
		value = single(value)
		switch value.(type) {
		case nil, hidden, unknown:
			return value
		}
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

// single is the one element of a list of blocks, and any other value as it is.
func single(value any) any {
	if list, isList := value.([]any); isList && len(list) == 1 {
		if _, isObject := list[0].(map[string]any); isObject {
			return list[0]
		}
	}
	return value
}

// blocks lists the blocks at a path, whether written as a list or as one alone.
func (e element) blocks(path string) []map[string]any {
	value := e.at(path)
	if object, isObject := value.(map[string]any); isObject {
		return []map[string]any{object}
	}
	return template.Objects(value)
}

// text returns a text at a path, empty for what is none.
func (e element) text(path string) string {
	text, _ := e.at(path).(string)
	return text
}

// names are the texts by which other resources refer to an element.
func (e element) names() []string {
	names := []string{e.address}
	for _, attribute := range []string{"id", "arn", "name", "bucket", "identifier"} {
		if text := e.text(attribute); text != "" {
			names = append(names, text)
		}
	}
	return names
}

// refersTo reports whether a value names another element: by reference, by one of its names, or by an ARN with it.
func refersTo(value any, other element) bool {
	switch value := value.(type) {
	case string:
		address, _ := template.ReferenceIn(value)
		return address == other.address || slices.Contains(other.names(), value)
	case []any:
		return slices.ContainsFunc(value, func(one any) bool { return refersTo(one, other) })
	case map[string]any:
		for _, one := range value {
			if refersTo(one, other) {
				return true
			}
		}
	}
	return false
}
