//go:build provider

package provider

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/adopt"
	"securebaseline/internal/testkit"
)

// TestEveryTypeCanBeAdopted makes sure that nobody adds a type without saying how what exists of it is found again, or
// why it needs no import; and that nothing stays in the tables that no stack has. It is not among the tests of stacks,
// because the inner loop would have to link the clients of AWS for it.
func TestEveryTypeCanBeAdopted(t *testing.T) {
	made := map[string]bool{}
	for _, settings := range []testkit.Settings{testkit.Everything(), testkit.AllDatabase()} {
		for _, resource := range testkit.Synthesize(t, "prod", settings).All() {
			made[resource.Type] = true
		}
	}
	for resourceType := range made {
		looked := slices.Contains(adopt.Types(), resourceType)
		assert.NotEqual(t, looked, adopt.Repeatable(resourceType), "can two of %s exist where one should?",
			resourceType)
	}
	for _, resourceType := range adopt.Types() {
		assert.True(t, made[resourceType], "no stack has a %s", resourceType)
	}
}
