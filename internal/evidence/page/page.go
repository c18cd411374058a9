// Package page shows a report as one HTML file, for auditors and reviewers: what stands in report.json, to read, to
// filter and to print.
//
// The file needs nothing but itself. A Content-Security-Policy forbids it to load anything, so that it can be opened
// wherever the evidence is kept, and tells nobody that it was.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"securebaseline/internal/evidence"
)

// Picture is the name of the file beside the report that the page shows, if it is there.
const Picture = "architecture.svg"

var (
	//go:embed page.css
	style string
	//go:embed page.js
	script string
	//go:embed *.gohtml
	sources embed.FS
)

// page reads the sources when a page is asked for, so that other commands start without.
func page() *template.Template {
	return template.Must(template.New("page.gohtml").Funcs(template.FuncMap{
		"join":   func(list []string) string { return strings.Join(list, ", ") },
		"plural": plural,
		"words":  func(s evidence.Status) string { return statusWords[s] },
		"test":   evidence.ProofTest,
	}).ParseFS(sources, "*.gohtml"))
}

func plural(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}

// Render writes the page of a report, with a picture of the stack as SVG, if there is one. The same report makes the
// same page.
func Render(report evidence.Report, picture []byte) ([]byte, error) {
	v := newView(report)
	v.Style, v.Script, v.Allowed = template.CSS(style), template.JS(script), allowed()
	if len(picture) > 0 {
		// As an image, a picture can neither run scripts nor have ids that the page has, too.
		v.Picture = template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(picture))
	}
	var text bytes.Buffer
	if err := page().Execute(&text, v); err != nil {
		return nil, fmt.Errorf("page of the report: %w", err)
	}
	return text.Bytes(), nil
}

// allowed is the Content-Security-Policy: the page's own style and script by their hashes, and pictures within it.
// Source: W3C, "Content Security Policy Level 3", section 6.7.2.
func allowed() string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}
