// Package s3 makes buckets that refuse, by their own policy, what must not happen to them: plain HTTP, old TLS, and
// uploads that are not encrypted as the bucket demands.
package s3

import (
	"fmt"
	"regexp"

	"github.com/aws/constructs-go/constructs/v10"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/faults"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/tf"
)

// Kind is what a bucket is for.
type Kind string

// The kinds of buckets.
const (
	// Data holds objects of workloads, encrypted with a customer managed key.
	Data Kind = "data"
	// Trail is CloudTrail's log archive, encrypted with a customer managed key.
	Trail Kind = "trail"
	// AccessLogs is where other buckets' access logs are delivered. Delivery works only with SSE-S3 and without Object Lock
	// (S3 User Guide, "Logging requests with server access logging").
	AccessLogs Kind = "access-logs"
)

// LockMode is how Object Lock protects the versions of objects.
type LockMode string

// The modes of Object Lock (S3 User Guide, "Locking objects with Object Lock").
const (
	Unlocked   LockMode = ""
	Governance LockMode = "governance" // principals with s3:BypassGovernanceRetention may delete
	Compliance LockMode = "compliance" // nobody may, not even the account's root user
)

// ObjectLock keeps the versions of new objects for a time. It can be switched on only when the bucket is made.
type ObjectLock struct {
	Mode LockMode
	// Days is how long, 1 to 36500 days. Required with a mode.
	Days int
}

// maxLockDays is a hundred years (S3 API Reference, PutObjectLockConfiguration).
const maxLockDays = 36500

// Expiry is what happens to objects with time. The zero value of a field means never, but for NoncurrentDays.
type Expiry struct {
	// TierAfterDays moves objects to cheaper storage that is read as fast: to Intelligent-Tiering in a data bucket, to
	// Glacier Instant Retrieval in a trail bucket. Default never.
	TierAfterDays int
	// ExpireAfterDays deletes objects; a version stays for NoncurrentDays more. Default never.
	ExpireAfterDays int
	// NoncurrentDays is how long overwritten and deleted versions are kept. Default 90.
	NoncurrentDays int
}

const defaultNoncurrentDays = 90

// Props configures a Bucket.
type Props struct {
	// Naming gives the bucket its tags. Required.
	Naming naming.Scope
	// Env is where the bucket is. Required.
	Env awsenv.Env
	// Kind is what the bucket is for. Required.
	Kind Kind
	// Name is the bucket's name, unique in the partition. Required.
	Name string

	// KeyARN is the key that encrypts the bucket. Required but for kind AccessLogs, which cannot have one.
	KeyARN string
	// LogTo is where access to the bucket is logged. Required but for kind AccessLogs, which must not log to itself.
	LogTo LogTarget
	// TrailARN is the trail that writes to the bucket. Required for kind Trail.
	TrailARN string
	// LogSources names the buckets whose access logs are delivered here. Required for kind AccessLogs.
	LogSources []string

	// HeaderOptional lets uploads without an encryption header in: the bucket's default encryption applies to them.
	// Default: they are refused, because a writer that does not name the key has not thought of it.
	HeaderOptional bool
	// Perimeter keeps outsiders out, whatever other policies allow. Default none.
	Perimeter Perimeter
	// ObjectLock keeps versions of objects. Not for kind AccessLogs. Default unlocked.
	ObjectLock ObjectLock
	// Expiry is what happens to objects with time.
	Expiry Expiry
	// AllowDestroy lets Terraform delete the bucket with everything in it. Default: a plan that would fails.
	AllowDestroy bool
	// DependsOn must contain the Ready of the key.
	DependsOn tf.Deps
}

// LogTarget is a bucket of kind AccessLogs.
type LogTarget struct {
	BucketName string
	Ready      tf.Deps
}

// Perimeter limits whose principals may use the bucket. AWS services that act for themselves are not meant.
type Perimeter struct {
	// Account admits principals of the bucket's own account only.
	Account bool
	// OrganizationID admits principals of the organization only.
	OrganizationID string
}

