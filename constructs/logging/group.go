// Package logging keeps the evidence of what happened. Log groups are made here and nowhere else, so that each is
// encrypted and expires as configured.
package logging

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchloggroup"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
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
	// Key encrypts the group; its policy must let CloudWatch Logs use it for this group. It is waited for: without the
	// key CreateLogGroup fails, and the provider does not retry. Required.
	Key tf.Ref
	// RetentionDays is how long events are kept, one of awsenv.LogRetentions. Default 365.
	RetentionDays int
	// AllowDestroy lets Terraform delete the group and the events in it. Default: destroying the stack leaves it.
	AllowDestroy bool
}

func (p GroupProps) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the group's tags")
	l.CheckThat(p.Name != "" && len(p.Name) <= int(naming.LogGroup), "props.Name", p.Name,
		"must be 1 to %d characters long", naming.LogGroup)
	l.Require("props.Key.ARN", p.Key.ARN != "", "the ARN of the key that encrypts the group")
	l.CheckThat(slices.Contains(awsenv.LogRetentions(), p.RetentionDays), "props.RetentionDays", p.RetentionDays,
		"must be one of %v days", awsenv.LogRetentions())
	return l.Err()
}

// Group is an encrypted log group.
type Group struct {
	group cloudwatchloggroup.CloudwatchLogGroup
	name  string
}

// NewGroup adds a log group to scope.
func NewGroup(scope constructs.Construct, id string, props GroupProps) (*Group, error) {
	props.RetentionDays = cmp.Or(props.RetentionDays, defaultRetentionDays)
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("log group %q: %w", id, err)
	}
	group := cloudwatchloggroup.NewCloudwatchLogGroup(scope, &id, &cloudwatchloggroup.CloudwatchLogGroupConfig{
		Name:            &props.Name,
		KmsKeyId:        &props.Key.ARN,
		RetentionInDays: jsii.Number(props.RetentionDays),
		SkipDestroy:     jsii.Bool(!props.AllowDestroy),
		Tags:            tf.StringMap(props.Naming.Tags()),
		DependsOn:       props.Key.Ready.Ptr(),
	})
	return &Group{group: group, name: props.Name}, nil
}

// Ref is the group for services that deliver to it. Most would create a missing one themselves, without key and
// retention. The ARN ends without ":*".
func (g *Group) Ref() tf.Ref {
	return tf.Ref{Name: g.name, ARN: *g.group.Arn(), Ready: tf.Deps{g.group}}
}

// NameAttribute is the group's name as a Terraform reference, so that a resource that is given it waits for the group.
func (g *Group) NameAttribute() string { return *g.group.Name() }
