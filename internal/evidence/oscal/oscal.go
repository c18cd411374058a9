// Package oscal writes the report on a stack as assessment results of OSCAL, the language of NIST in which tools of
// auditors exchange controls and what became of them.
//
// Only controls of NIST SP 800-53 are targets of findings: OSCAL knows a control by the catalog that it stands in, and
// neither CIS, PCI nor AWS publishes one. Theirs are properties of the observations.
// Source: NIST, OSCAL Assessment Results Model,
// https://pages.nist.gov/OSCAL-Reference/models/v1.1.3/assessment-results/
package oscal

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"securebaseline/internal/evidence"
)

// Namespace is that of the properties which OSCAL has no names for.
const Namespace = "urn:securebaseline:report"

// Document is a report as assessment results. All times are the day of the report, and identifiers come from what they
// identify: the same stack gives the same document all day long, and the same findings every day. It fails where the
// report has no date.
func Document(r evidence.Report) (types.OscalModels, error) {
	day, err := time.Parse(time.DateOnly, r.Date)
	if err != nil {
		return types.OscalModels{}, fmt.Errorf("the report's date: %w", err)
	}
	b := builder{r, day}
	results := types.AssessmentResults{
		Metadata: types.Metadata{Title: "Rules that the stack " + r.Stack + " keeps", LastModified: day,
			Version: r.Date, OscalVersion: types.Version, Props: b.about()},
		ImportAp: types.ImportAp{Href: "#" + b.uuid("plan", "")},
		Results:  []types.Result{b.result()},
		BackMatter: &types.BackMatter{Resources: &[]types.Resource{{UUID: b.uuid("plan", ""), Title: "Assessment plan",
			Description: "There is no plan as a document: every rule is asked of every resource that it is about."}}},
	}
	// The identifier of a document is another one as soon as anything in it is.
	text, err := json.Marshal(results)
	if err != nil {
		return types.OscalModels{}, err
	}
	results.UUID = newUUID(string(text))
	return types.OscalModels{AssessmentResults: &results}, nil
}

// ControlID is how OSCAL writes a control of NIST SP 800-53: ac-2.4 for AC-2(4).
func ControlID(id string) string {
	return strings.NewReplacer("(", ".", ")", "").Replace(strings.ToLower(id))
}

// builder makes the parts of the results of a report.
type builder struct {
	evidence.Report
	day time.Time
}

// uuid identifies something of the stack, by its kind and name.
func (b builder) uuid(kind, name string) string {
	return newUUID(strings.Join([]string{Namespace, b.Project, b.Region, b.Stack, kind, name}, "/"))
}

// property is one of this project. Without a value there is none.
func property(name, value string) []types.Property {
	if value == "" {
		return nil
	}
	return []types.Property{{Name: name, Value: value, Ns: Namespace}}
}

// properties are several of this project.
func properties(all ...[]types.Property) *[]types.Property {
	list := slices.Concat(all...)
	return &list
}

// optional is a list that is left out where it is empty: OSCAL allows no empty ones.
func optional[T any](list []T) *[]T {
	if len(list) == 0 {
		return nil
	}
	return &list
}

func (b builder) about() *[]types.Property {
	account := b.Account
	if !b.AccountKnown {
		account = "" // a placeholder
	}
	return properties(property("stack", b.Stack), property("project", b.Project),
		property("environment", b.Environment), property("region", b.Region), property("account", account))
}

func (b builder) result() types.Result {
	tool := types.SystemComponent{UUID: b.uuid("tool", ""), Type: "software", Title: "securebaseline",
		Description: "Asks rules of the JSON that Terraform gets.",
		Status:      types.SystemComponentStatus{State: "operational"}}
	inventory, observations, findings := b.inventory(), b.observations(), b.findings()
	return types.Result{
		UUID: b.uuid("result", b.Date), Title: "Stack " + b.Stack + " on " + b.Date, Start: b.day,
		Description: "What the resources of the stack show of each control, before they are made. " +
			"What a control wants of people, of procedures and of other systems is not assessed.",
		LocalDefinitions: &types.LocalDefinitions{Components: &[]types.SystemComponent{tool},
			InventoryItems: &inventory},
		ReviewedControls: b.reviewed(), Observations: &observations, Findings: &findings,
		Risks: optional(b.risks()),
	}
}

func (b builder) inventory() []types.InventoryItem {
	var items []types.InventoryItem
	for _, item := range b.Inventory {
		items = append(items, types.InventoryItem{UUID: b.uuid("resource", item.Address), Description: item.Address,
			Props: properties([]types.Property{{Name: "asset-id", Value: item.Address}}, property("type", item.Type),
				property("name", item.Name), property("arn", item.ARN))})
	}
	return items
}
