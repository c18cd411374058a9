package logging

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iamrole"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
)

// AuditorProps configures an Auditor.
type AuditorProps struct {
	// Naming gives the role its tags. Required.
	Naming naming.Scope
	// Role are the names of the role, as the key's policy names it, and of its policy. Required.
	Role naming.RoleNames
	// Env is where the evidence is. Required.
	Env awsenv.Env
	// Principals are the people who may assume the role: ARNs of IAM users, who need MFA, and of roles, whose trust
	// policies must ask for it; both must exist. And patterns of the roles of permission sets (package principal).
	// Required.
	Principals []string
	// KeyARN is the key that encrypts the evidence; its policy must let the role decrypt with it. Required.
	KeyARN string
	// Trail is what the auditors check. Default none: they read the log groups only.
	Trail awsenv.Trail
	// BucketName is the trail's bucket. Required with Trail.
	BucketName string
	// LogGroups names the log groups that the role reads. Required.
	LogGroups []string
	// PermissionsBoundary is the ARN of a managed policy that limits the role. Default none.
	PermissionsBoundary string
}

func (p AuditorProps) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the role's tags")
	l.Require("props.Env", !p.Env.IsZero(), "where the evidence is")
	l.Require("props.Role", p.Role.Role != "" && p.Role.Policy != "", "the names of the role and of its policy")
	l.Require("props.Principals", len(p.Principals) > 0, "the principals that may assume the role")
	l.Require("props.KeyARN", p.KeyARN != "", "the ARN of the key that encrypts the evidence")
	l.CheckThat(p.Trail.IsZero() == (p.BucketName == ""), "props.BucketName", p.BucketName,
		"must be set with Trail, and only then")
	l.Require("props.LogGroups", len(p.LogGroups) > 0, "the log groups to read")
	return l.Err()
}

// Auditor is a role that reads the evidence and nothing else.
type Auditor struct{ arn string }

// NewAuditor adds the role to scope.
func NewAuditor(scope constructs.Construct, id string, props AuditorProps) (*Auditor, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("auditor %q: %w", id, err)
	}
	role, err := iamrole.Define(iamrole.Props{
		Naming:              props.Naming,
		Names:               props.Role,
		Description:         "Lets auditors read the audit trail and the log groups",
		Principals:          props.Principals,
		Statements:          auditorStatements(props),
		PermissionsBoundary: props.PermissionsBoundary,
	})
	if err != nil {
		return nil, fmt.Errorf("auditor %q: %w", id, err)
	}
	return &Auditor{arn: role.Add(scope, id).ARN()}, nil
}

// RoleARN is the role's ARN, a token until apply.
func (a *Auditor) RoleARN() string { return a.arn }
