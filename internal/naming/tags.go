package naming

import "maps"

// Keys of the tags that every taggable resource carries.
const (
	TagProject     = "Project"
	TagEnvironment = "Environment"
	TagOwner       = "Owner"
	TagCostCenter  = "CostCenter"
	TagCompliance  = "Compliance"
	TagManagedBy   = "ManagedBy"
	TagName        = "Name"
)

// managedBy warns readers of the console not to change a resource there.
const managedBy = "cdktf"

// RequiredTags lists the keys that every taggable resource carries.
func RequiredTags() []string {
	return []string{TagProject, TagEnvironment, TagOwner, TagCostCenter, TagCompliance, TagManagedBy, TagName}
}

// Tags is what the configuration says about every resource alike.
type Tags struct {
	Owner      string            // the team that answers for the resources
	CostCenter string            // who pays
	Compliance string            // the regime that the resources fall under, for example "cis"
	Extra      map[string]string // further tags; cannot replace a required one
}

func (t Tags) forProject(project, environment string) map[string]string {
	tags := make(map[string]string, len(t.Extra)+len(RequiredTags()))
	maps.Copy(tags, t.Extra)
	tags[TagProject] = project
	tags[TagEnvironment] = environment
	tags[TagOwner] = t.Owner
	tags[TagCostCenter] = t.CostCenter
	tags[TagCompliance] = t.Compliance
	tags[TagManagedBy] = managedBy
	return tags
}
