package cli

import (
	"errors"
	"io"
	"strings"

	"securebaseline/internal/teardown"
	"securebaseline/internal/template"
)

// checkTeardown fails where the last synthesis wrote what cannot be destroyed, and says what to do. It reads what there
// is from standard input, as "terraform state list" writes it.
func checkTeardown(p program, _ []string) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	directory := p.output().Stack(cfg.Environment)
	written, err := template.Read(directory)
	if err != nil {
		return err
	}
	state, err := io.ReadAll(p.stdin)
	if err != nil {
		return err
	}
	if obstacles := teardown.Of(written, strings.Fields(string(state))); !obstacles.None() {
		return errors.New(obstacles.Advice(cfg.Environment, directory))
	}
	return nil
}
