// Package config reads the configuration from cdktf.json and checks all of it before anything else happens: it
// imports no bindings, so a mistake is reported before Node starts.
//
// The types below are the one source of the JSON Schema that editors use and that Load validates against, and of the
// reference in the README. Both are made by "make generate".
package config

// Document is the value of context.baseline in cdktf.json.
type Document struct {
	// Settings that every environment starts from.
	Defaults Settings `json:"defaults,omitempty"`
	// Environments by name; each is merged over the defaults field by field, lists are replaced whole.
	Environments map[string]Settings `json:"environments,omitempty"`
}

// Settings are the fields of the defaults and of an environment.
type Settings struct {
	// Project begins the name of every resource. Sets the tag Project.
	Project string `json:"project,omitempty" jsonschema_extras:"x-required=true,x-allowed=2 to 32 characters: lower-case words of letters and digits\\, joined by hyphens"`
	// Owner is the team that answers for the resources. Sets the tag Owner.
	Owner string `json:"owner,omitempty" jsonschema_extras:"x-required=true,x-allowed=1 to 256 letters\\, digits\\, inner spaces and _ . : / = + - @"`
	// CostCenter is who pays for the resources. Sets the tag CostCenter.
	CostCenter string `json:"costCenter,omitempty" jsonschema_extras:"x-required=true,x-allowed=1 to 256 letters\\, digits\\, inner spaces and _ . : / = + - @"`
	// Compliance is the regime that the resources fall under. Sets the tag Compliance.
	Compliance string `json:"compliance,omitempty" jsonschema_extras:"x-required=true,x-allowed=1 to 256 letters\\, digits\\, inner spaces and _ . : / = + - @"`
	// Region is where everything is deployed.
	Region Region `json:"region,omitempty" jsonschema_extras:"x-required=true"`
	// AccountID is the account that may be deployed to; Terraform refuses any other. Required in profile "production"; without it the account is whatever the credentials belong to.
	AccountID string `json:"accountId,omitempty" jsonschema:"pattern=^[0-9]{12}$" jsonschema_extras:"x-allowed=12 digits"`
	// PermissionsBoundary is the ARN of the managed policy that limits every IAM role of the stack.
	PermissionsBoundary string `json:"permissionsBoundary,omitempty" jsonschema_extras:"x-allowed=the ARN of a managed policy"`
	// Profile sets the defaults that differ between environments.
	Profile Profile `json:"profile,omitempty" jsonschema_extras:"x-required=true"`
	// Tags are put on every taggable resource besides the required ones, which they cannot replace.
	Tags map[string]string `json:"tags,omitempty" jsonschema_extras:"x-allowed=up to 43 tags by AWS's rules for keys and values"`
	// Backend is where Terraform keeps its state.
	Backend Backend `json:"backend,omitzero"`
	// KMS configures the encryption keys.
	KMS KMS `json:"kms,omitzero"`
	// Network configures the VPC.
	Network Network `json:"network,omitzero"`
	// RDS configures the database.
	RDS RDS `json:"rds,omitzero"`
	// S3 configures the buckets.
	S3 S3 `json:"s3,omitzero"`
	// Logging configures the audit trail, its alarms and the log groups.
	Logging Logging `json:"logging,omitzero"`
}

// Region is an AWS region.
type Region string

// Profile is a named set of defaults.
type Profile string

// The profiles, from the loosest to the strictest.
const (
	Ephemeral  Profile = "ephemeral"  // made and destroyed within days, holds nothing of value
	Standard   Profile = "standard"   // long-lived, may be rebuilt
	Production Profile = "production" // must not be lost
)

// Profiles lists the profiles, from the loosest to the strictest.
func Profiles() []Profile { return []Profile{Ephemeral, Standard, Production} }

// Config is the configuration of one environment: defaults of its profile, the document's defaults and the
// environment's own settings, merged and checked.
type Config struct {
	// Environment is the name of the environment.
	Environment string
	// Source is what it was read from: File, or ContextVar where that says something else.
	Source string
	Settings
}
