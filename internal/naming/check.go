package naming

import (
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

// CheckProject tells what is wrong with a project's name, which begins every resource's name.
func CheckProject(project string) error {
	if n := len(project); n < MinProjectLength || n > MaxProjectLength {
		return fmt.Errorf("must be %d to %d characters long, not %d", MinProjectLength, MaxProjectLength, n)
	}
	for _, beginning := range slices.Sorted(maps.Keys(reserved)) {
		if strings.HasPrefix(project, beginning) {
			return fmt.Errorf("must not begin with %q, which %s reserves", beginning, reserved[beginning])
		}
	}
	if !words.MatchString(project) {
		return fmt.Errorf("must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter")
	}
	return nil
}

// CheckEnvironment tells what is wrong with an environment's name, which ends every resource's name.
func CheckEnvironment(environment string) error {
	if n := len(environment); n == 0 || n > MaxEnvironmentLength {
		return fmt.Errorf("must be 1 to %d characters long, not %d", MaxEnvironmentLength, n)
	}
	if !words.MatchString(environment) {
		return fmt.Errorf("must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter")
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

// CheckTagKey tells what is wrong with the key of an extra tag. A required tag's key is refused in any case of
// letters, because IAM treats keys that differ only in case as one (IAM User Guide, "Rules for tagging in IAM and AWS STS").
func CheckTagKey(key string) error {
	switch n := utf8.RuneCountInString(key); {
	case n == 0 || n > MaxTagKeyLength:
		return fmt.Errorf("the key of a tag must be 1 to %d characters long, not %d", MaxTagKeyLength, n)
	case strings.HasPrefix(strings.ToLower(key), "aws:"):
		return fmt.Errorf(`the key of a tag must not begin with "aws:", which AWS reserves`)
	case !tagCharacters.MatchString(key):
		return fmt.Errorf("the key of a tag must be of letters, digits, spaces and _ . : / = + - @")
	}
	for _, required := range RequiredTags() {
		if strings.EqualFold(key, required) {
			return fmt.Errorf("the tag %s is set by the project and cannot be set again", required)
		}
	}
	return nil
}

// CheckTagValue tells what is wrong with the value of a tag.
func CheckTagValue(value string) error {
	if n := utf8.RuneCountInString(value); n == 0 || n > MaxTagValueLength {
		return fmt.Errorf("the value of a tag must be 1 to %d characters long, not %d", MaxTagValueLength, n)
	}
	if !tagCharacters.MatchString(value) {
		return fmt.Errorf("the value of a tag must be of letters, digits, spaces and _ . : / = + - @")
	}
	return nil
}
