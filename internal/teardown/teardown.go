// Package teardown says what keeps a stack from being destroyed, before anything is.
package teardown

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

// Obstacles are what keeps a stack from being destroyed.
type Obstacles struct {
	// Database is the address of the instance that Terraform or AWS refuses to delete, or empty.
	Database string
	// Kept lists the addresses of the keys and buckets that must outlive the stack, and of what belongs to them.
	Kept []string
}

// None reports whether nothing is in the way.
func (o Obstacles) None() bool { return o.Database == "" && len(o.Kept) == 0 }

// Of finds the obstacles in a stack: what prevent_destroy and deletion protection guard, of the addresses that the
// state knows. What it has forgotten stays as it is.
func Of(t *template.Template, state []string) Obstacles {
	var o Obstacles
	known := map[string]bool{}
	for _, address := range state {
		known[address] = true
	}
	var owners []string // construct paths of guarded keys and buckets
	for _, resource := range t.Resources() {
		if !known[resource.Address] {
			continue
		}
		guarded := resource.Value("lifecycle", "prevent_destroy") == true
		switch {
		case resource.Type == "aws_db_instance" && (guarded || resource.Attributes["deletion_protection"] == true):
			o.Database = resource.Address
		case guarded:
			owner, _, _ := strings.Cut(resource.Path, "/")
			owners = append(owners, owner)
		}
	}
	for _, resource := range t.Resources() {
		owner, _, _ := strings.Cut(resource.Path, "/")
		if known[resource.Address] && slices.Contains(owners, owner) {
			o.Kept = append(o.Kept, resource.Address)
		}
	}
	slices.Sort(o.Kept)
	return o
}

// Advice says what to do about the obstacles of an environment's stack, whose directory is given.
func (o Obstacles) Advice(environment, directory string) string {
	var text strings.Builder
	fmt.Fprintf(&text, `cannot destroy %s: what must outlive it is guarded by prevent_destroy and deletion protection,
and nothing is destroyed`, environment)
	if o.Database != "" {
		fmt.Fprintf(&text, `

The database is kept. To have RDS take a final snapshot and delete it, set rds.preventDestroy and
rds.deletionProtection to false, and deploy that first:

  make deploy ENVIRONMENT=%s`, environment)
	}
	if len(o.Kept) > 0 {
		fmt.Fprintf(&text, `

Keys and buckets stay in AWS, with what is in them and what only these keys decrypt: log groups, snapshots
and backups. Take them out of the state, then destroy the rest:

  terraform -chdir=%s state rm`, directory)
		for _, address := range o.Kept {
			fmt.Fprintf(&text, " \\\n    %s", address)
		}
		fmt.Fprintf(&text, "\n  make destroy ENVIRONMENT=%s", environment)
	}
	text.WriteString("\n\ndocs/operations.md has the whole way, and the way back")
	return text.String()
}
