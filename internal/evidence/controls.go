package evidence

import (
	"slices"
	"strings"
)

// Controls are those that a rule satisfies, or helps to, by the ids of each catalog.
type Controls struct {
	// CIS are recommendations of the CIS AWS Foundations Benchmark 3.0.0.
	CIS []string `json:"cis"`
	// FSBP are controls of AWS Security Hub, most of them in the standard AWS Foundational Security Best Practices.
	FSBP []string `json:"fsbp"`
	// NIST are controls of NIST SP 800-53 Rev. 5.
	NIST []string `json:"nist"`
	// PCI are requirements of PCI DSS 4.0.1.
	PCI []string `json:"pci"`
}

// relatedTo are controls of Security Hub with the requirements that AWS relates to them.
func relatedTo(ids ...string) Controls {
	all := Controls{}.and(Controls{FSBP: ids})
	for _, id := range ids {
		of := securityHub[id]
		all = all.and(Controls{CIS: strings.Fields(of.cis), NIST: strings.Fields(of.nist), PCI: strings.Fields(of.pci)})
	}
	return all
}

// and adds controls, in order and each once. No list is nil, which JSON would show as null.
func (c Controls) and(more Controls) Controls {
	merged := func(one, other []string) []string {
		all := append(append([]string{}, one...), other...)
		slices.SortFunc(all, Naturally)
		return slices.Compact(all)
	}
	return Controls{merged(c.CIS, more.CIS), merged(c.FSBP, more.FSBP), merged(c.NIST, more.NIST),
		merged(c.PCI, more.PCI)}
}

// through lists the controls of Security Hub by which a rule has a control of another catalog. None means that this
// project maps it.
func (c Controls) through(id string) []string {
	var hub []string
	for _, one := range c.FSBP {
		of := securityHub[one]
		if slices.Contains(strings.Fields(of.cis+" "+of.nist+" "+of.pci), id) {
			hub = append(hub, one)
		}
	}
	return hub
}

// tags are the words by which a rule is found: the catalogs alone, since GitHub shows ten tags and refuses a file in
// which a rule has more than twenty.
// Source: GitHub, "SARIF results exceed one or more limits".
func (c Controls) tags() []string {
	tags := []string{"security"}
	for _, catalog := range c.Catalogs() {
		if len(catalog.IDs) > 0 {
			tags = append(tags, catalog.Tag)
		}
	}
	return tags
}

// lines are the controls, a line for each catalog.
func (c Controls) lines() []string {
	var lines []string
	for _, catalog := range c.Catalogs() {
		if len(catalog.IDs) > 0 {
			lines = append(lines, catalog.Name+": "+strings.Join(catalog.IDs, ", "))
		}
	}
	return lines
}

// Catalog is a benchmark with the controls of it that a rule satisfies.
type Catalog struct {
	// Name is that of the publisher with the version, Tag the same as a word.
	Name, Tag string
	// IDs are the controls.
	IDs []string
}

// Tags of catalogs that are more than others: hubTag is that by which AWS relates the others.
const (
	// NIST is the tag of the catalog that is published as OSCAL.
	NIST   = "nist-800-53-r5"
	hubTag = "aws-security-hub"
)

// Catalogs lists the catalogs with the controls of each, in the order in which they are shown.
func (c Controls) Catalogs() []Catalog {
	return []Catalog{
		{"CIS AWS Foundations Benchmark 3.0.0", "cis-aws-3.0", c.CIS},
		{"AWS Security Hub", hubTag, c.FSBP},
		{"NIST SP 800-53 Rev. 5", NIST, c.NIST},
		{"PCI DSS 4.0.1", "pci-dss-4.0.1", c.PCI},
	}
}
