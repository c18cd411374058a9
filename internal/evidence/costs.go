package evidence

import (
	"cmp"
	"maps"
	"slices"

	"securebaseline/internal/template"
)

// Meter says when AWS counts.
type Meter string

// The meters.
const (
	// WhileItExists counts by the hour or month, whether anybody uses it or not.
	WhileItExists Meter = "while it exists"
	// AsItIsUsed counts requests, events and bytes.
	AsItIsUsed Meter = "as it is used"
)

// Cost is something that AWS bills for resources of one type. Prices are not here: they differ by region and change.
type Cost struct {
	Type  string `json:"type"`
	Meter Meter  `json:"meter"`
	// Unit is what AWS counts, such as "hour of a gateway".
	Unit string `json:"unit"`
	// Count is how many are counted at once where the meter is WhileItExists, such as an endpoint in three zones; else
	// how many resources cause it.
	Count int `json:"count"`
	// Resources lists the addresses.
	Resources []string `json:"resources"`
	// Source is the URL of AWS's page of prices.
	Source string `json:"source"`
}

// FreeType is a type of resource for which AWS bills nothing by itself.
type FreeType struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
	// Known is false where nobody has looked up whether it costs anything.
	Known bool `json:"known"`
}

// charge is a unit that AWS bills for a resource.
type charge struct {
	meter  Meter
	unit   func(r template.Resource) string
	count  func(r template.Resource) int // 0 where the resource causes no such cost
	source string
}

// costs lists what the stack's resources cost, and which types cost nothing.
func (s *stack) costs() ([]Cost, []FreeType) {
	found, free := []Cost{}, []FreeType{}
	for _, r := range s.Resources() {
		billed := false
		for _, c := range charges[r.Type] {
			if count := c.count(r); count > 0 {
				found, billed = c.addTo(found, r, count), true
			}
		}
		if billed {
			continue
		}
		if last := len(free) - 1; last >= 0 && free[last].Type == r.Type {
			free[last].Count++
			continue
		}
		_, known := charges[r.Type]
		free = append(free, FreeType{r.Type, 1, known})
	}
	slices.SortStableFunc(found, func(a, b Cost) int { return -cmp.Compare(a.Meter, b.Meter) })
	return found, free
}

// addTo counts a resource with those of its type that are billed by the same unit.
func (c charge) addTo(found []Cost, r template.Resource, count int) []Cost {
	unit := c.unit(r)
	i := slices.IndexFunc(found, func(one Cost) bool {
		return one.Type == r.Type && one.Meter == c.meter && one.Unit == unit
	})
	if i < 0 {
		i = len(found)
		found = append(found, Cost{Type: r.Type, Meter: c.meter, Unit: unit, Source: c.source})
	}
	found[i].Count += count
	found[i].Resources = append(found[i].Resources, r.Address)
	return found
}

// PricedTypes lists the types of resources that somebody has looked up, whether AWS bills for them or not.
func PricedTypes() []string { return slices.Sorted(maps.Keys(charges)) }
