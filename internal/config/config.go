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
	Owner string `json:"owner,omitempty" jsonschema_extras:"x-required=true,x-allowed=1 to 256 letters\\, digits\\, spaces and _ . : / = + - @"`
	// CostCenter is who pays for the resources. Sets the tag CostCenter.
	CostCenter string `json:"costCenter,omitempty" jsonschema_extras:"x-required=true,x-allowed=1 to 256 letters\\, digits\\, spaces and _ . : / = + - @"`
	// Compliance is the regime that the resources fall under. Sets the tag Compliance.
	Compliance string `json:"compliance,omitempty" jsonschema_extras:"x-required=true,x-allowed=1 to 256 letters\\, digits\\, spaces and _ . : / = + - @"`
	// Region is where everything is deployed.
	Region Region `json:"region,omitempty" jsonschema_extras:"x-required=true"`
	// AccountID is the account that may be deployed to; Terraform refuses any other. Without it the account is whatever the credentials belong to.
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
	// Logging configures the log groups.
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

// Kinds of backend.
const (
	LocalBackend = "local"
	S3Backend    = "s3"
)

// Backend is where Terraform keeps its state.
type Backend struct {
	// Type is "local" (a file beside cdktf.json) or "s3" (an existing bucket, encrypted and locked).
	Type string `json:"type,omitempty" jsonschema:"enum=local,enum=s3,default=local"`
	// Bucket is the existing bucket that holds the state. Required with type "s3".
	Bucket string `json:"bucket,omitempty" jsonschema:"pattern=^[a-z0-9][a-z0-9.-]{1\\,61}[a-z0-9]$" jsonschema_extras:"x-allowed=a bucket name: 3 to 63 lower-case letters\\, digits\\, dots and hyphens"`
	// Region is the region of the bucket. Required with type "s3".
	Region Region `json:"region,omitempty"`
	// Key is the object that holds the state. Default: {project}/{environment}/baseline.tfstate.
	Key string `json:"key,omitempty" jsonschema:"minLength=1,maxLength=1024" jsonschema_extras:"x-allowed=1 to 1024 characters"`
	// KMSKeyARN is the key that encrypts the state. Default: the bucket's own encryption.
	KMSKeyARN string `json:"kmsKeyArn,omitempty" jsonschema_extras:"x-allowed=the ARN of a key"`
}

// KMS configures the encryption keys.
type KMS struct {
	// Administrators are the ARNs of the IAM roles and users that manage the keys instead of the account's IAM policies. The principal that deploys must be one of them, or KMS refuses the policy.
	Administrators []string `json:"administrators,omitempty" jsonschema:"uniqueItems=true" jsonschema_extras:"x-allowed=ARNs of IAM roles and users"`
	// BreakGlass are the ARNs of the IAM roles and users that may disable and delete keys, with MFA. Without any, nobody may.
	BreakGlass []string `json:"breakGlass,omitempty" jsonschema:"uniqueItems=true" jsonschema_extras:"x-allowed=ARNs of IAM roles and users"`
	// AccountMayDelete lets the account's IAM policies allow deletion of the keys without MFA, so that destroy works. Only in profile "ephemeral".
	AccountMayDelete bool `json:"accountMayDelete,omitempty"`
	// PreventDestroy makes Terraform refuse any plan that would delete a key.
	PreventDestroy bool `json:"preventDestroy,omitempty"`
	// DeletionWindowDays is how long a deletion can still be cancelled.
	DeletionWindowDays int `json:"deletionWindowDays,omitempty" jsonschema:"minimum=7,maximum=30" jsonschema_extras:"x-unit=days"`
	// RotationDays is how often AWS makes new key material.
	RotationDays int `json:"rotationDays,omitempty" jsonschema:"minimum=90,maximum=2560" jsonschema_extras:"x-unit=days"`
}

