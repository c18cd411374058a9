package tests

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/iampolicy"
)

// template is a synthesized stack.
type template struct {
	Resource  map[string]map[string]resource `json:"resource"`
	Data      map[string]map[string]resource `json:"data"`
	Provider  map[string][]map[string]any    `json:"provider"`
	Terraform map[string]any                 `json:"terraform"`
	Output    map[string]map[string]any      `json:"output"`
}

// resource is the body of one resource.
type resource map[string]any

func parse(t testing.TB, data []byte) template {
	t.Helper()
	var parsed template
	require.NoError(t, json.Unmarshal(data, &parsed))
	return parsed
}

// resources returns all resources by Terraform address.
func (s template) resources() map[string]resource {
	all := map[string]resource{}
	for kind, named := range s.Resource {
		for name, body := range named {
			all[kind+"."+name] = body
		}
	}
	return all
}

// path is where the resource stands in the construct tree, below the stack: "logs-key/Resource".
func (r resource) path() string {
	comment, _ := r["//"].(map[string]any)
	metadata, _ := comment["metadata"].(map[string]any)
	full, _ := metadata["path"].(string)
	_, below, _ := strings.Cut(full, "/")
	return below
}

// at returns the resource of a type at a path of the construct tree.
func (s template) at(t testing.TB, kind, path string) resource {
	t.Helper()
	var paths []string
	for _, body := range s.Resource[kind] {
		if body.path() == path {
			return body
		}
		paths = append(paths, body.path())
	}
	slices.Sort(paths)
	require.Failf(t, "no such resource", "%s at %q; there are %q", kind, path, paths)
	return nil
}

// address returns the address of the resource of a type at a path of the construct tree.
func (s template) address(t testing.TB, kind, path string) string {
	t.Helper()
	s.at(t, kind, path)
	for name, body := range s.Resource[kind] {
		if body.path() == path {
			return kind + "." + name
		}
	}
	return ""
}

// dependsOn lists the addresses that a resource explicitly waits for.
func (r resource) dependsOn() []string {
	var addresses []string
	list, _ := r["depends_on"].([]any)
	for _, address := range list {
		addresses = append(addresses, address.(string))
	}
	return addresses
}

// refers returns the address that an attribute such as "${aws_vpc.network.id}" refers to.
func (r resource) refers(t testing.TB, attribute string) string {
	t.Helper()
	inner, isReference := strings.CutPrefix(r.text(t, attribute), "${")
	require.True(t, isReference, "%s of %s is %v, not a reference", attribute, r.path(), r[attribute])
	parts := strings.Split(strings.TrimSuffix(inner, "}"), ".")
	return strings.Join(parts[:2], ".")
}

// addresses lists the addresses of all resources, sorted.
func (s template) addresses() []string { return slices.Sorted(maps.Keys(s.resources())) }

// text returns an attribute that must be a string.
func (r resource) text(t testing.TB, attribute string) string {
	t.Helper()
	value, isString := r[attribute].(string)
	require.True(t, isString, "%s of %s is %v, not a string", attribute, r.path(), r[attribute])
	return value
}

// keyReference matches the expression that yields the ARN of one of the stack's keys.
var keyReference = regexp.MustCompile(`\$\{aws_kms_key\.([a-z]+)-key_[0-9A-F]+\.arn\}`)

// keyOf is the ARN that stands in for a key's before it exists.
func keyOf(purpose string) string {
	return "arn:aws:kms:" + region + ":" + account + ":key/" + purpose
}

// resolve puts values in place of the expressions that yield them at plan or apply.
func resolve(text string) string {
	text = strings.ReplaceAll(text, "${data.aws_caller_identity.current.account_id}", account)
	return keyReference.ReplaceAllString(text, keyOf("$1"))
}

// policy returns a policy attribute as AWS will read it.
func (r resource) policy(t testing.TB, attribute string) iampolicy.Document {
	t.Helper()
	text := resolve(r.text(t, attribute))
	require.NotContains(t, text, "${", "%s of %s: a value nobody knows would match nothing, and prove nothing", attribute, r.path())
	document, err := iampolicy.Parse(text)
	require.NoError(t, err, "%s of %s", attribute, r.path())
	return document
}
