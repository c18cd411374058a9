package cli

import (
	"fmt"
	"os"

	"securebaseline/internal/diff"
	"securebaseline/internal/review"
	"securebaseline/internal/tfplan"
)

// plan reads a saved plan from standard input, as "terraform show -json" prints it, and the name of the environment
// that it is for.
func (p program) plan() (plan tfplan.Plan, environment string, err error) {
	cfg, err := p.load()
	if err != nil {
		return tfplan.Plan{}, "", err
	}
	if plan, err = tfplan.Parse(p.stdin); err != nil {
		return tfplan.Plan{}, "", fmt.Errorf("the plan cannot be read: standard input %w", err)
	}
	return plan, cfg.Environment, nil
}

// writeReview writes what the plan on standard input changes into a file, and says by which fingerprint exactly that is
// applied. What the plan marks as sensitive is not written.
func writeReview(p program, arguments []string) error {
	plan, environment, err := p.plan()
	if err != nil {
		return err
	}
	reviewed, err := diff.OfPlan(plan)
	if err != nil {
		return err
	}
	file, details := arguments[0], review.List(plan)
	details += reviewed.Details(review.Room(details))
	text := review.Of(environment, plan, details)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: %s\n", file, tfplan.Count(plan.Changes()))
	if !plan.Empty() {
		fmt.Fprintf(p.stdout, "next: make apply ENVIRONMENT=%s REVIEWED=%s\n", environment, plan.Fingerprint())
	}
	return nil
}

// checkReviewed fails where the plan on standard input is not the one with a fingerprint.
func checkReviewed(p program, arguments []string) error {
	plan, environment, err := p.plan()
	if err != nil {
		return err
	}
	if found, want := plan.Fingerprint(), arguments[0]; found != want {
		return fmt.Errorf("the plan has changed since it was reviewed (%s): its fingerprint is %s, not %s; nothing is "+
			"applied, make review ENVIRONMENT=%s again", tfplan.Count(plan.Changes()), found, want, environment)
	}
	return nil
}

// writeDrift writes into a file where AWS is not as the configuration says, and fails if it is so anywhere. The plan on
// standard input is that of the configuration in force.
func writeDrift(p program, arguments []string) error {
	plan, environment, err := p.plan()
	if err != nil {
		return err
	}
	file, changes := arguments[0], plan.Changes()
	if err := os.WriteFile(file, []byte(review.Drift(environment, plan)), 0o644); err != nil {
		return err
	}
	if len(changes) > 0 {
		return fmt.Errorf("AWS is not as the configuration of %s says: %s, see %s", environment,
			tfplan.Count(changes), file)
	}
	fmt.Fprintf(p.stdout, "%s: AWS is as the configuration of %s says\n", file, environment)
	return nil
}
