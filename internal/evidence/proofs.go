package evidence

import (
	_ "embed" // for what tests have found
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed proofs.json
var proofs []byte

// Proofs are the ways in which tests break a stack on purpose, each with the ids of the rules that notice. The tests
// write them down as they find them, and fail where they find something else.
var Proofs = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	if err := json.Unmarshal(proofs, &all); err != nil {
		panic(err) // it is a part of the program
	}
	return all
})

// ProofTest is the full name of the test that breaks a stack in one of these ways, as go test -run takes it.
func ProofTest(name string) string {
	return "TestEveryRuleNotices/" + strings.ReplaceAll(name, " ", "_")
}

// proofsOf lists the ways that a rule notices, in the order of the alphabet.
func proofsOf(rule string) []string {
	all := []string{}
	for _, name := range slices.Sorted(maps.Keys(Proofs())) {
		if slices.Contains(Proofs()[name], rule) {
			all = append(all, name)
		}
	}
	return all
}
