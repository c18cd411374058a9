package naming

import (
	"errors"
	"fmt"
	"regexp"
)

// minTrailLength is the shortest name of a trail.
const minTrailLength = 3

var (
	trailWords = regexp.MustCompile(`^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$`)
	ipAddress  = regexp.MustCompile(`^[0-9]+(\.[0-9]+){3}$`)
)

// CheckTrail reports what is wrong with a trail's name. The provider checks its length alone, so that anything else
// would fail at apply only (CloudTrail User Guide, "Naming requirements for CloudTrail resources, S3 buckets, and KMS
// keys").
func CheckTrail(name string) error {
	switch n := len(name); {
	case n < minTrailLength || n > int(Trail):
		return fmt.Errorf("must be %d to %d characters long, not %d", minTrailLength, Trail, n)
	case !trailWords.MatchString(name):
		return errors.New("must be of letters, digits and . _ -, begin and end with a letter or digit, and have no " +
			"two of . _ - in a row")
	case ipAddress.MatchString(name):
		return errors.New("must not look like an IP address")
	}
	return nil
}
