// Package teardown says what keeps a stack from being destroyed, before anything is.
package teardown

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/template"
	"securebaseline/internal/tfstate"
)

// Obstacles are what keeps a stack from being destroyed.
type Obstacles struct {
	// Databases lists the addresses of the instances that Terraform or AWS refuses to delete.
	Databases []string
	// Kept lists the addresses of the keys and buckets that must outlive the stack, and of what belongs to them.
	Kept []string
}

// None reports whether nothing is in the way.
func (o Obstacles) None() bool { return len(o.Databases) == 0 && len(o.Kept) == 0 }

// Of finds the obstacles in a stack: what prevent_destroy and deletion protection guard, of the addresses that the
// state knows. What it has forgotten stays as it is.
func Of(t *template.Template, state []string) Obstacles {
	var o Obstacles
	var owners []string            // construct paths of guarded keys and buckets
	ownerOf := map[string]string{} // by address
	for _, resource := range t.Resources() {
		if !slices.Contains(state, resource.Address) {
			continue
		}
		owner, _, _ := strings.Cut(resource.Path, "/")
		ownerOf[resource.Address] = owner
		guarded := resource.Value("lifecycle", "prevent_destroy") == true
		switch {
		case resource.Type == "aws_db_instance" && (guarded || resource.Attributes["deletion_protection"] == true):
			o.Databases = append(o.Databases, resource.Address)
		case guarded:
			owners = append(owners, owner)
		}
	}
	o.Kept = belonging(ownerOf, owners)
	return o
}

// belonging lists the addresses, sorted, that belong to one of the owners.
func belonging(ownerOf map[string]string, owners []string) []string {
	var addresses []string
	for address, owner := range ownerOf {
		if slices.Contains(owners, owner) {
			addresses = append(addresses, address)
		}
	}
	slices.Sort(addresses)
	return addresses
}

// Dropped finds what a state holds that must not be lost, but a stack no longer has: databases with deletion
// protection, buckets that may not be emptied and, unless they may go, keys. prevent_destroy does not guard them,
// because it is gone with their configuration (Terraform documentation, "The lifecycle meta-argument"): Terraform would
// take down their policies first, and schedule the deletion of keys that backups and log groups still need.
func Dropped(t *template.Template, state tfstate.State, keysMayGo bool) Obstacles {
	var o Obstacles
	var owners []string            // beginnings of the names of what belongs to keys and buckets
	ownerOf := map[string]string{} // by address
	for _, resource := range state.Resources {
		address := resource.Address()
		if _, stays := t.Resource(address); stays || resource.Mode != "managed" || len(resource.Instances) == 0 {
			continue
		}
		owner, _, _ := strings.Cut(resource.Name, "_")
		ownerOf[address] = owner
		has := func(attribute string) bool { return resource.Instances[0].Attributes[attribute] == true }
		switch {
		case resource.Type == "aws_db_instance" && has("deletion_protection"):
			o.Databases = append(o.Databases, address)
		case resource.Type == "aws_s3_bucket" && !has("force_destroy"), resource.Type == "aws_kms_key" && !keysMayGo:
			owners = append(owners, owner)
		}
	}
	o.Kept = belonging(ownerOf, owners)
	return o
}

// Advice says what to do about what keeps an environment's stack, whose directory is given, from being destroyed.
func (o Obstacles) Advice(environment, directory string) string {
	return o.advice("destroy", environment, directory,
		`cannot destroy %s: what must outlive it is guarded by prevent_destroy and deletion protection,
and nothing is destroyed`)
}

// AdviceOnDropped says what to do about what Dropped has found.
func (o Obstacles) AdviceOnDropped(environment, directory string) string {
	return o.advice("deploy", environment, directory,
		`the configuration of %s no longer has what must not be lost; Terraform would delete it.
Put it back, or let go of it in the steps below`)
}

// advice begins with an introduction to an environment, and ends with the command to go on with.
func (o Obstacles) advice(command, environment, directory, introduction string) string {
	var text strings.Builder
	fmt.Fprintf(&text, introduction, environment)
	if len(o.Databases) > 0 {
		fmt.Fprintf(&text, `

What is kept: %s. To have RDS take a final snapshot and delete it, set preventDestroy and
deletionProtection of that database to false (rds, or rds.instances.NAME), and deploy that first:

  make deploy ENVIRONMENT=%s`, strings.Join(o.Databases, ", "), environment)
	}
	if len(o.Kept) > 0 {
		fmt.Fprintf(&text, `

Keys and buckets stay in AWS, with what is in them and what only these keys decrypt: log groups, snapshots
and backups. Take them out of the state, then %s the rest:

  terraform -chdir=%s state rm`, command, directory)
		for _, address := range o.Kept {
			fmt.Fprintf(&text, " \\\n    %s", address)
		}
		fmt.Fprintf(&text, "\n  make %s ENVIRONMENT=%s", command, environment)
	}
	text.WriteString("\n\ndocs/operations.md has the whole way, and the way back")
	return text.String()
}
