package evidence

import (
	"maps"
	"slices"
)

// CatalogResults is a catalog of controls with what a report found about them.
type CatalogResults struct {
	Name     string
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
		rules := map[string][]Result{}
		for _, result := range r.Rules {
			for _, id := range result.Controls.Catalogs()[i].IDs {
				rules[id] = append(rules[id], result)
			}
		}
		found := CatalogResults{Name: catalog.Name}
		for _, id := range slices.SortedFunc(maps.Keys(rules), Naturally) {
			found.Controls = append(found.Controls, ControlResult{id, rules[id]})
		}
		all = append(all, found)
	}
	return all
}
