// Package stacks builds the one stack of the project. It is the only place that knows two constructs at once.
package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
)

// Name is the name of an environment's stack, and of its directory below the output directory. It holds the
// environment, so that two environments never share a state file or an initialized Terraform directory.
func Name(environment string) string { return "baseline-" + environment }

// baseline is the stack of one environment while it is built.
type baseline struct {
	stack    cdktf.TerraformStack
	cfg      config.Config
	env      awsenv.Env
	scope    naming.Scope
	names    inventory.Names
	trail    awsenv.Trail // zero without a trail
	stateDir string       // of a local state, as seen from the directory of the stack
}

// New adds the stack of one environment to app. A local state lies beside the output directory.
func New(app constructs.Construct, cfg config.Config) (cdktf.TerraformStack, error) {
	return newBaseline(app, cfg, besideOutput)
}

// newBaseline builds the stack. What comes later waits for what it needs by the Ready of the earlier.
func newBaseline(app constructs.Construct, cfg config.Config, stateDir string) (cdktf.TerraformStack, error) {
	name := Name(cfg.Environment)
	b := baseline{stack: cdktf.NewTerraformStack(app, &name), cfg: cfg, scope: scopeOf(cfg), stateDir: stateDir}
	if err := b.addProvider(); err != nil {
		return nil, err
	}
	b.addBackend()
	b.names = inventory.New(b.scope, b.env, cfg.Inventory())
	if err := b.nameTrail(); err != nil {
		return nil, err
	}

	keys, err := b.addKeys()
	if err != nil {
		return nil, err
	}
	storage, err := b.addStorage(keys)
	if err != nil {
		return nil, err
	}
	audit, err := b.addAudit(keys, storage)
	if err != nil {
		return nil, err
	}
	vpc, err := b.addNetwork(keys)
	if err != nil {
		return nil, err
	}
	databases, err := b.addDatabases(keys, audit, vpc)
	if err != nil {
		return nil, err
	}
	b.forget(vpc)
	b.addOutputs(keys, storage, audit, vpc, databases)
	return b.stack, nil
}

// scopeOf names and tags everything of an environment.
func scopeOf(cfg config.Config) naming.Scope {
	return naming.New(cfg.Project, cfg.Environment, naming.Tags{
		Owner: cfg.Owner, CostCenter: cfg.CostCenter, Compliance: cfg.Compliance, Extra: cfg.Tags,
	}).WithIAMPath(cfg.IAMPath)
}

// pipelineNames names what "make bootstrap" makes for the environment.
func (b baseline) pipelineNames() inventory.Pipeline { return inventory.PipelineNames(b.scope, b.env) }
