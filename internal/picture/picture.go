// Package picture draws a synthesized stack: its network, what is recorded and who is told, where data is kept, the
// keys and the roles. Everything in the picture is found in the JSON.
package picture

import (
	"context"
	"fmt"
	"log/slog"

	"oss.terrastruct.com/d2/d2graph"
	"oss.terrastruct.com/d2/d2layouts/d2elklayout"
	"oss.terrastruct.com/d2/d2lib"
	"oss.terrastruct.com/d2/d2renderers/d2svg"
	"oss.terrastruct.com/d2/lib/log"
	"oss.terrastruct.com/d2/lib/textmeasure"

	"securebaseline/internal/template"
)

// File is the name of a picture beside the other reports on a stack.
const File = "architecture.svg"

// drawing is a picture in the making.
type drawing struct {
	facts
	sketch
	places map[string]place // what is drawn, by address
}

// draw draws a resource in a box, or outside of all.
func (d *drawing) draw(r template.Resource, box place, class string, lines []string, settings ...string) place {
	d.places[r.Address] = d.shape(box.in(r.Address), class, lines, settings...)
	return d.places[r.Address]
}

// describe names a drawn resource in a few words.
func (d *drawing) describe(address string) string {
	r, _ := d.Resource(address)
	switch {
	case r.Type == "aws_cloudwatch_log_group":
		if writer := d.writer(r); writer != "" {
			return d.describe(writer)
		}
		return "log group " + name(r)
	case r.Type == "aws_cloudtrail":
		return "the audit trail"
	case r.Type == "aws_db_instance":
		return name(r)
	}
	return "other metrics"
}

// text is a string attribute, or nothing.
func text(r template.Resource, attribute string) string {
	value, _ := r.String(attribute)
	return value
}

// Source is the picture of a stack in the language of D2, without its colors: what is drawn, and in which boxes. It
// fails where a policy cannot be read.
// Source of the language: https://d2lang.com
func Source(t *template.Template) (string, error) {
	d := &drawing{facts: newFacts(t), places: map[string]place{}}
	d.text.WriteString(classes())
	d.title()
	d.network()
	d.storage()
	d.audit()
	panels := d.shape(place{"panels"}, "panels", nil, "near: bottom-center", "grid-rows: 1", "grid-gap: 24")
	if err := d.keys(panels); err != nil {
		return "", err
	}
	if err := d.roles(panels); err != nil {
		return "", err
	}
	d.legend(panels)
	return d.text.String(), nil
}

// Render draws a stack as SVG. The same stack gives the same bytes. It fails where a policy cannot be read.
func Render(t *template.Template) ([]byte, error) {
	source, err := Source(t)
	if err != nil {
		return nil, err
	}
	ruler, err := textmeasure.NewRuler()
	if err != nil {
		return nil, err
	}
	// D2 logs to what its context holds, and warns when there is nothing.
	ctx := log.With(context.Background(), slog.New(slog.DiscardHandler))
	elk := "elk"
	diagram, _, err := d2lib.Compile(ctx, source, &d2lib.CompileOptions{
		Layout: &elk, Ruler: ruler,
		LayoutResolver: func(string) (d2graph.LayoutGraph, error) { return layout, nil },
	}, &d2svg.RenderOpts{})
	if err != nil {
		return nil, fmt.Errorf("layout: %w", err)
	}
	paint(diagram)
	return d2svg.Render(diagram, options())
}

// layout arranges a graph in layers from top to bottom.
func layout(ctx context.Context, graph *d2graph.Graph) error {
	options := d2elklayout.DefaultOpts
	options.NodeSpacing = 50
	options.Padding = "[top=50,left=30,bottom=30,right=30]"
	return d2elklayout.Layout(ctx, graph, &options)
}

// title says which stack it is, and where.
func (d *drawing) title() {
	title := "Stack " + d.Stack
	region, account := d.Place()
	if region != "" {
		title += " in " + region
	}
	if account != "" {
		title += ", account " + account
	}
	d.shape(place{"title"}, "title", []string{title}, "near: top-center")
}
