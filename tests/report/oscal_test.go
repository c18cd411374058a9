package report

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/defenseunicorns/go-oscal/src/pkg/validation"
	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
	"securebaseline/internal/evidence/oscal"
	"securebaseline/internal/testkit"
)

// TestOSCAL holds the assessment results of each environment to NIST's schema and to themselves.
func TestOSCAL(t *testing.T) {
	for _, environment := range testkit.Environments() {
		t.Run(environment, func(t *testing.T) {
			report := reportOn(t, testkit.Synthesize(t, environment, nil), environment, exceptions(t),
				reported)
			text, results := oscalOf(t, report)
			assert.Empty(t, oscalFaults(t, text))
			assertOSCAL(t, report, results)
		})
	}
}

// oscalOf is a report as assessment results, written and read.
func oscalOf(t *testing.T, report evidence.Report) (string, types.AssessmentResults) {
	t.Helper()
	document, err := oscal.Document(report)
	require.NoError(t, err)
	text, err := json.Marshal(document)
	require.NoError(t, err)
	var read types.OscalModels
	require.NoError(t, json.Unmarshal(text, &read))
	return string(text), *read.AssessmentResults
}

// oscalFaults is what NIST's schema says against a document.
func oscalFaults(t *testing.T, text string) string {
	t.Helper()
	validator, err := validation.NewValidatorDesiredVersion([]byte(text), types.Version)
	require.NoError(t, err)
	if err := validator.Validate(); err != nil {
		return err.Error()
	}
	return ""
}

// assertOSCAL demands that what refers to something finds it, and that each control of NIST is there with its rules.
func assertOSCAL(t *testing.T, report evidence.Report, results types.AssessmentResults) {
	t.Helper()
	result := results.Results[0]
	known := map[string]bool{}
	for _, list := range [][]string{
		uuidsOf(*result.LocalDefinitions.Components, func(x types.SystemComponent) string { return x.UUID }),
		uuidsOf(*result.LocalDefinitions.InventoryItems, func(x types.InventoryItem) string { return x.UUID }),
		uuidsOf(*result.Observations, func(x types.Observation) string { return x.UUID }),
		uuidsOf(*result.Findings, func(x types.Finding) string { return x.UUID }),
		uuidsOf(optional(result.Risks), func(x types.Risk) string { return x.UUID }),
		{results.UUID, result.UUID, (*results.BackMatter.Resources)[0].UUID},
	} {
		for _, id := range list {
			assert.False(t, known[id], "%s stands for two things", id)
			known[id] = true
		}
	}
	assert.True(t, known[strings.TrimPrefix(results.ImportAp.Href, "#")], "the plan")
	for _, one := range *result.Observations {
		assert.True(t, known[(*one.Origins)[0].Actors[0].ActorUuid], one.Title)
		for _, subject := range optional(one.Subjects) {
			assert.True(t, known[subject.SubjectUuid], "%s: %s", one.Title, subject.Title)
		}
	}
	for _, risk := range optional(result.Risks) {
		assert.True(t, known[(*risk.RelatedObservations)[0].ObservationUuid], risk.Title)
	}

	want := map[string]bool{}
	for _, rule := range report.Rules {
		for _, id := range rule.Controls.NIST {
			want[id] = want[id] || rule.Status != evidence.NotApplicable
		}
	}
	maps.DeleteFunc(want, func(_ string, looked bool) bool { return !looked })
	ids := slices.SortedFunc(maps.Keys(want), evidence.Naturally)
	statement := regexp.MustCompile(`^[a-z]{2}-[1-9][0-9]?(\.[1-9][0-9]?)?_smt$`)
	selected := *result.ReviewedControls.ControlSelections[0].IncludeControls
	require.Len(t, *result.Findings, len(ids))
	require.Len(t, selected, len(ids))
	for i, finding := range *result.Findings {
		assert.Equal(t, ids[i], finding.Title)
		assert.Equal(t, oscal.ControlID(ids[i]), selected[i].ControlId)
		assert.Equal(t, selected[i].ControlId+"_smt", finding.Target.TargetId)
		assert.Regexp(t, statement, finding.Target.TargetId)
		for _, related := range *finding.RelatedObservations {
			assert.True(t, known[related.ObservationUuid], finding.Title)
		}
		for _, related := range optional(finding.RelatedRisks) {
			assert.True(t, known[related.RiskUuid], finding.Title)
		}
	}
	assert.Len(t, *result.Observations, len(report.Rules))
	assert.Len(t, *result.LocalDefinitions.InventoryItems, len(report.Inventory))
}

