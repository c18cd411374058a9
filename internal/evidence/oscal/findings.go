package oscal

import (
	"slices"
	"strings"
	"time"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"securebaseline/internal/evidence"
)

// observations are the rules with what they found, one each.
func (b builder) observations() []types.Observation {
	var all []types.Observation
	for _, rule := range b.Rules {
		links := []types.Link{{Href: rule.Source, Rel: "reference"}}
		for _, id := range rule.Controls.FSBP {
			links = append(links, types.Link{Href: evidence.SecurityHubURL(id), Rel: "reference", Text: id})
		}
		all = append(all, types.Observation{UUID: b.uuid("rule", rule.ID), Title: rule.ID, Collected: b.day,
			Description: rule.Demand + ". " + rule.Reason, Props: controlsOf(rule), Links: &links,
			Methods: []string{"TEST"}, Types: &[]string{"control-objective"},
			Origins:  &[]types.Origin{{Actors: []types.OriginActor{{Type: "tool", ActorUuid: b.uuid("tool", "")}}}},
			Subjects: optional(b.subjects(rule)), RelevantEvidence: optional(faultsOf(rule)),
		})
	}
	return all
}

// controlsOf are the properties of a rule: its severity and status, and its controls of catalogs without OSCAL.
func controlsOf(rule evidence.Result) *[]types.Property {
	all := [][]types.Property{property("severity", string(rule.Severity)), property("status", string(rule.Status))}
	for _, catalog := range rule.Controls.Catalogs() {
		if catalog.Tag == evidence.NIST {
			continue
		}
		for _, id := range catalog.IDs {
			all = append(all, property(catalog.Tag, id))
		}
	}
	return properties(all...)
}

// subjects are the resources that a rule is about.
func (b builder) subjects(rule evidence.Result) []types.SubjectReference {
	var all []types.SubjectReference
	add := func(address, result string) {
		all = append(all, types.SubjectReference{SubjectUuid: b.uuid("resource", address), Type: "inventory-item",
			Title: address, Props: properties(property("result", result))})
	}
	for _, address := range rule.Passing {
		add(address, "pass")
	}
	for _, f := range rule.Failing {
		add(f.Address, "fail")
	}
	for _, f := range rule.Excepted {
		add(f.Address, "excepted")
	}
	return all
}

// faultsOf are what is wrong with resources, accepted or not.
func faultsOf(rule evidence.Result) []types.RelevantEvidence {
	var all []types.RelevantEvidence
	for _, f := range rule.Failing {
		all = append(all, types.RelevantEvidence{Description: f.Address + ": " + f.Fault})
	}
	for _, f := range rule.Excepted {
		all = append(all, types.RelevantEvidence{Description: f.Address + ": " + f.Fault})
	}
	return all
}

// assessed are the controls of NIST with the rules that bear on them and had something to look at.
func (b builder) assessed() []evidence.ControlResult {
	var all []evidence.ControlResult
	for _, catalog := range b.ByControl() {
		if catalog.Tag != evidence.NIST {
			continue
		}
		for _, control := range catalog.Controls {
			control.Rules = slices.DeleteFunc(control.Rules, func(rule evidence.Result) bool {
				return rule.Status == evidence.NotApplicable
			})
			if len(control.Rules) > 0 {
				all = append(all, control)
			}
		}
	}
	return all
}

func (b builder) reviewed() types.ReviewedControls {
	var ids []types.AssessedControlsSelectControlById
	for _, control := range b.assessed() {
		ids = append(ids, types.AssessedControlsSelectControlById{ControlId: ControlID(control.ID)})
	}
	return types.ReviewedControls{ControlSelections: []types.AssessedControls{{IncludeControls: &ids}}}
}

// findings say of each control whether the rules that bear on it hold. The target is the control's statement, which the
// catalog of NIST calls by the control's id.
func (b builder) findings() []types.Finding {
	var all []types.Finding
	for _, control := range b.assessed() {
		id := control.ID
		var names []string
		var related []types.RelatedObservation
		var risks []types.AssociatedRisk
		gravest := evidence.Passed
		for _, rule := range control.Rules {
			names = append(names, rule.ID)
			related = append(related, types.RelatedObservation{ObservationUuid: b.uuid("rule", rule.ID)})
			for _, risk := range b.risksOf(rule) {
				risks = append(risks, types.AssociatedRisk{RiskUuid: risk.UUID})
			}
			if rule.Status == evidence.Failed || gravest == evidence.Passed {
				gravest = rule.Status
			}
		}
		all = append(all, types.Finding{UUID: b.uuid("control", id), Title: id,
			Description: "Rules that bear on " + id + ": " + strings.Join(names, ", ") + ".",
			Target: types.FindingTarget{Type: "statement-id", TargetId: ControlID(id) + "_smt", Status: states[gravest],
				Props: properties(property("control-id", ControlID(id)))},
			RelatedObservations: &related, RelatedRisks: optional(risks)})
	}
	return all
}

// states are what becomes of a control by the gravest state of its rules. An accepted risk does not satisfy it.
var states = map[evidence.Status]types.ObjectiveStatus{
	evidence.Passed: {State: "satisfied", Reason: "pass", Remarks: "As far as the resources of this stack show."},
	evidence.Excepted: {State: "not-satisfied", Reason: "other",
		Remarks: "What breaks a rule has been accepted: the related risks say by whom, why and until when."},
	evidence.Failed: {State: "not-satisfied", Reason: "fail"},
}

// risks are those of all rules that a resource breaks.
func (b builder) risks() []types.Risk {
	var all []types.Risk
	for _, rule := range b.Rules {
		all = append(all, b.risksOf(rule)...)
	}
	return all
}

// risksOf are an open risk for what breaks a rule, and an approved deviation for each exception that covers some of it.
func (b builder) risksOf(rule evidence.Result) []types.Risk {
	var all []types.Risk
	risk := func(name, status, statement string) types.Risk {
		return types.Risk{UUID: b.uuid("risk", rule.ID+"/"+name), Title: rule.ID + ": " + rule.Demand,
			Description: rule.Reason, Statement: statement, Status: status,
			RelatedObservations: &[]types.RelatedObservation{{ObservationUuid: b.uuid("rule", rule.ID)}}}
	}
	var faults []string
	for _, f := range rule.Failing {
		faults = append(faults, f.Address+": "+f.Fault)
	}
	if len(faults) > 0 {
		all = append(all, risk("open", "open", strings.Join(faults, "\n")))
	}
	accepted := map[int]bool{}
	for _, f := range rule.Excepted {
		if accepted[f.Exception] {
			continue
		}
		accepted[f.Exception] = true
		x := b.Exceptions[f.Exception]
		approved := risk(x.Address, "deviation-approved", x.Reason)
		approved.Props = properties(property("owner", x.Owner), property("covers", x.Address))
		if last, err := time.Parse(time.DateOnly, x.Expires); err == nil {
			deadline := last.AddDate(0, 0, 1) // the last day counts
			approved.Deadline = &deadline
		}
		all = append(all, approved)
	}
	return all
}
