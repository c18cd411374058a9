package evidence

import (
	"maps"
	"slices"
)

// CatalogResults is a catalog of controls with what a report found about them.
type CatalogResults struct {
	// Name and Tag are those of the Catalog.
	Name, Tag string
	// Controls are those behind which there is a rule, by their ids.
	Controls []ControlResult
}

// ControlResult is a control with the rules that satisfy it, or help to.
type ControlResult struct {
	ID    string
	Rules []Result
}

// ByControl turns the report around: the rules behind each control, by catalog.
func (r Report) ByControl() []CatalogResults {
	var all []CatalogResults
	for i, catalog := range (Controls{}).Catalogs() {
		found := CatalogResults{Name: catalog.Name, Tag: catalog.Tag}
		ids, rules := behindControls(r.Rules, i, func(result Result) Controls { return result.Controls })
		for _, id := range ids {
			found.Controls = append(found.Controls, ControlResult{id, rules[id]})
		}
		all = append(all, found)
	}
	return all
}

// behindControls lists what satisfies each control of the catalog at a position, and the controls in their order.
func behindControls[T any](all []T, catalog int, controls func(T) Controls) (ids []string, behind map[string][]T) {
	behind = map[string][]T{}
	for _, one := range all {
		for _, id := range controls(one).Catalogs()[catalog].IDs {
			behind[id] = append(behind[id], one)
		}
	}
	return slices.SortedFunc(maps.Keys(behind), Naturally), behind
}
