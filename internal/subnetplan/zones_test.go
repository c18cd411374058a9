package subnetplan

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParseZones(t *testing.T) {
	tests := []struct {
		name  string
		zones []string
		want  []Zone
		fault string
	}{
		{"in order of their letters", []string{"eu-west-1c", "eu-west-1a"}, []Zone{"a", "c"}, ""},
		{"too few", []string{"eu-west-1a"}, nil, "must be 2 to 6 zones, not 1"},
		{"too many", make([]string, 7), nil, "must be 2 to 6 zones, not 7"},
		{"another region", []string{"eu-west-1a", "eu-west-2b"}, nil,
			`"eu-west-2b" must be a zone of the region, eu-west-1a to eu-west-1f`},
		{"a local zone", []string{"eu-west-1a", "eu-west-1-dub-1a"}, nil,
			`"eu-west-1-dub-1a" must be a zone of the region, eu-west-1a to eu-west-1f`},
		{"twice, and one that is not", []string{"eu-west-1a", "eu-west-1a", "eu-west-1z"}, nil,
			"\"eu-west-1a\" must not be a duplicate\n\"eu-west-1z\" must be a zone of the region, eu-west-1a to " +
				"eu-west-1f"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			zones, err := ParseZones("eu-west-1", test.zones)
			if test.fault != "" {
				assert.EqualError(t, err, test.fault)
				return
			}
			assert.NoError(t, err)
			assert.Equal(t, test.want, zones)
		})
	}
}
