package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/inventory"
	"securebaseline/internal/s3rules"
)

// S3 configures the buckets.
type S3 struct {
	Buckets        map[string]DataBucket `json:"buckets,omitempty"`
	Trail          TrailBucket           `json:"trail,omitzero"`
	AccessLogs     AccessLogsBucket      `json:"accessLogs,omitzero"`
	NoncurrentDays int                   `json:"noncurrentDays,omitempty"`
	PreventDestroy bool                  `json:"preventDestroy,omitempty"`
	Perimeter      string                `json:"perimeter,omitempty"`
	OrganizationID string                `json:"organizationId,omitempty"`
}

var s3Fields = map[string]Field{
	"buckets": {
		Meaning: "The data buckets by name. One named \"data\" is always there.",
		Allowed: fmt.Sprintf("names of up to %d characters: lower-case words of letters and digits, joined by hyphens",
			maxNounLength),
	},
	"trail":      {Meaning: "Configures the archive of the audit trail."},
	"accessLogs": {Meaning: "Configures the bucket that access to the others is logged to."},
	"noncurrentDays": {
		Meaning: "How long overwritten and deleted versions of objects are kept.",
		Bounds:  &Bounds{1, s3rules.MaxTransitionDays, "days"},
	},
	"preventDestroy": {
		Meaning: "Makes Terraform refuse any plan that would delete a bucket. Without it, destroy deletes the " +
			"objects too.",
	},
	"perimeter": {
		Meaning: "Denies principals from outside \"account\" or \"organization\", whatever other policies allow.",
		Enum:    []string{"account", "organization"}, Default: "none",
	},
	"organizationId": {
		Meaning: "The organization of the perimeter. Required with \"organization\".",
		Allowed: "the id of an organization, o-…", Pattern: awsenv.OrganizationPattern,
	},
}

// DataBucket configures one data bucket.
type DataBucket struct {
	HeaderOptional  bool       `json:"headerOptional,omitempty"`
	TierAfterDays   int        `json:"tierAfterDays,omitempty"`
	ExpireAfterDays int        `json:"expireAfterDays,omitempty"`
	ObjectLock      ObjectLock `json:"objectLock,omitzero"`
}

var dataBucketFields = map[string]Field{
	"headerOptional": {
		Meaning: "Allows uploads without an encryption header; the bucket's key then encrypts them. A header that is " +
			"present must still be right.",
	},
	"tierAfterDays": {
		Meaning: "When objects move to Intelligent-Tiering.", Bounds: &Bounds{1, s3rules.MaxTransitionDays, "days"},
		Default: fmt.Sprintf("%d, or never where objects expire by then", defaultTierAfterDays),
	},
	"expireAfterDays": {
		Meaning: "When objects are deleted.", Bounds: &Bounds{1, s3rules.MaxLifetimeDays, "days"}, Default: "never",
	},
	"objectLock": {Meaning: "Keeps the versions of new objects for a time; can only be set on a new bucket."},
}

// TrailBucket configures the archive of the audit trail.
type TrailBucket struct {
	ArchiveAfterDays int        `json:"archiveAfterDays,omitempty"`
	ExpireAfterDays  int        `json:"expireAfterDays,omitempty"`
	ObjectLock       ObjectLock `json:"objectLock,omitzero"`
}

var trailBucketFields = map[string]Field{
	"archiveAfterDays": {
		Meaning: fmt.Sprintf("When files move to Glacier Instant Retrieval, %d days or more before they expire; "+
			"0 is never.", minArchiveDays),
		Bounds: &Bounds{0, s3rules.MaxTransitionDays, "days"},
	},
	"expireAfterDays": {
		Meaning: "When files are deleted." + productionMinimum,
		Bounds:  &Bounds{1, s3rules.MaxLifetimeDays, "days"},
	},
	"objectLock": {Meaning: "Keeps the files for a time; can only be set on a new bucket."},
}

// AccessLogsBucket configures the bucket for access logs.
type AccessLogsBucket struct {
	ExpireAfterDays int `json:"expireAfterDays,omitempty"`
}

var accessLogsBucketFields = map[string]Field{
	"expireAfterDays": {
		Meaning: "When access logs are deleted." + productionMinimum,
		Bounds:  &Bounds{1, s3rules.MaxLifetimeDays, "days"},
	},
}

// ObjectLock keeps versions of objects, against everybody ("compliance") or all but those who may bypass it
// ("governance").
type ObjectLock struct {
	Mode string `json:"mode,omitempty"`
	Days int    `json:"days,omitempty"`
}

var objectLockFields = map[string]Field{
	"mode": {
		Meaning: "How strictly versions of objects are kept: \"compliance\" for everybody, \"governance\" for all " +
			"but those who may bypass it.",
		Enum:    []string{"governance", "compliance"},
		Default: "no lock",
	},
	"days": {Meaning: "How long versions are kept. Required with a mode.",
		Bounds: &Bounds{1, s3rules.MaxLifetimeDays, "days"}},
}

// defaultTierAfterDays is when objects are worth watching for access.
const defaultTierAfterDays = 30

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
	c.organization(s3.Perimeter == "organization", s3.OrganizationID, "s3", "perimeter")
}

// organization demands the id of an organization where a field of the section chooses "organization", and only there.
func (c *checker) organization(chosen bool, id, section, field string) {
	place := c.where(section, "organizationId")
	switch given := id != ""; {
	case chosen && !given && !c.known(section, "organizationId"):
		c.problem(place, nil, fmt.Sprintf(`must be set with %s.%s "organization"`, section, field))
	case !chosen && given && !c.reported(c.where(section, field)):
		c.problem(place, id, fmt.Sprintf(`must be left out unless %s.%s is "organization"`, section, field))
	}
}

func checkBucketNoun(name string) error {
	if slices.Contains(inventory.ReservedBuckets(), name) {
		return errors.New("must have another name: the stack makes a bucket of this one for itself")
	}
	return checkNoun(name)
}

// minArchiveDays is how long Glacier Instant Retrieval is paid for at least, also for objects that are gone (S3 User
// Guide, "Understanding and managing Amazon S3 storage classes").
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
		"%s: the files expire after %d days, and the archive is paid for %d days at least", allowed,
		trail.ExpireAfterDays, minArchiveDays))
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
		c.problem(c.where(mode...), lock.Mode,
			"must be left out while s3.preventDestroy is false: what is locked cannot be destroyed")
	}
	if expireAfterDays > 0 && lock.Days > expireAfterDays {
		c.problem(c.where(days...), lock.Days,
			fmt.Sprintf("must be at most %d, after which the objects expire: what is locked does not", expireAfterDays))
	}
}
