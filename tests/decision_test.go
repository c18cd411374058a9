package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/iampolicy"
)

// contextKeys is a shorthand for the condition keys of a request.
type contextKeys map[string]string

func (c contextKeys) lists() map[string][]string {
	keys := map[string][]string{}
	for key, value := range c {
		keys[key] = []string{value}
	}
	return keys
}

// decision is a row of a table of requests: who may do what.
type decision struct {
	name    string
	caller  iampolicy.Caller
	action  string
	context contextKeys
	want    iampolicy.Decision
}

// decide checks the rows against one policy.
func decide(t *testing.T, policy iampolicy.Document, resource string, rows []decision) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := policy.Evaluate(iampolicy.Request{
				Caller: row.caller, Action: row.action, Resource: resource, Context: row.context.lists(),
			})
			assert.Equal(t, row.want.String(), got.String())
		})
	}
}
