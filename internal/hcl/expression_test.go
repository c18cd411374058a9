package hcl

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// known are the values and functions of expressions in these tests.
var known = &hcl.EvalContext{
	Variables: map[string]cty.Value{"a": cty.ObjectVal(map[string]cty.Value{
		"b-c": cty.StringVal(`x"y`), "n": cty.NumberIntVal(2), "l": cty.ListVal([]cty.Value{cty.StringVal("z")}),
	})},
	Functions: map[string]function.Function{"upper": stdlib.UpperFunc, "jsonencode": stdlib.JSONEncodeFunc},
}

// templates are strings of JSON that are templates, with what they become.
var templates = map[string]string{
	"plain":                            `"plain"`,
	"":                                 `""`,
	"${a.b-c}":                         `a.b-c`,
	"${ a.n }":                         `a.n`,
	"${a.b-c}${a.n}":                   `"${a.b-c}${a.n}"`,
	"arn:${a.b-c}:x":                   `"arn:${a.b-c}:x"`,
	`${upper("q")}`:                    `upper("q")`,
	`"${upper("q-${a.n}")}"` + "\n\\":  `"\"${upper("q-${a.n}")}\"\n\\"`,
	"$${aws:username}":                 `"$${aws:username}"`,
	"$${x}/${a.n}/%%{y}":               `"$${x}/${a.n}/%%{y}"`,
	"$$${a.n}":                         `"$$${a.n}"`,
	"100 % of $":                       `"100 % of $"`,
	"%{ if a.n == 2 }\"t\"%{ endif }":  `"%{ if a.n == 2 }\"t\"%{ endif }"`,
	"${upper(\"\")} \t\u00e9\u200b€":   `"${upper("")} \té\u200b€"`,
	"two\nlines, ${a.l[0]}":            `"two\nlines, ${a.l[0]}"`,
	`${a.n == 2 ? "yes" : "${a.b-c}"}`: `a.n == 2 ? "yes" : "${a.b-c}"`,
	"$${\n%%{\t":                       `"$${\n%%{\t"`,
	`C:\temp`:                          `"C:\\temp"`,
	"${[for x in a.l : \"${x}}\"]}":    `[for x in a.l : "${x}}"]`,
}

func TestTemplates(t *testing.T) {
	for text, want := range templates {
		p := &printer{}
		assert.Equal(t, want, p.template(text), text)
		assert.NoError(t, p.err)
		assertSame(t, text)
	}
	for _, broken := range []string{"${", "${a.}", "%{ if a }", "a ${a.n", "\r${"} {
		p := &printer{at: "here"}
		p.template(broken)
		assert.ErrorContains(t, p.err, "here: ", broken)
	}
}

// assertSame demands that Terraform reads the same from a string of JSON and from what it became.
func assertSame(t *testing.T, text string) {
	t.Helper()
	p := &printer{}
	rendered := p.template(text)
	if p.err != nil {
		return
	}
	quoted, err := json.Marshal(text)
	require.NoError(t, err)
	before, diagnostics := hcljson.ParseExpression(quoted, "")
	require.False(t, diagnostics.HasErrors(), diagnostics.Error())
	after, diagnostics := hclsyntax.ParseExpression([]byte(rendered), "", hcl.InitialPos)
	require.False(t, diagnostics.HasErrors(), "%q became %s: %v", text, rendered, diagnostics)
	want, wrong := before.Value(known)
	got, alsoWrong := after.Value(known)
	require.Equal(t, wrong.HasErrors(), alsoWrong.HasErrors(), "%q became %s: %v %v", text, rendered, wrong, alsoWrong)
	if !wrong.HasErrors() {
		assert.Equal(t, want.GoString(), got.GoString(), "%q became %s", text, rendered)
	}
}

func FuzzTemplates(f *testing.F) {
	for text := range templates {
		f.Add(text)
	}
	f.Fuzz(assertSame)
}

func TestValues(t *testing.T) {
	long := "aws_network_acl_association.network_database-acl-a_040055BD"
	for _, test := range []struct {
		value any
		want  string
	}{
		{nil, "null"}, {true, "true"}, {4294967296.0, "4294967296"}, {0.5, "0.5"}, {-1.0, "-1"},
		{[]any{}, "[]"}, {map[string]any{}, "{}"},
		{[]any{"a", 1.0, "${a.n}"}, `["a", 1, a.n]`},
		{[]any{long, long}, "[\n\"" + long + "\",\n\"" + long + "\",\n]"},
		{[]any{map[string]any{"a": nil}}, "[\n{\na = null\n},\n]"},
		{map[string]any{"${a.n}": 1.0, "x-${a.n}": 2.0, "a b": 3.0, "for": 4.0, "null": 5.0, "//": "kept"},
			"{\n(a.n) = 1\n\"//\" = \"kept\"\n\"a b\" = 3\n\"for\" = 4\n\"null\" = 5\n\"x-${a.n}\" = 2\n}"},
	} {
		p := &printer{}
		assert.Equal(t, test.want, p.expression(test.value))
		assert.NoError(t, p.err)
	}
	p := &printer{}
	assert.Equal(t, "[\"$${a.n}\"]", p.literal([]any{"${a.n}"}), "what is not evaluated is no template")
}

func TestReferences(t *testing.T) {
	for reference, want := range map[any]string{
		"aws_vpc.a-b_1": "aws_vpc.a-b_1", "${aws_vpc.a}": "aws_vpc.a", "aws.west": "aws.west",
		`tags["x"]`: `tags["x"]`,
	} {
		p := &printer{}
		assert.Equal(t, want, p.bare(reference))
		assert.NoError(t, p.err)
	}
	for _, wrong := range []any{"", "a b", 1.0, nil, "a ="} {
		p := &printer{}
		p.bare(wrong)
		assert.ErrorContains(t, p.err, "must be a reference", wrong)
	}
	p := &printer{}
	p.bareList("all")
	assert.ErrorContains(t, p.err, "must be a list of references")
}

func TestPolicies(t *testing.T) {
	p := &printer{}
	rendered, isPolicy := p.policy(`{"Version":"2012-10-17","Statement":[{"Sid":"A\u003c","Effect":"Allow",` +
		`"Action":"*",` +
		`"Resource":["${a.b-c}","arn:${a.n}/$${aws:username}"],"Condition":{"Bool":{"aws:SecureTransport":true},` +
		`"NumericLessThan":{"s3:TlsVersion":1.2}},"Principal":{},"None":null}]}`)
	require.True(t, isPolicy)
	assert.Equal(t, `jsonencode({
Version = "2012-10-17"
Statement = [
{
Sid = "A<"
Effect = "Allow"
Action = "*"
Resource = [a.b-c, "arn:${a.n}/$${aws:username}"]
Condition = {
Bool = {
"aws:SecureTransport" = true
}
NumericLessThan = {
"s3:TlsVersion" = 1.2
}
}
Principal = {}
None = null
},
]
})`, rendered)
	require.NoError(t, p.err)
	for _, other := range []string{`{"a": 1}`, `{"Statement": ${jsonencode(a.l)}}`, `[{"Statement": 1}]`, "", "{",
		`{"Statement": "${upper("x")}"}`} {
		_, isPolicy := p.policy(other)
		assert.False(t, isPolicy, other)
	}
	const policy = `{"Statement":"${a.n}"}`
	assert.Equal(t, `"{\"Statement\":\"${a.n}\"}"`, p.value("pattern", policy), "no policy by its name")
	assert.Equal(t, "jsonencode({\nStatement = a.n\n})", p.value("assume_role_policy", policy))
}
