package forkbindings

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/go-cmp/cmp"
)

// Same compares the JSON of a stack with that which other bindings have written. They must be equal but for the version
// of the library, which it returns of each; layout does not count.
func Same(before, after []byte) (versions [2]string, err error) {
	var stacks [2]map[string]any
	for i, content := range [][]byte{before, after} {
		if err := json.Unmarshal(content, &stacks[i]); err != nil {
			return versions, err
		}
		if versions[i], err = takeVersion(stacks[i]); err != nil {
			return versions, err
		}
	}
	if difference := cmp.Diff(stacks[0], stacks[1]); difference != "" {
		return versions, fmt.Errorf("the JSON differs:\n%s", difference)
	}
	return versions, nil
}

// takeVersion removes from a stack the version of the library that has written it.
func takeVersion(stack map[string]any) (string, error) {
	comment, _ := stack["//"].(map[string]any)
	metadata, _ := comment["metadata"].(map[string]any)
	version, isText := metadata["version"].(string)
	if !isText {
		return "", errors.New("the JSON has no version at //.metadata.version")
	}
	delete(metadata, "version")
	return version, nil
}
