package iampolicy

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPatternMatches(t *testing.T) {
	tests := []struct {
		name, pattern, text string
		want                bool
	}{
		{"literal", "s3:GetObject", "s3:GetObject", true},
		{"case matters", "s3:getobject", "s3:GetObject", false},
		{"star takes nothing", "logs*", "logs", true},
		{"star alone takes nothing", "*", "", true},
		{"empty pattern", "", "x", false},
		{"star in the middle", "a*c", "abbc", true},
		{"star takes one", "a*c", "abc", true},
		{"star tries again", "*ab*abc", "xabyababc", true},
		{"star needs its end", "a*c", "abb", false},
		{"question mark takes one", "a?c", "abc", true},
		{"question mark takes a whole character", "a?c", "aéc", true},
		{"question mark takes no nothing", "a?c", "ac", false},
		{"question mark at the end", "ab?", "ab", false},
		{"text goes on", "ab", "abc", false},
		{"hopeless backtracking", strings.Repeat("a*", 30) + "b", strings.Repeat("a", 2000), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, wildcards(tt.pattern).matches(tt.text))
			assert.Equal(t, tt.pattern, wildcards(tt.pattern).text())
		})
	}
}

func TestPatternMatchesARNPartByPart(t *testing.T) {
	tests := []struct {
		name, pattern, arn string
		want               bool
	}{
		{"same", trailARN, trailARN, true},
		{"star in a part", "arn:aws:cloudtrail:*:111122223333:trail/*", trailARN, true},
		{"star does not cross a colon", "arn:aws:cloudtrail:*:trail/audit", trailARN, false},
		{"star does not reach the next part", "arn:aws:logs:eu*:111122223333:x", "arn:aws:logs:eu:west:111122223333:x",
			false},
		{"star crosses colons in the last part", "arn:aws:logs:r:a:log-group:*",
			"arn:aws:logs:r:a:log-group:g:log-stream:s", true},
		{"last part need not go on", "arn:aws:logs:r:a:log-group:g:*", "arn:aws:logs:r:a:log-group:g", false},
		{"question mark", "arn:aws:s3:::b?", "arn:aws:s3:::b1", true},
		{"case matters", "arn:aws:s3:::B", "arn:aws:s3:::b", false},
		{"too few parts in the pattern", "arn:aws:s3:*", "arn:aws:s3:::b", false},
		{"bare star", "*", trailARN, false},
		{"too few parts in the request", "arn:*:*:*:*:*", "arn:aws:s3", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, wildcards(tt.pattern).matchesARN(tt.arn))
		})
	}
}

func TestExpandReplacesPolicyVariables(t *testing.T) {
	values := map[string]string{"aws:username": "ann", "aws:PrincipalTag/team": "*"}
	lookup := func(key string) (string, bool) { value, ok := values[key]; return value, ok }
	tests := []struct {
		name, text, matching, other string
	}{
		{"variable", "home/${aws:username}/*", "home/ann/x", "home/bob/x"},
		{"value is literal", "${aws:PrincipalTag/team}", "*", "red"},
		{"unused default", "${aws:username, 'guest'}", "ann", "guest"},
		{"default", "${aws:PrincipalTag/dept, 'all staff'}", "all staff", ""},
		{"empty default", "x${aws:PrincipalTag/dept, ''}", "x", "xy"},
		{"default is literal", "${aws:PrincipalTag/dept, '*'}", "*", "x"},
		{"escaped star", "a${*}", "a*", "ab"},
		{"escaped question mark", "a${?}", "a?", "ab"},
		{"escaped dollar", "${$}{x}", "${x}", "x"},
		{"several", "${aws:username}-${aws:username}?", "ann-ann1", "ann-ann"},
		{"no end", "${aws:username", "${aws:username", "ann"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, ok := expand(tt.text, lookup)
			assert.True(t, ok)
			assert.True(t, p.matches(tt.matching), "%q matches %q", tt.text, tt.matching)
			assert.False(t, p.matches(tt.other), "%q matches %q", tt.text, tt.other)
		})
	}
	for _, text := range []string{"${aws:userid}", "x${}", "${aws:userid, guest}", "${aws:userid, '}",
		"${aws:userid,}"} {
		_, ok := expand(text, lookup)
		assert.False(t, ok, "%q has no value", text)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("*?*", "é")
	f.Add("**a", "\xff")
	f.Fuzz(func(t *testing.T, glob, text string) {
		oracle := regexp.QuoteMeta(strings.ToValidUTF8(glob, "\uFFFD"))
		oracle = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(oracle)
		// Runs of invalid bytes become one character there and several here; make them equal first.
		glob, text = strings.ToValidUTF8(glob, "\uFFFD"), strings.ToValidUTF8(text, "\uFFFD")
		want := regexp.MustCompile(`(?s)\A` + oracle + `\z`).MatchString(text)
		if got := wildcards(glob).matches(text); got != want {
			t.Fatalf("wildcards(%q).matches(%q) = %v, the regular expression says %v", glob, text, got, want)
		}
	})
}
