package github

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
)

// Role is what a job does, and so which role it takes.
type Role string

// The roles of a pipeline.
const (
	PlanRole   Role = "plan"
	DeployRole Role = "deploy"
)

// ARN is that of the role for an environment.
func (r Role) ARN(cfg config.Config) (string, error) {
	if r != PlanRole && r != DeployRole {
		return "", fmt.Errorf("ROLE = %q: must be %s or %s", r, PlanRole, DeployRole)
	}
	var problems problem.List
	at := cfg.Environment + "."
	problems.Require(at+"accountId", cfg.AccountID != "", "set for a pipeline, whose roles are of that account")
	problems.CheckThat(cfg.Backend.Type != config.LocalBackend, at+"backend.type", cfg.Backend.Type,
		"must be %q for a pipeline, because a runner keeps no file", config.S3Backend)
	if err := problems.Err(); err != nil {
		return "", err
	}
	env, err := awsenv.New(string(cfg.Region), cfg.AccountID)
	if err != nil {
		return "", err
	}
	names := inventory.PipelineNames(naming.New(cfg.Project, cfg.Environment, naming.Tags{}), env)
	if r == PlanRole {
		return names.Plan.RoleARN(env), nil
	}
	return names.Deploy.RoleARN(env), nil
}

// Take lets the following steps of the job, and all that they start, use a role: it writes a configuration for clients
// of AWS into a file, and names it by GITHUB_ENV. Each client then asks for credentials by running the program, and
// asks again before they expire, so that a deployment may take longer than the hour that a session lasts. Neither the
// file nor a variable holds a secret. It returns the ARN of a first session, which proves that the role lets the job
// in.
func (j Job) Take(ctx context.Context, role Role, program, file string) (session string, err error) {
	if _, err := j.environment(); err != nil {
		return "", err
	}
	cfg, err := config.Load(".", func(name string) (string, bool) { value := j.Get(name); return value, value != "" })
	if err != nil {
		return "", err
	}
	if j.Get("AWS_ACCESS_KEY_ID") != "" || j.Get("AWS_PROFILE") != "" {
		return "", errors.New("AWS_ACCESS_KEY_ID and AWS_PROFILE must not be set: they would be used in place of the " +
			"role")
	}
	arn, err := role.ARN(cfg)
	if err != nil {
		return "", err
	}
	credentials, err := Assume(ctx, j.Get, arn, string(cfg.Region))
	if err != nil {
		return "", err
	}
	program, err = filepath.Abs(program)
	if err != nil {
		return "", err
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", err
	}
	text := fmt.Sprintf("[default]\nregion = %s\ncredential_process = %q credentials %s %[1]s\n", cfg.Region, program,
		arn)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", err
	}
	return credentials.Session, j.extend("GITHUB_ENV", "AWS_CONFIG_FILE="+file+"\n")
}
