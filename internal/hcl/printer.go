package hcl

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// printer writes a file. Its first error stays, and then the text is worth nothing.
type printer struct {
	text bytes.Buffer
	at   string // the block that is being written
	err  error
}

func (p *printer) fail(format string, arguments ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("%s: %w", p.at, fmt.Errorf(format, arguments...))
	}
}

// gap leaves an empty line, except at the beginning of a block or a file.
func (p *printer) gap() {
	if text := p.text.Bytes(); len(text) > 0 && !bytes.HasSuffix(text, []byte("{\n")) {
		p.text.WriteByte('\n')
	}
}

func (p *printer) comment(lines ...string) {
	for _, line := range lines {
		p.text.WriteString("# " + strings.Join(strings.Fields(line), " ") + "\n")
	}
}

// argument writes a name with a rendered value.
func (p *printer) argument(name, value string) { p.text.WriteString(name + " = " + value + "\n") }

// block writes a block, after an empty line.
func (p *printer) block(header string, content func()) {
	p.gap()
	p.blockHere(header, content)
}

// blockHere writes a block right below what stands above it.
func (p *printer) blockHere(header string, content func()) {
	p.text.WriteString(header + " {\n")
	content()
	p.text.WriteString("}\n")
}

// blocks writes a block for each object of a list, or one for a single object.
func (p *printer) blocks(header string, value any, content func(map[string]any)) {
	if !holdsObjects(value) {
		if list, isList := value.([]any); isList && len(list) == 0 {
			return
		}
		p.fail("%s must be blocks, not %v", header, value)
		return
	}
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	for _, one := range list {
		p.block(header, func() { content(one.(map[string]any)) })
	}
}

// body writes the arguments of a block and then the blocks in it. What is null in JSON is not set.
func (p *printer) body(values map[string]any, allowed body) {
	var blocks []string
	for _, name := range set(values) {
		if _, isBlock := allowed.nested(name, values[name]); isBlock {
			blocks = append(blocks, name)
		} else if _, exists := allowed.arguments[name]; exists {
			p.argument(name, p.value(name, values[name]))
		} else {
			p.fail("%s must be an argument or a block that the provider knows", name)
		}
	}
	for _, name := range blocks {
		nested, _ := allowed.nested(name, values[name])
		p.blocks(name, values[name], func(values map[string]any) { p.body(values, nested) })
	}
}

// value renders the value of an argument of a resource.
func (p *printer) value(name string, value any) string {
	if text, isString := value.(string); isString && (name == "policy" || strings.HasSuffix(name, "_policy")) {
		if rendered, isPolicy := p.policy(text); isPolicy {
			return rendered
		}
	}
	return p.expression(value)
}

// set lists the names of what is set, in the order of the alphabet. The name // is a comment.
func set(values map[string]any) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(values)), func(name string) bool {
		return name == "//" || values[name] == nil
	})
}

// finish returns the file as "terraform fmt" leaves it.
func (p *printer) finish(name string) ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	formatted := hclwrite.Format(p.text.Bytes())
	if _, diagnostics := hclsyntax.ParseConfig(formatted, name, hcl.InitialPos); diagnostics.HasErrors() {
		return nil, fmt.Errorf("%w", diagnostics)
	}
	return formatted, nil
}
