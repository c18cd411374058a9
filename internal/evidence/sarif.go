package evidence

import (
	"strings"

	"securebaseline/internal/template"
)

// sarifSchema and sarifVersion are those of SARIF 2.1.0.
// Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01".
const (
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifVersion = "2.1.0"
)

type object = map[string]any

// sarifLevels are the levels of SARIF by severity, and sarifScores what GitHub sorts by.
var (
	sarifLevels = map[Severity]string{Critical: "error", High: "error", Medium: "warning", Low: "note"}
	sarifScores = map[Severity]string{Critical: "9.5", High: "8.0", Medium: "5.5", Low: "2.0"}
)

// SARIF is the report in the format that code scanning reads: every rule, and a result for each resource that breaks
// one. What an exception covers is suppressed, with its reason.
func (r Report) SARIF() any {
	rules, results := []object{}, []object{}
	for i, result := range r.Rules {
		help := append([]string{result.Reason}, result.Controls.lines()...)
		rules = append(rules, object{
			"id": result.ID, "shortDescription": object{"text": result.Demand},
			"fullDescription": object{"text": result.Demand + ". " + result.Reason}, "helpUri": result.Source,
			"help":                 object{"text": strings.Join(help, "\n\n")},
			"defaultConfiguration": object{"level": sarifLevels[result.Severity]},
			"properties": object{"security-severity": sarifScores[result.Severity],
				"tags": result.Controls.tags(), "controls": result.Controls},
		})
		for _, f := range result.Failing {
			results = append(results, r.sarifResult(i, result.Rule, f))
		}
		for _, f := range result.Excepted {
			suppressed := r.sarifResult(i, result.Rule, f.Finding)
			x := r.Exceptions[f.Exception]
			suppressed["suppressions"] = []object{{"kind": "external", "status": "accepted",
				"justification": x.Reason + " (" + x.Owner + ", until " + x.Expires + ")"}}
			results = append(results, suppressed)
		}
	}
	return object{"$schema": sarifSchema, "version": sarifVersion, "runs": []object{{
		"tool":              object{"driver": object{"name": "securebaseline", "rules": rules}},
		"automationDetails": object{"id": "securebaseline/" + r.Stack + "/"},
		"columnKind":        "utf16CodeUnits",
		"results":           results,
	}}}
}

func (r Report) sarifResult(index int, rule Rule, f Finding) object {
	return object{
		"ruleId": rule.ID, "ruleIndex": index, "level": sarifLevels[rule.Severity],
		"message": object{"text": f.Address + ": " + f.Fault},
		"locations": []object{{
			"physicalLocation": object{"artifactLocation": object{"uri": "stacks/" + r.Stack + "/" + template.File},
				"region": object{"startLine": 1}},
			"logicalLocations": []object{{"fullyQualifiedName": f.Address, "kind": "resource"}},
		}},
		// What makes a finding the same in the next run: the rule and the address.
		"partialFingerprints": object{"address/v1": rule.ID + ":" + f.Address},
	}
}
