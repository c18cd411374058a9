package tests

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

var reference = regexp.MustCompile(`\b(aws_[a-z0-9_]+|terraform_data)\.([A-Za-z0-9_-]+)`)

// needs returns what each resource waits for, by depends_on and by reference.
func (s template) needs(t testing.TB) map[string][]string {
	t.Helper()
	all := s.resources()
	needs := map[string][]string{}
	for address, body := range all {
		body := maps.Clone(body)
		delete(body, "//")
		text, err := json.Marshal(body)
		require.NoError(t, err)
		for _, match := range reference.FindAllString(string(text), -1) {
			if _, exists := all[match]; exists && match != address && !slices.Contains(needs[address], match) {
				needs[address] = append(needs[address], match)
			}
		}
	}
	return needs
}

// ancestors returns everything that an address waits for, at any distance.
func ancestors(needs map[string][]string, address string) map[string]bool {
	found := map[string]bool{}
	for queue := slices.Clone(needs[address]); len(queue) > 0; queue = queue[1:] {
		if before := queue[0]; !found[before] {
			found[before] = true
			queue = append(queue, needs[before]...)
		}
	}
	return found
}
