package cli

import (
	"errors"

	"securebaseline/internal/config"
	"securebaseline/internal/providerlock"
	"securebaseline/stacks"
)

// synthesize writes the stack of the chosen environment or of all, and beside it what pins the provider.
func synthesize(p program, _ []string) error {
	chosen, err := p.loadChosen()
	if err != nil {
		return err
	}
	output := p.output()
	if err := stacks.SynthesizeAll(chosen, output); err != nil {
		return err
	}
	for _, cfg := range chosen {
		if err := p.pin(cfg, output.Stack(cfg.Environment)); err != nil {
			return err
		}
	}
	if p.get(config.ContextVar) != "" {
		return nil // the CLI reports by itself
	}
	return p.summarizeAll(chosen)
}

// pin puts what pins the provider beside the JSON of a stack.
func (p program) pin(cfg config.Config, stack string) error {
	unpinned, err := providerlock.Place(p.output().Project, stack, p.get(providerlock.BinaryVariable),
		stacks.Provider(cfg))
	if unpinned != "" {
		p.complain(errors.New(unpinned))
	}
	return err
}
