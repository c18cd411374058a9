package awsenv

import (
	"errors"
	"regexp"
)

// Patterns of identifiers (AWS Organizations API Reference, Account and Organization).
const (
	AccountPattern      = `^[0-9]{12}$`
	OrganizationPattern = `^o-[a-z0-9]{10,32}$`
)

var (
	account      = regexp.MustCompile(AccountPattern)
	organization = regexp.MustCompile(OrganizationPattern)
)

// CheckAccountID refuses what is no account's id.
func CheckAccountID(id string) error {
	if !account.MatchString(id) {
		return errors.New("must be the id of an account, 12 digits")
	}
	return nil
}

// CheckOrganizationID refuses what is no organization's id.
func CheckOrganizationID(id string) error {
	if !organization.MatchString(id) {
		return errors.New("must be the id of an organization, o-…")
	}
	return nil
}
