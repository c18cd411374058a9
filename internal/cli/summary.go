package cli

import (
	"securebaseline/internal/config"
	"securebaseline/internal/summary"
)

func summarize(p program, _ []string) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	return p.summarize(cfg)
}

func (p program) summarize(cfg config.Config) error {
	return summary.Write(p.stdout, p.output().Stack(cfg.Environment), cfg)
}
