package faults

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestListTellsEverythingInOrder(t *testing.T) {
	var l List
	assert.NoError(t, l.Err())
	rule := errors.New("must be 1 to 35 days")
	l.Check("Days", 36, rule)
	l.Check("Name", "a b", errors.New("must be one word"))
	l.Check("Days", 7, nil)
	l.Require("KeyARN", true, "the ARN of the key")
	l.Require("KeyARN", false, "the ARN of the key")
	l.Add("LogTo is %q; logs go nowhere", "x")
	assert.EqualError(t, l.Err(), `props.Days is 36; it must be 1 to 35 days
props.Name is "a b"; it must be one word
props.KeyARN is empty; it must be the ARN of the key
props.LogTo is "x"; logs go nowhere`)
	assert.ErrorIs(t, l.Err(), rule)
}
