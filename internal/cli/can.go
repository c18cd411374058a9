package cli

import (
	"fmt"

	"securebaseline/internal/access"
)

// can says whether a principal may do something in the stack of the last synthesis, and by which statements.
func can(p program, arguments []string) error {
	_, _, written, err := p.synthesized()
	if err != nil {
		return err
	}
	stack, err := access.New(written)
	if err != nil {
		return err
	}
	with, err := access.ParseContext(arguments[3])
	if err != nil {
		return err
	}
	answer, err := stack.Ask(access.Question{
		As: arguments[0], Do: arguments[1], On: arguments[2], With: with, Via: arguments[4],
	})
	if err != nil {
		return err
	}
	fmt.Fprint(p.stdout, answer)
	return nil
}
