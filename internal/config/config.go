// Package config reads the configuration from cdktf.json and checks all of it before anything else happens: it
// imports no bindings, so a mistake is reported before Node starts.
//
// The types below, each with a table beside it that describes its fields, are the one source of the JSON Schema that
// editors use and that Load validates against, and of docs/configuration.md. Both are made by "make generate".
package config

import (
	"fmt"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
)

// Document is the value of context.baseline in cdktf.json.
type Document struct {
	Defaults     Settings            `json:"defaults,omitempty"`
	Environments map[string]Settings `json:"environments,omitempty"`
}

var documentFields = map[string]Field{
	"defaults": {Meaning: "Settings that every environment starts from."},
	"environments": {
		Meaning: "By name; each is merged over the defaults field by field, lists are replaced whole.",
	},
}

// Settings are the fields of the defaults and of an environment.
type Settings struct {
	Project             string            `json:"project,omitempty"`
	Owner               string            `json:"owner,omitempty"`
	CostCenter          string            `json:"costCenter,omitempty"`
	Compliance          string            `json:"compliance,omitempty"`
	Region              Region            `json:"region,omitempty"`
	AccountID           string            `json:"accountId,omitempty"`
	PermissionsBoundary string            `json:"permissionsBoundary,omitempty"`
	IAMPath             string            `json:"iamPath,omitempty"`
	Profile             Profile           `json:"profile,omitempty"`
	ProviderVersion     string            `json:"providerVersion,omitempty"`
	Tags                map[string]string `json:"tags,omitempty"`
	Backend             Backend           `json:"backend,omitzero"`
	Pipeline            Pipeline          `json:"pipeline,omitzero"`
	KMS                 KMS               `json:"kms,omitzero"`
	Network             Network           `json:"network,omitzero"`
	RDS                 RDS               `json:"rds,omitzero"`
	S3                  S3                `json:"s3,omitzero"`
	Logging             Logging           `json:"logging,omitzero"`
}

// allowedTag says what the value of a tag may be.
var allowedTag = fmt.Sprintf("1 to %d letters, digits, inner spaces and _ . : / = + - @", naming.MaxTagValueLength)

// maxExtraTags is how many tags are left besides the required ones.
var maxExtraTags = naming.MaxTags - len(naming.RequiredTags())

var settingsFields = map[string]Field{
	"project": {
		Meaning: "Begins the name of every resource, PROJECT-RESOURCE-ENVIRONMENT, to suit an organization's naming " +
			"rules. The order is fixed, because policies match names by it. Sets the tag Project.",
		Allowed: fmt.Sprintf("%d to %d characters: lower-case words of letters and digits, joined by hyphens",
			naming.MinProjectLength, naming.MaxProjectLength),
		Required: true,
	},
	"owner": {
		Meaning: "The team that answers for the resources. Sets the tag Owner.", Allowed: allowedTag,
		Required: true,
	},
	"costCenter": {
		Meaning: "Who pays for the resources. Sets the tag CostCenter.", Allowed: allowedTag, Required: true,
	},
	"compliance": {
		Meaning: "The compliance regime that the resources fall under. Sets the tag Compliance.", Allowed: allowedTag,
		Required: true,
	},
	"region": {Meaning: "Where everything is deployed.", Required: true},
	"accountId": {
		Meaning: "The account that may be deployed to; Terraform refuses any other. Required in profile " +
			"\"production\"; without it the account is whatever the credentials belong to.",
		Allowed: "12 digits", Pattern: awsenv.AccountPattern,
	},
	"permissionsBoundary": {
		Meaning: "The ARN of the managed policy that limits every IAM role of the stack.",
		Allowed: "the ARN of a managed policy",
	},
	"iamPath": {
		Meaning: "The path of all IAM roles and managed policies of the stack, where an organization has rules for " +
			"them. A change replaces them.",
		Allowed: "a path such as /platform/baseline/", Pattern: `^/([A-Za-z0-9_+=,.@-]+/){1,8}$`, Default: "/",
	},
	"profile": {Meaning: "Sets the defaults that differ between environments.", Required: true},
	"providerVersion": {
		Meaning: "Which versions of the AWS provider the stack accepts; make lock then pins one of them. The only " +
			"way back from 6.x is a saved state ([leaving CDKTF](leaving-cdktf.md#version-6-of-the-provider)).",
		Enum: []string{ProviderVersion5, ProviderVersion6},
	},
	"tags": {
		Meaning: "Put on every taggable resource in addition to the required tags, which they cannot replace.",
		Allowed: fmt.Sprintf("up to %d tags by AWS's rules for keys and values", maxExtraTags),
	},
	"backend":  {Meaning: "Where Terraform keeps its state."},
	"pipeline": {Meaning: "Says who may plan and deploy, for make bootstrap ([deploying](deploying.md))."},
	"kms":      {Meaning: "Configures the encryption keys."},
	"network":  {Meaning: "Configures the VPC."},
	"rds":      {Meaning: "Configures the database."},
	"s3":       {Meaning: "Configures the buckets."},
	"logging":  {Meaning: "Configures the audit trail, its alarms and the log groups."},
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

// The versions of the AWS provider that a stack can require. The bindings are generated from one of the first; it is
// widened to the rest of major version 5.
const (
	ProviderVersion5 = "~> 5.99"
	ProviderVersion6 = "~> 6.0"
)

// Config is the configuration of one environment: defaults of its profile, the document's defaults and the
// environment's own settings, merged and checked.
type Config struct {
	// Environment is the name of the environment.
	Environment string
	// Source is what it was read from: File, or ContextVar where that says something else.
	Source string
	Settings
}
