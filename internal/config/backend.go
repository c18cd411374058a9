package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/s3rules"
)

// Kinds of backend.
const (
	LocalBackend = "local"
	S3Backend    = "s3"
	CloudBackend = "cloud"
)

// Backend is where Terraform keeps its state.
type Backend struct {
	Type       string `json:"type,omitempty"`
	Bucket     string `json:"bucket,omitempty"`
	Region     Region `json:"region,omitempty"`
	Key        string `json:"key,omitempty"`
	KMSKeyARN  string `json:"kmsKeyArn,omitempty"`
	AssumeRole string `json:"assumeRole,omitempty"`

	Organization string `json:"organization,omitempty"`
	Workspace    string `json:"workspace,omitempty"`
	Hostname     string `json:"hostname,omitempty"`
}

var backendFields = map[string]Field{
	"type": {
		Meaning: "\"local\" (a file beside cdktf.json), \"s3\" (an existing bucket, encrypted and locked) or " +
			"\"cloud\" (HCP Terraform or Terraform Enterprise, which also runs Terraform, with its own " +
			"credentials).",
		Enum: []string{LocalBackend, S3Backend, CloudBackend},
	},
	"bucket": {
		Meaning: "The existing bucket that holds the state. Required with type \"s3\".",
		Allowed: "a bucket name by S3's rules",
	},
	"region": {Meaning: "The region of the bucket, in the same partition as region. Required with type \"s3\"."},
	"key": {
		Meaning: "The object that holds the state; {project} and {environment} stand for their names. No two " +
			"environments may share one.",
		Allowed: fmt.Sprintf("an object key by the rules of S3 and Terraform, up to %d bytes",
			s3rules.MaxStateKeyBytes),
		Default: defaultStateKey,
	},
	"kmsKeyArn": {
		Meaning: "The key that encrypts the state, in the bucket's region.", Allowed: "the ARN of a key",
		Default: "the bucket's own encryption",
	},
	"assumeRole": {
		Meaning: "The role that reaches the state, where it is in another account's bucket. The deployment itself " +
			"keeps its own credentials.",
		Allowed: "the ARN of an IAM role", Default: "the credentials of the deployment",
	},
	"organization": {
		Meaning: "The organization of HCP Terraform. Required with type \"cloud\".",
		Allowed: "a name of 3 to 40 letters, digits, hyphens and underscores", Pattern: `^[A-Za-z0-9_-]{3,40}$`,
	},
	"workspace": {
		Meaning: "The workspace that holds the state; {project} and {environment} stand for their names. No two " +
			"environments may share one.",
		Allowed: "a name of up to 90 letters, digits, hyphens and underscores", Default: defaultWorkspace,
		Pattern: `^([A-Za-z0-9_-]|\{project\}|\{environment\}){1,90}$`,
	},
	"hostname": {
		Meaning: "The host of Terraform Enterprise.", Allowed: "the name of a host, such as terraform.example.com",
		Pattern: `^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]{1,5})?$`,
		Default: "HCP Terraform",
	},
}

// Placeholders in the key of a state object.
const (
	projectPlaceholder     = "{project}"
	environmentPlaceholder = "{environment}"
	defaultStateKey        = projectPlaceholder + "/" + environmentPlaceholder + "/baseline.tfstate"
	defaultWorkspace       = projectPlaceholder + "-baseline-" + environmentPlaceholder
)

// StateKey is the key of the object that holds the state of an environment: Key, or its default, with the placeholders
// replaced.
func (b Backend) StateKey(project, environment string) string {
	return named(cmp.Or(b.Key, defaultStateKey), project, environment)
}

// WorkspaceName is the name of the workspace that holds the state of an environment: Workspace, or its default, with
// the placeholders replaced.
func (b Backend) WorkspaceName(project, environment string) string {
	return named(cmp.Or(b.Workspace, defaultWorkspace), project, environment)
}

