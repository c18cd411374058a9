package cisalarms

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A matcher for the part of CloudWatch Logs' filter language that is about JSON events (CloudWatch Logs User Guide,
// "Using filter patterns to match terms in JSON log events"). What the guide leaves open is refused, so that no test
// can pass by a guess.

// condition is a compiled pattern.
type condition func(event map[string]any) bool

// token is a word of the language. The guide wants text with other characters than those of plain in quotes; events'
// sources have been written without them for as long as the benchmark exists.
var token = regexp.MustCompile(`^\s*(&&|\|\||!=|>=|<=|[(){}=<>]|NOT EXISTS|IS NULL|\$(?:\.\w+)+|"[^"]*"|[\w.*-]+)`)

// compile reads a pattern.
func compile(pattern string) (condition, error) {
	var p parser
	for rest := pattern; strings.TrimSpace(rest) != ""; {
		found := token.FindStringSubmatch(rest)
		if found == nil {
			return nil, fmt.Errorf("cannot read %q", rest)
		}
		p.tokens = append(p.tokens, found[1])
		rest = rest[len(found[0]):]
	}
	p.expect("{")
	whole := p.any()
	p.expect("}")
	if p.err == nil && len(p.tokens) > 0 {
		p.err = fmt.Errorf("unexpected %q", p.tokens)
	}
	return whole, p.err
}

type parser struct {
	tokens []string
	err    error
}

func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) next() string {
	first := p.peek()
	if first == "" {
		p.fail("unexpected end")
		return ""
	}
	p.tokens = p.tokens[1:]
	return first
}

func (p *parser) expect(want string) {
	if got := p.next(); got != want {
		p.fail("%q instead of %q", got, want)
	}
}

func (p *parser) fail(format string, arguments ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, arguments...)
	}
	p.tokens = nil
}

// any reads alternatives, of which && binds stronger than ||.
func (p *parser) any() condition {
	return p.chain("||", func() condition { return p.chain("&&", p.single, true) }, false)
}

// chain reads operands that are joined by an operator; one that is until decides the result.
func (p *parser) chain(operator string, operand func() condition, until bool) condition {
	operands := []condition{operand()}
	for p.peek() == operator {
		p.next()
		operands = append(operands, operand())
	}
	return func(event map[string]any) bool {
		for _, holds := range operands {
			if holds(event) != until {
				return !until
			}
		}
		return until
	}
}

func (p *parser) single() condition {
	if p.peek() == "(" {
		p.next()
		inner := p.any()
		p.expect(")")
		return inner
	}
	field := p.next()
	if !strings.HasPrefix(field, "$.") {
		p.fail("%q is not a field", field)
		return nil
	}
	path := strings.Split(field, ".")[1:]
	switch operator := p.next(); operator {
	case "NOT EXISTS":
		return func(event map[string]any) bool { _, found := lookup(event, path); return !found }
	case "IS NULL":
		return func(event map[string]any) bool { value, found := lookup(event, path); return found && value == nil }
	case "=", "!=":
		want := p.next()
		return func(event map[string]any) bool {
			value, found := lookup(event, path)
			return found && like(want, value) == (operator == "=") // a comparison with nothing never holds
		}
	default:
		p.fail("%q is not an operator", operator)
		return nil
	}
}

func lookup(event map[string]any, path []string) (any, bool) {
	var value any = event
	for _, name := range path {
		object, isObject := value.(map[string]any)
		if !isObject {
			return nil, false
		}
		if value, isObject = object[name]; !isObject {
			return nil, false
		}
	}
	return value, true
}

// like compares with case; * stands for any text.
func like(want string, value any) bool {
	text, isText := value.(string)
	if unquoted, err := strconv.Unquote(want); err == nil {
		want = unquoted
	}
	pattern := strings.ReplaceAll(regexp.QuoteMeta(want), `\*`, ".*")
	return isText && regexp.MustCompile("^(?s:"+pattern+")$").MatchString(text)
}

// parseEvent reads an event as it is in the log group.
func parseEvent(t testing.TB, text string) map[string]any {
	t.Helper()
	var event map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &event), text)
	return event
}

func TestMatcher(t *testing.T) {
	event := parseEvent(t, `{"a": "x1", "b": {"c": "y", "n": null}, "s": "iam.amazonaws.com"}`)
	for pattern, want := range map[string]bool{
		`{$.a = "x1"}`:                               true,
		`{$.a = x1}`:                                 true,
		`{$.a = X1}`:                                 false,
		`{$.a = "x"}`:                                false,
		`{$.a = x*}`:                                 true,
		`{$.a = "*1"}`:                               true,
		`{$.a != "x1"}`:                              false,
		`{$.a != "x2"}`:                              true,
		`{$.missing != "x"}`:                         false,
		`{$.b.c = y}`:                                true,
		`{$.b.d NOT EXISTS}`:                         true,
		`{$.b.n NOT EXISTS}`:                         false,
		`{$.b.n IS NULL}`:                            true,
		`{$.s = iam.amazonaws.com}`:                  true,
		`{$.s = iamXamazonaws.com}`:                  false,
		`{$.a = no && $.a = no || $.a = x1}`:         true,
		`{$.a = x1 || $.a = no && $.a = no}`:         true,
		`{($.a = x1 || $.a = no) && ($.a = no)}`:     false,
		`{ ( $.a = x1 ) && ( $.b.c NOT EXISTS ) }`:   false,
		`{(($.a = x1) && ($.b.c = "y")) || $.a = z}`: true,
	} {
		matches, err := compile(pattern)
		require.NoError(t, err, pattern)
		assert.Equal(t, want, matches(event), pattern)
	}
	for _, pattern := range []string{``, `$.a = x`, `{$.a}`, `{$.a = }`, `{a = x}`, `{$.a = x`, `{($.a = x}`,
		`{$.a = x} y`, `{$.a ~ x}`, `{$.a = %x%}`, `{$.a > 1}`} {
		_, err := compile(pattern)
		assert.Error(t, err, pattern)
	}
}

func FuzzMatcher(f *testing.F) {
	for _, alarm := range All() {
		f.Add(alarm.Pattern, `{"eventName": "CreateTrail"}`)
	}
	f.Fuzz(func(_ *testing.T, pattern, text string) {
		var event map[string]any
		matches, err := compile(pattern)
		if err == nil && json.Unmarshal([]byte(text), &event) == nil {
			matches(event)
		}
	})
}
