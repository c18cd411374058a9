package problem

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestList(t *testing.T) {
	var l List
	l.Check("props.Days", 36, nil)
	l.CheckThat(true, "props.Days", 36, "must be less")
	l.Require("props.KeyARN", true, "the ARN of the key")
	assert.NoError(t, l.Err())

	l.Check("props.Days", 36, errors.New("must be 1 to 35 days"))
	l.CheckThat(false, "props.NAT", "two", "must be one of %s", "none, single")
	l.Require("props.KeyARN", false, "the ARN of the key")
	assert.EqualError(t, l.Err(), `props.Days = 36: must be 1 to 35 days
props.NAT = "two": must be one of none, single
props.KeyARN: must be the ARN of the key`)
}

func TestValuesAreShownAsJSON(t *testing.T) {
	for want, value := range map[string]any{
		`a = "<b>": must`:   "<b>",
		`a = ["b"]: must`:   []string{"b"},
		`a = {"b":1}: must`: map[string]int{"b": 1},
		`a = "` + strings.Repeat("ü", maxShownValue-1) + `…: must`: strings.Repeat("ü", 100),
	} {
		assert.Equal(t, want, Problem{"a", value, "must"}.String())
	}
}