func optional[T any](list *[]T) []T {
	if list == nil {
		return nil
	}
	return *list
}

func uuidsOf[T any](list []T, uuid func(T) string) []string {
	var all []string
	for _, one := range list {
		all = append(all, uuid(one))
	}
	return all
}

// TestOSCALTellsStatesApart breaks a rule, with and without an exception.
func TestOSCALTellsStatesApart(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Settings{"rds.multiAz": false})
	accepted := evidence.Exceptions{{Environment: "prod", Rule: "SB-RDS-06", Address: "aws_db_instance.*",
		Reason: "one zone is enough", Owner: "data team", Expires: "2027-01-31"}}
	for name, row := range map[string]struct {
		exceptions            evidence.Exceptions
		state, reason, status string
	}{
		"open":     {nil, "not-satisfied", "fail", "open"},
		"accepted": {accepted, "not-satisfied", "other", "deviation-approved"},
	} {
		t.Run(name, func(t *testing.T) {
			report := reportOn(t, stack, "prod", row.exceptions, reported)
			text, results := oscalOf(t, report)
			assert.Empty(t, oscalFaults(t, text))
			assertOSCAL(t, report, results)
			result := results.Results[0]
			risk := (*result.Risks)[0]
			assert.Equal(t, row.status, risk.Status)
			if row.exceptions != nil {
				assert.Equal(t, "one zone is enough", risk.Statement)
				assert.Equal(t, time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), *risk.Deadline)
			}
			for _, finding := range *result.Findings {
				broken := slices.Contains([]string{"SC-36", "SI-13(5)", "CP-6(2)", "CP-10", "SC-5(2)"}, finding.Title)
				if !broken {
					assert.Equal(t, types.ObjectiveStatus{State: "satisfied", Reason: "pass",
						Remarks: "As far as the resources of this stack show."}, finding.Target.Status, finding.Title)
					assert.Empty(t, finding.RelatedRisks, finding.Title)
					continue
				}
				assert.Equal(t, row.state, finding.Target.Status.State, finding.Title)
				assert.Equal(t, row.reason, finding.Target.Status.Reason, finding.Title)
				assert.Equal(t, risk.UUID, (*finding.RelatedRisks)[0].RiskUuid, finding.Title)
			}
		})
	}
}

// TestOSCALIsTheSame writes a report twice on one day, and again on the next.
func TestOSCALIsTheSame(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", nil)
	first, today := oscalOf(t, reportOn(t, stack, "prod", exceptions(t), reported))
	again, _ := oscalOf(t, reportOn(t, stack, "prod", exceptions(t), reported.Add(time.Hour)))
	assert.Equal(t, first, again)
	_, tomorrow := oscalOf(t, reportOn(t, stack, "prod", exceptions(t), reported.AddDate(0, 0, 1)))
	assert.NotEqual(t, today.UUID, tomorrow.UUID)
	assert.NotEqual(t, today.Results[0].UUID, tomorrow.Results[0].UUID)
	assert.Equal(t, today.Results[0].Findings, tomorrow.Results[0].Findings)
}

// TestOSCALSchemaRefuses breaks a document, for the schema to object.
func TestOSCALSchemaRefuses(t *testing.T) {
	if testing.Short() {
		t.Skip("validates again and again")
	}
	stack := testkit.Synthesize(t, "dev", nil)
	text, _ := oscalOf(t, reportOn(t, stack, "dev", exceptions(t), reported))
	for name, change := range map[string]struct{ from, to string }{
		"no title":             {`"title":"Rules`, `"titled":"Rules`},
		"a time without zone":  {`T00:00:00Z"`, `T00:00:00"`},
		"a control in NIST's":  {`"control-id":"ac-2.1"`, `"control-id":"AC-2(1)"`},
		"an unknown target":    {`"type":"statement-id"`, `"type":"control-id"`},
		"an unknown state":     {`"state":"satisfied"`, `"state":"good"`},
		"an identifier":        {`"subject-uuid":"`, `"subject-uuid":"x`},
		"a value with a space": {`"value":"dev"`, `"value":"dev "`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, text, change.from)
			assert.NotEmpty(t, oscalFaults(t, strings.Replace(text, change.from, change.to, 1)))
		})
	}
}
