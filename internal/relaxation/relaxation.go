// Package relaxation says where an environment asks for less than production does: it synthesizes the same stack with
// production's settings, and reviews what differs.
//
// It knows both halves of the project, the one that writes stacks and the one that reads them. Reports get what it
// finds.
package relaxation

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"securebaseline/internal/config"
	"securebaseline/internal/diff"
	"securebaseline/internal/evidence"
	"securebaseline/internal/template"
	"securebaseline/stacks"
)

// callersAccount is how a stack that leaves its account to the credentials writes it.
const callersAccount = "${data.aws_caller_identity.current.account_id}"

// Of compares the stack of an environment, as its JSON has it, with the stack that production's settings would make.
// dir and lookup are those of config.Load; account stands for that of the credentials. It fails where the configuration
// or the JSON cannot be read; that the stack cannot be made with production's settings is a finding.
func Of(dir string, lookup func(string) (string, bool), written []byte, account string) (evidence.Relaxation, error) {
	here, err := config.Load(dir, lookup)
	if err != nil {
		return evidence.Relaxation{}, err
	}
	production, refused, err := config.LoadAsProduction(dir, lookup)
	if err != nil {
		return evidence.Relaxation{}, err
	}
	found := evidence.Relaxation{Profile: string(here.Profile), Settings: []evidence.RelaxedSetting{},
		Demands: []string{}, Weaker: []evidence.Weaker{}, Unjudged: []evidence.Weaker{}}
	differences, err := here.DifferencesFrom(production)
	if err != nil {
		return evidence.Relaxation{}, err
	}
	for _, one := range differences {
		found.Settings = append(found.Settings, evidence.RelaxedSetting{Path: one.Path, Here: one.Here,
			Production: one.Production, Gain: one.Why})
	}
	for _, one := range refused {
		found.Demands = append(found.Demands, one.String())
	}
	strict, failure, err := synthesize(production)
	if err != nil || failure != "" {
		found.Failure = failure
		return found, err
	}
	for _, data := range []*[]byte{&strict, &written} {
		*data = bytes.ReplaceAll(*data, []byte(callersAccount), []byte(account))
	}
	err = compare(&found, strict, written)
	return found, err
}

// synthesize returns the JSON of a configuration that may be refused, or why there is none.
func synthesize(cfg config.Config) (data []byte, failure string, err error) {
	directory, err := os.MkdirTemp("", "production-")
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(directory)
	output := stacks.Output{Dir: directory}
	if err := stacks.Synthesize(cfg, output); err != nil {
		return nil, err.Error(), nil
	}
	data, err = os.ReadFile(filepath.Join(output.Stack(cfg.Environment), template.File))
	return data, "", err
}

// compare reviews the way from production to what there is.
func compare(found *evidence.Relaxation, strict, written []byte) error {
	reviewed, err := diff.Stacks(strict, written)
	if err != nil {
		return err
	}
	constructs := map[string]string{}
	for _, data := range [][]byte{strict, written} {
		stack, err := template.Parse(data)
		if err != nil {
			return err
		}
		for _, r := range stack.Resources() {
			constructs[r.Address], _, _ = strings.Cut(r.Path, "/")
		}
	}
	weaker := func(marked []diff.Marked) []evidence.Weaker {
		all := []evidence.Weaker{}
		for _, one := range marked {
			all = append(all, evidence.Weaker{Construct: constructs[one.Address], Address: one.Address,
				Argument: one.Argument, Why: one.Why})
		}
		slices.SortStableFunc(all, func(a, b evidence.Weaker) int { return strings.Compare(a.Construct, b.Construct) })
		return all
	}
	found.Weaker, found.Unjudged = weaker(reviewed.Weakenings()), weaker(reviewed.Unjudged())
	return nil
}
