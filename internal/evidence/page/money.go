package page

import "securebaseline/internal/evidence"

// meter is what AWS bills in one way.
type meter struct {
	Title string
	// Exists means that the count is what AWS counts at once.
	Exists bool
	Costs  []cost
}

type cost struct {
	evidence.Cost
	At []link
}

func (v *view) money(at func(string) link) {
	v.Meters = []meter{{Title: "By the hour or month, used or not", Exists: true},
		{Title: "By the request, the event or the byte"}}
	for _, one := range v.Report.Costs {
		place := &v.Meters[1]
		if one.Meter == evidence.WhileItExists {
			place = &v.Meters[0]
		}
		place.Costs = append(place.Costs, cost{one, each(one.Resources, at)})
	}
	for _, one := range v.Report.Free {
		if !one.Known {
			v.Unpriced = append(v.Unpriced, one.Type)
		}
	}
}
