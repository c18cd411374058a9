package page

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/evidence"
)

func TestStateOf(t *testing.T) {
	x := evidence.UsedException{Exception: evidence.Exception{Expires: "2026-12-11"}, Covers: []string{"aws_vpc.v"}}
	for date, want := range map[string]string{"2026-11-30": "holds for 11 more days",
		"2026-12-09": "holds for 2 more days", "2026-12-10": "holds for 1 more day",
		"2026-12-11": "today is its last day"} {
		assert.Equal(t, want, stateOf(x, date), date)
	}
	assert.Equal(t, "covers nothing, and must be removed", stateOf(evidence.UsedException{}, "2026-12-11"))
	assert.Equal(t, "expired", stateOf(evidence.UsedException{Expired: true}, "2026-12-12"))
}
