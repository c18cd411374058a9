package evidence

import (
	"cmp"
	"slices"

	"securebaseline/internal/template"
)

// Item is a resource of the stack.
type Item struct {
	// Path is the place in the construct tree, by which the inventory is sorted.
	Path    string `json:"path"`
	Address string `json:"address"`
	Type    string `json:"type"`
	// Name is what it is called in AWS, and ARN what policies call it, as far as both are known before creation.
	Name string `json:"name"`
	ARN  string `json:"arn,omitempty"`
	// Stateful means that its replacement would lose data, evidence or an address that others know.
	Stateful bool              `json:"stateful"`
	Tags     map[string]string `json:"tags"`
}

func (s *stack) inventory() []Item {
	var items []Item
	for _, r := range s.Resources() {
		arn, _ := s.access.ARN(r)
		item := Item{r.Path, r.Address, r.Type, s.access.Name(r), arn, template.Stateful(r.Type), map[string]string{}}
		tags, _ := r.Attributes["tags"].(map[string]any)
		for key, value := range tags {
			item.Tags[key], _ = value.(string)
		}
		items = append(items, item)
	}
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Compare(a.Path, b.Path) })
	return items
}
