package config

import (
	"fmt"
	"strings"
	"testing"

	"securebaseline/internal/problem"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	defaultsPath = "context.baseline.defaults."
	devPath      = "context.baseline.environments.dev."
	stagingPath  = "context.baseline.environments.staging."
	prodPath     = "context.baseline.environments.prod."
)

// long is more than any text may be.
var long = strings.Repeat("x", 300)

// breakage is one change to the valid document, and the one message that it must give. The environment that is asked
// for is the one that the path names, or dev. An empty value removes the field.
type breakage struct{ path, value, want string }

// blocks lists small address blocks that lie beside that of the VPC.
func blocks(count int) string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf(`"10.1.%d.0/28"`, i)
	}
	return strings.Join(all, ",")
}

// askedFor is the environment whose configuration a change of the valid document is about.
func askedFor(path string) string {
	for _, name := range []string{"staging", "prod"} {
		if strings.HasPrefix(path, "environments."+name) {
			return name
		}
	}
	return "dev"
}

// broken returns what is wrong with the valid document after the given edits, a line each.
func broken(t *testing.T, environment string, edits map[string]string) []string {
	t.Helper()
	context := contextOf(t, valid)
	for path, value := range edits {
		edit(t, context, path, value)
	}
	return problemsOf(t, context, environment)
}

func problemsOf(t *testing.T, context map[string]any, environment string) []string {
	t.Helper()
	_, err := resolve(context, environment, true)
	var problems Problems
	require.ErrorAs(t, err, &problems)
	lines := make([]string, len(problems))
	for i, problem := range problems {
		lines[i] = problem.String()
	}
	return lines
}

func assertBroken(t *testing.T, breakages []breakage) {
	t.Helper()
	for _, test := range breakages {
		t.Run(test.path+" "+problem.Show(test.value), func(t *testing.T) {
			assert.Equal(t, []string{test.want},
				broken(t, askedFor(test.path), map[string]string{test.path: test.value}))
		})
	}
}

// principals lists roles as AWS IAM Identity Center makes them.
func principals(count int, name string) string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf(`"arn:aws:iam::111122223333:role/%s-%03d"`, name, i)
	}
	return strings.Join(all, ",")
}

// buckets lists data buckets without settings.
func buckets(count int) string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf(`"reports-%03d":{}`, i)
	}
	return strings.Join(all, ",")
}
