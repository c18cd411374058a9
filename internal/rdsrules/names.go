package rdsrules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// MaxNameLength is how long the name of a database or a user may be: PostgreSQL cuts longer ones.
const MaxNameLength = 63

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// keyWords are reserved in one of the majors 14 to 18 of PostgreSQL, also those that can be the name of a function or a
// type (PostgreSQL documentation, "SQL Key Words"). RDS takes none of them as a name (RDS API Reference,
// CreateDBInstance, MasterUsername and DBName).
var keyWords = strings.Fields(`
	all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
	collation column concurrently constraint create cross current_catalog current_date current_role
	current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
	except false fetch for foreign freeze from full grant group having ilike in initially inner intersect
	into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null
	offset on only or order outer overlaps placing primary references returning right select session_user
	similar some symmetric system_user table tablesample then to trailing true union unique user using
	variadic verbose when where window with`)

// reservedRoles are refused or there already (PostgreSQL documentation, CREATE ROLE; RDS User Guide, "Understanding
// PostgreSQL roles and permissions"). So is what begins with the prefixes.
var (
	reservedRoles        = []string{"admin", "none", "public"}
	reservedRolePrefixes = []string{"pg_", "rds"}
)

// existingDatabases are on every instance (PostgreSQL documentation, "Template Databases"; RDS User Guide, "Creating an
// Amazon RDS DB instance").
var existingDatabases = []string{"postgres", "rdsadmin", "template0", "template1"}

// CheckUser reports what is wrong with the name of a database user. A right one holds no wildcard, so that a policy
// made of it names one user.
func CheckUser(user string) error {
	if err := checkName(user); err != nil {
		return err
	}
	if slices.Contains(reservedRoles, user) {
		return errors.New("must be a name that neither PostgreSQL nor RDS reserves")
	}
	for _, prefix := range reservedRolePrefixes {
		if strings.HasPrefix(user, prefix) {
			return fmt.Errorf("must not begin with %s, by which PostgreSQL or RDS calls users of its own", prefix)
		}
	}
	return nil
}

// CheckDatabaseName reports what is wrong with the name of a database that is made with the instance.
func CheckDatabaseName(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if slices.Contains(existingDatabases, name) {
		return errors.New("must not be the name of a database that every instance has")
	}
	return nil
}

func checkName(name string) error {
	if len(name) > MaxNameLength || !nameForm.MatchString(name) {
		return fmt.Errorf("must be 1 to %d characters long, of lower-case letters, digits and underscores, "+
			"beginning with a letter", MaxNameLength)
	}
	if slices.Contains(keyWords, name) {
		return errors.New("must not be a key word that PostgreSQL reserves")
	}
	return nil
}
