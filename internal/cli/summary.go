package cli

import (
	"securebaseline/internal/config"
	"securebaseline/internal/summary"
)

func summarize(p program, _ []string) error {
	chosen, err := p.loadChosen()
	if err != nil {
		return err
	}
	return p.summarizeAll(chosen)
}

// summarizeAll says in detail what was written for one environment, and in a line each for several.
func (p program) summarizeAll(chosen []config.Config) error {
	if p.get(config.EnvironmentVar) != config.AllEnvironments {
		return summary.Write(p.stdout, p.output().Stack(chosen[0].Environment), chosen[0])
	}
	return summary.WriteAll(p.stdout, p.output().Stack, chosen)
}
