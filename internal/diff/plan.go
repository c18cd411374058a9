package diff

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/tfplan"
)

// Plan reads a plan as "terraform show -json" writes it. It fails on what is no plan, and as OfPlan does.
func Plan(data []byte) (Review, error) {
	p, err := tfplan.Decode(bytes.NewReader(data))
	switch {
	case err != nil:
		return Review{}, fmt.Errorf("the plan: must be what terraform show -json writes of a plan: %w", err)
	case !p.IsPlan():
		return Review{}, errors.New("the plan: must be what terraform show -json writes of a plan")
	case !p.Readable():
		return Review{}, fmt.Errorf("the plan: format_version %q must be 1.x", p.Version)
	}
	return OfPlan(p)
}

// OfPlan reviews a plan. Sensitive values are not part of the review. It fails on a plan that Terraform could not
// finish.
func OfPlan(p tfplan.Plan) (Review, error) {
	if p.Errored {
		return Review{}, errors.New("the plan: Terraform could not finish it, so that it lacks changes; plan again")
	}
	c, details := sides(p)
	review := Review{Source: FromPlan, Changes: c.changes(), Notes: []string{
		"A plan does not hold the lifecycle of resources (prevent_destroy, ignore_changes) nor the settings of the " +
			"provider and of the state: compare the JSON of the stack as well.",
		"What AWS has yet to choose is not judged.",
	}}
	for i := range review.Changes {
		complete(details[review.Changes[i].Address], &review.Changes[i])
	}
	for address, detail := range details { // what is made anew, or imported, with the same arguments
		listed := slices.ContainsFunc(review.Changes, func(c Change) bool { return c.Address == address })
		if !listed && (detail.Action() == tfplan.Replace || detail.Change.Importing != nil) {
			change := Change{Address: address, Type: c.after[address].kind, Action: Changed}
			complete(detail, &change)
			review.Changes = append(review.Changes, change)
		}
	}
	slices.SortFunc(review.Changes, func(a, b Change) int { return strings.Compare(a.Address, b.Address) })
	return review, nil
}

// sides are the resources and outputs before and after, and the details of each.
func sides(p tfplan.Plan) (comparison, map[string]tfplan.Resource) {
	c := comparison{side{}, side{}, map[string]string{}, map[string]bool{}}
	details := map[string]tfplan.Resource{}
	given := map[string]map[string]any{}
	for _, r := range p.Configuration.RootModule.Resources {
		given[r.Address] = r.Expressions
	}
	for _, one := range p.Resources {
		if one.Mode != "managed" || one.Deposed != "" { // a deposed object is what a replacement has left behind
			continue
		}
		before, after := values(one.Change, given[configured(one.Address)])
		details[one.Address] = one
		if before != nil {
			c.before[one.Address] = newElement(one.Address, one.Type, before)
		}
		if after != nil {
			c.after[one.Address] = newElement(one.Address, one.Type, after)
		}
		if one.Previous != "" && one.Previous != one.Address {
			c.former[one.Address] = one.Previous
		}
		c.forgotten[one.Address] = slices.Contains(one.Change.Actions, string(tfplan.Forget))
	}
	for name, output := range p.Outputs {
		address := "output." + name
		sensitive := marked(output.BeforeSensitive) || marked(output.AfterSensitive)
		wrapped := func(value any) element {
			return newElement(address, "output", map[string]any{"value": conceal(value, sensitive)})
		}
		if output.Before != nil {
			c.before[address] = wrapped(own(output.Before))
		}
		if output.After != nil || output.Unknown == true {
			c.after[address] = wrapped(reveal(own(output.After), output.Unknown))
		}
	}
	return c, details
}

// configured is the address of a resource without the key of its instance.
func configured(address string) string {
	if base, _, found := strings.Cut(address, "["); found && strings.HasSuffix(address, "]") {
		return base
	}
	return address
}

