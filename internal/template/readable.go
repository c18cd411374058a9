package template

import (
	"bytes"
	"encoding/json"
)

// Readable turns the JSON of a stack into what a reviewer reads: keys sorted, policies as objects, without CDKTF's
// metadata.
func Readable(data []byte) ([]byte, error) {
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(expand(document))
	return out.Bytes(), err
}

// expand replaces every policy in a value by the object that it encodes.
func expand(value any) any {
	switch value := value.(type) {
	case map[string]any:
		delete(value, metadata)
		for key := range value {
			value[key] = expand(value[key])
		}
	case []any:
		for i := range value {
			value[i] = expand(value[i])
		}
	case string:
		var policy map[string]any
		if json.Unmarshal([]byte(value), &policy) == nil && policy["Statement"] != nil {
			return policy
		}
	}
	return value
}
