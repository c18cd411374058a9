package naming

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheckTrail(t *testing.T) {
	const (
		form = "must be of letters, digits and . _ -, begin and end with a letter or digit, and have no two of . _ " +
			"- in a row"
		ip = "must not look like an IP address"
	)
	for name, want := range map[string]string{
		"acme-trail-prod":               "",
		"A.b_c-9":                       "",
		"abc":                           "",
		strings.Repeat("a", 128):        "",
		"1.2.3":                         "",
		"1.2.3.4.5":                     "",
		"1.2.3.x":                       "",
		"":                              "must be 3 to 128 characters long, not 0",
		"ab":                            "must be 3 to 128 characters long, not 2",
		strings.Repeat("a", 129):        "must be 3 to 128 characters long, not 129",
		"my--trail":                     form,
		"my-_trail":                     form,
		"my._trail":                     form,
		"-trail":                        form,
		"trail.":                        form,
		"my trail":                      form,
		"trail/1":                       form,
		"träil":                         form,
		"trail\n":                       form,
		"192.168.5.4":                   ip,
		"999.168.005.4":                 ip,
		"${data.aws_region.this.name}x": form,
	} {
		if err := CheckTrail(name); want == "" {
			assert.NoError(t, err, name)
		} else {
			assert.EqualError(t, err, want, name)
		}
	}
}

// FuzzCheckTrail compares the check with AWS's rules, written out one by one.
func FuzzCheckTrail(f *testing.F) {
	for _, name := range []string{"acme-trail-prod", "my--trail", "192.168.5.4", "a.b_c", "", "a\n", "9.9.9.9.9"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		const alphanumeric, marks = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "._-"
		legal := len(name) >= 3 && len(name) <= 128 && strings.Trim(name, alphanumeric+marks) == ""
		for i := range name {
			legal = legal && strings.Contains(alphanumeric+marks, name[i:i+1])
		}
		if legal {
			legal = strings.Contains(alphanumeric, name[:1]) && strings.Contains(alphanumeric, name[len(name)-1:])
			for i := 1; i < len(name); i++ {
				legal = legal && !(strings.Contains(marks, name[i-1:i]) && strings.Contains(marks, name[i:i+1]))
			}
		}
		if parts := strings.Split(name, "."); len(parts) == 4 {
			numbers := 0
			for _, part := range parts {
				if part != "" && strings.Trim(part, "0123456789") == "" {
					numbers++
				}
			}
			legal = legal && numbers < 4
		}
		require.Equal(t, legal, CheckTrail(name) == nil, "%q", name)
	})
}

// Names of a scope are always legal: whatever the configuration accepts cannot fail at apply.
func FuzzTrailNamesOfScopes(f *testing.F) {
	f.Add("acme", "dev")
	f.Add(strings.Repeat("a-", 15)+"aa", "environment1")
	f.Fuzz(func(t *testing.T, project, environment string) {
		if CheckProject(project) == nil && CheckEnvironment(environment) == nil {
			require.NoError(t, CheckTrail(New(project, environment, Tags{}).Child("trail").Name(Trail)))
		}
	})
}

func TestMetricNamespace(t *testing.T) {
	assert.Equal(t, "acme/dev", New("acme", "dev", Tags{}).Child("alarms").MetricNamespace())
}
