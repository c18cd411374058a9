// Package s3 makes buckets that refuse, by their own policy, what must not happen to them: plain HTTP, old TLS, and
// uploads that are not encrypted as the bucket demands.
package s3

import (
	"cmp"
	"fmt"
	"regexp"

	"github.com/aws/constructs-go/constructs/v10"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
	"securebaseline/internal/s3rules"
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
	// State holds Terraform's states and their locks, encrypted with a customer managed key.
	State Kind = "state"
	// AccessLogs is where other buckets' access logs are delivered. Delivery works only with SSE-S3 and without Object
	// Lock (S3 User Guide, "Logging requests with server access logging").
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

	// Key encrypts the bucket. Required, except for kind AccessLogs, which cannot have one.
	Key tf.Ref
	// LogTo is the bucket of kind AccessLogs that access is logged to. Required, except for kind AccessLogs, which must
	// not log to itself.
	LogTo tf.Ref
	// Trail is what writes to the bucket. Required for kind Trail.
	Trail awsenv.Trail
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

func (p Props) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the bucket's tags")
	l.Require("props.Env", !p.Env.IsZero(), "where the bucket is")
	l.CheckThat(nameForm.MatchString(p.Name), "props.Name", p.Name, "must be of lower-case letters, digits and hyphens")
	switch p.Kind {
	case Data, Trail, State:
		l.Require("props.Key.ARN", p.Key.ARN != "", "the ARN of the key that encrypts the bucket")
		l.Require("props.LogTo.Name", p.LogTo.Name != "", "the bucket that access is logged to")
	case AccessLogs:
		const delivered = "must be left out of kind %q: logs are not delivered to a bucket under a key or a lock"
		l.CheckThat(p.Key.ARN == "", "props.Key.ARN", p.Key.ARN, delivered, p.Kind)
		l.CheckThat(p.ObjectLock.Mode == Unlocked, "props.ObjectLock.Mode", p.ObjectLock.Mode, delivered, p.Kind)
		l.CheckThat(p.LogTo.Name == "", "props.LogTo.Name", p.LogTo.Name, "must be left out of kind %q", p.Kind)
	default:
		l.CheckThat(false, "props.Kind", p.Kind, "must be one of %s, %s, %s, %s", Data, Trail, State, AccessLogs)
	}
	l.CheckThat(p.Kind != State || !p.AllowDestroy, "props.AllowDestroy", p.AllowDestroy,
		"must be false for kind %q: without its state nothing can be changed any more", State)
	l.CheckThat((p.Kind == Trail) == !p.Trail.IsZero(), "props.Trail.Name", p.Trail.Name,
		"must be given for kind %q and for no other", Trail)
	l.Require("props.Trail.Env", p.Trail.IsZero() || !p.Trail.Env.IsZero(), "the account that owns the trail")
	l.CheckThat((p.Kind == AccessLogs) == (len(p.LogSources) > 0), "props.LogSources", p.LogSources,
		"must be given for kind %q and for no other", AccessLogs)
	p.ObjectLock.validate(&l, p.AllowDestroy)
	p.Expiry.validate(&l)
	return l.Err()
}

func (o ObjectLock) validate(l *problem.List, allowDestroy bool) {
	if o == (ObjectLock{}) {
		return
	}
	l.CheckThat(o.Mode == Governance || o.Mode == Compliance, "props.ObjectLock.Mode", o.Mode,
		"must be one of %s, %s", Governance, Compliance)
	l.CheckThat(o.Days >= 1 && o.Days <= s3rules.MaxLifetimeDays, "props.ObjectLock.Days", o.Days,
		"must be 1 to %d days", s3rules.MaxLifetimeDays)
	l.CheckThat(!allowDestroy, "props.AllowDestroy", allowDestroy, "must be false: locked objects cannot be destroyed")
}

func (e Expiry) validate(l *problem.List) {
	for _, field := range []struct {
		name string
		days int
	}{
		{"TierAfterDays", e.TierAfterDays}, {"ExpireAfterDays", e.ExpireAfterDays},
		{"NoncurrentDays", e.NoncurrentDays},
	} {
		l.CheckThat(field.days >= 0, "props.Expiry."+field.name, field.days, "must not be negative")
	}
	l.CheckThat(e.ExpireAfterDays == 0 || e.TierAfterDays < e.ExpireAfterDays, "props.Expiry.TierAfterDays",
		e.TierAfterDays,
		"must be before ExpireAfterDays, %d", e.ExpireAfterDays)
}

// New adds a bucket with its policy, encryption, versions, lifecycle and access logging to scope.
func New(scope constructs.Construct, id string, props Props) (*Bucket, error) {
	props.Expiry.NoncurrentDays = cmp.Or(props.Expiry.NoncurrentDays, defaultNoncurrentDays)
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("bucket %q: %w", id, err)
	}
	policy, err := iampolicy.Render(iampolicy.BucketPolicy, policyStatements(props)...)
	if err != nil {
		return nil, fmt.Errorf("bucket %q: policy: %w", id, err)
	}
	return &Bucket{props, add(constructs.NewConstruct(scope, &id), props, policy)}, nil
}
