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
		{"too few", []string{"eu-west-1a"}, nil, "1 zones; allowed are 2 to 6"},
		{"too many", make([]string, 7), nil, "7 zones; allowed are 2 to 6"},
		{"another region", []string{"eu-west-1a", "eu-west-2b"}, nil,
			`"eu-west-2b" is not a zone of the region; allowed are "eu-west-1a" to "eu-west-1f"`},
		{"a local zone", []string{"eu-west-1a", "eu-west-1-dub-1a"}, nil,
			`"eu-west-1-dub-1a" is not a zone of the region; allowed are "eu-west-1a" to "eu-west-1f"`},
		{"twice, and one that is not", []string{"eu-west-1a", "eu-west-1a", "eu-west-1z"}, nil,
			"\"eu-west-1a\" stands there twice\n\"eu-west-1z\" is not a zone of the region; allowed are \"eu-west-1a\" to \"eu-west-1f\""},
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