// Network configures the VPC.
type Network struct {
	// CIDR is the IPv4 block of the VPC.
	CIDR string `json:"cidr,omitempty" jsonschema_extras:"x-allowed=a private block from /16 to /23"`
	// Zones names the availability zones, for example "eu-central-1a". Default: the first zoneCount of the account's.
	Zones []string `json:"zones,omitempty" jsonschema_extras:"x-allowed=2 to 6 zones of the region"`
	// ZoneCount is how many of the account's availability zones are used when zones names none.
	ZoneCount int `json:"zoneCount,omitempty" jsonschema:"minimum=2,maximum=6" jsonschema_extras:"x-unit=zones"`
	// NAT is how private subnets reach the internet: through a gateway in each zone, a single one, or none. Each gateway costs by the hour.
	NAT string `json:"nat,omitempty" jsonschema:"enum=none,enum=single,enum=per-zone"`
	// Subnets sets the sizes of the subnets.
	Subnets Subnets `json:"subnets,omitzero"`
	// InterfaceEndpoints names the AWS services that private subnets reach without the internet. Each costs by the hour and zone.
	InterfaceEndpoints []EndpointService `json:"interfaceEndpoints,omitempty" jsonschema:"uniqueItems=true"`
	// DynamoDBEndpoint adds a gateway endpoint for DynamoDB, which is free, as the one for S3 that is always there.
	DynamoDBEndpoint bool `json:"dynamodbEndpoint,omitempty"`
	// IPv6 gives every subnet an IPv6 block; with NAT, private subnets then reach out through an egress-only gateway.
	IPv6 bool `json:"ipv6,omitempty"`
	// SecondaryCIDRs are further IPv4 blocks of the VPC, for subnets that others make.
	SecondaryCIDRs []string `json:"secondaryCidrs,omitempty" jsonschema:"uniqueItems=true" jsonschema_extras:"x-allowed=private blocks from /16 to /28"`
	// IPAMPoolID is the IPAM pool that cidr is allocated from, so that no other VPC gets it.
	IPAMPoolID string `json:"ipamPoolId,omitempty" jsonschema:"pattern=^ipam-pool-[0-9a-f]+$" jsonschema_extras:"x-allowed=the id of a pool\\, ipam-pool-…"`
	// PublicAccess blocks internet traffic for all VPCs of the account in the region: what comes in, or both ways. Default: the account's setting is left alone.
	PublicAccess string `json:"publicAccess,omitempty" jsonschema:"enum=block-ingress,enum=block-bidirectional"`
}

// Subnets are the prefix lengths of the subnets in each zone.
type Subnets struct {
	// Public is the prefix length of public subnets. Default: that of the VPC and 8, at most 27.
	Public int `json:"public,omitempty" jsonschema:"minimum=16,maximum=28" jsonschema_extras:"x-unit=bits"`
	// Private is the prefix length of private subnets. Default: that of the VPC and 4.
	Private int `json:"private,omitempty" jsonschema:"minimum=16,maximum=28" jsonschema_extras:"x-unit=bits"`
	// Database is the prefix length of database subnets. Default: that of the VPC and 8, at most 28.
	Database int `json:"database,omitempty" jsonschema:"minimum=16,maximum=28" jsonschema_extras:"x-unit=bits"`
}

// EndpointService is an AWS service that can have an interface endpoint.
type EndpointService string

// Logging configures the log groups.
type Logging struct {
	// RetentionDays is how long log groups keep events.
	RetentionDays RetentionDays `json:"retentionDays,omitempty"`
	// KeepOnDestroy leaves the log groups and the evidence in them when the stack is destroyed.
	KeepOnDestroy bool `json:"keepOnDestroy,omitempty"`
}

// RetentionDays is a time in days that CloudWatch Logs can keep events.
type RetentionDays int

// Config is the configuration of one environment: defaults of its profile, the document's defaults and the
// environment's own settings, merged and checked.
type Config struct {
	Environment string
	Settings
}
