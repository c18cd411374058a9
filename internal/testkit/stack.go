package testkit

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
	"securebaseline/stacks"
)

// jsii is not safe for concurrent use.
var jsiiLock sync.Mutex

// SynthesizeJSON returns the Terraform JSON of a configuration, synthesized anew.
func SynthesizeJSON(t testing.TB, cfg config.Config) []byte {
	t.Helper()
	jsiiLock.Lock()
	defer jsiiLock.Unlock()
	output := stacks.Output{Dir: t.TempDir()}
	require.NoError(t, stacks.Synthesize(cfg, output))
	return []byte(ReadFile(t, output.Stack(cfg.Environment), template.File))
}

// synthesized keeps the JSON of each configuration, because many tests look at the same stack.
var synthesized sync.Map

// JSON returns the Terraform JSON of an environment of cdktf.json, with some settings replaced. Each configuration is
// synthesized once; the caller must not change the JSON.
//
// Under -short, which is how make check tests, it skips a test that asks for settings that are not common: each stack
// takes a fifth of a second, and there are more than a hundred.
func JSON(t testing.TB, environment string, replaced Settings) []byte {
	t.Helper()
	if testing.Short() && !slices.ContainsFunc(common(), replaced.equal) {
		t.Skip("synthesizes a stack of its own, which make test does")
	}
	return jsonOf(t, environment, replaced)
}

func jsonOf(t testing.TB, environment string, replaced Settings) []byte {
	t.Helper()
	cfg := Load(t, environment, replaced)
	key, err := json.Marshal(cfg)
	require.NoError(t, err)
	data, known := synthesized.Load(string(key))
	if !known {
		data = SynthesizeJSON(t, cfg)
		synthesized.Store(string(key), data)
	}
	return data.([]byte)
}

// Synthesize returns the stack of an environment of cdktf.json, with some settings replaced. Like JSON, it skips some
// tests under -short.
func Synthesize(t testing.TB, environment string, replaced Settings) Stack {
	t.Helper()
	return Parse(t, JSON(t, environment, replaced))
}

// SynthesizeAlways is Synthesize for what must not break in the inner loop either: it skips no test.
func SynthesizeAlways(t testing.TB, environment string, replaced Settings) Stack {
	t.Helper()
	return Parse(t, jsonOf(t, environment, replaced))
}

// BootstrapJSON returns the Terraform JSON of what the account of an environment needs before a pipeline can deploy.
func BootstrapJSON(t testing.TB, environment string, replaced Settings) []byte {
	t.Helper()
	planned, err := stacks.PlanBootstrap(Load(t, environment, replaced))
	require.NoError(t, err)
	deployed := Synthesize(t, environment, replaced)
	jsiiLock.Lock()
	defer jsiiLock.Unlock()
	output := stacks.Output{Dir: t.TempDir()}
	require.NoError(t, planned.Synthesize(deployed.Template, output))
	return []byte(ReadFile(t, output.Bootstrap(environment), template.File))
}

// Stack is a synthesized stack, whose methods fail a test where something is missing.
type Stack struct{ *template.Template }

// Parse returns the stack of Terraform JSON.
func Parse(t testing.TB, data []byte) Stack {
	t.Helper()
	parsed, err := template.Parse(data)
	require.NoError(t, err)
	return Stack{parsed}
}

// Resource is a resource of a stack, whose methods fail a test where something is missing.
type Resource struct{ template.Resource }

// At returns the resource of a type at a path of the construct tree.
func (s Stack) At(t testing.TB, resourceType, path string) Resource {
	t.Helper()
	r, err := s.AtPath(resourceType, path)
	require.NoError(t, err)
	return Resource{r}
}

// Address returns the address of the resource of a type at a path of the construct tree.
func (s Stack) Address(t testing.TB, resourceType, path string) string {
	t.Helper()
	return s.At(t, resourceType, path).Resource.Address
}

// Get returns the resource at an address.
func (s Stack) Get(t testing.TB, address string) Resource {
	t.Helper()
	r, exists := s.Template.Resource(address)
	require.True(t, exists, "no resource at %s", address)
	return Resource{r}
}

// OfType lists the resources of a type.
func (s Stack) OfType(resourceType string) []Resource { return wrap(s.Template.OfType(resourceType)) }

// All lists all managed resources.
func (s Stack) All() []Resource { return wrap(s.Resources()) }

func wrap(resources []template.Resource) []Resource {
	wrapped := make([]Resource, len(resources))
	for i, r := range resources {
		wrapped[i] = Resource{r}
	}
	return wrapped
}

// ByAddress returns all managed resources by address.
func (s Stack) ByAddress() map[string]Resource {
	all := map[string]Resource{}
	for _, r := range s.All() {
		all[r.Address] = r
	}
	return all
}

// Text returns an attribute that must be a string.
func (r Resource) Text(t testing.TB, attribute string) string {
	t.Helper()
	text, isString := r.String(attribute)
	require.True(t, isString, "%s of %s is %v, not a string", attribute, r.Path, r.Attributes[attribute])
	return text
}

// Refers returns the address that an attribute must refer to, and to nothing else.
func (r Resource) Refers(t testing.TB, attribute string) string {
	t.Helper()
	return Target(t, r.Text(t, attribute))
}

// Target returns the address that an expression such as "${aws_vpc.network.id}" refers to.
func Target(t testing.TB, expression string) string {
	t.Helper()
	address, isReference := template.ReferenceIn(expression)
	require.True(t, isReference, "%s is no reference", expression)
	return address
}

// Policy returns a policy attribute as AWS will read it, with KeyARN for each key of the stack.
func (r Resource) Policy(t testing.TB, attribute string) iampolicy.Document {
	t.Helper()
	policy, err := r.Resource.Policy(attribute, valuesIn(r.Text(t, attribute)))
	require.NoError(t, err)
	return policy
}

// KeyARN stands in for the ARN of one of the stack's keys, by its purpose.
func KeyARN(purpose string) string {
	return "arn:aws:kms:" + Region + ":" + Account + ":key/" + purpose
}

// Resolve puts values in place of the expressions that yield them at plan or apply.
func Resolve(text string) string { return valuesIn(text).Resolve(text) }

// valuesIn returns values for the expressions in a text: the account and the ARNs of keys.
func valuesIn(text string) template.Values {
	values := template.Values{"data.aws_caller_identity.current.account_id": Account}
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "${aws_kms_key.")
		if !found {
			return values
		}
		expression, remainder, _ := strings.Cut(after, "}")
		if purpose, _, isKey := strings.Cut(expression, "-key_"); isKey {
			values["aws_kms_key."+expression] = KeyARN(purpose)
		}
		rest = remainder
	}
}
