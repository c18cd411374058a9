package lazy_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsbindings/lazy"
)

func TestVariableIsSetUntilDone(t *testing.T) {
	require.Equal(t, ": no runtime yet", os.Getenv("JSII_RUNTIME"))
	lazy.Done()
	_, set := os.LookupEnv("JSII_RUNTIME")
	assert.False(t, set)
	t.Setenv("JSII_RUNTIME", "mine")
	lazy.Done()
	assert.Equal(t, "mine", os.Getenv("JSII_RUNTIME"))
}
