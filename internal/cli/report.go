package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"securebaseline/internal/evidence"
	"securebaseline/internal/evidence/oscal"
	"securebaseline/internal/evidence/page"
	"securebaseline/internal/relaxation"
	"securebaseline/internal/template"
)

// report writes what auditors ask of the stack of the last synthesis into a directory, as JSON, SARIF, OSCAL and as
// a page, and fails where a resource breaks a rule without an exception.
func report(p program, arguments []string) error {
	cfg, directory, written, err := p.synthesized()
	if err != nil {
		return err
	}
	exceptions, err := evidence.ReadExceptions(evidence.ExceptionsFile)
	if err != nil {
		return err
	}
	made, err := evidence.Make(written, filepath.Base(directory), cfg.Environment, exceptions, time.Now())
	if err != nil {
		return err
	}
	if made.Relaxed, err = p.relaxed(directory, made.Account); err != nil {
		return err
	}
	files, err := reportFiles(made, filepath.Join(arguments[0], page.Picture))
	if err != nil {
		return err
	}
	if err := writeFiles(arguments[0], files); err != nil {
		return err
	}
	s := made.Summary
	fmt.Fprintf(p.stdout, "%s: of %d rules, %d pass, %d pass with exceptions, %d fail, %d have nothing to look at\n",
		arguments[0], len(made.Rules), s.Passed, s.Excepted, s.Failed, s.NotApplicable)
	if faults := made.Faults(); len(faults) > 0 {
		return errors.New("the report is not clean:\n  " + strings.Join(faults, "\n  "))
	}
	return nil
}

// relaxed compares the stack in a directory with what production's settings would make of it. An account stands for
// that of the credentials.
func (p program) relaxed(directory, account string) (*evidence.Relaxation, error) {
	written, err := os.ReadFile(filepath.Join(directory, template.File))
	if err != nil {
		return nil, err
	}
	found, err := relaxation.Of(".", p.lookup, written, account)
	return &found, err
}

// reportFiles are the files of a report by their names. The page shows the picture, if there is one.
func reportFiles(made evidence.Report, picture string) (map[string][]byte, error) {
	files := map[string][]byte{}
	results, err := oscal.Document(made)
	if err != nil {
		return nil, err
	}
	for name, content := range map[string]any{"report.json": made, "report.sarif": made.SARIF(),
		"oscal.json": results} {
		text, err := json.MarshalIndent(content, "", "  ")
		if err != nil {
			return nil, err
		}
		files[name] = append(text, '\n')
	}
	svg, err := os.ReadFile(picture)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	files["report.html"], err = page.Render(made, svg)
	return files, err
}
