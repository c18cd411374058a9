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

// Limits of an instance (RDS API Reference, CreateDBInstance).
const (
	MaxIdentifierLength = 63
	MaxNameLength       = 63 // of a database or a user: PostgreSQL cuts longer ones

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
	// DefaultRotationDays is AWS's own (RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager").
	DefaultRotationDays = 7
)

var (
	identifierForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	majorForm      = regexp.MustCompile(`^[1-9][0-9]$`)
	nameForm       = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// CheckIdentifier tells what is wrong with the identifier of an instance.
func CheckIdentifier(identifier string) error {
	if len(identifier) > MaxIdentifierLength || !identifierForm.MatchString(identifier) {
		return fmt.Errorf("must be 1 to %d characters long, of lower-case letters, digits and single hyphens, "+
			"beginning with a letter and not ending with a hyphen", MaxIdentifierLength)
	}
	return nil
}

// CheckMajorVersion tells what is wrong with a major version of PostgreSQL. Since version 10 it is one number, by which
// RDS also names the families of parameter groups. Which ones exist is for AWS to say.
func CheckMajorVersion(major string) error {
	if !majorForm.MatchString(major) {
		return errors.New("must be a major version alone, of two digits")
	}
	return nil
}

// reservedUsers are names that RDS and PostgreSQL keep for themselves, also as beginnings (RDS User Guide, "Master user
// account privileges" and "Understanding PostgreSQL roles and permissions").
var reservedUsers = []string{"admin", "public", "none", "current_user", "session_user", "user"}

// CheckUser tells what is wrong with the name of a database user. It holds no wildcard, so that a policy made of it
// names one user.
func CheckUser(user string) error {
	if err := CheckDatabaseName(user); err != nil {
		return err
	}
	if slices.Contains(reservedUsers, user) || strings.HasPrefix(user, "rds") || strings.HasPrefix(user, "pg_") {
		return errors.New(`is reserved by PostgreSQL or RDS, as are names that begin with "rds" or "pg_"`)
	}
	return nil
}

// CheckDatabaseName tells what is wrong with the name of a database.
func CheckDatabaseName(name string) error {
	if len(name) > MaxNameLength || !nameForm.MatchString(name) {
		return fmt.Errorf("must be 1 to %d characters long, of lower-case letters, digits and underscores, "+
			"beginning with a letter", MaxNameLength)
	}
	return nil
}

// CheckZone tells what is wrong with the zone of an instance. RDS itself places the two of a Multi-AZ deployment (RDS
// API Reference, CreateDBInstance, AvailabilityZone).
func CheckZone(multiAZ bool, zone string) error {
	if multiAZ && zone != "" {
		return errors.New("cannot be chosen for a Multi-AZ deployment, which RDS places itself; allowed with a single zone")
	}
	return nil
}

// CACertificates lists the authorities that can sign the instance's certificate and renew it without a restart (RDS
// User Guide, "Using SSL/TLS to encrypt a connection to a DB instance or cluster"). The default comes first.
func CACertificates() []string {
	return []string{"rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"}
}
