package page

import "securebaseline/internal/evidence"

// wave is what can be made at once.
type wave struct {
	Number int
	Made   []creation
}

type creation struct {
	At      link
	After   []cause
	Through []detour
}

// Kinds says which reasons there are, as the filter looks for them.
func (c creation) Kinds() string {
	kinds := ""
	for _, one := range c.After {
		switch {
		case one.Why != "":
			kinds += "|aws"
		case one.Written:
			kinds += "|written"
		default:
			kinds += "|value"
		}
	}
	if len(c.Through) > 0 {
		kinds += "|aws"
	}
	return kinds
}

// cause is what must be there before, and why.
type cause struct {
	evidence.Cause
	At link
}

// detour is what must be there before, and by way of what it is waited for.
type detour struct {
	Why string
	At  link
	By  []link
}

func (v *view) order(at func(string) link) {
	for _, one := range v.Report.Order {
		made := creation{At: at(one.Address)}
		for _, before := range one.After {
			made.After = append(made.After, cause{before, at(before.Address)})
		}
		for _, far := range one.Through {
			made.Through = append(made.Through, detour{far.Why, at(far.Address), each(far.By, at)})
		}
		if last := len(v.Waves) - 1; last < 0 || v.Waves[last].Number != one.Wave+1 {
			v.Waves = append(v.Waves, wave{Number: one.Wave + 1})
		}
		last := &v.Waves[len(v.Waves)-1]
		last.Made = append(last.Made, made)
	}
}
