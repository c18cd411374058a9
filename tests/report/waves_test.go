package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/evidence"
	"securebaseline/internal/testkit"
)

// TestOrderHasReasons demands that whatever waits is said to wait for a value or for a reason, and that everything that
// AWS needs first is found, be it at a distance.
func TestOrderHasReasons(t *testing.T) {
	for name, of := range map[string]struct {
		environment string
		replaced    testkit.Settings
	}{
		"dev": {"dev", nil}, "prod": {"prod", nil}, "everything": {"prod", testkit.Everything()},
		"database": {"prod", testkit.AllDatabase()},
	} {
		t.Run(name, func(t *testing.T) {
			stack := testkit.Synthesize(t, of.environment, of.replaced)
			graph := stack.Graph()
			for _, one := range reportOn(t, stack, of.environment, nil, reported).Order {
				var direct, needed []string
				for _, cause := range one.After {
					direct = append(direct, cause.Address)
					assert.True(t, cause.Why != "" || len(cause.Arguments) > 0, "why does %s wait for %s?",
						one.Address, cause.Address)
					assert.True(t, cause.Written || len(cause.Arguments) > 0, "%s to %s", one.Address, cause.Address)
				}
				assert.Equal(t, graph[one.Address], direct)
				for _, far := range one.Through {
					assert.NotContains(t, direct, far.Address)
					at := one.Address
					for _, next := range append(slices.Clone(far.By), far.Address) {
						assert.Contains(t, graph[at], next)
						at = next
					}
				}
				for _, before := range slices.Concat(direct, addressesOf(one.Through)) {
					needed = append(needed, strings.Split(before, ".")[0])
				}
				for _, promise := range evidence.Promises() {
					if strings.HasPrefix(one.Address, promise.After+".") {
						assert.Contains(t, needed, promise.Before, one.Address)
					}
				}
			}
		})
	}
}

func addressesOf(all []evidence.Detour) []string {
	var addresses []string
	for _, one := range all {
		addresses = append(addresses, one.Address)
	}
	return addresses
}
