package cli

func check(p program, _ []string) error {
	_, err := p.load()
	return err
}
