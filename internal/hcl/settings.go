package hcl

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"securebaseline/internal/template"
)

// KeepLocalState makes the path of a local state lead to the same file from another directory. Terraform takes it
// relative to the directory that it runs in.
func KeepLocalState(stack *template.Template, from, to string) error {
	backends, _ := stack.Terraform["backend"].(map[string]any)
	local, _ := backends["local"].(map[string]any)
	path, _ := local["path"].(string)
	if path == "" || filepath.IsAbs(path) {
		return nil
	}
	from, err := resolve(from)
	if err != nil {
		return err
	}
	if to, err = resolve(to); err != nil {
		return err
	}
	moved, err := filepath.Rel(to, filepath.Join(from, path))
	if err != nil {
		return err
	}
	local["path"] = filepath.ToSlash(moved)
	return nil
}

// resolve returns the absolute path of a directory that need not exist yet, without symbolic links, as the operating
// system sees it where a path leads up from there.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	resolved, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return resolved, err
	}
	parent, err := resolve(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}

// terraform writes the block terraform. Nothing in it is evaluated.
func (e exporter) terraform() {
	if len(e.stack.Terraform) == 0 {
		return
	}
	p := e.file("terraform", "terraform")
	p.block("terraform", func() {
		names := set(e.stack.Terraform)
		slices.Reverse(names) // the version first, and the backend last
		for _, name := range names {
			switch value := e.stack.Terraform[name]; name {
			case "required_version":
				p.argument(name, p.literal(value))
			case "required_providers":
				p.blocks(name, value, func(values map[string]any) { p.literals(values) })
			case "backend":
				kinds, _ := value.(map[string]any)
				for _, kind := range set(kinds) {
					p.blocks(fmt.Sprintf("backend %q", kind), kinds[kind], func(values map[string]any) {
						if kind == "remote" {
							p.literals(values, "workspaces")
						} else {
							p.literals(values)
						}
					})
				}
			case "cloud":
				p.blocks(name, value, func(values map[string]any) { p.literals(values, "workspaces") })
			default:
				p.fail("%s cannot be exported", name)
			}
		}
	})
}

// literals writes values that are not evaluated, those of some names as blocks.
func (p *printer) literals(values map[string]any, blocks ...string) {
	for _, name := range set(values) {
		if !slices.Contains(blocks, name) {
			p.argument(name, p.literal(values[name]))
		}
	}
	for _, name := range blocks {
		if values[name] != nil {
			p.blocks(name, values[name], func(values map[string]any) { p.literals(values) })
		}
	}
}

// providers writes the configurations of the providers.
func (e exporter) providers() {
	required, _ := e.stack.Terraform["required_providers"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(e.stack.Provider)) {
		p := e.file("terraform", "provider."+name)
		requirement, _ := required[name].(map[string]any)
		source, _ := requirement["source"].(string)
		allowed, known := e.schemas.provider(cmp.Or(source, "hashicorp/"+name))
		if !known {
			p.fail("there is no schema of the provider")
			return
		}
		for _, configuration := range e.stack.Provider[name] {
			rest := maps.Clone(configuration)
			delete(rest, "alias")
			p.block(fmt.Sprintf("provider %q", name), func() {
				if alias := configuration["alias"]; alias != nil {
					p.argument("alias", p.literal(alias))
				}
				p.body(rest, allowed)
			})
		}
	}
}

// outputs writes the outputs. A description is not evaluated.
func (e exporter) outputs() {
	for _, name := range slices.Sorted(maps.Keys(e.stack.Output)) {
		p := e.file("outputs", "output."+name)
		values := e.stack.Output[name]
		p.block(fmt.Sprintf("output %q", name), func() {
			for _, argument := range set(values) {
				switch argument {
				case "description", "sensitive", "ephemeral":
					p.argument(argument, p.literal(values[argument]))
				case "value", "depends_on", "precondition":
				default:
					p.fail("%s cannot be exported", argument)
				}
			}
			p.argument("value", p.expression(values["value"])) // null, too
			p.conditions("precondition", values["precondition"])
			if values["depends_on"] != nil {
				p.gap()
				p.argument("depends_on", p.bareList(values["depends_on"]))
			}
		})
	}
}

// variables writes the input variables, of which only the rules are evaluated.
func (e exporter) variables() {
	for _, name := range slices.Sorted(maps.Keys(e.stack.Variable)) {
		p := e.file("variables", "var."+name)
		values := e.stack.Variable[name]
		p.block(fmt.Sprintf("variable %q", name), func() {
			for _, argument := range slices.Sorted(maps.Keys(values)) {
				switch argument {
				case "//", "validation":
				case "type":
					p.argument(argument, p.bare(values[argument]))
				case "default": // null, too: without a default the variable must be set
					p.argument(argument, p.literal(values[argument]))
				case "description", "sensitive", "nullable", "ephemeral":
					p.argument(argument, p.literal(values[argument]))
				default:
					p.fail("%s cannot be exported", argument)
				}
			}
			p.conditions("validation", values["validation"])
		})
	}
}

// locals writes the local values.
func (e exporter) locals() {
	if len(e.stack.Locals) == 0 {
		return
	}
	p := e.file("locals", "locals")
	p.block("locals", func() {
		for _, name := range slices.Sorted(maps.Keys(e.stack.Locals)) {
			if name != "//" {
				p.argument(name, p.expression(e.stack.Locals[name]))
			}
		}
	})
}

// refactorings writes what a plan does to the state alone: moved, removed and imported addresses.
func (e exporter) refactorings() {
	for _, from := range slices.Sorted(maps.Keys(e.stack.Moved)) {
		p := e.file("moved", "moved "+from)
		p.block("moved", func() {
			p.argument("from", p.bare(from))
			p.argument("to", p.bare(e.stack.Moved[from]))
		})
	}
	for i, from := range e.stack.Removed {
		p := e.file("removed", "removed "+from)
		if i == 0 {
			p.comment("What earlier versions of the stack managed: the state forgets it, and AWS keeps it.")
		}
		p.block("removed", func() {
			p.argument("from", p.bare(from))
			p.block("lifecycle", func() { p.argument("destroy", "false") })
		})
	}
	for _, values := range e.stack.Import {
		p := e.file("imports", fmt.Sprintf("import %v", values["to"]))
		p.block("import", func() {
			for _, name := range set(values) {
				switch name {
				case "to", "provider":
					p.argument(name, p.bare(values[name]))
				case "id", "for_each":
					p.argument(name, p.expression(values[name]))
				default:
					p.fail("%s cannot be exported", name)
				}
			}
		})
	}
}
