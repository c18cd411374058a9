package evidence

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// forms are how the ids of each catalog are written.
var forms = map[string]*regexp.Regexp{
	"cis-aws-3.0": regexp.MustCompile(`^([1-5]\.[1-9][0-9]?|2\.[1-4]\.[1-9])$`),
	// Services that have a page of controls of their own in the user guide.
	hubTag: regexp.MustCompile(
		`^(CloudTrail|CloudWatch|EC2|IAM|KMS|RDS|S3|SNS|SecretsManager)\.[1-9][0-9]{0,2}$`),
	"nist-800-53-r5": regexp.MustCompile(`^(AC|AU|CA|CM|CP|IA|IR|SA|SC|SI)-[1-9][0-9]?(\([1-9][0-9]?\))?$`),
	"pci-dss-4.0.1":  regexp.MustCompile(`^([1-9]|1[0-2])\.[1-9][0-9]?\.[1-9][0-9]?(\.[1-9])?$`),
}

func TestControlsAreWellFormed(t *testing.T) {
	for _, rule := range Rules() {
		for _, c := range rule.Controls.Catalogs() {
			for _, id := range c.IDs {
				assert.Regexp(t, forms[c.Tag], id, "%s, %s", rule.ID, c.Name)
			}
		}
	}
	for id, of := range securityHub {
		all := Controls{CIS: strings.Fields(of.cis), FSBP: []string{id}, NIST: strings.Fields(of.nist),
			PCI: strings.Fields(of.pci)}
		for _, c := range all.Catalogs() {
			for _, number := range c.IDs {
				assert.Regexp(t, forms[c.Tag], number, "%s, %s", id, c.Name)
			}
			assert.Len(t, slices.Compact(slices.Sorted(slices.Values(c.IDs))), len(c.IDs), "%s names one twice", id)
		}
	}
}

func TestForms(t *testing.T) {
	for tag, ids := range map[string][]string{
		"cis-aws-3.0":    {"0.1", "4", "6.1", "4.0", "3.1.1.1", "CIS 3.1", "2.1.10"},
		hubTag:           {"S3", "S3.0", "s3.1", "S3.1.1", "Route53.2", "RDS-46", "EC2.1000"},
		"nist-800-53-r5": {"SC-0", "SC-7(0)", "sc-7", "SC-7.5", "SC-7 (5)", "XX-1", "SC-7(5", "AC-4(21)a", "SC7"},
		"pci-dss-4.0.1":  {"3.5", "13.1.1", "0.1.1", "10.2.1.0", "10.2.1.1.1", "3.5.1a", "v4.0.1/3.5.1", "A3.2.1"},
	} {
		for _, id := range ids {
			assert.NotRegexp(t, forms[tag], id, tag)
		}
	}
}

// TestControlsOfSecurityHub demands of each control of Security Hub that a rule names what AWS says of it, and of each
// that AWS says something of, a rule.
func TestControlsOfSecurityHub(t *testing.T) {
	named, page := map[string]bool{}, Reference()
	for _, rule := range Rules() {
		for _, id := range rule.Controls.FSBP {
			named[id] = true
			of, known := securityHub[id]
			assert.True(t, known, "%s names %s, of which securityHub says nothing", rule.ID, id)
			assert.Subset(t, rule.Controls.CIS, strings.Fields(of.cis), "%s, %s", rule.ID, id)
			assert.Subset(t, rule.Controls.NIST, strings.Fields(of.nist), "%s, %s", rule.ID, id)
			assert.Subset(t, rule.Controls.PCI, strings.Fields(of.pci), "%s, %s", rule.ID, id)
			assert.Contains(t, page, "| ["+id+"]("+SecurityHubURL(id)+") | ")
		}
	}
	for id := range securityHub {
		assert.True(t, named[id], "no rule names %s", id)
	}
}

func TestSecurityHubURL(t *testing.T) {
	const guide = "https://docs.aws.amazon.com/securityhub/latest/userguide/"
	assert.Equal(t, guide+"rds-controls.html#rds-46", SecurityHubURL("RDS.46"))
	assert.Equal(t, guide+"secretsmanager-controls.html#secretsmanager-1", SecurityHubURL("SecretsManager.1"))
}

func TestThrough(t *testing.T) {
	controls := relatedTo("S3.8", "CloudTrail.6").and(Controls{PCI: []string{"1.3.1"}})
	assert.Equal(t, []string{"1.3.1", "1.4.4"}, controls.PCI)
	assert.Equal(t, []string{"2.1.4"}, controls.CIS)
	assert.Equal(t, []string{"CloudTrail.6", "S3.8"}, controls.through("1.4.4"))
	assert.Equal(t, []string{"S3.8"}, controls.through("AC-4(21)"))
	assert.Empty(t, controls.through("1.3.1"))
}
