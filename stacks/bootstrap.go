package stacks

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/constructs/kms"
	"securebaseline/constructs/pipeline"
	"securebaseline/constructs/s3"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
	"securebaseline/internal/deploypolicy"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/template"
)

// BootstrapName is the name of the stack that an environment's account needs before a pipeline can deploy.
func BootstrapName(environment string) string { return "bootstrap-" + environment }

// BootstrapLocalState is the name of the file that holds the state of a bootstrap stack until its bucket exists.
func BootstrapLocalState(environment string) string { return localState(BootstrapName(environment)) }

// bootstrapStateKey is the key of the object that holds the state of the bootstrap stack.
const bootstrapStateKey = "{project}/{environment}/bootstrap.tfstate"

// Days that the bucket of the states keeps what was overwritten, and who accessed it.
const (
	formerStateDays = 365
	stateAccessDays = 400
)

// Bootstrap is what an account needs before a pipeline can deploy an environment, while it is planned: the bucket of
// the states and its key, the roles, and their boundary.
type Bootstrap struct {
	cfg   config.Config
	env   awsenv.Env
	names inventory.Pipeline
}

// PlanBootstrap refuses what the configuration lacks.
func PlanBootstrap(cfg config.Config) (Bootstrap, error) {
	switch {
	case cfg.AccountID == "":
		return Bootstrap{}, errors.New("accountId: must be set, because roles and policies name ARNs of the account")
	case cfg.Pipeline.Repository == "" && len(cfg.Pipeline.Principals) == 0:
		return Bootstrap{}, errors.New("pipeline.repository: must be set, or pipeline.principals, to say who may " +
			"assume the roles")
	case cfg.Backend.Type == config.CloudBackend:
		return Bootstrap{}, fmt.Errorf("backend.type = %q: must be %q or %q to bootstrap an account; "+
			"docs/deploying.md says what HCP Terraform needs", cfg.Backend.Type, config.LocalBackend, config.S3Backend)
	}
	env, err := awsenv.New(string(cfg.Region), cfg.AccountID)
	if err != nil {
		return Bootstrap{}, err
	}
	b := Bootstrap{cfg: cfg, env: env, names: inventory.PipelineNames(scopeOf(cfg), env)}
	if key := b.stateKey(bootstrapStateKey); cfg.Backend.StateKey(cfg.Project, cfg.Environment) == key {
		return Bootstrap{}, fmt.Errorf("backend.key = %q: must be another, this is where the bootstrap stack keeps "+
			"its own state", cfg.Backend.Key)
	}
	return b, nil
}

// ownBucket reports whether the stack makes the bucket of the states. It does not where the configuration names
// another.
func (b Bootstrap) ownBucket() bool {
	return b.cfg.Backend.Type != config.S3Backend || b.cfg.Backend.Bucket == b.names.StateBucket
}

// Backend is how the configuration must say where the state of the environment is, without the key that encrypts it.
func (b Bootstrap) Backend() config.Backend {
	if !b.ownBucket() {
		return b.cfg.Backend
	}
	return config.Backend{Type: config.S3Backend, Bucket: b.names.StateBucket, Region: b.cfg.Region,
		Key: b.cfg.Backend.Key, KMSKeyARN: b.cfg.Backend.KMSKeyARN}
}

// plannedKeyARN stands for the ARN of the state's key in policies that are as long as with it.
func (b Bootstrap) plannedKeyARN() string {
	return b.env.ARN("kms", "key/00000000-0000-4000-8000-000000000000")
}

// stateKey is the key of an object with the names of the environment.
func (b Bootstrap) stateKey(pattern string) string {
	return config.Backend{Key: pattern}.StateKey(b.cfg.Project, b.cfg.Environment)
}

// Synthesize writes the Terraform JSON of the bootstrap stack. The permissions of its roles follow from the JSON of the
// environment's own stack.
func (b Bootstrap) Synthesize(deployed *template.Template, output Output) error {
	backend := b.Backend()
	state := deploypolicy.State{
		Bucket: backend.Bucket, Key: backend.StateKey(b.cfg.Project, b.cfg.Environment), Region: string(backend.Region),
		KMSKeyARN: backend.KMSKeyARN, AssumeRole: backend.AssumeRole,
	}
	if b.ownBucket() {
		state.KMSKeyARN = b.plannedKeyARN()
	}
	policies, err := deploypolicy.For(deployed, deploypolicy.Options{Account: b.cfg.AccountID, State: state})
	if err != nil {
		return err
	}
	return output.write(BootstrapName(b.cfg.Environment), func(app constructs.Construct, stateDir string) error {
		return b.add(app, policies, stateDir)
	})
}

