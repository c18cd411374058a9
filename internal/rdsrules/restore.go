package rdsrules

import (
	"errors"
	"regexp"
	"time"
)

// Forms of what an instance can be made of (RDS API Reference, RestoreDBInstanceFromDBSnapshot and
// RestoreDBInstanceToPointInTime). Snapshots that RDS makes itself have a prefix with a colon.
var (
	snapshotForm = regexp.MustCompile(`^(?:arn:[a-z0-9-]+:rds:[a-z0-9-]+:[0-9]{12}:snapshot:)?` +
		`(?:[a-z]+:)?[a-zA-Z][a-zA-Z0-9-]{0,254}$`)
	backupARN = regexp.MustCompile(`^arn:[a-z0-9-]+:rds:[a-z0-9-]+:[0-9]{12}:auto-backup:ab-[a-z0-9]+$`)
)

// IsBackupARN reports whether source is the ARN of backups that RDS keeps, also without their instance.
func IsBackupARN(source string) bool { return backupARN.MatchString(source) }

// CheckRestore reports what is wrong with what an instance is made of: a snapshot, or another instance's backups at a
// time. Empty values ask for nothing.
func CheckRestore(snapshot, source, when string) (snapshotErr, sourceErr, whenErr error) {
	if snapshot != "" && !snapshotForm.MatchString(snapshot) {
		snapshotErr = errors.New("must be the identifier or the ARN of a snapshot of an instance")
	}
	switch {
	case source != "" && !IsBackupARN(source) && CheckIdentifier(source) != nil:
		sourceErr = errors.New("must be the identifier of an instance, or the ARN of its backups, " +
			"arn:aws:rds:REGION:ACCOUNT:auto-backup:ab-…")
	case source != "" && snapshot != "":
		sourceErr = errors.New("must be left out where a snapshot is named")
	}
	if _, err := time.Parse(time.RFC3339, when); when != "" && err != nil {
		whenErr = errors.New("must be a time such as 2026-11-25T10:00:00Z")
	} else if when != "" && source == "" {
		whenErr = errors.New("must be left out without an instance to restore from")
	}
	return snapshotErr, sourceErr, whenErr
}
