package template

import (
	"maps"
	"slices"
)

// Graph holds what must exist before each resource and data source of a stack: the addresses that it refers to or names
// in depends_on, sorted.
type Graph map[string][]string

// Graph returns the dependencies of the stack, as Terraform orders its operations by them.
func (t *Template) Graph() Graph {
	graph := Graph{}
	for address, r := range t.resources {
		before := append(r.References(), r.DependsOn()...)
		slices.Sort(before)
		before = slices.DeleteFunc(slices.Compact(before), func(other string) bool {
			_, exists := t.resources[other]
			return !exists || other == address
		})
		graph[address] = before
	}
	return graph
}

// Ancestors returns everything that an address waits for, at any distance.
func (g Graph) Ancestors(address string) map[string]bool {
	found := map[string]bool{}
	for queue := slices.Clone(g[address]); len(queue) > 0; queue = queue[1:] {
		if before := queue[0]; !found[before] {
			found[before] = true
			queue = append(queue, g[before]...)
		}
	}
	return found
}

// Order returns all addresses, each after everything that it waits for; equal choices are in the order of the alphabet.
// It is nil if the graph has a cycle, which Terraform refuses.
func (g Graph) Order() []string {
	var order []string
	begun, finished := map[string]bool{}, map[string]bool{}
	var visit func(address string) (acyclic bool)
	visit = func(address string) bool { // depth first
		if begun[address] {
			return finished[address]
		}
		begun[address] = true
		for _, before := range g[address] {
			if !visit(before) {
				return false
			}
		}
		finished[address] = true
		order = append(order, address)
		return true
	}
	for _, address := range slices.Sorted(maps.Keys(g)) {
		if !visit(address) {
			return nil
		}
	}
	return order
}
