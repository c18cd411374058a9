package cli

import (
	"fmt"

	"securebaseline/internal/config"
)

func check(p program, _ []string) error {
	_, err := p.loadChosen()
	return err
}

// listEnvironments prints the names of the environments that ENVIRONMENT names: one, or all.
func listEnvironments(p program, _ []string) error {
	chosen, err := p.loadChosen()
	if err != nil {
		return err
	}
	for _, cfg := range chosen {
		fmt.Fprintln(p.stdout, cfg.Environment)
	}
	return nil
}

// loadChosen returns the checked configurations of the chosen environment, or of all where "all" is chosen.
func (p program) loadChosen() ([]config.Config, error) {
	if p.get(config.EnvironmentVar) != config.AllEnvironments {
		cfg, err := p.load()
		return []config.Config{cfg}, err
	}
	all, err := config.LoadAll(".", p.lookup)
	if len(all) > 0 {
		p.tellSource(all[0])
	}
	return all, err
}
