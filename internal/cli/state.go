package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"securebaseline/internal/config"
	"securebaseline/internal/teardown"
	"securebaseline/internal/tfstate"
	"securebaseline/stacks"
)

// checkState fails where a state lies beside cdktf.json that the configuration no longer uses.
func checkState(p program, _ []string) error {
	cfg, err := p.load()
	if err != nil || cfg.Backend.Type == config.LocalBackend {
		return err
	}
	return tfstate.Left(stacks.LocalState(cfg.Environment))
}

// state reads a state from standard input, as "terraform state pull" writes it.
func (p program) state() (tfstate.State, error) {
	data, err := io.ReadAll(p.stdin)
	if err != nil {
		return tfstate.State{}, err
	}
	state, err := tfstate.Parse(data)
	if err != nil {
		return tfstate.State{},
			fmt.Errorf("the state cannot be read, and nothing is done without it: standard input %w", err)
	}
	return state, nil
}

// checkKnown fails where the state on standard input is of another region than the configured one, or holds what must
// not be lost and the last synthesis no longer has.
func checkKnown(p program, _ []string) error {
	cfg, directory, written, err := p.synthesized()
	if err != nil {
		return err
	}
	state, err := p.state()
	if err != nil {
		return err
	}
	if err := tfstate.Elsewhere(state, string(cfg.Region)); err != nil {
		return err
	}
	if dropped := teardown.Dropped(written, state, cfg.KMS.AccountMayDelete); !dropped.None() {
		return errors.New(dropped.AdviceOnDropped(cfg.Environment, directory))
	}
	return nil
}

// moveState moves the state in a file to where the configuration says that it is.
func moveState(p program, arguments []string) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	from := arguments[0]
	if cfg.Backend.Type == config.LocalBackend && filepath.Clean(from) == stacks.LocalState(cfg.Environment) {
		return fmt.Errorf("%s is where backend.type \"local\" keeps the state; it needs no move", from)
	}
	directory := p.output().Stack(cfg.Environment)
	kept, err := tfstate.Terraform{Binary: p.terraform(), Directory: directory}.Move(from)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout,
		"the state of %s has moved; the former file is kept as %s\nnext: make plan ENVIRONMENT=%[1]s, "+
			"which must say \"No changes\"\n", cfg.Environment, kept)
	return nil
}