// named replaces the placeholders.
func named(pattern, project, environment string) string {
	return strings.NewReplacer(projectPlaceholder, project, environmentPlaceholder, environment).Replace(pattern)
}

// StateAccount is the account of the role by which the state is reached, or empty where there is no such role.
func (b Backend) StateAccount() string {
	if b.AssumeRole == "" {
		return ""
	}
	return principalARN.FindStringSubmatch(b.AssumeRole)[2]
}

// backendTypes are the types that each field of a backend belongs to, and whether the type requires it.
var backendTypes = map[string]struct {
	of       string
	required bool
}{
	"bucket": {S3Backend, true}, "region": {S3Backend, true}, "key": {of: S3Backend}, "kmsKeyArn": {of: S3Backend},
	"assumeRole": {of: S3Backend}, "organization": {CloudBackend, true}, "workspace": {of: CloudBackend},
	"hostname": {of: CloudBackend},
}

func (c *checker) backend(env awsenv.Env, backend Backend) {
	if backend.Type == "" {
		return // reported by the schema
	}
	for _, name := range slices.Sorted(maps.Keys(backendTypes)) {
		field := backendTypes[name]
		switch {
		case field.of != backend.Type && c.given("backend", name):
			c.problem(c.where("backend", name), c.stands("backend", name), fmt.Sprintf(
				"must be left out with backend.type %q; it belongs to %q", backend.Type, field.of))
		case field.of == backend.Type && field.required && !c.known("backend", name):
			c.problem(c.where("backend", name), nil, fmt.Sprintf("must be set with backend.type %q", backend.Type))
		}
	}
	if backend.Type != S3Backend {
		return
	}
	c.check(backend.Bucket, s3rules.CheckBucketName, "backend", "bucket")
	c.check(backend.Key, func(string) error { return checkStateKey(backend, c.config) }, "backend", "key")
	bucket, err := awsenv.New(string(backend.Region), "")
	if err != nil {
		return // missing, or reported by the schema
	}
	if bucket.Partition() != env.Partition() {
		c.problem(c.where("backend", "region"), string(backend.Region),
			fmt.Sprintf("must be in the partition of the region %s, which is %s: no credentials are good for two",
				env.Region(), env.Partition()))
	}
	c.check(backend.AssumeRole, roleIn(bucket), "backend", "assumeRole")
	c.check(backend.KMSKeyARN, func(arn string) error { return checkStateKMSKey(bucket, arn) }, "backend", "kmsKeyArn")
}

// checkStateKey checks the key as it stands, and as it will be with the names of the environment.
func checkStateKey(backend Backend, config Config) error {
	if strings.ContainsAny(named(backend.Key, "", ""), "{}") {
		return fmt.Errorf("must hold no braces but those of %s and %s", projectPlaceholder, environmentPlaceholder)
	}
	if backend.Key == "" {
		return s3rules.CheckStateKey("")
	}
	return s3rules.CheckStateKey(backend.StateKey(config.Project, config.Environment))
}

// stateKMSKeyARN is the form that Terraform's backend demands, of a key or of a multi-region key; an alias would pass
// too, but not by its ARN's region and account alone.
var stateKMSKeyARN = regexp.MustCompile(`^arn:([a-z0-9-]+):kms:([a-z0-9-]+):[0-9]{12}:key/` +
	`(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`)

// checkStateKMSKey accepts a key of the bucket's region (S3 User Guide, "Using server-side encryption with AWS KMS
// keys").
func checkStateKMSKey(bucket awsenv.Env, arn string) error {
	parts := stateKMSKeyARN.FindStringSubmatch(arn)
	switch {
	case parts == nil:
		return errors.New("must be the ARN of a key with its id, such as arn:" + bucket.Partition() + ":kms:" +
			bucket.Region() + ":ACCOUNT:key/01234567-89ab-4cde-8f01-23456789abcd")
	case parts[1] != bucket.Partition() || parts[2] != bucket.Region():
		return fmt.Errorf("must be a key in the region of the bucket, %s", bucket.Region())
	}
	return nil
}
