package inventory

import (
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
)

// longest is a scope whose project and environment are as long as they may be.
func longest() naming.Scope {
	return naming.New(strings.Repeat("p", naming.MaxProjectLength), strings.Repeat("e", naming.MaxEnvironmentLength),
		naming.Tags{})
}

// databases are the first and those whose names are most like those of other resources.
var databases = []string{FirstDatabase, "database", "database-parameter", "parameter", "events", "data", "trail",
	"connect", "database-database", "x-database", "network"}

// TestNamesAreUnique gives data buckets and databases the names that are most like those of other resources.
func TestNamesAreUnique(t *testing.T) {
	env, err := awsenv.New("eu-central-1", "111122223333")
	require.NoError(t, err)
	buckets := []string{"data", "data-reader", "database", "database-connect", "auditor", "alarms", "flow-logs",
		"network",
		"network-flow-logs", "trail-delivery"}
	for _, scope := range []naming.Scope{naming.New("acme", "dev", naming.Tags{}), longest()} {
		taken := map[Resource]bool{}
		for _, resource := range Resources(scope, env, Options{
			Buckets: buckets, TrailNotifications: true, Auditor: true, Endpoints: true, Databases: databases,
		}) {
			assert.False(t, taken[resource], resource)
			taken[resource] = true
		}
		assert.Greater(t, len(taken), 250)
	}
}

// TestAlarmPatternMatchesEveryAlarm holds what policies rely on: no name of an alarm is so long that it is cut.
func TestAlarmPatternMatchesEveryAlarm(t *testing.T) {
	env, err := awsenv.New("eu-central-1", "111122223333")
	require.NoError(t, err)
	names := New(longest(), env, Options{Databases: []string{FirstDatabase, "a-name-of-20-letters"}})
	all := []map[string]string{names.Alarms}
	for _, database := range names.DatabaseList() {
		all = append(all, database.Alarms)
	}
	for _, alarms := range all {
		require.NotEmpty(t, alarms)
		for key, name := range alarms {
			matches, err := path.Match(names.AlarmPattern, name)
			require.NoError(t, err)
			assert.True(t, matches, "%s: %s", key, name)
			assert.Contains(t, name, key, "the name is cut")
		}
	}
}
