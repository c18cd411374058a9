package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
	"securebaseline/internal/testkit"
	"securebaseline/internal/testkit/goldenfile"
	"securebaseline/stacks"
)

// reported is a day on which all exceptions hold.
var reported = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

func exceptions(t *testing.T) evidence.Exceptions {
	t.Helper()
	all, err := evidence.ReadExceptions(filepath.Join(testkit.Root(t), evidence.ExceptionsFile))
	require.NoError(t, err)
	return all
}

func reportOn(t *testing.T, stack testkit.Stack, environment string, exceptions evidence.Exceptions,
	day time.Time) evidence.Report {
	t.Helper()
	report, err := evidence.Make(stack.Template, stacks.Name(environment), environment, exceptions, day)
	require.NoError(t, err)
	return report
}

// TestReportsAreClean demands that each environment, and a stack that has everything, keeps every rule, or breaks it by
// an exception that somebody answers for.
func TestReportsAreClean(t *testing.T) {
	schema := sarifSchema(t)
	for name, of := range map[string]struct {
		environment string
		replaced    testkit.Settings
		excepted    int
	}{
		"dev": {"dev", nil, 9}, "staging": {"staging", nil, 5}, "prod": {"prod", nil, 0},
		"everything": {"prod", testkit.Everything(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			stack := testkit.Synthesize(t, of.environment, of.replaced)
			report := reportOn(t, stack, of.environment, exceptions(t), reported)
			assert.Empty(t, report.Faults())
			assert.Zero(t, report.Summary.Failed)
			assert.Zero(t, report.Summary.NotApplicable, "every rule has something to look at")
			assert.Equal(t, of.excepted, report.Summary.Excepted)
			assert.Equal(t, len(evidence.Rules()), len(report.Rules))
			assertSARIF(t, schema, report, 0)
		})
	}
}

// TestReportTellsWhatIsBroken makes a report that is not clean, for each reason that there is.
func TestReportTellsWhatIsBroken(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Settings{"rds.multiAz": false})
	const address = "aws_db_instance.database_EBDE4557"
	const fault = "SB-RDS-06: medium: " + address + ": multi_az is false, not true"
	exception := evidence.Exception{Environment: "prod", Rule: "SB-RDS-06", Address: "aws_db_instance.*", Reason: "r",
		Owner: "o", Expires: "2027-01-01"}
	with := func(change func(*evidence.Exception)) evidence.Exceptions {
		changed := exception
		change(&changed)
		return evidence.Exceptions{changed}
	}
	for name, row := range map[string]struct {
		exceptions evidence.Exceptions
		faults     []string
	}{
		"no exception":            {nil, []string{fault}},
		"an exception":            {evidence.Exceptions{exception}, nil},
		"for another environment": {with(func(x *evidence.Exception) { x.Environment = "dev" }), []string{fault}},
		"for another resource": {with(func(x *evidence.Exception) { x.Address = "aws_db_instance.other" }),
			[]string{fault,
				"exception to SB-RDS-06 for aws_db_instance.other, of o: it covers nothing, and must be removed"}},
		"for another rule": {with(func(x *evidence.Exception) { x.Rule = "SB-RDS-05" }), []string{fault,
			"exception to SB-RDS-05 for aws_db_instance.*, of o: it covers nothing, and must be removed"}},
		"one that has expired": {with(func(x *evidence.Exception) { x.Expires = "2026-11-30" }), []string{fault,
			"exception to SB-RDS-06 for aws_db_instance.*, of o: it expired on 2026-11-30"}},
		"one that ends on this day": {with(func(x *evidence.Exception) { x.Expires = "2026-12-01" }), nil},
	} {
		t.Run(name, func(t *testing.T) {
			report := reportOn(t, stack, "prod", row.exceptions, reported)
			assert.Equal(t, row.faults, report.Faults())
			failing := 0
			if slices.Contains(row.faults, fault) {
				failing = 1
			}
			assert.Equal(t, failing, report.Summary.Findings)
			assertSARIF(t, sarifSchema(t), report, failing)
		})
	}
}

