//go:build unix

package scan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/template"
)

// stack is Terraform JSON with what checkov must not see.
const stack = `{
	"terraform": {"required_version": ">= 1.10"}, "removed": [{"from": "a.b"}], "//": {"metadata": {}},
	"provider": {"aws": [{"region": "eu-central-1"}]},
	"data": {"aws_availability_zones": {"network_zones_2241F3F0": {}}},
	"resource": {"aws_cloudtrail": {"trail_671F64C4": {}}, "aws_s3_bucket": {"access-logs-bucket_DBD108A3": {}}}
}`

// install puts a script in the place of a scanner. The real checkov is asked by make test-scan.
func install(t *testing.T, scanner Scanner, script string) {
	t.Helper()
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, scanner.Name), []byte("#!/bin/sh\n"+script), 0o755))
	t.Setenv("PATH", directory+":"+os.Getenv("PATH"))
}

func write(t *testing.T, name, content string) (directory string) {
	t.Helper()
	directory = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600))
	return directory
}

// TestScannerIsShownResources lets the scanner print what it sees, and takes what it says for addresses of the stack.
func TestScannerIsShownResources(t *testing.T) {
	output, err := filepath.Abs(filepath.Join("testdata", "checkov-stack.json"))
	require.NoError(t, err)
	shown := filepath.Join(t.TempDir(), "shown")
	install(t, checkov(), `{ ls -a; cat cdk.tf.json; echo "$CKV_SKIP $HOME"; } >`+shown+`; cat `+output)
	t.Setenv("CKV_SKIP", "everything")
	directory := write(t, template.File, stack)
	look, err := checkov().Stack(directory, "")
	require.NoError(t, err)
	assert.Equal(t, []string{"aws_cloudtrail.trail_671F64C4", "data.aws_availability_zones.network_zones_2241F3F0",
		"aws_s3_bucket.access-logs-bucket_DBD108A3"}, look.Resources, "the provider is none")
	assert.Equal(t, 3, look.Of)
	assert.Equal(t, filepath.Join(directory, template.File), look.Source)
	require.Len(t, look.Findings, 3)
	assert.Equal(t, "aws_cloudtrail.trail_671F64C4", look.Findings[1].Address)

	text, err := os.ReadFile(shown)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"resource"`)
	assert.NotContains(t, string(text), "required_version")
	assert.NotContains(t, string(text), "removed")
	assert.NotContains(t, string(text), "everything")
	assert.Regexp(t, `^\.\n\.\.\ncdk\.tf\.json\n\{`, string(text), "nothing else lies there")
	assert.NotContains(t, string(text), " "+os.Getenv("HOME")+"\n")
}

func TestScannerFails(t *testing.T) {
	directory := write(t, template.File, stack)
	install(t, checkov(), "echo Traceback >&2; echo boom >&2; exit 2")
	_, err := checkov().Stack(directory, "")
	assert.EqualError(t, err, "checkov crashed: exit status 2\nTraceback\nboom")
	install(t, checkov(), "echo warning >&2; echo '{'")
	_, err = checkov().Stack(directory, "")
	assert.EqualError(t, err, "checkov: its output cannot be read: unexpected end of JSON input\nwarning")
	_, err = checkov().Stack(t.TempDir(), "")
	assert.ErrorIs(t, err, os.ErrNotExist)
	t.Setenv("PATH", t.TempDir())
	_, err = checkov().Stack(directory, "")
	assert.EqualError(t, err, "checkov is asked for by SCANNERS, and not on the PATH: make scan installs it into the "+
		"directory that CACHE names")
}

// TestSilentScannerMustFindProbe lets a scanner that tells nothing of what passes look at HCL, with and without eyes.
func TestSilentScannerMustFindProbe(t *testing.T) {
	directory, hcl := write(t, template.File, stack), write(t, "s3.tf", "resource {}")
	output, err := filepath.Abs("testdata")
	require.NoError(t, err)
	install(t, trivy(), `test "$(echo *.tf*)" = "s3.tf securebaseline-probe.tf" && grep -q 'resource {}' s3.tf && `+
		`grep -q '"aws_s3_bucket" "`+probe+`"' *probe.tf && cat `+output+"/trivy-stack.json")
	look, err := trivy().Stack(directory, hcl)
	require.NoError(t, err)
	assert.True(t, look.Probed)
	assert.Equal(t, hcl, look.Source)
	assert.Equal(t, 3, look.Of)
	assert.Len(t, look.Findings, 2, "the probe is no finding")
	report := Judge([]Look{look}, nil, "prod", today)
	assert.Len(t, report.Faults(), 3, "two findings and how to accept them")
	assert.Contains(t, report.Summary(), "prod: trivy has read "+hcl+", with 3 resources\n")

	install(t, trivy(), "cat "+output+"/trivy-nothing.json")
	look, err = trivy().Stack(directory, hcl)
	require.NoError(t, err)
	assert.Equal(t, []string{"trivy looked at no resource of " + hcl + ", so that it proves nothing"},
		Judge([]Look{look}, nil, "prod", today).Faults())

	_, err = trivy().Stack(directory, directory)
	assert.EqualError(t, err, directory+" holds no stack in Terraform's own syntax; write it by make hcl")
	_, err = trivy().Plan("plan.json")
	assert.EqualError(t, err, `PLAN = "plan.json": trivy cannot read plans, see docs/exceptions.md; leave it out of `+
		"SCANNERS")
}

func TestPlanMustBeOne(t *testing.T) {
	output, err := filepath.Abs(filepath.Join("testdata", "checkov-plan.json"))
	require.NoError(t, err)
	install(t, checkov(), "cat "+output)
	plan := func(errored string) string {
		return filepath.Join(write(t, "p.json", `{"format_version": "1.2", "configuration": {}, "errored": `+errored+`,
			"resource_changes": [{"address": "aws_cloudtrail.trail_671F64C4"}, {"address": "aws_vpc.a"}]}`), "p.json")
	}
	file := plan("false")
	look, err := checkov().Plan(file)
	require.NoError(t, err)
	assert.Equal(t, []string{"aws_cloudtrail.trail_671F64C4"}, look.Resources)
	assert.Equal(t, 2, look.Of)
	assert.Equal(t, file, look.Source)

	file = plan("true")
	_, err = checkov().Plan(file)
	assert.EqualError(t, err, `PLAN = "`+file+`": must be a plan that Terraform could finish`)
	file = filepath.Join(write(t, "p.json", `{"values": {}}`), "p.json")
	_, err = checkov().Plan(file)
	assert.EqualError(t, err, `PLAN = "`+file+`": must be a saved plan as terraform show -json prints it`)
}
