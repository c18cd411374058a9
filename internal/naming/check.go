package naming

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a project's and an environment's name, in characters. With them an uncut bucket name still fits most
// purposes, and the environment is never cut.
const (
	MinProjectLength     = 2
	MaxProjectLength     = 32
	MaxEnvironmentLength = 12
)

// words is what every service of the stack accepts at the start of a name: RDS wants a letter first and no double
// hyphen, S3 wants lower case, CloudTrail wants no adjacent punctuation.
var words = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// reserved are beginnings of names that a service keeps for itself, with that service.
var reserved = map[string]string{
	"aws":           "AWS (log groups and aliases)",
	"xn--":          "S3",
	"sthree-":       "S3",
	"amzn-s3-demo-": "S3",
	"sg-":           "EC2 (security groups)",
}

// CheckProject reports what is wrong with a project's name, which begins every resource's name.
func CheckProject(project string) error {
	if n := len(project); n < MinProjectLength || n > MaxProjectLength {
		return fmt.Errorf("must be %d to %d characters long, not %d", MinProjectLength, MaxProjectLength, n)
	}
	for _, beginning := range slices.Sorted(maps.Keys(reserved)) {
		if strings.HasPrefix(project, beginning) {
			return fmt.Errorf("must not begin with %q, which %s reserves", beginning, reserved[beginning])
		}
	}
	return checkWords(project)
}

// CheckEnvironment reports what is wrong with an environment's name, which ends every resource's name.
func CheckEnvironment(environment string) error {
	if n := len(environment); n == 0 || n > MaxEnvironmentLength {
		return fmt.Errorf("must be 1 to %d characters long, not %d", MaxEnvironmentLength, n)
	}
	return checkWords(environment)
}

func checkWords(name string) error {
	if !words.MatchString(name) {
		return errors.New("must be lower-case words of letters and digits, joined by single hyphens, beginning with " +
			"a letter")
	}
	return nil
}

// Limits of tags (Tagging AWS Resources, "Tag naming limits and requirements").
const (
	MaxTags           = 50
	MaxTagKeyLength   = 128
	MaxTagValueLength = int(TagValue)
)

// tagCharacters are the characters that every service of the stack accepts in tag keys and values.
var tagCharacters = regexp.MustCompile(`^[\p{L}\p{N}\p{Zs}_.:/=+\-@]*$`)

// reservedTags are the beginnings of keys and values that AWS keeps for itself: the first everywhere, the second for
// RDS (RDS API Reference, Tag).
var reservedTags = []string{"aws:", "rds:"}

// CheckTagKey reports what is wrong with the key of an extra tag. A required tag's key is refused in any case of
// letters, because IAM treats keys that differ only in case as one (IAM User Guide, "Rules for tagging in IAM and AWS
// STS").
func CheckTagKey(key string) error {
	if err := checkTagText(key, MaxTagKeyLength); err != nil {
		return fmt.Errorf("must have a key that is %w", err)
	}
	for _, reserved := range reservedTags {
		if strings.HasPrefix(strings.ToLower(key), reserved) {
			return fmt.Errorf("must have a key that does not begin with %q, which AWS reserves", reserved)
		}
	}
	for _, required := range RequiredTags() {
		if strings.EqualFold(key, required) {
			return errors.New("must not be set: the stack sets this tag itself, on every resource")
		}
	}
	return nil
}

// CheckTagValue reports what is wrong with the value of a tag. AWS also takes spaces at the ends, and consoles and
// reports then show as one what are two.
func CheckTagValue(value string) error {
	if err := checkTagText(value, MaxTagValueLength); err != nil {
		return fmt.Errorf("must be %w", err)
	}
	for _, reserved := range reservedTags {
		if strings.HasPrefix(strings.ToLower(value), reserved) {
			return fmt.Errorf("must not begin with %q, which AWS reserves in the values of tags", reserved)
		}
	}
	return nil
}

// checkTagText says what a key or a value is when it is right.
func checkTagText(text string, most int) error {
	switch n := utf8.RuneCountInString(text); {
	case n == 0 || n > most:
		return fmt.Errorf("1 to %d characters long, not %d", most, n)
	case !tagCharacters.MatchString(text):
		return errors.New("of letters, digits, spaces and _ . : / = + - @")
	case strings.TrimSpace(text) != text:
		return errors.New("without spaces at its ends")
	}
	return nil
}
