package logging

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/faults"
	"securebaseline/internal/naming"
	"securebaseline/internal/servicerole"
)

// AuditorProps configures an Auditor.
type AuditorProps struct {
	// Naming gives the role its name, as the key's policy names it, and its tags. Required.
	Naming naming.Scope
	// Env is where the evidence is. Required.
	Env awsenv.Env
	// Principals are ARNs of the IAM roles and users that may assume the role, with MFA. They must exist. Required.
	Principals []string
	// KeyARN is the key that encrypts the evidence; its policy must let the role decrypt with it. Required.
	KeyARN string
	// BucketName is the trail's bucket. Required.
	BucketName string
	// LogGroups names the log groups that the role reads. Required.
	LogGroups []string
	// PermissionsBoundary is the ARN of a managed policy that limits the role. Default none.
	PermissionsBoundary string
}

func (p AuditorProps) validate() error {
	var f faults.List
	f.Require("Principals", len(p.Principals) == 0, "those who may assume the role")
	f.Require("KeyARN", p.KeyARN == "", "the ARN of the key that encrypts the evidence")
	f.Require("BucketName", p.BucketName == "", "the trail's bucket")
	f.Require("LogGroups", len(p.LogGroups) == 0, "the log groups to read")
	return f.Err()
}

// Auditor is a role that reads the evidence and nothing else.
type Auditor struct{ role *servicerole.Role }

// NewAuditor adds the role to scope.
func NewAuditor(scope constructs.Construct, id string, props AuditorProps) (*Auditor, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("auditor %q: %w", id, err)
	}
	role, err := servicerole.New(scope, id, servicerole.Props{
		Naming:              props.Naming,
		Description:         "Lets auditors read the audit trail and the log groups",
		Principals:          props.Principals,
		Statements:          auditorStatements(props),
		PermissionsBoundary: props.PermissionsBoundary,
	})
	if err != nil {
		return nil, fmt.Errorf("auditor %q: %w", id, err)
	}
	return &Auditor{role: role}, nil
}

// RoleARN is the role's ARN, a token until apply.
func (a *Auditor) RoleARN() string { return a.role.ARN() }
