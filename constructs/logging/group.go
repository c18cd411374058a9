// Package logging keeps the evidence of what happened. Log groups are made here and nowhere else, so that each is
// encrypted and expires as configured.
package logging

import (
	"fmt"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchloggroup"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/faults"
	"securebaseline/internal/naming"
	"securebaseline/internal/tf"
)

// defaultRetentionDays is what benchmarks ask for at least.
const defaultRetentionDays = 365

// GroupProps configures a Group.
type GroupProps struct {
	// Naming gives the group its tags. Required.
	Naming naming.Scope
	// Name is the group's name, as the policy of its key lists it. Required.
	Name string
	// KeyARN is the key that encrypts the group; its policy must let CloudWatch Logs use it for this group. Required.
	KeyARN string
	// RetentionDays is how long events are kept, one of awsenv.LogRetentions. Default 365.
	RetentionDays int
	// AllowDestroy lets Terraform delete the group and the events in it. Default: destroying the stack leaves it.
	AllowDestroy bool
	// DependsOn must contain the key's Ready: without the key CreateLogGroup fails, and the provider does not retry.
	DependsOn tf.Deps
}

// Group is an encrypted log group.
type Group struct {
	group cloudwatchloggroup.CloudwatchLogGroup
	name  string
}

// NewGroup adds a log group to scope.
func NewGroup(scope constructs.Construct, id string, props GroupProps) (*Group, error) {
	if props.RetentionDays == 0 {
		props.RetentionDays = defaultRetentionDays
	}
	var f faults.List
	if props.Name == "" || len(props.Name) > int(naming.LogGroup) {
		f.Add("Name is %q; it must be 1 to %d characters long", props.Name, naming.LogGroup)
	}
	f.Require("KeyARN", props.KeyARN == "", "the ARN of the key that encrypts the group")
	if !slices.Contains(awsenv.LogRetentions(), props.RetentionDays) {
		f.Add("RetentionDays is %d; allowed are %v days", props.RetentionDays, awsenv.LogRetentions())
	}
	if err := f.Err(); err != nil {
		return nil, fmt.Errorf("log group %q: %w", id, err)
	}
	group := cloudwatchloggroup.NewCloudwatchLogGroup(scope, &id, &cloudwatchloggroup.CloudwatchLogGroupConfig{
		Name:            &props.Name,
		KmsKeyId:        &props.KeyARN,
		RetentionInDays: jsii.Number(props.RetentionDays),
		SkipDestroy:     jsii.Bool(!props.AllowDestroy),
		Tags:            tf.StringMap(props.Naming.Tags()),
		DependsOn:       props.DependsOn.Ptr(),
	})
	return &Group{group: group, name: props.Name}, nil
}

// Name is the group's name.
func (g *Group) Name() string { return g.name }

// NameAttribute is the group's name as a token: what is given it waits for the group.
func (g *Group) NameAttribute() string { return *g.group.Name() }

// ARN is the group's ARN without ":*", a token until apply.
func (g *Group) ARN() string { return *g.group.Arn() }

// Ready lists what must exist before a service delivers to the group; most would create a missing one themselves,
// without key and retention.
func (g *Group) Ready() tf.Deps { return tf.Deps{g.group} }
