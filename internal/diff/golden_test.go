package diff

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// stack is the JSON of a stack while a test edits it.
type stack struct {
	t        testing.TB
	document map[string]any
}

// golden is the reviewed stack of an environment.
func golden(t testing.TB, environment string) stack {
	t.Helper()
	path := filepath.Join("..", "..", "tests", "testdata", "golden", "baseline-"+environment+".json")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	s := stack{t, nil}
	require.NoError(t, json.Unmarshal(data, &s.document))
	return s
}

func (s stack) json() []byte {
	data, err := json.Marshal(s.document)
	require.NoError(s.t, err)
	return data
}

func (s stack) object(name string) map[string]any {
	s.t.Helper()
	object, isObject := s.document[name].(map[string]any)
	require.True(s.t, isObject, name)
	return object
}

// hash is what CDKTF puts behind the names of resources.
var hash = regexp.MustCompile(`_[0-9A-F]{8}\b`)

// find returns the names of a resource by its address without the hash.
func (s stack) find(address string) (kind, name string) {
	s.t.Helper()
	kind, short, _ := strings.Cut(address, ".")
	named, _ := s.object("resource")[kind].(map[string]any)
	for name := range named {
		if hash.ReplaceAllString(name, "") == short {
			return kind, name
		}
	}
	require.Fail(s.t, "no resource", address)
	return "", ""
}

func (s stack) ofType(kind string) map[string]any {
	resources := s.object("resource")
	if resources[kind] == nil {
		resources[kind] = map[string]any{}
	}
	return resources[kind].(map[string]any)
}

// at is a resource.
func (s stack) at(address string) map[string]any {
	s.t.Helper()
	kind, name := s.find(address)
	return s.ofType(kind)[name].(map[string]any)
}

// ref is an expression for an attribute of a resource.
func (s stack) ref(address, attribute string) string {
	s.t.Helper()
	kind, name := s.find(address)
	return "${" + kind + "." + name + "." + attribute + "}"
}

// edits change a stack. Each takes the address of a resource without its hash.
type edit func(s stack)

// set puts a value at a path of names and positions; nil removes what is there.
func set(address, path string, value any) edit {
	return func(s stack) {
		s.t.Helper()
		s.put(s.at(address), path, value)
	}
}

func (s stack) put(in any, path string, value any) {
	s.t.Helper()
	steps := strings.Split(path, ".")
	last := len(steps) - 1
	for _, step := range steps[:last] {
		switch parent := in.(type) {
		case map[string]any:
			if parent[step] == nil {
				parent[step] = map[string]any{}
			}
			in = parent[step]
		case []any:
			i, err := strconv.Atoi(step)
			require.NoError(s.t, err, path)
			in = parent[i]
		}
	}
	switch parent := in.(type) {
	case map[string]any:
		require.NotEqual(s.t, parent[steps[last]], value, "no change")
		if value == nil {
			delete(parent, steps[last])
		} else {
			parent[steps[last]] = value
		}
	case []any:
		i, err := strconv.Atoi(steps[last])
		require.NoError(s.t, err, path)
		parent[i] = value
	}
}

// remove takes resources away.
func remove(addresses ...string) edit {
	return func(s stack) {
		s.t.Helper()
		for _, address := range addresses {
			kind, name := s.find(address)
			delete(s.ofType(kind), name)
		}
	}
}

// add makes a resource. Values that begin with @ are references: @aws_vpc.network.id.
func add(address string, attributes map[string]any) edit {
	return func(s stack) {
		s.t.Helper()
		kind, name, _ := strings.Cut(address, ".")
		resolved := map[string]any{}
		for key, value := range attributes {
			resolved[key] = s.resolve(value)
		}
		s.ofType(kind)[name] = resolved
	}
}

func (s stack) resolve(value any) any {
	text, isText := value.(string)
	if !isText || !strings.HasPrefix(text, "@") {
		return value
	}
	at := strings.LastIndex(text, ".")
	return s.ref(text[1:at], text[at+1:])
}

// statement edits the statement with a Sid of a policy.
func statement(address, argument, sid string, change func(statement map[string]any)) edit {
	return func(s stack) {
		s.t.Helper()
		for _, one := range s.statements(address, argument) {
			if one := one.(map[string]any); one["Sid"] == sid {
				change(one)
				return
			}
		}
		require.Fail(s.t, "no statement", sid)
	}
}

func (s stack) statements(address, argument string) []any {
	s.t.Helper()
	policy, isObject := s.at(address)[argument].(map[string]any)
	require.True(s.t, isObject, address)
	return policy["Statement"].([]any)
}

// addStatement adds a statement to a policy.
func addStatement(address, argument string, statement map[string]any) edit {
	return func(s stack) {
		policy := s.at(address)[argument].(map[string]any)
		policy["Statement"] = append(policy["Statement"].([]any), statement)
	}
}

// removeStatement takes away the statement with a Sid.
func removeStatement(address, argument, sid string) edit {
	return func(s stack) {
		s.t.Helper()
		policy := s.at(address)[argument].(map[string]any)
		all := policy["Statement"].([]any)
		rest := slices.DeleteFunc(slices.Clone(all), func(one any) bool { return one.(map[string]any)["Sid"] == sid })
		require.Less(s.t, len(rest), len(all), sid)
		policy["Statement"] = rest
	}
}

// reviewed compares a golden stack, after a preparation, with the same after an edit.
func reviewed(t testing.TB, environment string, prepare, change []edit) Review {
	t.Helper()
	s := golden(t, environment)
	for _, one := range prepare {
		one(s)
	}
	before := s.json()
	for _, one := range change {
		one(s)
	}
	after := s.json()
	same, err := Stacks(after, after)
	require.NoError(t, err)
	require.Empty(t, same.Changes, "a stack compared with itself")
	review, err := Stacks(before, after)
	require.NoError(t, err)
	return review
}

// short lists weakenings without the hashes of addresses.
func short(marked []Marked) []string {
	lines := []string{}
	for _, one := range marked {
		lines = append(lines, hash.ReplaceAllString(one.String(), ""))
	}
	return lines
}
