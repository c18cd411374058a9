package cli

import (
	"errors"

	"securebaseline/internal/config"
	"securebaseline/internal/providerlock"
	"securebaseline/stacks"
)

// synthesize writes the stack, and beside it what pins the provider.
func synthesize(p program, _ []string) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	output := p.output()
	if err := stacks.Synthesize(cfg, output); err != nil {
		return err
	}
	unpinned, err := providerlock.Place(output.Project, output.Stack(cfg.Environment),
		p.get(providerlock.BinaryVariable), stacks.Provider())
	if err != nil {
		return err
	}
	if unpinned != "" {
		p.complain(errors.New(unpinned))
	}
	if p.get(config.ContextVar) != "" {
		return nil // the CLI reports by itself
	}
	return p.summarize(cfg)
}
