// Package s3rules knows what S3, and Terraform's backend for it, accept as names of buckets and keys of objects.
//
// The package is pure. Errors say what a value must be; who asks adds the field and the value.
package s3rules

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of names and keys (S3 User Guide, "General purpose bucket naming rules" and "Naming Amazon S3 objects").
const (
	MinBucketLength = 3
	MaxBucketLength = 63
	// MaxKeyBytes is the longest key of an object, in bytes of UTF-8.
	MaxKeyBytes = 1024
	// LockSuffix is what Terraform adds to the key of a state for the object that locks it.
	LockSuffix = ".tflock"
	// MaxStateKeyBytes leaves room for LockSuffix.
	MaxStateKeyBytes = MaxKeyBytes - len(LockSuffix)
)

// Limits of the lives of objects, in days.
const (
	// MaxLifetimeDays is a hundred years (S3 API Reference, PutObjectLockConfiguration).
	MaxLifetimeDays = 36500
	// MaxTransitionDays is ten years: who waits longer has mistyped.
	MaxTransitionDays = 3650
)

var (
	bucketForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*[a-z0-9]$`)

	// Beginnings and ends that S3 keeps for other kinds of buckets and for access points.
	reservedPrefixes = []string{"xn--", "sthree-", "amzn-s3-demo-"}
	reservedSuffixes = []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"}
)

// CheckBucketName reports what is wrong with the name of a general purpose bucket (S3 User Guide, "General purpose
// bucket naming rules").
func CheckBucketName(name string) error {
	if n := len(name); n < MinBucketLength || n > MaxBucketLength {
		return fmt.Errorf("must be %d to %d characters long, not %d", MinBucketLength, MaxBucketLength, n)
	}
	if !bucketForm.MatchString(name) {
		return errors.New("must be of lower-case letters, digits, dots and hyphens, and begin and end with a letter " +
			"or digit")
	}
	if strings.Contains(name, "..") {
		return errors.New("must not have two dots in a row")
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return errors.New("must not look like an IP address")
	}
	for _, prefix := range reservedPrefixes {
		if strings.HasPrefix(name, prefix) {
			return fmt.Errorf("must not begin with %s, which S3 reserves", prefix)
		}
	}
	for _, suffix := range reservedSuffixes {
		if strings.HasSuffix(name, suffix) {
			return fmt.Errorf("must not end with %s, which S3 reserves", suffix)
		}
	}
	return nil
}

// CheckStateKey reports what is wrong with the key of the object that holds a Terraform state. Terraform's backend
// refuses blank keys, slashes at the ends and double slashes when it is initialized. S3 limits the length, and the rest
// is what would be accepted and then not found again: path segments that clients resolve, and characters that XML and
// consoles cannot show (S3 User Guide, "Naming Amazon S3 objects").
func CheckStateKey(key string) error {
	segments := strings.Split(key, "/")
	switch n := len(key); {
	case n == 0 || n > MaxStateKeyBytes:
		return fmt.Errorf("must be 1 to %d bytes long, not %d, because the lock is called the same with %s",
			MaxStateKeyBytes, n, LockSuffix)
	case !utf8.ValidString(key) || strings.ContainsFunc(key, unicode.IsControl):
		return errors.New("must not hold control characters")
	case strings.TrimSpace(key) != key:
		return errors.New("must not begin or end with a space")
	case strings.HasPrefix(key, "/") || strings.HasSuffix(key, "/"):
		return errors.New("must not begin or end with a slash")
	case slices.Contains(segments, ""):
		return errors.New("must not have two slashes in a row")
	case slices.Contains(segments, ".") || slices.Contains(segments, ".."):
		return errors.New(`must not have "." or ".." between slashes`)
	case strings.HasSuffix(key, LockSuffix):
		return fmt.Errorf("must not end with %s, as the lock of another state does", LockSuffix)
	}
	return nil
}
