package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
)

// together checks what the environments of the document would take from each other: names and states. It does so
// whichever of them is asked for, because the harm is done by the one that is deployed later.
func (c *checker) together(stacks map[string]layers) {
	c.sharedKey(stacks)
	names := slices.Sorted(maps.Keys(stacks))
	placed := make(map[string]stack, len(names))
	for _, name := range names {
		c.layers = stacks[name]
		if added, known := newStack(c.config); known && !c.misplaced() {
			placed[name] = added
		}
	}
	for i, name := range names {
		c.layers = stacks[name]
		for _, earlier := range names[:i] {
			c.sameState(stacks[earlier])
			one, known := placed[earlier]
			other, alsoKnown := placed[name]
			if known && alsoKnown {
				c.sameNames(one, other)
			}
		}
	}
}

// statePlaces are the fields that name where a backend keeps a state, by its type.
var statePlaces = map[string]string{S3Backend: "key", CloudBackend: "workspace"}

// sharedKey refuses a place of the state that the defaults set for all environments alike.
func (c *checker) sharedKey(stacks map[string]layers) {
	for _, one := range stacks {
		for _, name := range statePlaces {
			value, given := one.defaults.get([]string{"backend", name})
			if place, _ := value.(string); given && !strings.Contains(place, environmentPlaceholder) {
				c.problem(field("defaults", "backend", name), value,
					"must hold "+environmentPlaceholder+
						", or be set in each environment instead: one state cannot serve several")
			}
		}
		return // the defaults are the same for all
	}
}

// statePlace is where an environment keeps its state, as no other may; empty for a file beside cdktf.json.
func (c Config) statePlace() string {
	b := c.Backend
	switch {
	case b.Type == S3Backend && b.Bucket != "":
		return b.Bucket + "/" + b.StateKey(c.Project, c.Environment)
	case b.Type == CloudBackend && b.Organization != "":
		return b.Hostname + "/" + b.Organization + "/" + b.WorkspaceName(c.Project, c.Environment)
	}
	return ""
}

// sameState refuses the state of another environment.
func (c *checker) sameState(other layers) {
	mine, theirs := c.config, other.config
	name, remote := statePlaces[mine.Backend.Type]
	if !remote || mine.statePlace() == "" || mine.statePlace() != theirs.statePlace() {
		return
	}
	place, value := c.where("backend", name), c.stands("backend", name)
	text, _ := value.(string)
	ofDefaults := place == field("defaults", "backend", name)
	if c.reported(place) || ofDefaults && !strings.Contains(text, environmentPlaceholder) {
		return // sharedKey has said so
	}
	kept := map[string]string{S3Backend: "object", CloudBackend: "workspace"}[mine.Backend.Type]
	c.problem(place, value, fmt.Sprintf(
		"must differ from that of the environment %s, whose state is kept in the same %s", theirs.Environment, kept))
}

// misplaced reports whether the schema has refused what decides the names of the environment: what is merged is then
// not what was meant.
func (c *checker) misplaced() bool {
	return slices.ContainsFunc([]string{"project", "region", "accountId"}, func(name string) bool {
		own, defaults := c.places([]string{name})
		return c.reported(own) || c.reported(defaults)
	})
}

// stack is where an environment is deployed to, and what it makes there.
type stack struct {
	env     awsenv.Env // its account is empty if nobody knows it
	scope   naming.Scope
	options inventory.Options
	named   string // the environment
}

// newStack reports false for an environment that is not complete or not right; each reports its own mistakes.
func newStack(config Config) (stack, bool) {
	env, err := awsenv.New(string(config.Region), config.AccountID)
	if err != nil || naming.CheckProject(config.Project) != nil || naming.CheckEnvironment(config.Environment) != nil {
		return stack{}, false
	}
	options := config.Inventory()
	options.Buckets = slices.DeleteFunc(options.Buckets, func(name string) bool { return checkBucketNoun(name) != nil })
	options.Databases = slices.DeleteFunc(options.Databases, func(name string) bool {
		return name != inventory.FirstDatabase && checkNoun(name) != nil
	})
	return stack{env, naming.New(config.Project, config.Environment, naming.Tags{}), options, config.Environment}, true
}

// unknownAccount stands in the names of buckets where nobody knows the account. It is as long as one.
const unknownAccount = "<account-id>"

// resources lists what the stack makes in an account.
func (s stack) resources(accountID string) []inventory.Resource {
	env, err := awsenv.New(s.env.Region(), accountID)
	if err != nil {
		return nil // the region is one that New has accepted before
	}
	return inventory.Resources(s.scope, env, s.options)
}

// sameNames refuses names that two environments would give to resources of one kind in the same realm. Accounts that
// nobody knows may be the same.
func (c *checker) sameNames(one, other stack) {
	mine, theirs := one.env.AccountID(), other.env.AccountID()
	known := mine != "" && theirs != ""
	if one.env.Partition() != other.env.Partition() || known && mine != theirs {
		return
	}
	account := cmp.Or(mine, theirs, unknownAccount)
	taken := map[inventory.Resource]bool{}
	for _, resource := range one.resources(account) {
		taken[resource] = true
	}
	var both []string
	for _, resource := range other.resources(account) {
		apart := resource.Realm == inventory.Stack || resource.Realm == inventory.Region &&
			one.env.Region() != other.env.Region()
		if taken[resource] && !apart {
			both = append(both, resource.Type+" "+resource.Name)
		}
	}
	if len(both) == 0 {
		return
	}
	example := both[0]
	if more := len(both) - 1; more > 0 {
		example += fmt.Sprintf(" and %d more", more)
	}
	c.problem(field("environments", other.named), nil, fmt.Sprintf(
		"must not name resources like those of the environment %s; both have the %s", one.named, example))
}
