package cli

import (
	"cmp"
	"encoding/json"
	"fmt"

	"securebaseline/internal/config"
	"securebaseline/internal/providerlock"
	"securebaseline/internal/tfstate"
	"securebaseline/stacks"
)

// bootstrap makes what a pipeline needs in the account of the environment, for the stack of the last synthesis, and
// says what to put into the configuration.
func bootstrap(p program, _ []string) error {
	cfg, _, written, err := p.synthesized()
	if err != nil {
		return err
	}
	planned, err := stacks.PlanBootstrap(cfg)
	if err != nil {
		return err
	}
	output := p.output()
	if err := planned.Synthesize(written, output); err != nil {
		return err
	}
	directory := output.Bootstrap(cfg.Environment)
	if err := p.pin(cfg, directory); err != nil {
		return err
	}
	terraform := tfstate.Terraform{Binary: p.terraform(), Directory: directory}
	var approval []string
	if p.get("CI") == "true" && p.get("AUTO_APPROVE") == "true" {
		approval = []string{"-auto-approve", "-input=false"}
	}
	kept, err := terraform.ApplyWithOwnState(stacks.BootstrapLocalState(cfg.Environment),
		tfstate.Terminal{In: p.stdin, Out: p.stdout, Err: p.stderr}, approval...)
	if err != nil {
		return err
	}
	if kept != "" {
		fmt.Fprintf(p.stdout, "\nthe state of the bootstrap stack is in its bucket now; %s is what it was before\n",
			kept)
	}
	outputs, err := terraform.Outputs()
	if err != nil {
		return err
	}
	return p.adviseOnBootstrap(cfg, planned.Backend(), outputs)
}

// terraform is the binary that the CDKTF CLI would run.
func (p program) terraform() string { return cmp.Or(p.get(providerlock.BinaryVariable), "terraform") }

// adviseOnBootstrap says what the configuration lacks, and what a workflow needs to know.
func (p program) adviseOnBootstrap(cfg config.Config, backend config.Backend, outputs map[string]string) error {
	if arn, own := outputs["state_key_arn"]; own {
		backend.KMSKeyARN = arn
	}
	boundary := outputs["boundary_arn"]
	if backend == cfg.Backend && boundary == cfg.PermissionsBoundary {
		fmt.Fprintf(p.stdout, "\nthe configuration names all of it already\n")
	} else {
		settings, err := json.MarshalIndent(map[string]any{"permissionsBoundary": boundary, "backend": backend}, "  ",
			"  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "\nput this into cdktf.json, under environments.%s:\n\n  %s\n", cfg.Environment, settings)
	}
	fmt.Fprintf(p.stdout, "\nroles for the pipeline:\n  plan    %s\n  deploy  %s\n", outputs["plan_role_arn"],
		outputs["deploy_role_arn"])
	if cfg.Backend.Type == config.LocalBackend {
		fmt.Fprintf(p.stdout, "next: where the stack has a local state, make save-state ENVIRONMENT=%s, then change "+
			"the configuration, and make move-state; otherwise change the configuration, and make plan\n",
			cfg.Environment)
		return nil
	}
	fmt.Fprintf(p.stdout, "next: make plan ENVIRONMENT=%s\n", cfg.Environment)
	return nil
}
