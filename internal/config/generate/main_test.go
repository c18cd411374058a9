package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/config"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	files, err := generated()
	require.NoError(t, err)
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(root, path))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), "%s is stale: run make generate", path)
	}
}

// TestDefaultsInTheReference compares the column of defaults with what Load makes of a minimal configuration.
func TestDefaultsInTheReference(t *testing.T) {
	schema, err := schema()
	require.NoError(t, err)
	for _, profile := range config.Profiles() {
		defaults := config.DefaultsOf(profile)
		compared := 0
		for _, row := range rows(schema.Definitions, "Settings", "") {
			path := strings.NewReplacer(".NAME.", ".data.", ".ALARM.", ".root-use.").Replace(row.path)
			value, isSet := config.ValueAt(defaults, path)
			switch {
			case row.path == "logging.alarms.ALARM.threshold":
				assert.Equal(t, fmt.Sprintf("%v, or what [the table of alarms](#alarms) says", value), row.fallback)
			case row.fallback == byProfile:
				assert.True(t, isSet, row.path)
			case strings.HasPrefix(row.fallback, "`"):
				if !isSet {
					value = false // what an unset boolean is
				}
				assert.Equal(t, fmt.Sprintf("`%v`", value), row.fallback, row.path)
			default:
				assert.False(t, isSet, "%s: the reference says %q, but the default is %v", row.path, row.fallback,
					value)
			}
			compared++
			assert.NotContains(t, row.meaning, "Default", row.path)
			assert.NotEmpty(t, row.fallback, row.path)
		}
		assert.Greater(t, compared, 70)
	}
}
