package cli

import (
	"errors"

	"securebaseline/internal/config"
	"securebaseline/internal/teardown"
	"securebaseline/internal/template"
)

// synthesized returns the configuration, and the directory and the content of what the last synthesis wrote.
func (p program) synthesized() (cfg config.Config, directory string, written *template.Template, err error) {
	if cfg, err = p.load(); err != nil {
		return cfg, "", nil, err
	}
	directory = p.output().Stack(cfg.Environment)
	written, err = template.Read(directory)
	return cfg, directory, written, err
}

// checkTeardown fails where the last synthesis wrote what cannot be destroyed, and says what to do. It reads what there
// is from the state on standard input.
func checkTeardown(p program, _ []string) error {
	cfg, directory, written, err := p.synthesized()
	if err != nil {
		return err
	}
	state, err := p.state()
	if err != nil {
		return err
	}
	if obstacles := teardown.Of(written, state.Addresses()); !obstacles.None() {
		return errors.New(obstacles.Advice(cfg.Environment, directory))
	}
	return nil
}
