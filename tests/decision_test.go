package tests

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/iampolicy"
)

// requestContext holds the condition keys of a request, one value each.
type requestContext map[string]string

// The sessions of an IAM user: by GetSessionToken or the console, with MFA and without. Long-term keys carry neither,
// and the session of a role never has MFA.
var (
	mfa   = requestContext{"aws:MultiFactorAuthPresent": "true"}
	noMFA = requestContext{"aws:MultiFactorAuthPresent": "false"}
)

// with returns the context with one key added or changed.
func (c requestContext) with(key, value string) requestContext {
	changed := maps.Clone(c)
	if changed == nil {
		changed = requestContext{}
	}
	changed[key] = value
	return changed
}

func (c requestContext) lists() map[string][]string {
	lists := map[string][]string{}
	for key, value := range c {
		lists[key] = []string{value}
	}
	return lists
}

// policy answers requests: one policy document, or several together.
type policy interface {
	Evaluate(iampolicy.Request) iampolicy.Decision
}

// together answers by all policies that apply to a request, as AWS does.
type together iampolicy.Policies

// Evaluate answers one request.
func (p together) Evaluate(request iampolicy.Request) iampolicy.Decision {
	return iampolicy.Decide(request, iampolicy.Policies(p))
}

// ask puts one request to a policy.
func ask(policy policy, caller iampolicy.Caller, action, resource string, context requestContext) iampolicy.Decision {
	return policy.Evaluate(iampolicy.Request{Caller: caller, Action: action, Resource: resource,
		Context: context.lists()})
}

// request is a row of a table of requests to one resource: who may do what.
type request struct {
	name    string
	caller  iampolicy.Caller
	action  string
	context requestContext
	want    iampolicy.Decision
}

// assertDecisions puts the rows of a table to a policy.
func assertDecisions(t *testing.T, policy policy, resource string, rows []request) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := ask(policy, row.caller, row.action, resource, row.context)
			assert.Equal(t, row.want.String(), got.String())
		})
	}
}
