package page

import "securebaseline/internal/evidence"

// relaxed is where the environment asks for less than production, by construct.
type relaxed struct {
	evidence.Relaxation
	Weaker   []weakPart
	Unjudged []weakPart
}

// Nothing means that the environment is as strict as production.
func (r relaxed) Nothing() bool {
	return len(r.Settings)+len(r.Demands)+len(r.Weaker)+len(r.Unjudged) == 0 && r.Failure == ""
}

// weakPart is what is weaker in one construct.
type weakPart struct {
	Construct string
	Items     []weak
}

type weak struct {
	evidence.Weaker
	At link
}

func (v *view) relaxed(at func(string) link) {
	if v.Report.Relaxed == nil {
		return
	}
	v.Relaxed = &relaxed{*v.Report.Relaxed, partsOf(v.Report.Relaxed.Weaker, at),
		partsOf(v.Report.Relaxed.Unjudged, at)}
}

// partsOf groups by construct what is sorted by it.
func partsOf(all []evidence.Weaker, at func(string) link) []weakPart {
	var parts []weakPart
	for _, one := range all {
		if last := len(parts) - 1; last < 0 || parts[last].Construct != one.Construct {
			parts = append(parts, weakPart{Construct: one.Construct})
		}
		last := &parts[len(parts)-1]
		last.Items = append(last.Items, weak{one, at(one.Address)})
	}
	return parts
}
