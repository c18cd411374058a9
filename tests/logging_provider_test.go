//go:build provider

package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProviderPlansAllLogging(t *testing.T) {
	assertPlansAll(t, "prod", allLogging())
	assertPlansAll(t, "dev", settings{"logging.alarms": map[string]any{"root-use": map[string]any{"enabled": false}}})
}

func TestProviderValidatesAllLogging(t *testing.T) {
	_, folder := synthesize(t, load(t, "prod", allLogging()))
	result, err := terraform(t, folder).Validate(t.Context())
	require.NoError(t, err)
	assert.Empty(t, result.Diagnostics)
}
