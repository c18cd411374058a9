package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

func trivy() Scanner {
	return Scanner{
		Name: "trivy",
		Get:  "get it from https://trivy.dev/docs/latest/getting-started/installation/",
		// Of JSON it reads no nested blocks. A list of a plan with an element that is not known yet stops it, and it
		// passes as if there were nothing; without such lists it sees no reference between resources.
		readsHCL: true,
		arguments: func(string, bool) []string {
			return []string{"config", "--format", "json", "--quiet", "--skip-check-update", "--skip-version-check",
				"--disable-telemetry", "."}
		},
		read: readTrivy,
	}
}

// readTrivy reads what trivy prints with --format json: what fails, and nothing of what passes.
func readTrivy(output []byte) (Look, error) {
	look := Look{Scanner: "trivy"}
	var report struct {
		SchemaVersion int
		Results       []struct {
			Misconfigurations []struct {
				ID, Message, PrimaryURL string
				CauseMetadata           struct{ Resource string }
			}
		}
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return look, fmt.Errorf("its output cannot be read: %w", err)
	}
	if report.SchemaVersion == 0 {
		return look, errors.New("its output is no report")
	}
	for _, result := range report.Results {
		for _, m := range result.Misconfigurations {
			address := m.CauseMetadata.Resource
			look.saw(address)
			// Older versions call their rules AVD-AWS-0089.
			look.Findings = append(look.Findings, Finding{strings.TrimPrefix(m.ID, "AVD-"), address,
				strings.TrimSuffix(m.Message, "."), m.PrimaryURL})
		}
	}
	return look, nil
}
