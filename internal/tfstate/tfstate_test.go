package tfstate

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	key = `{"mode": "managed", "type": "aws_kms_key", "name": "k", "instances": [{"attributes":
		{"arn": "arn:aws:kms:eu-central-1:111122223333:key/1"}}]}`
	role = `{"mode": "managed", "type": "aws_iam_role", "name": "r", "instances": [{"attributes":
		{"arn": "arn:aws:iam::111122223333:role/r"}}]}`
)

func state(t *testing.T, resources string) State {
	t.Helper()
	parsed, err := Parse([]byte(`{"version": 4, "serial": 7, "lineage": "a", "resources": [` + resources + `]}`))
	require.NoError(t, err)
	return parsed
}

func TestParse(t *testing.T) {
	assert.Equal(t, 7, state(t, key).Serial)
	empty, err := Parse([]byte(" \n"))
	require.NoError(t, err)
	assert.Empty(t, empty.Resources)
	fresh, err := Parse([]byte(`{"version": 4, "serial": 0, "lineage": "", "outputs": {}, "resources": []}`))
	require.NoError(t, err, "pulled from an empty backend")
	assert.Empty(t, fresh.Resources)
	for _, bad := range []string{"{", "[]", "{}", `{"lineage": "a"}`, `{"version": 4, "resources": [` + key + `]}`} {
		_, err := Parse([]byte(bad))
		assert.EqualError(t, err, "must be a state that Terraform has written", bad)
	}
}

func TestElsewhere(t *testing.T) {
	assert.NoError(t, Elsewhere(state(t, key+","+role), "eu-central-1"))
	assert.NoError(t, Elsewhere(state(t, role), "eu-west-1"), "nothing in it has a region")
	assert.NoError(t, Elsewhere(State{}, "eu-west-1"))
	assert.EqualError(t, Elsewhere(state(t, key), "eu-west-1"),
		"the state holds resources in eu-central-1, but region is eu-west-1: Terraform would make everything a "+
			"second time and lose sight of the first; a stack cannot move, so set region back, or deploy another "+
			"environment")
}

func TestLeft(t *testing.T) {
	file := filepath.Join(t.TempDir(), "terraform.tfstate")
	assert.NoError(t, Left(file), "there is none")
	for _, harmless := range []string{"", "{", `{"version": 4, "serial": 1, "lineage": "a", "resources": []}`} {
		require.NoError(t, os.WriteFile(file, []byte(harmless), 0o600))
		assert.NoError(t, Left(file), harmless)
	}
	require.NoError(t, os.WriteFile(file, []byte(`{"version": 4, "serial": 1, "lineage": "a", "resources": [`+key+`]}`),
		0o600))
	assert.ErrorContains(t, Left(file), "holds a state with 1 resources, but backend.type is not \"local\"")
}