// values are the attributes before and after, without what must not be seen and, unless it is given, without what AWS
// chooses: that it may choose anew is no change of the stack.
func values(p tfplan.Change, given map[string]any) (before, after map[string]any) {
	before, _ = own(p.Before).(map[string]any)
	after, _ = reveal(own(p.After), p.Unknown).(map[string]any)
	if p.After == nil {
		after = nil
	}
	for name, value := range after {
		if _, isGiven := given[name]; given != nil && before != nil && !isGiven && value == (unknown{}) {
			delete(after, name)
			delete(before, name)
		}
	}
	if repeatsTags(before) && repeatsTags(after) {
		delete(before, "tags_all")
		delete(after, "tags_all")
	}
	for _, sensitive := range []any{p.BeforeSensitive, p.AfterSensitive} {
		before, _ = conceal(before, sensitive).(map[string]any)
		after, _ = conceal(after, sensitive).(map[string]any)
	}
	return before, after
}

// own is a copy of a value of a plan, in which numbers are those of the JSON of a stack.
func own(value any) any {
	switch value := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(value))
		for name := range value {
			object[name] = own(value[name])
		}
		return object
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = own(value[i])
		}
		return list
	case json.Number:
		number, _ := value.Float64() // infinite where it is too large, as no argument is
		return number
	}
	return value
}

// repeatsTags reports whether the provider adds no tags of its own to those of a resource.
func repeatsTags(attributes map[string]any) bool {
	own, _ := attributes["tags"].(map[string]any)
	all, _ := attributes["tags_all"].(map[string]any)
	return len(own) == len(all) && (len(own) == 0 || equal(own, all))
}

// reveal puts the mark of what is unknown where a plan says so.
func reveal(value, marks any) any {
	switch marks := marks.(type) {
	case bool:
		if marks {
			return unknown{}
		}
	case map[string]any:
		object, isObject := value.(map[string]any)
		if !isObject {
			object = map[string]any{}
		}
		if len(marks) == 0 {
			return value
		}
		for name, mark := range marks {
			if marked(mark) {
				object[name] = reveal(object[name], mark)
			}
		}
		return object
	case []any:
		list, _ := value.([]any)
		for i, mark := range marks {
			if i < len(list) && marked(mark) {
				list[i] = reveal(list[i], mark)
			}
		}
	}
	return value
}

// conceal hides what a plan marks as sensitive.
func conceal(value, marks any) any {
	if value == nil || value == (unknown{}) {
		return value
	}
	switch marks := marks.(type) {
	case bool:
		if _, already := value.(hidden); marks && !already {
			return hidden{value}
		}
	case map[string]any:
		if object, isObject := value.(map[string]any); isObject {
			for name, mark := range marks {
				if object[name] != nil {
					object[name] = conceal(object[name], mark)
				}
			}
		}
	case []any:
		list, isList := value.([]any)
		for i, mark := range marks {
			if isList && i < len(list) {
				list[i] = conceal(list[i], mark)
			} else if marked(mark) {
				return hidden{value}
			}
		}
	}
	return value
}

// marked reports whether a plan marks anything in a value.
func marked(marks any) bool {
	switch marks := marks.(type) {
	case bool:
		return marks
	case map[string]any:
		for _, mark := range marks {
			if marked(mark) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(marks, marked)
	}
	return false
}

// complete adds to a change what the plan alone knows.
func complete(r tfplan.Resource, change *Change) {
	change.Imported = r.Change.Importing != nil
	if r.Action() != tfplan.Replace {
		return
	}
	for _, path := range r.Change.ReplacePaths {
		var words []string
		for _, step := range path {
			words = append(words, fmt.Sprint(step))
		}
		change.ReplacedBy = append(change.ReplacedBy, strings.Join(words, "."))
	}
	slices.Sort(change.ReplacedBy)
	if len(change.ReplacedBy) == 0 {
		change.ReplacedBy = []string{"the plan's own reason"}
	}
	change.replaced()
}
