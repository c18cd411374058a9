package hcl

import (
	"fmt"
	"maps"
	"strings"

	"securebaseline/internal/template"
)

// resource writes a resource or data source: what multiplies it, its arguments and blocks, and last what says how
// Terraform treats it (Terraform Language, "Style Guide").
func (e exporter) resource(p *printer, r template.Resource) {
	allowed, known := e.schemas.resource(r.Mode == template.Data, r.Type)
	if !known {
		p.fail("no provider of the stack has the type %s", r.Type)
		return
	}
	rest := maps.Clone(r.Attributes)
	take := func(name string) any {
		value := rest[name]
		delete(rest, name)
		return value
	}
	p.gap()
	if r.Path != "" {
		p.comment(r.Path)
	}
	if reason := reason(r); reason != "" {
		p.comment(reason)
	}
	keyword := "resource"
	if r.Mode == template.Data {
		keyword = "data"
	}
	p.blockHere(fmt.Sprintf("%s %q %q", keyword, r.Type, r.Name), func() {
		for _, name := range []string{"count", "for_each"} {
			if value := take(name); value != nil {
				p.argument(name, p.expression(value))
			}
		}
		if value := take("provider"); value != nil {
			p.argument("provider", p.bare(value))
		}
		lifecycle, dependsOn := take("lifecycle"), take("depends_on")
		p.body(rest, allowed)
		if lifecycle != nil {
			p.blocks("lifecycle", lifecycle, p.lifecycle)
		}
		if dependsOn != nil {
			p.gap()
			p.argument("depends_on", p.bareList(dependsOn))
		}
	})
}

// reason is the description that a resource has for people, in AWS too.
func reason(r template.Resource) string {
	for _, name := range []string{"description", "alarm_description"} {
		if text, _ := r.String(name); text != "" && !strings.Contains(text, "{") {
			return text
		}
	}
	return ""
}

// lifecycle writes the content of a block lifecycle.
func (p *printer) lifecycle(values map[string]any) {
	for _, name := range set(values) {
		switch name {
		case "create_before_destroy", "prevent_destroy":
			p.argument(name, p.expression(values[name]))
		case "ignore_changes":
			if values[name] == "all" {
				p.argument(name, "all")
			} else {
				p.argument(name, p.bareList(values[name]))
			}
		case "replace_triggered_by":
			p.argument(name, p.bareList(values[name]))
		case "precondition", "postcondition":
		default:
			p.fail("lifecycle.%s cannot be exported", name)
		}
	}
	for _, name := range []string{"precondition", "postcondition"} {
		p.conditions(name, values[name])
	}
}

// conditions writes blocks of a condition and the message where it is not met.
func (p *printer) conditions(name string, value any) {
	if value == nil {
		return
	}
	p.blocks(name, value, func(check map[string]any) {
		for _, argument := range set(check) {
			if argument != "condition" && argument != "error_message" {
				p.fail("%s.%s cannot be exported", name, argument)
			}
			p.argument(argument, p.expression(check[argument]))
		}
	})
}
