// Package summary says in a few lines what a synthesis wrote.
package summary

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"securebaseline/internal/config"
	"securebaseline/internal/evidence"
	"securebaseline/internal/quota"
	"securebaseline/internal/template"
)

// Write reads the Terraform JSON in the directory of a stack and writes to out where it is, how many resources of each
// type it contains, which configuration it came from, what it takes of quotas, whether anybody is told of alarms, and
// what to do next.
func Write(out io.Writer, stack string, cfg config.Config) error {
	written, err := read(stack, cfg)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, resource := range written.Resources() {
		counts[resource.Type]++
	}
	var text strings.Builder
	for _, resourceType := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&text, "  %4d %s\n", counts[resourceType], resourceType)
	}
	_, err = fmt.Fprintf(out, "%s: %d resources\n%senvironment %s, profile %s, region %s, account %s\n%s"+
		"next: make validate ENVIRONMENT=%s; make report says which rules it keeps\n",
		filepath.Join(stack, template.File), len(written.Resources()), &text,
		cfg.Environment, cfg.Profile, cfg.Region, account(cfg),
		leftOut(cfg)+quota.Line(quota.Of(written))+told(written),
		cfg.Environment)
	return err
}

// read reads what was written for an environment.
func read(stack string, cfg config.Config) (*template.Template, error) {
	written, err := template.Read(stack)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; run make synth ENVIRONMENT=%s", err, cfg.Environment)
	}
	return written, err
}

// leftOut names the parts that the configuration has switched off.
func leftOut(cfg config.Config) string {
	var parts []string
	if !cfg.Logging.HasTrail() {
		parts = append(parts, "the audit trail, its bucket and its log group (logging.trail)")
	}
	if !cfg.Logging.Watched() {
		parts = append(parts, "the alarms on the audit trail (logging.trailLogGroup)")
	}
	if !cfg.RDS.Enabled {
		parts = append(parts, "the database and its key (rds.enabled)")
	}
	if len(parts) == 0 {
		return ""
	}
	return "left out: " + strings.Join(parts, "; ") + "\n"
}

// told warns where alarms reach nobody, and reminds of what e-mail subscriptions need before they do.
func told(written *template.Template) string {
	if unheard := len(evidence.Unheard(written)); unheard > 0 {
		return fmt.Sprintf("WARNING: NOBODY IS TOLD: %d alarms, event subscriptions and topics reach nobody; set "+
			"logging.alarmEmails or logging.alarmWebhooks\n", unheard)
	}
	pending := 0
	for _, subscription := range written.OfType("aws_sns_topic_subscription") {
		if subscription.Attributes["protocol"] == "email" {
			pending++
		}
	}
	if pending == 0 {
		return ""
	}
	return fmt.Sprintf("e-mail subscriptions: %d; each hears nothing until its owner confirms the message from AWS\n",
		pending)
}

func account(cfg config.Config) string {
	if cfg.AccountID == "" {
		return "of the credentials (set accountId to guard against the wrong one)"
	}
	return cfg.AccountID
}