// nameForm is what bucket names are made of; an expression may stand for the account (S3 User Guide, "General purpose
// bucket naming rules"). Dots would break TLS with the bucket's own host name.
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(\$\{[^}]+\}[a-z0-9-]*)?[a-z0-9]$`)

func (p Props) withDefaults() Props {
	if p.Expiry.NoncurrentDays == 0 {
		p.Expiry.NoncurrentDays = defaultNoncurrentDays
	}
	return p
}

func (p Props) validate() error {
	var f faults.List
	if !nameForm.MatchString(p.Name) {
		f.Add("Name is %q; it must be of lower-case letters, digits and hyphens", p.Name)
	}
	switch p.Kind {
	case Data, Trail:
		if p.KeyARN == "" {
			f.Add("KeyARN is empty; kind %q needs the key that encrypts it", p.Kind)
		}
		if p.LogTo.BucketName == "" {
			f.Add("LogTo is empty; kind %q needs a bucket for its access logs", p.Kind)
		}
	case AccessLogs:
		if p.KeyARN != "" {
			f.Add("KeyARN is %q; logs are not delivered to a bucket under a key, kind %q takes none", p.KeyARN, p.Kind)
		}
		if p.ObjectLock.Mode != Unlocked {
			f.Add("ObjectLock.Mode is %q; logs are not delivered to a locked bucket, kind %q takes none", p.ObjectLock.Mode, p.Kind)
		}
		if p.LogTo.BucketName != "" {
			f.Add("LogTo is %q; kind %q must not log to a bucket", p.LogTo.BucketName, p.Kind)
		}
	default:
		f.Add("Kind is %q; allowed are %q, %q and %q", p.Kind, Data, Trail, AccessLogs)
	}
	if (p.Kind == Trail) != (p.TrailARN != "") {
		f.Add("TrailARN is %q; kind %q needs one, no other kind takes one", p.TrailARN, Trail)
	}
	if (p.Kind == AccessLogs) != (len(p.LogSources) > 0) {
		f.Add("LogSources is %q; kind %q needs some, no other kind takes any", p.LogSources, AccessLogs)
	}
	p.ObjectLock.validate(&f, p.AllowDestroy)
	p.Expiry.validate(&f)
	return f.Err()
}

func (l ObjectLock) validate(f *faults.List, allowDestroy bool) {
	switch {
	case l.Mode == Unlocked && l.Days == 0:
	case l.Mode != Governance && l.Mode != Compliance:
		f.Add("ObjectLock.Mode is %q; allowed are %q and %q", l.Mode, Governance, Compliance)
	case l.Days < 1 || l.Days > maxLockDays:
		f.Add("ObjectLock.Days is %d; allowed are 1 to %d days", l.Days, maxLockDays)
	case allowDestroy:
		f.Add("AllowDestroy is true; locked objects cannot be destroyed, allowed only without ObjectLock")
	}
}

func (e Expiry) validate(f *faults.List) {
	if e.TierAfterDays < 0 || e.ExpireAfterDays < 0 || e.NoncurrentDays < 0 {
		f.Add("Expiry is %+v; days cannot be negative", e)
	}
	if e.ExpireAfterDays > 0 && e.TierAfterDays >= e.ExpireAfterDays {
		f.Add("Expiry.TierAfterDays is %d; it must be before ExpireAfterDays, %d", e.TierAfterDays, e.ExpireAfterDays)
	}
}

// New adds a bucket with its policy, encryption, versions, lifecycle and access logging to scope.
func New(scope constructs.Construct, id string, props Props) (*Bucket, error) {
	props = props.withDefaults()
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("bucket %q: %w", id, err)
	}
	policy, err := iampolicy.Render(iampolicy.BucketPolicy, policyStatements(props)...)
	if err != nil {
		return nil, fmt.Errorf("bucket %q: policy: %w", id, err)
	}
	b := &Bucket{props: props, node: constructs.NewConstruct(scope, &id)}
	b.build(policy)
	return b, nil
}
