package report

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mutation changes the resources of a synthesized stack, by type and name.
type mutation func(t *testing.T, resources map[string]any)

// named returns the resources of a type whose names begin with a text, of which there must be one at least.
func namedResources(t *testing.T, resources map[string]any, resourceType, name string) map[string]any {
	t.Helper()
	all, _ := resources[resourceType].(map[string]any)
	found := map[string]any{}
	for key, body := range all {
		if strings.HasPrefix(key, name) {
			found[key] = body
		}
	}
	require.NotEmpty(t, found, "%s %s", resourceType, name)
	return found
}

// set gives a value to what stands at a path, such as rule.0.status, of the resources of a type.
func set(resourceType, name, path string, value any) mutation {
	return func(t *testing.T, resources map[string]any) {
		steps := strings.Split(path, ".")
		last := steps[len(steps)-1]
		for _, body := range namedResources(t, resources, resourceType, name) {
			parent := body
			for _, step := range steps[:len(steps)-1] {
				parent = child(t, parent, step)
			}
			if list, isList := parent.([]any); isList {
				list[index(t, last)] = value
			} else {
				parent.(map[string]any)[last] = value
			}
		}
	}
}

func child(t *testing.T, parent any, step string) any {
	if list, isList := parent.([]any); isList {
		return list[index(t, step)]
	}
	return parent.(map[string]any)[step]
}

func index(t *testing.T, step string) int {
	t.Helper()
	i, err := strconv.Atoi(step)
	require.NoError(t, err)
	return i
}

// reword replaces text in an attribute of the resources of a type, in which it must occur.
func reword(resourceType, name, attribute, before, after string) mutation {
	return func(t *testing.T, resources map[string]any) {
		for key, body := range namedResources(t, resources, resourceType, name) {
			text, _ := body.(map[string]any)[attribute].(string)
			require.Contains(t, text, before, key)
			body.(map[string]any)[attribute] = strings.ReplaceAll(text, before, after)
		}
	}
}

// drop removes resources of a type.
func drop(resourceType, name string) mutation {
	return func(t *testing.T, resources map[string]any) {
		for key := range namedResources(t, resources, resourceType, name) {
			delete(resources[resourceType].(map[string]any), key)
		}
	}
}

// added is a statement in front of the others of a policy.
func added(resourceType, name, attribute, statement string) mutation {
	return reword(resourceType, name, attribute, `"Statement":[`, `"Statement":[`+statement+`,`)
}

// ruleOf is a rule of a security group or an ACL that stands alone in a list.
func ruleOf(rule map[string]any) []any { return []any{rule} }
