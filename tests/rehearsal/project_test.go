//go:build rehearsal && unix

package rehearsal

import (
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/providerlock"
	"securebaseline/internal/testkit"
)

// project turns the workspace into a copy of the whole project, so that the user's own commands run in it.
func (w *workspace) project(t *testing.T) {
	t.Helper()
	testkit.CopyProject(t, w.directory)
	require.FileExists(t, filepath.Join(w.directory, "node_modules", ".bin", "cdktf"),
		`"make rehearse" installs the CDKTF CLI`)
}

// copied is another copy of the project with the same configuration, as another job of a pipeline has it.
func (w *workspace) copied(t *testing.T) *workspace {
	t.Helper()
	other := *w
	other.directory = t.TempDir()
	other.project(t)
	other.configure(t, other.edits)
	return &other
}

// make runs a command of the Makefile as a pipeline does, which approves beforehand. The registries of providers,
// packages and modules are out of reach: all that is needed is on the machine.
func (w *workspace) make(t *testing.T, target string, variables ...string) (output string, err error) {
	t.Helper()
	command := w.command(t, 15*time.Minute, w.directory, "make",
		append([]string{"--no-print-directory", target}, variables...)...)
	command.Env = append(command.Env, "CI=true", "AUTO_APPROVE=true",
		"HTTP_PROXY="+testkit.ClosedAddress, "HTTPS_PROXY="+testkit.ClosedAddress, "NO_PROXY=127.0.0.1", "GOPROXY=off",
		"npm_config_offline=true",
		"TF_CLI_ARGS_apply=-parallelism="+parallelism, "TF_CLI_ARGS_destroy=-parallelism="+parallelism)
	data, err := command.CombinedOutput()
	data = colors.ReplaceAll(data, nil)
	if err != nil {
		err = fmt.Errorf("make %s: %w: %s", target, err, last(data))
	}
	return string(data), err
}

// colors matches what the CLI lets Terraform write between words also where there is no terminal.
var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// pin puts the project's lock file into the workspace.
func (w *workspace) pin(t *testing.T) {
	t.Helper()
	require.NoError(t, testkit.CopyFile(filepath.Join(testkit.Root(t), providerlock.File),
		filepath.Join(w.directory, providerlock.File)))
}
