package inventory

import (
	"fmt"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
)

// Pipeline are the names of what deploys the stack. The policies of its roles name it, so that it cannot change itself.
type Pipeline struct {
	// Plan and Deploy are the roles, which are always at the path "/". Neither length nor path ever changes the names.
	Plan, Deploy naming.RoleNames
	// Boundary is the managed policy that limits every role which the deploy role makes.
	Boundary string
	// PolicyPatterns match the names of the policies of both roles, and none of the stack's own.
	PolicyPatterns []string
	// StateKey is the alias of the key that encrypts the state, without "alias/".
	StateKey string
	// StateBucket holds the state, and StateAccessLogs who read it.
	StateBucket, StateAccessLogs string

	scope naming.Scope
}

// pipelineNoun is in the names of all that belongs to the pipeline.
const pipelineNoun = "pipeline"

// PipelineNames names the pipeline of a stack.
func PipelineNames(scope naming.Scope, env awsenv.Env) Pipeline {
	scope = scope.WithIAMPath("").Child(pipelineNoun)
	state := scope.Child("state")
	return Pipeline{
		Plan:     scope.Child("plan").RoleNames(),
		Deploy:   scope.Child("deploy").RoleNames(),
		Boundary: scope.Child("boundary").Name(naming.IAMPolicy),
		PolicyPatterns: []string{scope.Child("plan-?").Name(naming.IAMPolicy),
			scope.Child("deploy-?").Name(naming.IAMPolicy)},
		StateKey:        state.Name(naming.KMSAlias),
		StateBucket:     state.BucketName(env),
		StateAccessLogs: state.Child(accessLogsNoun).BucketName(env),
		scope:           scope,
	}
}

// PlanPolicy is the name of one of the policies of the plan role, counted from 1.
func (p Pipeline) PlanPolicy(number int) string { return p.policy("plan", number) }

// DeployPolicy is the name of one of the policies of the deploy role, counted from 1.
func (p Pipeline) DeployPolicy(number int) string { return p.policy("deploy", number) }

func (p Pipeline) policy(role string, number int) string {
	return p.scope.Child(fmt.Sprintf("%s-%d", role, number)).Name(naming.IAMPolicy)
}
