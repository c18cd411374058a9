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
		behind := map[string][]Result{}
		for _, rule := range r.Rules {
			for _, id := range rule.Controls.Catalogs()[i].IDs {
				behind[id] = append(behind[id], rule)
			}
		}
		found := CatalogResults{Name: catalog.Name, Tag: catalog.Tag}
		for _, id := range slices.SortedFunc(maps.Keys(behind), Naturally) {
			found.Controls = append(found.Controls, ControlResult{id, behind[id]})
		}
		all = append(all, found)
	}
	return all
}
