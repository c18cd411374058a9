package cli

import (
	"fmt"
	"path/filepath"

	"securebaseline/internal/config"
	"securebaseline/internal/providerlock"
	"securebaseline/internal/statemove"
	"securebaseline/stacks"
)

// checkState fails where a state lies beside cdktf.json that the configuration no longer uses.
func checkState(p program, _ []string) error {
	cfg, err := p.load()
	if err != nil || cfg.Backend.Type == config.LocalBackend {
		return err
	}
	return statemove.Left(stacks.LocalState(cfg.Environment))
}

// moveState moves the state in a file to where the configuration says that it is.
func moveState(p program, arguments []string) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	binary := p.get(providerlock.BinaryVariable)
	if binary == "" {
		binary = "terraform"
	}
	from := arguments[0]
	if cfg.Backend.Type == config.LocalBackend && filepath.Clean(from) == stacks.LocalState(cfg.Environment) {
		return fmt.Errorf("%s is where backend.type \"local\" keeps the state; it needs no move", from)
	}
	directory := p.output().Stack(cfg.Environment)
	kept, err := statemove.Terraform{Binary: binary, Directory: directory}.Move(from)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout,
		"the state of %s has moved; the former file is kept as %s\nnext: make plan ENVIRONMENT=%[1]s, "+
			"which must say \"No changes\"\n", cfg.Environment, kept)
	return nil
}
