package scan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

func checkov() Scanner {
	return Scanner{
		Name: "checkov",
		Get:  "make scan installs it into the directory that CACHE names",
		arguments: func(file string, plan bool) []string {
			framework := "terraform_json"
			if plan {
				framework = "terraform_plan"
			}
			// Findings are judged here. So the exit code is to tell of a crash alone.
			return []string{"--file", file, "--framework", framework, "--output", "json", "--skip-download",
				"--soft-fail"}
		},
		read: readCheckov,
	}
}

// checkovRecord is the result of one check of one resource. Without an account at its maker checkov tells no guide.
type checkovRecord struct {
	Rule    string `json:"check_id"`
	Address string `json:"resource"`
	Title   string `json:"check_name"`
	Guide   string `json:"guideline"`
}

// readCheckov reads what checkov prints with --output json. Its own count of resources is 0 for Terraform JSON, so the
// resources of its results are counted.
func readCheckov(output []byte) (Look, error) {
	look := Look{Scanner: "checkov"}
	var report struct {
		Results *struct {
			Passed  []checkovRecord `json:"passed_checks"`
			Failed  []checkovRecord `json:"failed_checks"`
			Skipped []checkovRecord `json:"skipped_checks"`
		} `json:"results"`
		Summary struct {
			ParsingErrors int `json:"parsing_errors"`
		} `json:"summary"`
	}
	if len(bytes.TrimSpace(output)) == 0 {
		return look, errors.New("it printed nothing")
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return look, fmt.Errorf("its output cannot be read: %w", err)
	}
	if report.Summary.ParsingErrors > 0 {
		return look, errors.New("it could not parse the file")
	}
	if report.Results == nil { // the short form that it prints when it has found nothing to check
		return look, nil
	}
	for _, record := range report.Results.Passed {
		look.saw(record.Address)
	}
	for _, record := range append(report.Results.Failed, report.Results.Skipped...) {
		look.saw(record.Address)
		look.Findings = append(look.Findings, Finding(record))
	}
	return look, nil
}
