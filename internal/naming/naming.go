// Package naming gives every resource its name and its tags, so that both follow one rule everywhere.
//
// A name is {project}-{resource}-{environment}. Where a service's limit is shorter, the middle is cut and a hash of
// the whole name takes its place, so two long names never become one.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/awsenv"
)

// hashLength is the number of hexadecimal digits that stand for what was cut: 32 bits.
const hashLength = 8

// accountIDLength is what an account id will take, also while it is still a Terraform expression.
const accountIDLength = 12

// Scope names the resources of one project in one environment. It is a value: Child returns a new one.
type Scope struct {
	project     string
	resource    string
	environment string
	tags        map[string]string
	iamPath     string
}

// New returns the scope of a project and environment. Both must have passed CheckProject and CheckEnvironment, and
// the tags CheckTagKey and CheckTagValue.
func New(project, environment string, tags Tags) Scope {
	return Scope{project: project, environment: environment, tags: tags.forProject(project, environment)}
}

// WithIAMPath returns the scope with a path for its roles and managed policies, which must begin and end with a slash.
// Without one they have the path "/".
func (s Scope) WithIAMPath(path string) Scope {
	s.iamPath = path
	return s
}

// IAMPath is the path of roles and managed policies, or empty for "/".
func (s Scope) IAMPath() string { return s.iamPath }

// IsZero reports whether the scope was not made by New.
func (s Scope) IsZero() bool { return s.project == "" }

// Child returns the scope of a resource, or of a part of one: New("acme", "dev", …).Child("logs").Child("key") names
// "acme-logs-key-dev", and so does Child("logs-key"). A test of internal/inventory proves that no two names are equal.
func (s Scope) Child(resource string) Scope {
	s.resource = join(s.resource, resource)
	return s
}

// Name is the resource's name, at most limit characters long.
func (s Scope) Name(limit Limit) string {
	return cut(join(s.project, s.resource), s.environment, int(limit))
}

// RoleNames are the names of an IAM role and of its managed policy, and the path of both, empty for "/".
type RoleNames struct{ Role, Policy, Path string }

// RoleARN is the ARN of the role.
func (n RoleNames) RoleARN(env awsenv.Env) string {
	return env.IAMARN("role/" + strings.TrimPrefix(n.Path, "/") + n.Role)
}

// RoleNames names a role and its policy alike, each within its own limit.
func (s Scope) RoleNames() RoleNames {
	return RoleNames{Role: s.Name(IAMRole), Policy: s.Name(IAMPolicy), Path: s.iamPath}
}

// BucketName is the name of an S3 bucket. Bucket names are shared by all accounts of a partition, so it ends with
// the account and the region, and is cut before them.
func (s Scope) BucketName(env awsenv.Env) string {
	room := int(S3Bucket) - len("-") - accountIDLength - len("-") - len(env.Region())
	return strings.Join([]string{cut(join(s.project, s.resource), s.environment, room), env.AccountID(), env.Region()},
		"-")
}

// Pattern matches what Name returns for each resource of this project and environment, cut or not, but no bucket names.
// It also matches names of a project in the same account whose own name begins with this one's and a hyphen.
func (s Scope) Pattern() string { return s.project + "-*-" + s.environment }

// MetricNamespace is the namespace of this project's and environment's own metrics in CloudWatch.
func (s Scope) MetricNamespace() string { return s.project + "/" + s.environment }

// Tags returns the tags of the resource, as a new map: the required ones, Name, and the extra ones.
func (s Scope) Tags() map[string]string {
	tags := maps.Clone(s.tags)
	tags[TagName] = s.Name(TagValue)
	return tags
}

func join(parts ...string) string {
	given := slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.Join(given, "-")
}

// cut keeps the environment readable at the end: it is what an operator must not mistake.
func cut(head, environment string, limit int) string {
	whole := join(head, environment)
	if len(whole) <= limit {
		return whole
	}
	sum := sha256.Sum256([]byte(whole))
	tail := "-" + hex.EncodeToString(sum[:])[:hashLength] + "-" + environment
	return strings.TrimRight(head[:max(0, limit-len(tail))], "-") + tail
}
