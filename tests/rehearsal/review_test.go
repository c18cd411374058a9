//go:build rehearsal && unix

package rehearsal

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/deploypolicy"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/review"
	"securebaseline/internal/testkit"
)

// planRuns runs a command that a pipeline gives the plan role alone, and notes which calls it made.
func (w *workspace) planRuns(t *testing.T, e emulator, target string, variables ...string) (output string, err error) {
	t.Helper()
	first := len(e.calls(t))
	output, err = w.make(t, target, variables...)
	w.planned = append(w.planned, [2]int{first, len(e.calls(t))})
	return output, err
}

// applyReviewed deploys a configuration as a team does: it is reviewed, and what was reviewed is applied. When somebody
// changes in AWS what the plan then takes back as well, the former review does not count any more.
func applyReviewed(t *testing.T, w *workspace, e emulator, settings testkit.Settings) {
	t.Helper()
	w.configure(t, settings)
	fingerprint := func() string {
		_, err := w.planRuns(t, e, "review")
		require.NoError(t, err)
		marker, err := review.ReadMarker(testkit.ReadFile(t, w.stack(), "review.md"))
		require.NoError(t, err)
		return marker.Fingerprint
	}
	reviewed := fingerprint()

	before := w.state(t)
	group := before[w.template(t).Address(t, "aws_security_group", "network/workloads")]
	_, err := ec2.NewFromConfig(w.aws(e.url)).AuthorizeSecurityGroupIngress(t.Context(),
		&ec2.AuthorizeSecurityGroupIngressInput{GroupId: aws.String(group.text(t, "id")),
			IpPermissions: []ec2types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22),
				ToPort: aws.Int32(22), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}})
	require.NoError(t, err)
	said, err := w.make(t, "apply", "REVIEWED="+reviewed)
	require.Error(t, err)
	assert.Contains(t, said, "the plan has changed since it was reviewed")
	assert.Contains(t, said, "not "+reviewed+"; nothing is applied, make review ENVIRONMENT="+w.config.Environment+" again")
	assert.Equal(t, before, w.state(t), "nothing is applied")

	anew := fingerprint()
	assert.NotEqual(t, reviewed, anew)
	said, err = w.make(t, "apply", "REVIEWED="+anew)
	require.NoError(t, err)
	assert.Contains(t, said, "Apply complete!")
	assert.NoFileExists(t, filepath.Join(w.stack(), "reviewed.tfplan"))
}

// listed matches an address in a report.
var listed = regexp.MustCompile("(?m)^- `([^`]+)`")

// assertDrift looks for drift as a pipeline does each night, and demands that the report has the wanted addresses, all
// of what somebody has changed in AWS.
func assertDrift(t *testing.T, w *workspace, e emulator, wanted ...string) {
	t.Helper()
	_, err := w.planRuns(t, e, "drift")
	text := testkit.ReadFile(t, w.stack(), "drift.md")
	if len(wanted) == 0 {
		require.NoError(t, err)
		assert.Contains(t, text, "AWS is as the configuration says")
		return
	}
	require.ErrorContains(t, err, "AWS is not as the configuration of "+w.config.Environment+" says")
	var found []string
	for _, match := range listed.FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	slices.Sort(found)
	assert.Equal(t, wanted, found, "the report has what was done, and nothing else")
	assert.Contains(t, text, "**Changed in AWS since the last deployment**")
	assert.NotContains(t, text, "**In the configuration, and not in AWS**")
}

// rehearseLock leaves a lock on the state, as a job does that is killed.
func rehearseLock(t *testing.T, w *workspace, e emulator) string {
	const id = "0d0ad5c3-1b5d-4d2a-9f0c-2b6a2f7f3a11"
	api := s3.NewFromConfig(w.aws(e.url))
	list, err := api.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(stateBucket)})
	require.NoError(t, err)
	require.Len(t, list.Contents, 1, "the state, and no lock")
	lock := *list.Contents[0].Key + ".tflock"
	_, err = api.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(stateBucket), Key: &lock,
		Body: strings.NewReader(`{"ID":"` + id + `","Operation":"OperationTypeApply","Info":"","Who":"runner@job-7",` +
			`"Version":"1.11.4","Created":"2026-11-30T10:27:35.455275881Z","Path":"` + stateBucket + `/x"}`)})
	require.NoError(t, err)

	said, err := w.planRuns(t, e, "review", "LOCK_TIMEOUT=1s")
	require.Error(t, err)
	assert.Contains(t, said, "The state is locked by runner@job-7 since 2026-11-30 10:27:35 +0000 UTC: wait until that "+
		"run is over. Only if it\nwas killed: make unlock ENVIRONMENT="+w.config.Environment+" LOCK="+id+"\n")
	assert.NoFileExists(t, filepath.Join(w.stack(), "review.md"))
	_, err = w.make(t, "unlock", "LOCK="+strings.Replace(id, "0", "1", 1))
	require.Error(t, err, "the lock of somebody else stays")
	_, err = w.make(t, "unlock", "LOCK="+id)
	require.NoError(t, err)
	list, err = api.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(stateBucket)})
	require.NoError(t, err)
	assert.Len(t, list.Contents, 1)
	return "explained and taken away"
}

// assertPlanPermitted puts the calls of reviews and looks for drift to the policies of the plan role.
func assertPlanPermitted(t *testing.T, w *workspace, e emulator, account string) string {
	documents, err := deploypolicy.For(w.template(t).Template, deploypolicy.Options{Account: account})
	require.NoError(t, err)
	name := "arn:aws:iam::" + account + ":%s/acme-pipeline-%s-" + w.config.Environment
	asker := newAsker(string(w.config.Region), account, fmt.Sprintf(name, "policy", "boundary"))
	planRole := iampolicy.Role(fmt.Sprintf(name, "role", "plan"))
	calls, _ := assertAllowed(t, e.calls(t), asker, planRole, documents.Plan, func(i int) bool {
		return slices.ContainsFunc(w.planned, func(run [2]int) bool { return run[0] <= i && i < run[1] })
	})
	require.Greater(t, calls, 200)
	return fmt.Sprintf("%d calls of reviews allowed to the plan role", calls)
}
