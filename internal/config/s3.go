package config

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"securebaseline/internal/inventory"
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
	// ArchiveAfterDays is when files move to Glacier Instant Retrieval, 90 days or more before they expire; 0 is never.
	ArchiveAfterDays int `json:"archiveAfterDays,omitempty" jsonschema:"minimum=0,maximum=3650" jsonschema_extras:"x-unit=days"`
	// ExpireAfterDays is when files are deleted. At least 365 in profile "production".
	ExpireAfterDays int `json:"expireAfterDays,omitempty" jsonschema:"minimum=1,maximum=36500" jsonschema_extras:"x-unit=days"`
	// ObjectLock keeps the files for a time; can only be set on a new bucket.
	ObjectLock ObjectLock `json:"objectLock,omitzero"`
}

// AccessLogsBucket configures the bucket for access logs.
type AccessLogsBucket struct {
	// ExpireAfterDays is when access logs are deleted. At least 365 in profile "production".
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
		c.problemIf(c.where("s3", "buckets", name), nil, checkBucketNoun(name))
		// A tier without a minimum, but it must come before the end (S3 User Guide, "Expiring objects").
		if expire := bucket.ExpireAfterDays; expire > 0 && bucket.TierAfterDays >= expire {
			c.problem(c.where("s3", "buckets", name, "tierAfterDays"), bucket.TierAfterDays,
				fmt.Sprintf("must be less than the %d days after which the objects expire", expire))
		}
		c.objectLock(bucket.ObjectLock, bucket.ExpireAfterDays, s3.PreventDestroy, "s3", "buckets", name)
	}
	c.archive(s3.Trail)
	c.objectLock(s3.Trail.ObjectLock, s3.Trail.ExpireAfterDays, s3.PreventDestroy, "s3", "trail")
	switch organization := s3.OrganizationID != ""; {
	case s3.Perimeter == "organization" && !organization && !c.known("s3", "organizationId"):
		c.problem(c.where("s3", "organizationId"), nil, `must be set with s3.perimeter "organization"`)
	case s3.Perimeter != "organization" && organization && !c.reported(c.where("s3", "perimeter")):
		c.problem(c.where("s3", "organizationId"), s3.OrganizationID, `must be left out unless s3.perimeter is "organization"`)
	}
}

func checkBucketNoun(name string) error {
	if slices.Contains(inventory.ReservedBuckets(), name) {
		return errors.New("must have another name: the stack makes a bucket of this one for itself")
	}
	if len(name) > maxBucketNameLength || !bucketName.MatchString(name) {
		return fmt.Errorf("must have a name of at most %d characters, of lower-case words of letters and digits, joined by single hyphens, "+
			"beginning with a letter", maxBucketNameLength)
	}
	return nil
}

// minArchiveDays is how long Glacier Instant Retrieval is paid for at least, also for objects that are gone (S3 User Guide,
// "Understanding and managing Amazon S3 storage classes").
const minArchiveDays = 90

func (c *checker) archive(trail TrailBucket) {
	latest := trail.ExpireAfterDays - minArchiveDays
	if trail.ExpireAfterDays == 0 || trail.ArchiveAfterDays == 0 || trail.ArchiveAfterDays <= latest {
		return
	}
	allowed := fmt.Sprintf("must be at most %d, or 0 for never", latest)
	if latest < 1 {
		allowed = "must be 0, which is never"
	}
	c.problem(c.where("s3", "trail", "archiveAfterDays"), trail.ArchiveAfterDays, fmt.Sprintf(
		"%s: the files expire after %d days, and the archive is paid for %d days at least", allowed, trail.ExpireAfterDays, minArchiveDays))
}

// objectLock checks the lock of a bucket, by the bucket's path.
func (c *checker) objectLock(lock ObjectLock, expireAfterDays int, preventDestroy bool, path ...string) {
	mode, days := append(slices.Clone(path), "objectLock", "mode"), append(slices.Clone(path), "objectLock", "days")
	if c.known(days...) && !c.known(mode...) {
		c.problem(c.where(mode...), nil, "must be set together with the days")
	}
	if c.known(mode...) && !c.known(days...) {
		c.problem(c.where(days...), nil, "must be set together with the mode")
	}
	if lock.Mode != "" && !preventDestroy && !c.reported(c.where("s3", "preventDestroy")) {
		c.problem(c.where(mode...), lock.Mode, "must be left out while s3.preventDestroy is false: what is locked cannot be destroyed")
	}
	if expireAfterDays > 0 && lock.Days > expireAfterDays {
		c.problem(c.where(days...), lock.Days,
			fmt.Sprintf("must be at most %d, after which the objects expire: what is locked does not", expireAfterDays))
	}
}
