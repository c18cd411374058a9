package diff

import (
	"fmt"
	"regexp"
	"strings"

	"securebaseline/internal/template"
)

// Stacks compares the JSON of two stacks, as synthesized or as template.Readable writes it. It fails on what is no
// Terraform JSON.
func Stacks(before, after []byte) (Review, error) {
	former, err := template.Parse(before)
	if err != nil {
		return Review{}, fmt.Errorf("the stack before: %w", err)
	}
	latter, err := template.Parse(after)
	if err != nil {
		return Review{}, fmt.Errorf("the stack after: %w", err)
	}
	moved := moves(latter.Moved)
	account := accountOf(latter, former)
	c := comparison{before: side{}, after: side{}, former: map[string]string{}, forgotten: map[string]bool{}}
	for address, one := range sideOf(former) {
		if one.address = moved.to(address); one.address != address {
			c.former[one.address] = address
		}
		c.before[one.address] = one.rewritten(moved.rewrite, account)
	}
	for address, one := range sideOf(latter) {
		c.after[address] = one.rewritten(account)
	}
	for _, address := range latter.Removed {
		c.forgotten[address] = true
	}
	review := Review{Source: FromStacks, Changes: c.changes(), Notes: []string{
		"Only the provider knows every argument that forces a replacement. Without a plan, those of resources " +
			"that hold data, evidence or addresses are known here; what has to follow a replaced resource is not.",
		"A difference of JSON is not one of AWS: what was changed there by hand shows in a plan alone.",
	}}
	for i := range review.Changes {
		c.forceReplacement(&review.Changes[i])
	}
	return review, nil
}

// sideOf lists everything in a stack.
func sideOf(t *template.Template) side {
	all := side{}
	add := func(address, kind string, attributes map[string]any) {
		all[address] = newElement(address, kind, attributes)
	}
	for _, r := range t.Resources() {
		add(r.Address, r.Type, r.Attributes)
	}
	for _, r := range t.DataSources() {
		add(r.Address, "data."+r.Type, r.Attributes)
	}
	for name, output := range t.Output {
		add("output."+name, "output", output)
	}
	for name, configurations := range t.Provider {
		for i, configuration := range configurations {
			address := "provider." + name
			if alias, isText := configuration["alias"].(string); isText {
				address += "." + alias
			} else if i > 0 {
				address += fmt.Sprintf("[%d]", i)
			}
			add(address, "provider", configuration)
		}
	}
	add("terraform", "terraform", t.Terraform)
	return all
}

// moves tells the new address of a former one.
type moves map[string]string

// to follows moves to their end. A cycle, which Terraform refuses, ends where it began.
func (m moves) to(address string) string {
	for range m {
		next, moved := m[address]
		if !moved {
			break
		}
		address = next
	}
	return address
}

// rewrite puts new addresses in place of former ones in a text: a reference that follows a move is no change.
func (m moves) rewrite(text string) string {
	for from := range m {
		text = replaceAddress(text, from, m.to(from))
	}
	return text
}

// callersAccount is how a stack that leaves its account to the credentials writes it.
var callersAccount = regexp.MustCompile(`\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}`)

// accountOf puts the account that the first of the stacks with an only one allows in place of the account of the
// credentials: that it is written out is no change of what a policy says.
func accountOf(stacks ...*template.Template) func(text string) string {
	for _, t := range stacks {
		if _, account := t.Place(); account != "" {
			return func(text string) string { return callersAccount.ReplaceAllLiteralString(text, account) }
		}
	}
	return func(text string) string { return text }
}

// rewritten is an element with each of its texts changed.
func (e element) rewritten(changes ...func(text string) string) element {
	var rewrite func(value any) any
	rewrite = func(value any) any {
		switch value := value.(type) {
		case map[string]any:
			for key := range value {
				value[key] = rewrite(value[key])
			}
		case []any:
			for i := range value {
				value[i] = rewrite(value[i])
			}
		case string:
			for _, change := range changes {
				value = change(value)
			}
			return value
		}
		return value
	}
	e.attributes, _ = rewrite(e.attributes).(map[string]any)
	return e
}

// replaceAddress replaces an address, but not the beginning or the end of a longer one.
func replaceAddress(text, from, to string) string {
	const inNames = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, from)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		if before != "" && strings.ContainsRune(inNames+".", rune(before[len(before)-1])) ||
			after != "" && strings.ContainsRune(inNames, rune(after[0])) {
			out.WriteString(from)
		} else {
			out.WriteString(to)
		}
		text = after
	}
}
