// Package rdsrules knows what RDS accepts for a PostgreSQL instance, so that what AWS would refuse after minutes is
// refused before anything is built. The configuration and the construct check with the same functions.
//
// The package is pure. Errors say what is allowed; who asks adds the field and its value.
package rdsrules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Port is where databases listen, and what the network lets workloads reach in the database tier: that of PostgreSQL.
const Port = 5432

// Limits of an instance (RDS API Reference, CreateDBInstance).
const (
	MaxIdentifierLength = 63

	// MinBackupDays leaves out 0, which would turn backups off.
	MinBackupDays = 1
	MaxBackupDays = 35
	// MaxRotationDays is the longest period of rotation (Secrets Manager API Reference, RotationRulesType).
	MinRotationDays = 1
	MaxRotationDays = 1000
)

// What construct and configuration take where nothing is said.
const (
	DefaultBackupWindow      = "02:00-03:00"
	DefaultMaintenanceWindow = "sun:03:30-sun:04:30"
	DefaultMasterUser        = "dbadmin"
	DefaultConnectUser       = "app"
	// OwnRotationDays is the schedule that RDS makes for a managed password (RDS User Guide, "Password management with
	// Amazon RDS and AWS Secrets Manager").
	OwnRotationDays = 7
)

var identifierForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// CheckIdentifier reports what is wrong with the identifier of an instance.
func CheckIdentifier(identifier string) error {
	if len(identifier) > MaxIdentifierLength || !identifierForm.MatchString(identifier) {
		return fmt.Errorf("must be 1 to %d characters long, of lower-case letters, digits and single hyphens, "+
			"beginning with a letter and not ending with a hyphen", MaxIdentifierLength)
	}
	return nil
}

// MajorVersions lists the major versions of PostgreSQL that RDS makes instances of without Extended Support, which the
// construct turns off (RDS for PostgreSQL Release Notes, "Release calendar for Amazon RDS for PostgreSQL"). Since
// version 10 a major version is one number, by which RDS also names the families of parameter groups.
func MajorVersions() []string { return []string{"14", "15", "16", "17", "18"} }

// CheckMajorVersion reports what is wrong with a major version of PostgreSQL.
func CheckMajorVersion(major string) error {
	if !slices.Contains(MajorVersions(), major) {
		return errors.New("must be one of " + strings.Join(MajorVersions(), ", "))
	}
	return nil
}

// LogExports lists the logs that an instance sends to CloudWatch Logs: all that PostgreSQL on RDS has (RDS User Guide,
// "Publishing PostgreSQL logs to Amazon CloudWatch Logs").
func LogExports() []string { return []string{"postgresql", "upgrade", "iam-db-auth-error"} }

// LogGroupNames lists the names of the log groups that RDS sends the logs of an instance to, in the order of
// LogExports.
func LogGroupNames(identifier string) []string {
	names := make([]string, len(LogExports()))
	for i, log := range LogExports() {
		names[i] = "/aws/rds/instance/" + identifier + "/" + log
	}
	return names
}

// CheckZone reports what is wrong with the zone of an instance. RDS itself places the two of a Multi-AZ deployment (RDS
// API Reference, CreateDBInstance, AvailabilityZone).
func CheckZone(multiAZ bool, zone string) error {
	if multiAZ && zone != "" {
		return errors.New("must be left out of a Multi-AZ deployment, which RDS places itself")
	}
	return nil
}

// CACertificates lists the authorities that can sign the instance's certificate and renew it without a restart (RDS
// User Guide, "Using SSL/TLS to encrypt a connection to a DB instance or cluster"). The default comes first.
func CACertificates() []string {
	return []string{"rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"}
}

// Alarms lists the ids of the alarms on an instance, which their names end with.
func Alarms() []string { return []string{"cpu", "memory", "storage", "connections", "transaction-ids"} }
