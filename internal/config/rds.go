package config

import (
	"fmt"
	"maps"
	"slices"

	"securebaseline/internal/inventory"
)

// RDS configures the databases: the one that is there unless it is switched off, and further ones.
type RDS struct {
	Enabled bool `json:"enabled,omitempty"`
	Instance
	Instances map[string]Instance `json:"instances,omitempty"`
}

var rdsFields = withFields(instanceFields, map[string]Field{
	"enabled": {
		Meaning: "Whether there is a database. Without it there is no key for one, nothing in its subnets and no " +
			"rule that leads there.",
	},
	"instances": {
		Meaning: fmt.Sprintf("Up to %d further databases by name, with fields like those of rds, except enabled and "+
			"instances. They inherit nothing from rds: their defaults are the profile's. All databases "+
			"share the key, the subnets and who may connect.", maxInstances),
		Like: "rds",
		Allowed: fmt.Sprintf("names of up to %d characters: lower-case words of letters and digits, joined by hyphens",
			maxNounLength),
	},
})

// maxInstances keeps the policy by which auditors read the log groups of all databases within its quota.
const maxInstances = 6

// rds checks the databases.
func (c *checker) rds(profile Profile, rds RDS, zones []string) {
	database{c, path(inventory.FirstDatabase), profile, zones, rds.Instance}.validate()
	if len(rds.Instances) > 0 && !rds.Enabled && !c.reported(c.where("rds", "enabled")) {
		c.problem(c.where("rds", "instances"), nil, "must be left out while rds.enabled is false")
	}
	if len(rds.Instances) > maxInstances {
		c.problem(c.where("rds", "instances"), nil, fmt.Sprintf("must be at most %d databases, not %d: the policy by "+
			"which auditors read their logs would be too long", maxInstances, len(rds.Instances)))
	}
	for _, name := range slices.Sorted(maps.Keys(rds.Instances)) {
		if err := checkNoun(name); err != nil {
			c.problem(c.where(path(name)...), nil, err.Error())
			continue
		}
		database{c, path(name), profile, zones, rds.Instances[name]}.validate()
	}
}

// path is where the settings of a database are.
func path(database string) []string {
	if database == inventory.FirstDatabase {
		return []string{"rds"}
	}
	return []string{"rds", "instances", database}
}

// All lists the databases that there are by name: inventory.FirstDatabase, and those of Instances.
func (r RDS) All() map[string]Instance {
	if !r.Enabled {
		return nil
	}
	all := map[string]Instance{inventory.FirstDatabase: r.Instance}
	maps.Copy(all, r.Instances)
	return all
}

// withInstances fills in the defaults of the databases that the settings name: those of the first.
func withInstances(settings, defaults layer) layer {
	named, _ := settings.get([]string{"rds", "instances"})
	instances, _ := named.(map[string]any)
	if len(instances) == 0 {
		return settings
	}
	first, _ := defaults["rds"].(map[string]any)
	base := maps.Clone(first)
	delete(base, "enabled")
	filled := make(map[string]any, len(instances))
	for name, value := range instances {
		instance, _ := value.(map[string]any)
		filled[name] = merge(base, instance)
	}
	return merge(settings, map[string]any{"rds": map[string]any{"instances": filled}})
}
