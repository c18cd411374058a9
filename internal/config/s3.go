package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// S3 configures the buckets.
type S3 struct {
	// Buckets are the data buckets by name. One named "data" is always there.
	Buckets map[string]DataBucket `json:"buckets,omitempty" jsonschema_extras:"x-allowed=names of up to 20 characters: lower-case words of letters and digits\\, joined by hyphens"`
	// Trail configures the archive of the audit trail.
	Trail TrailBucket `json:"trail,omitzero"`
	// AccessLogs configures the bucket that access to the others is logged to.
	AccessLogs AccessLogsBucket `json:"accessLogs,omitzero"`
	// NoncurrentDays is how long overwritten and deleted versions of objects are kept.
	NoncurrentDays int `json:"noncurrentDays,omitempty" jsonschema:"minimum=1,maximum=3650" jsonschema_extras:"x-unit=days"`
	// PreventDestroy makes Terraform refuse any plan that would delete a bucket. Without it, destroy deletes the objects too.
	PreventDestroy bool `json:"preventDestroy,omitempty"`
	// Perimeter denies principals from outside "account" or "organization", whatever other policies allow. Default: none.
	Perimeter string `json:"perimeter,omitempty" jsonschema:"enum=account,enum=organization"`
	// OrganizationID is the organization of the perimeter. Required with "organization".
	OrganizationID string `json:"organizationId,omitempty" jsonschema:"pattern=^o-[a-z0-9]{10\\,32}$" jsonschema_extras:"x-allowed=the id of an organization\\, o-…"`
}

// DataBucket configures one data bucket.
type DataBucket struct {
	// HeaderOptional lets uploads without an encryption header in; the bucket's key then encrypts them. A header that is present must still be right.
	HeaderOptional bool `json:"headerOptional,omitempty"`
	// TierAfterDays is when objects move to Intelligent-Tiering. Default: 30.
	TierAfterDays int `json:"tierAfterDays,omitempty" jsonschema:"minimum=1,maximum=3650" jsonschema_extras:"x-unit=days"`
	// ExpireAfterDays is when objects are deleted. Default: never.
	ExpireAfterDays int `json:"expireAfterDays,omitempty" jsonschema:"minimum=1,maximum=36500" jsonschema_extras:"x-unit=days"`
	// ObjectLock keeps the versions of new objects for a time; can only be set on a new bucket.
	ObjectLock ObjectLock `json:"objectLock,omitzero"`
}

// TrailBucket configures the archive of the audit trail.
type TrailBucket struct {
	// ArchiveAfterDays is when files move to Glacier Instant Retrieval.
	ArchiveAfterDays int `json:"archiveAfterDays,omitempty" jsonschema:"minimum=1,maximum=3650" jsonschema_extras:"x-unit=days"`
	// ExpireAfterDays is when files are deleted.
	ExpireAfterDays int `json:"expireAfterDays,omitempty" jsonschema:"minimum=1,maximum=36500" jsonschema_extras:"x-unit=days"`
	// ObjectLock keeps the files for a time; can only be set on a new bucket.
	ObjectLock ObjectLock `json:"objectLock,omitzero"`
}

// AccessLogsBucket configures the bucket for access logs.
type AccessLogsBucket struct {
	// ExpireAfterDays is when access logs are deleted.
	ExpireAfterDays int `json:"expireAfterDays,omitempty" jsonschema:"minimum=1,maximum=36500" jsonschema_extras:"x-unit=days"`
}

// ObjectLock keeps versions of objects, against everybody ("compliance") or all but those who may bypass it ("governance").
type ObjectLock struct {
	// Mode is how strictly objects are kept. Default: not at all.
	Mode string `json:"mode,omitempty" jsonschema:"enum=governance,enum=compliance"`
	// Days is how long. Required with a mode.
	Days int `json:"days,omitempty" jsonschema:"minimum=1,maximum=36500" jsonschema_extras:"x-unit=days"`
}

// DefaultBucket is the data bucket that is always there.
const DefaultBucket = "data"

// defaultTierAfterDays is when objects are worth watching for access.
const defaultTierAfterDays = 30

// maxBucketNameLength keeps the middle of a bucket's full name readable.
const maxBucketNameLength = 20

var bucketName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// reservedBuckets are made anyway, for other purposes.
var reservedBuckets = []string{"trail", "access-logs"}

// withDefaults fills what is not the same for every bucket, and so has no place among the defaults of a profile.
func (s S3) withDefaults() S3 {
	s.Buckets = maps.Clone(s.Buckets)
	for name, bucket := range s.Buckets {
		if bucket.TierAfterDays == 0 && (bucket.ExpireAfterDays == 0 || bucket.ExpireAfterDays > defaultTierAfterDays) {
			bucket.TierAfterDays = defaultTierAfterDays
		}
		s.Buckets[name] = bucket
	}
	return s
}

func (c *checker) s3(s3 S3) {
	for _, name := range slices.Sorted(maps.Keys(s3.Buckets)) {
		bucket := s3.Buckets[name]
		switch {
		case slices.Contains(reservedBuckets, name):
			c.problem(c.where("s3", "buckets", name), nil, "the stack makes a bucket of this name for itself; use another name")
		case len(name) > maxBucketNameLength || !bucketName.MatchString(name):
			c.problem(c.where("s3", "buckets", name), nil, fmt.Sprintf("the name of a bucket must be at most %d characters long, "+
				"of lower-case words of letters and digits, joined by single hyphens", maxBucketNameLength))
		}
		c.expiry([]string{"s3", "buckets", name, "tierAfterDays"}, bucket.TierAfterDays, bucket.ExpireAfterDays)
		c.objectLock([]string{"s3", "buckets", name, "objectLock"}, bucket.ObjectLock, s3.PreventDestroy)
	}
	c.expiry([]string{"s3", "trail", "archiveAfterDays"}, s3.Trail.ArchiveAfterDays, s3.Trail.ExpireAfterDays)
	c.objectLock([]string{"s3", "trail", "objectLock"}, s3.Trail.ObjectLock, s3.PreventDestroy)
	if (s3.Perimeter == "organization") != (s3.OrganizationID != "") {
		c.problem(c.where("s3", "organizationId"), shown(s3.OrganizationID), `goes with s3.perimeter "organization"; set both or neither`)
	}
}

func (c *checker) expiry(path []string, tier, expire int) {
	if expire > 0 && tier >= expire {
		c.problem(c.where(path...), tier, fmt.Sprintf("must be before the objects expire, after %d days", expire))
	}
}

func (c *checker) objectLock(path []string, lock ObjectLock, preventDestroy bool) {
	if c.known(append(path, "mode")...) != c.known(append(path, "days")...) {
		c.problem(c.where(path...), lock, "mode and days go together; set both or neither")
	}
	if lock.Mode != "" && !preventDestroy {
		c.problem(c.where(append(path, "mode")...), lock.Mode, "locked objects cannot be destroyed; allowed with s3.preventDestroy only")
	}
}

// shown is a value to show in a message, or nothing if it is empty.
func shown(value string) any {
	if value == "" {
		return nil
	}
	return value
}