// sarifSchema is the schema that OASIS publishes.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(filepath.Join(testkit.Root(t), "internal", "evidence", "testdata", "sarif-schema-2.1.0.json"))
	require.NoError(t, err)
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("sarif.json", document))
	schema, err := compiler.Compile("sarif.json")
	require.NoError(t, err)
	return schema
}

// assertSARIF demands a file that meets the schema, with as many results as resources break a rule. What is excepted is
// suppressed.
func assertSARIF(t *testing.T, schema *jsonschema.Schema, report evidence.Report, failing int) {
	t.Helper()
	text, err := json.Marshal(report.SARIF())
	require.NoError(t, err)
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(document))

	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID         string
						Help       struct{ Text string }
						Properties struct{ Tags []string }
					}
				}
			}
			Results []struct {
				RuleID       string
				RuleIndex    int
				Suppressions []struct{ Justification string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &log))
	for i, rule := range log.Runs[0].Tool.Driver.Rules {
		assert.LessOrEqual(t, len(rule.Properties.Tags), 10, "GitHub shows no more of %s", rule.ID)
		for _, id := range report.Rules[i].Controls.NIST {
			assert.Regexp(t, `\b`+regexp.QuoteMeta(id)+`(,|\n|$)`, rule.Help.Text, rule.ID)
		}
	}
	open := 0
	for _, result := range log.Runs[0].Results {
		assert.Equal(t, result.RuleID, log.Runs[0].Tool.Driver.Rules[result.RuleIndex].ID)
		if len(result.Suppressions) == 0 {
			open++
		}
	}
	assert.Equal(t, failing, open)
}

// TestReportShowsTheStack compares what a report lists with the stack.
func TestReportShowsTheStack(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", nil)
	report := reportOn(t, stack, "prod", nil, reported)
	assert.Equal(t, []string{"acme", "prod", "eu-central-1", "444455556666", "2026-12-01"},
		[]string{report.Project, report.Environment, report.Region, report.Account, report.Date})
	assert.True(t, report.AccountKnown)

	var addresses []string
	for _, item := range report.Inventory {
		addresses = append(addresses, item.Address)
		if item.Path == "data-bucket/Resource" {
			assert.Equal(t, []string{"acme-data-prod-444455556666-eu-central-1",
				"arn:aws:s3:::acme-data-prod-444455556666-eu-central-1", "platform-security"},
				[]string{item.Name, item.ARN, item.Tags["Owner"]})
			assert.True(t, item.Stateful)
		}
	}
	assert.ElementsMatch(t, stack.Addresses(), addresses)
	assert.True(t, slices.IsSortedFunc(report.Inventory, func(a, b evidence.Item) int {
		return strings.Compare(a.Path, b.Path)
	}))

	waves := map[string]int{}
	for _, one := range report.Order {
		waves[one.Address] = one.Wave
		for _, before := range one.After {
			assert.Less(t, waves[before.Address], one.Wave, "%s before %s", before.Address, one.Address)
		}
	}
	assert.Len(t, waves, len(stack.Graph()))
}

// hashOfPath is what CDKTF ends names with.
var hashOfPath = regexp.MustCompile("_[0-9A-F]{8}$")

// TestReportShowsWhoMayDoWhat looks up cells of the matrix of access.
func TestReportShowsWhoMayDoWhat(t *testing.T) {
	report := reportOn(t, testkit.Synthesize(t, "prod", nil), "prod", nil, reported)
	var allowed []string
	for _, grant := range report.Access {
		if grant.Allowed {
			resource := hashOfPath.ReplaceAllString(grant.Address, "")
			allowed = append(allowed, grant.Principal+" "+grant.Action+" "+resource)
		}
		assert.NotEmpty(t, grant.Steps)
		for _, step := range grant.Steps {
			assert.True(t, step.Decision == "implicit deny" || len(step.By) > 0, "%+v names what decides", grant)
		}
	}
	goldenfile.Assert(t, filepath.Join("testdata", "grants.txt"),
		strings.Join(slices.Compact(slices.Sorted(slices.Values(allowed))), "\n")+"\n")
}