// add builds the stack. Its own state is in the bucket that it makes: a first deployment keeps it in a file until then.
func (b Bootstrap) add(app constructs.Construct, policies deploypolicy.Documents, stateDir string) error {
	name := BootstrapName(b.cfg.Environment)
	own := b.cfg
	own.Backend = b.Backend()
	own.Backend.Key = bootstrapStateKey
	stack := baseline{
		stack: cdktf.NewTerraformStack(app, &name), cfg: own, scope: scopeOf(own).WithIAMPath(""), stateDir: stateDir,
	}
	if err := stack.addProvider(); err != nil {
		return err
	}
	stack.addBackend()
	keyARN := b.plannedKeyARN()
	if b.ownBucket() {
		key, err := b.addStateBucket(stack)
		if err != nil {
			return err
		}
		keyARN = key.Ref().ARN
	}
	return b.addPipeline(stack, policies, keyARN)
}

// addStateBucket adds the bucket of the states, its key, and the bucket that access to it is logged to. None of them is
// ever deleted by Terraform, whatever the profile: without its state nothing of a stack can be changed.
func (b Bootstrap) addStateBucket(stack baseline) (*kms.Key, error) {
	scope := stack.scope.Child("pipeline").Child("state")
	key, err := kms.New(stack.stack, "state-key", kms.Props{
		Naming: scope, Env: b.env, Alias: b.names.StateKey, Description: "Terraform's states",
		Administrators: b.cfg.KMS.Administrators, BreakGlass: b.cfg.KMS.BreakGlass,
		RotationDays: b.cfg.KMS.RotationDays, Use: []iampolicy.Statement{kms.BucketsUse(b.env, b.names.StateBucket)},
	})
	if err != nil {
		return nil, err
	}
	accessLogs, err := b.addBucket(stack, "state-access-logs-bucket", scope.Child("access-logs"), s3.Props{
		Kind: s3.AccessLogs, Name: b.names.StateAccessLogs, LogSources: []string{b.names.StateBucket},
		Expiry: s3.Expiry{ExpireAfterDays: stateAccessDays},
	})
	if err != nil {
		return nil, err
	}
	state, err := b.addBucket(stack, "state-bucket", scope, s3.Props{
		Kind: s3.State, Name: b.names.StateBucket, Key: key.Ref(), LogTo: accessLogs.Ref(),
		// Until the configuration names the key, Terraform sends no header, and the bucket's default applies.
		HeaderOptional: true,
		Expiry:         s3.Expiry{NoncurrentDays: formerStateDays},
	})
	if err != nil {
		return nil, err
	}
	stack.output("state_bucket", "Bucket of the states", state.Ref().Name)
	stack.output("state_key_arn", "ARN of the key that encrypts the states", key.Ref().ARN)
	return key, nil
}

func (b Bootstrap) addBucket(stack baseline, id string, scope naming.Scope, props s3.Props) (*s3.Bucket, error) {
	props.Naming, props.Env = scope, b.env
	props.Perimeter = s3.Perimeter{Account: true}
	return s3.New(stack.stack, id, props)
}

// addPipeline adds provider, roles and boundary. The policies of the roles name the key of the state by its ARN.
func (b Bootstrap) addPipeline(stack baseline, policies deploypolicy.Documents, stateKeyARN string) error {
	named := strings.NewReplacer(b.plannedKeyARN(), stateKeyARN)
	plan, planErr := statements(named, policies.Plan...)
	deploy, deployErr := statements(named, policies.Deploy...)
	boundary, boundaryErr := statements(named, policies.Boundary)
	if err := errors.Join(planErr, deployErr, boundaryErr); err != nil {
		return err
	}
	cfg := b.cfg.Pipeline
	props := pipeline.Props{
		Naming: stack.scope.Child("pipeline"), Env: b.env, Names: b.names, Principals: cfg.Principals,
		Plan: plan, Deploy: deploy, Boundary: boundary[0],
	}
	if cfg.Repository != "" {
		props.GitHub = pipeline.GitHub{
			Repository: cfg.Repository, Subject: cfg.TokenSubject(), Branch: cfg.DeployBranch(),
			Environment: b.cfg.Environment, ExistingProvider: cfg.ExistingProvider,
		}
	}
	added, err := pipeline.New(stack.stack, "pipeline", props)
	if err != nil {
		return err
	}
	stack.output("plan_role_arn", "ARN of the role that plans", added.PlanRoleARN())
	stack.output("deploy_role_arn", "ARN of the role that deploys", added.DeployRoleARN())
	stack.output("boundary_arn", "ARN of the permissions boundary of the stack's roles", added.BoundaryARN())
	return nil
}

// statements are those of each document.
func statements(named *strings.Replacer, documents ...string) ([][]iampolicy.Statement, error) {
	all := make([][]iampolicy.Statement, len(documents))
	for i, text := range documents {
		document, err := iampolicy.Parse(named.Replace(text))
		if err != nil {
			return nil, err
		}
		all[i] = document.Statements
	}
	return all, nil
}
