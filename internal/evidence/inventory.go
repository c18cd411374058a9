package evidence

import (
	"cmp"
	"slices"
	"strings"

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

// Creation is a resource or data source in an order in which Terraform may make or read the stack.
type Creation struct {
	// Address is that of the resource.
	Address string `json:"address"`
	// Wave counts from 0: what is in a wave waits for something of the one before.
	Wave int `json:"wave"`
	// After lists what it waits for, of what it refers to or names in depends_on.
	After []string `json:"after"`
}

// order lists the waves of creation, in each of them by address.
func (s *stack) order() []Creation {
	waves := map[string]int{}
	all := []Creation{}
	for _, address := range s.graph.Order() {
		wave := 0
		for _, before := range s.graph[address] {
			wave = max(wave, waves[before]+1)
		}
		waves[address] = wave
		all = append(all, Creation{address, wave, append([]string{}, s.graph[address]...)})
	}
	slices.SortStableFunc(all, func(a, b Creation) int {
		return cmp.Or(cmp.Compare(a.Wave, b.Wave), strings.Compare(a.Address, b.Address))
	})
	return all
}
