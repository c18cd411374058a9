package tfstate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// State is what identifies a state: Terraform gives each its lineage, and counts its versions.
type State struct {
	Version   int
	Lineage   string
	Serial    int
	Resources []Resource
}

// Resource is a resource in a state.
type Resource struct {
	Module, Mode, Type, Name string
	Instances                []Instance
}

// Instance is one of the objects of a resource, by count or for_each.
type Instance struct {
	IndexKey   any `json:"index_key"`
	Attributes map[string]any
}

// Parse reads a state. Nothing at all is a state without resources; so is what Terraform pulls from where there is
// none, which has no lineage yet.
func Parse(data []byte) (State, error) {
	var state State
	if len(bytes.TrimSpace(data)) == 0 {
		return state, nil
	}
	err := json.Unmarshal(data, &state)
	if err != nil || state.Version == 0 || state.Lineage == "" && len(state.Resources) > 0 {
		return State{}, errors.New("must be a state that Terraform has written")
	}
	return state, nil
}

// Addresses lists the addresses of the managed resources.
func (s State) Addresses() []string {
	var addresses []string
	for _, resource := range s.Resources {
		if resource.Mode == "managed" {
			addresses = append(addresses, resource.Address())
		}
	}
	return addresses
}

// Address is the Terraform address of a resource of the root module.
func (r Resource) Address() string { return r.Type + "." + r.Name }

// Left returns what is wrong where the configuration keeps the state in a bucket while a local file still holds one: a
// plan would offer to create everything a second time. A file that is not there, or holds nothing, is right.
func Left(file string) error {
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	state, err := Parse(data)
	if err != nil || len(state.Resources) == 0 {
		return nil
	}
	return fmt.Errorf("%s holds a state with %d resources, but backend.type is not \"local\": a plan would create "+
		"them again; move it by make move-state FROM=%[1]s, or rename it if it is of no use any more",
		file, len(state.Resources))
}

// Elsewhere returns what is wrong where a state holds keys, log groups or a network of other regions than the
// configured one. Terraform would not find them there, take them for deleted, and make everything a second time.
func Elsewhere(state State, region string) error {
	found := map[string]bool{}
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			arn, _ := instance.Attributes["arn"].(string)
			parts := strings.SplitN(arn, ":", 6)
			if regional[resource.Type] && len(parts) == 6 {
				found[parts[3]] = true
			}
		}
	}
	if len(found) == 0 || found[region] {
		return nil
	}
	return fmt.Errorf("the state holds resources in %s, but region is %s: Terraform would make everything a second "+
		"time and lose sight of the first; a stack cannot move, so set region back, or deploy another environment",
		strings.Join(slices.Sorted(maps.Keys(found)), ", "), region)
}

// regional are types whose ARNs name the region of the deployment.
var regional = map[string]bool{"aws_cloudwatch_log_group": true, "aws_kms_key": true, "aws_vpc": true}
