package s3rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheckBucketName(t *testing.T) {
	const (
		length = "must be 3 to 63 characters long, not "
		form   = "must be of lower-case letters, digits, dots and hyphens, and begin and end with a letter or digit"
	)
	for name, want := range map[string]string{
		"abc": "", "acme-state": "", "1.2.3": "", "1.2.3.4.5": "", "a.b-c": "", "256.1.1.1": "", "s3alias": "",
		strings.Repeat("a", 63): "",

		"": length + "0", "ab": length + "2", strings.Repeat("a", 64): length + "64",
		"Acme": form, "ac_me": form, "-ab": form, "ab-": form, ".ab": form, "ab.": form, "büc": form, "a b": form,
		"abc\n":             form,
		"a..b":              "must not have two dots in a row",
		"192.168.5.4":       "must not look like an IP address",
		"xn--abc":           "must not begin with xn--, which S3 reserves",
		"sthree-x":          "must not begin with sthree-, which S3 reserves",
		"amzn-s3-demo-x":    "must not begin with amzn-s3-demo-, which S3 reserves",
		"acme-s3alias":      "must not end with -s3alias, which S3 reserves",
		"acme--ol-s3":       "must not end with --ol-s3, which S3 reserves",
		"acme.mrap":         "must not end with .mrap, which S3 reserves",
		"acme--euc1--x-s3":  "must not end with --x-s3, which S3 reserves",
		"acme--table-s3":    "must not end with --table-s3, which S3 reserves",
		"acme-1-eu-west-an": "must not end with -an, which S3 reserves",
	} {
		assertRule(t, name, want, CheckBucketName(name))
	}
}

func TestCheckStateKey(t *testing.T) {
	const length = "must be 1 to 1017 bytes long, not %, because the lock is called the same with .tflock"
	for key, want := range map[string]string{
		"a": "", "acme/dev/baseline.tfstate": "", "a b": "", "ü": "", "..a/b..": "", ".tflock/a": "",
		strings.Repeat("a", 1017): "",

		"":                        strings.Replace(length, "%", "0", 1),
		strings.Repeat("a", 1018): strings.Replace(length, "%", "1018", 1),
		strings.Repeat("ü", 509):  strings.Replace(length, "%", "1018", 1),
		"a\tb":                    "must not hold control characters",
		"a\x00b":                  "must not hold control characters",
		"a\u0085b":                "must not hold control characters",
		"a\xff":                   "must not hold control characters",
		" ":                       "must not begin or end with a space",
		" a":                      "must not begin or end with a space",
		"/a":                      "must not begin or end with a slash",
		"a/":                      "must not begin or end with a slash",
		"a//b":                    "must not have two slashes in a row",
		".":                       `must not have "." or ".." between slashes`,
		"a/./b":                   `must not have "." or ".." between slashes`,
		"../b":                    `must not have "." or ".." between slashes`,
		"a.tflock":                "must not end with .tflock, as the lock of another state does",
	} {
		assertRule(t, key, want, CheckStateKey(key))
	}
}

func assertRule(t *testing.T, value, want string, err error) {
	t.Helper()
	if want == "" {
		assert.NoError(t, err, value)
		return
	}
	assert.EqualError(t, err, want, value)
}

func BenchmarkCheckBucketName(b *testing.B) {
	for b.Loop() {
		if err := CheckBucketName("acme-terraform-state"); err != nil {
			b.Fatal(err)
		}
	}
}
