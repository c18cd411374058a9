// Package summary tells a person what a synthesis made.
package summary

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"securebaseline/internal/config"
)

// Write reads the Terraform JSON in the directory of a stack and writes to out where it is, what it contains, which
// configuration it came from and what to do next.
func Write(out io.Writer, stack string, cfg config.Config) error {
	path := filepath.Join(stack, "cdk.tf.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: no such file; run make synth ENVIRONMENT=%s", path, cfg.Environment)
	} else if err != nil {
		return err
	}
	var document struct {
		Resource map[string]map[string]json.RawMessage `json:"resource"`
	}
	if err := json.Unmarshal(data, &document); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}

	var text strings.Builder
	total := 0
	for _, kind := range slices.Sorted(maps.Keys(document.Resource)) {
		count := len(document.Resource[kind])
		fmt.Fprintf(&text, "  %4d %s\n", count, kind)
		total += count
	}
	_, err = fmt.Fprintf(out, "%s: %d resources\n%senvironment %s, profile %s, region %s, account %s\nnext: make validate ENVIRONMENT=%s\n",
		path, total, text.String(), cfg.Environment, cfg.Profile, cfg.Region, account(cfg), cfg.Environment)
	return err
}

func account(cfg config.Config) string {
	if cfg.AccountID == "" {
		return "of the credentials (set accountId to guard against the wrong one)"
	}
	return cfg.AccountID
}
