package report

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/evidence"
	"securebaseline/internal/testkit"
)

// TestEveryTypeHasACost makes sure that nobody adds a type of resource without looking up what it costs, and that no
// page of prices is elsewhere.
func TestEveryTypeHasACost(t *testing.T) {
	if testing.Short() {
		t.Skip("reports on stack after stack")
	}
	seen, units := map[string]bool{}, map[string]bool{}
	for environment, all := range map[string][]testkit.Settings{
		"dev": {nil}, "staging": {nil}, "prod": {nil, testkit.Everything(), testkit.AllDatabase()},
	} {
		for _, settings := range all {
			stack := testkit.Synthesize(t, environment, settings)
			report := reportOn(t, stack, environment, nil, reported)
			for _, one := range report.Free {
				assert.True(t, one.Known, "what does AWS bill for a %s? Add it to charges.go", one.Type)
			}
			billed := map[string]bool{}
			for _, one := range report.Costs {
				units[one.Unit] = true
				assert.Regexp(t, "^https://aws.amazon.com/[a-z0-9/-]+/pricing/", one.Source)
				for _, address := range one.Resources {
					billed[address] = true
				}
			}
			free := 0
			for _, one := range report.Free {
				free += one.Count
			}
			assert.Len(t, stack.Addresses(), len(billed)+free, "each resource costs something or nothing")
			for _, r := range stack.All() {
				seen[r.Type] = true
			}
		}
	}
	for _, resourceType := range evidence.PricedTypes() {
		assert.True(t, seen[resourceType], "no stack has a %s", resourceType)
	}
}

// TestCostsAreCounted counts by hand what is billed for a few stacks.
func TestCostsAreCounted(t *testing.T) {
	const association = "hour of an interface endpoint in a zone"
	for name, row := range map[string]struct {
		environment string
		replaced    testkit.Settings
		want        map[string]int
		not         []string
	}{
		"dev": {"dev", nil, map[string]int{"hour of a NAT gateway": 1, "hour of a public IPv4 address": 1,
			"hour of a db.t4g.small with no standby": 1, "GiB-month of gp3 storage with no standby": 20,
			"month of a key, and of its first two rotations": 3, "month of the master user's secret": 1},
			[]string{"100,000 e-mails", "hour of an instance under Database Insights Advanced, by its vCPUs",
				association, "100,000 data events"}},
		"prod": {"prod", nil, map[string]int{"hour of a NAT gateway": 3, "hour of a public IPv4 address": 3,
			"hour of a db.m6g.large with a standby in another zone":              1,
			"hour of an instance under Database Insights Advanced, by its vCPUs": 1,
			"100,000 e-mails": 1, "month of an alarm of standard resolution": 20,
			"GB read back from a cheaper storage class": 1}, []string{association, "100,000 data events"}},
		"without NAT and database": {"prod", testkit.Settings{"network.nat": "none", "rds.enabled": false},
			map[string]int{"month of a key, and of its first two rotations": 2},
			[]string{"hour of a NAT gateway", "hour of a public IPv4 address", "month of the master user's secret"}},
		"with endpoints": {"prod", testkit.Settings{"network.interfaceEndpoints": []string{"ssm", "kms"},
			"network.endpointZones": map[string]any{"kms": []string{"a"}}},
			map[string]int{association: 4, "GB that passes an interface endpoint": 2}, nil},
		"with all of the log": {"prod", testkit.Settings{"logging.dataEvents": true, "logging.insights": true},
			map[string]int{"100,000 data events": 1, "100,000 events that are analyzed for insights": 1}, nil},
		"with fast storage": {"prod", testkit.AllDatabase(), map[string]int{
			"month of one operation a second, less those of the storage's size": 16000,
			"month of one MiB a second, less those of the storage's size":       1000}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]int{}
			for _, one := range reportOn(t, testkit.Synthesize(t, row.environment, row.replaced), row.environment, nil,
				reported).Costs {
				got[one.Unit] += one.Count
			}
			for unit, count := range row.want {
				assert.Equal(t, count, got[unit], unit)
			}
			for _, unit := range row.not {
				assert.NotContains(t, got, unit)
			}
		})
	}
}
