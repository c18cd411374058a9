package picture

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"oss.terrastruct.com/d2/d2renderers/d2svg"
	"oss.terrastruct.com/d2/d2target"
	"oss.terrastruct.com/d2/d2themes/d2themescatalog"
)

// style is how shapes of a class look. Colors are codes of a theme of D2, which stand for one color in the light and
// another in the dark.
type style struct{ settings, fill, stroke string }

// styles are the classes of shapes.
var styles = map[string]style{
	"title":    {"shape: text; style.font-size: 34; style.bold: true", "", ""},
	"outside":  {"style.font-size: 18", "N7", "N3"},
	"network":  {"label.near: top-left; style.font-size: 20; style.bold: true", "B6", "B2"},
	"tier":     {"label.near: top-left; style.font-size: 18; style.bold: true", "B5", "B3"},
	"zone":     {"style.font-size: 16; style.border-radius: 4", "N7", "B3"},
	"zones":    {"label.near: top-left; style.font-size: 18; style.bold: true; style.stroke-width: 0", "B5", "B5"},
	"gateway":  {"style.font-size: 16; style.border-radius: 8", "B4", "B2"},
	"database": {"style.font-size: 16", "AA4", "AA2"},
	"storage":  {"style.font-size: 16", "AA5", "AA2"},
	"audit":    {"style.font-size: 16; style.border-radius: 4", "AB5", "N5"},
	"alarm":    {"style.font-size: 16; style.border-radius: 12", "AB4", "N5"},
	"panels":   {"style.stroke-width: 0; style.fill: transparent", "", ""},
	"panel":    {"style.font-size: 20; style.bold: true", "N7", "N4"},
	"key":      {"style.font-size: 16; style.border-radius: 4", "N6", "N3"},
	"role":     {"style.font-size: 16; style.border-radius: 4", "N6", "N3"},
}

// person is the shape of people, smaller than what they are told by.
const person = "shape: person; width: 64; height: 64"

// light and dark are what the codes stand for: neutral, network, storage, audit.
var light = theme(map[string]string{
	"N1": "#17212b", "N2": "#42505e", "N3": "#5b6875", "N4": "#b5bfc9", "N5": "#a8650f", "N6": "#f1f4f7",
	"N7": "#ffffff",
	"B1": "#42505e", "B2": "#1f5f99", "B3": "#7ba7d0", "B4": "#cfe3f5", "B5": "#e4eff9", "B6": "#f3f8fd",
	"AA2": "#2a7a52", "AA4": "#bfe3cf", "AA5": "#dff2e7", "AB4": "#fbd3a6", "AB5": "#fdebd3",
})

var dark = theme(map[string]string{
	"N1": "#e8edf2", "N2": "#c3ced9", "N3": "#94a1ae", "N4": "#4b5864", "N5": "#d9a150", "N6": "#28323c",
	"N7": "#161d24",
	"B1": "#b7c3cf", "B2": "#78b1e6", "B3": "#416d96", "B4": "#234a6e", "B5": "#1c3a56", "B6": "#182a3b",
	"AA2": "#68bd92", "AA4": "#1f5a3d", "AA5": "#1d4331", "AB4": "#7a4f14", "AB5": "#573a13",
})

func theme(colors map[string]string) *d2target.ThemeOverrides {
	of := func(code string) *string { color := colors[code]; return &color }
	return &d2target.ThemeOverrides{
		N1: of("N1"), N2: of("N2"), N3: of("N3"), N4: of("N4"), N5: of("N5"), N6: of("N6"), N7: of("N7"),
		B1: of("B1"), B2: of("B2"), B3: of("B3"), B4: of("B4"), B5: of("B5"), B6: of("B6"),
		AA2: of("AA2"), AA4: of("AA4"), AA5: of("AA5"), AB4: of("AB4"), AB5: of("AB5"),
	}
}

// options are how D2 writes the picture: for a light page and, where the reader prefers it, for a dark one.
func options() *d2svg.RenderOpts {
	pad, lightTheme, darkTheme, no := int64(24), d2themescatalog.NeutralDefault.ID, d2themescatalog.DarkMauve.ID, true
	return &d2svg.RenderOpts{
		Pad: &pad, ThemeID: &lightTheme, DarkThemeID: &darkTheme, ThemeOverrides: light, DarkThemeOverrides: dark,
		OmitVersion: &no,
	}
}

// classes are the styles in the language of D2, as far as it has words for them.
func classes() string {
	var text strings.Builder
	for _, class := range slices.Sorted(maps.Keys(styles)) {
		fmt.Fprintf(&text, "classes.%s: { %s }\n", class, styles[class].settings)
	}
	return text.String()
}

// paint gives shapes the colors of their class. D2's language has no words for the codes of a theme.
func paint(diagram *d2target.Diagram) {
	for i := range diagram.Shapes {
		shape := &diagram.Shapes[i]
		for _, class := range shape.Classes {
			if style := styles[class]; style.fill != "" {
				shape.Fill, shape.Stroke, shape.Color = style.fill, style.stroke, "N1"
			}
		}
	}
}

// legend says what the colors mean.
func (d *drawing) legend(panels place) {
	panel := d.shape(panels.in("legend"), "panel", []string{"Legend"}, "grid-columns: 2", "grid-gap: 12")
	for _, entry := range []struct{ class, text string }{
		{"network", "network"}, {"storage", "data at rest"}, {"audit", "what is recorded"},
		{"alarm", "alarms, and who is told"}, {"key", "keys and roles"}, {"outside", "outside of the stack"},
	} {
		d.shape(panel.in(entry.class), entry.class, []string{entry.text}, "style.font-size: 16", "style.bold: false",
			"label.near: center-center")
	}
}
