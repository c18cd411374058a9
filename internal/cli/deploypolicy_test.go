package cli

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

// TestDeployPolicy writes the policies of an environment whose account is known, and refuses to guess one.
func TestDeployPolicy(t *testing.T) {
	t.Parallel()
	for environment, want := range map[string]string{
		"prod": "",
		"dev":  "securebaseline: accountId: must be set, because the policies name ARNs of the account\n",
	} {
		t.Run(environment, func(t *testing.T) {
			directory := copyOf(t, environment)
			result := ask(t, directory, environment, "deploy-policy", "policies")
			assert.Equal(t, want, result.Stderr)
			if want != "" {
				assert.Equal(t, failure, result.Code)
				assert.NoDirExists(t, filepath.Join(directory, "policies"))
				return
			}
			assert.Contains(t, result.Stdout, "policies: 3 policies of the deploy role, 1 of the plan role, and the "+
				"permissions boundary\n")
			for _, name := range []string{"boundary", "deploy-1", "deploy-2", "deploy-3", "plan-1"} {
				_, err := iampolicy.Parse(testkit.ReadFile(t, directory, "policies", name+".json"))
				assert.NoError(t, err, name)
			}
		})
	}
}
