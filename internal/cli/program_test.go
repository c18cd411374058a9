package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsbindings"
	"securebaseline/internal/config"
	"securebaseline/internal/testkit"
	"securebaseline/stacks"
)

// binary is the path of the built program.
var binary string

func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "securebaseline-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(directory, "securebaseline")
	build := exec.Command("go", "build", "-o", binary, filepath.Join("..", ".."))
	build.Stderr = os.Stderr
	code := 1
	if build.Run() == nil {
		code = m.Run()
	}
	os.RemoveAll(directory)
	os.Exit(code)
}

// project is the project's own cdktf.json.
var project = sync.OnceValue(func() string {
	data, err := os.ReadFile(filepath.Join("..", "..", config.File))
	if err != nil {
		panic(err)
	}
	return string(data)
})

// execute runs the program in a directory that holds a cdktf.json, with the given variables added or replaced. Advice
// on the version of Node.js is silenced.
func execute(t *testing.T, cdktf string, variables ...string) (directory string, result testkit.Result) {
	t.Helper()
	directory = configured(t, cdktf)
	return directory, executeIn(t, directory, variables...)
}

// configured returns a new directory that holds a cdktf.json.
func configured(t *testing.T, cdktf string) (directory string) {
	t.Helper()
	directory = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, config.File), []byte(cdktf), 0o600))
	return directory
}

func executeIn(t *testing.T, directory string, variables ...string) testkit.Result {
	t.Helper()
	return runBinary(t, directory, variables)
}

// ask runs a command on the stack of an environment that a run before has written.
func ask(t *testing.T, directory, environment string, arguments ...string) testkit.Result {
	t.Helper()
	return runBinary(t, directory, []string{"ENVIRONMENT=" + environment}, arguments...)
}

func runBinary(t *testing.T, directory string, variables []string, arguments ...string) testkit.Result {
	t.Helper()
	command := exec.Command(binary, arguments...)
	command.Dir = directory
	command.Env = append(os.Environ(), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1")
	command.Env = append(command.Env, variables...)
	return testkit.Run(t, command)
}

var synthesized sync.Map // of functions that return a directory, by environment

// copyOf returns a directory with a copy of what the program writes of an environment. The program runs once for all
// tests that ask for nothing else.
func copyOf(t *testing.T, environment string) string {
	t.Helper()
	once, _ := synthesized.LoadOrStore(environment, sync.OnceValues(func() (directory string, err error) {
		directory = filepath.Join(filepath.Dir(binary), environment)
		if err := errors.Join(os.Mkdir(directory, 0o700),
			os.WriteFile(filepath.Join(directory, config.File), []byte(project()), 0o600)); err != nil {
			return "", err
		}
		if result := executeIn(t, directory, "ENVIRONMENT="+environment); result.Code != 0 {
			return "", errors.New(result.Stderr)
		}
		return directory, nil
	}))
	shared, err := once.(func() (string, error))()
	require.NoError(t, err)
	directory := t.TempDir()
	require.NoError(t, os.CopyFS(directory, os.DirFS(shared)))
	return directory
}

// stackFile is where the program writes the stack of the environment dev.
const stackFile = "cdktf.out/stacks/baseline-dev/cdk.tf.json"

// assertSameStack compares the stacks that two runs have written, byte for byte.
func assertSameStack(t *testing.T, directory, other string) {
	t.Helper()
	same := testkit.ReadFile(t, directory, stackFile) == testkit.ReadFile(t, other, stackFile)
	assert.True(t, same, "%s of %s and %s differ", stackFile, directory, other)
}

func TestProgramReportsWhatItWrote(t *testing.T) {
	t.Parallel()
	directory, result := execute(t, project())
	require.Zero(t, result.Code, result.Stderr)
	assert.NotContains(t, result.Stderr, "Node")
	assert.NotContains(t, result.Stderr, "exited abnormally")
	assert.Regexp(t, `^`+stackFile+`: [0-9]+ resources\n( +[0-9]+ [a-z0-9_]+\n)+`+
		`environment dev, profile ephemeral, region eu-central-1, `+
		`account of the credentials \(set accountId to guard against the wrong one\)\n`+
		`quotas by default: VPCs 1 of 5, Elastic IP addresses 1 of 5, trails 1 of 5, .*\n`+
		`WARNING: NOBODY IS TOLD: [0-9]+ alarms, event subscriptions and topics reach nobody; .*\n`+
		`next: make validate ENVIRONMENT=dev; make report says which rules it keeps\n$`, result.Stdout)
	assert.Contains(t, result.Stdout, "\n     3 aws_kms_key\n")
	assertSameStack(t, directory, copyOf(t, "dev"))
}

// contextOf is the configuration as the CDKTF CLI passes it on.
func contextOf(cdktf string) string {
	const start = `"context":`
	return config.ContextVar + "=" + cdktf[strings.Index(cdktf, start)+len(start):strings.LastIndex(cdktf, "}")]
}

func TestProgramUnderTheCLI(t *testing.T) {
	t.Parallel()
	alone := copyOf(t, "dev")
	underCLI, result := execute(t, "{}", contextOf(project()))
	require.Zero(t, result.Code)
	assert.Empty(t, result.Stdout)
	assertSameStack(t, alone, underCLI)
}

func TestProgramWarnsOfAConfigurationFromElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program twice")
	}
	t.Parallel()
	for cdktf, warns := range map[string]bool{project(): false,
		strings.Replace(project(), "cc-1234", "cc-4321", 1): true} {
		_, result := execute(t, project(), contextOf(cdktf))
		assert.Zero(t, result.Code, result.Stderr)
		const warning = "securebaseline: configuration from CDKTF_CONTEXT_JSON, not from cdktf.json\n"
		assert.Equal(t, warns, strings.Contains(result.Stderr, warning), result.Stderr)
	}
}

func TestProgramRefusesAnEmptyEnvironment(t *testing.T) {
	t.Parallel()
	directory, result := execute(t, project(), "ENVIRONMENT=")
	assert.Equal(t, testkit.Result{Code: failure, Stderr: "securebaseline: the configuration has 1 problem:\n" +
		`  ENVIRONMENT = "": must be one of dev, prod, staging; unset means dev` + "\n"}, result)
	assert.NoDirExists(t, filepath.Join(directory, "cdktf.out"))
}

func TestProgramWithStockBindings(t *testing.T) {
	if testing.Short() {
		t.Skip("the stock bindings take seconds")
	}
	t.Parallel()
	for _, environment := range testkit.Environments() {
		name := "cdktf.out/stacks/" + stacks.Name(environment) + "/cdk.tf.json"
		pruned := copyOf(t, environment)
		stock, result := execute(t, project(), "ENVIRONMENT="+environment, awsbindings.Variable+"=stock")
		require.Zero(t, result.Code, result.Stderr)
		assert.True(t, testkit.ReadFile(t, pruned, name) == testkit.ReadFile(t, stock, name), environment)
	}
}

func TestProgramRefusesOtherBindings(t *testing.T) {
	t.Parallel()
	_, result := execute(t, project(), awsbindings.Variable+"=small")
	assert.Equal(t, testkit.Result{Code: failure,
		Stderr: "securebaseline: synthesis: SECUREBASELINE_BINDINGS is \"small\"; " +
			"allowed are \"pruned\", the default, and \"stock\"\n"}, result)
}

// nodeStub returns a directory that holds a "node" with the given shell script.
func nodeStub(t *testing.T, script string) string {
	t.Helper()
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "node"), []byte("#!/bin/sh\n"+script), 0o755))
	return directory
}

func TestProgramNeedsNodeAlone(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	require.NoError(t, err)
	only := t.TempDir()
	require.NoError(t, os.Symlink(node, filepath.Join(only, "node")))
	_, result := execute(t, project(), "PATH="+only)
	assert.Zero(t, result.Code, result.Stderr)

	directory, result := execute(t, project(), "PATH="+t.TempDir())
	assert.Equal(t, failure, result.Code)
	assert.Equal(t, "securebaseline: synthesis: node is not installed or not on the PATH; "+
		"CDKTF needs Node.js 20.9 or newer\n", result.Stderr)
	assert.NoDirExists(t, filepath.Join(directory, "cdktf.out"))

	_, result = execute(t, project(), "PATH="+nodeStub(t, "exit 3\n"))
	assert.Equal(t, failure, result.Code)
	assert.Contains(t, result.Stderr, "securebaseline: synthesis: ")
	assert.NotContains(t, result.Stderr, "goroutine")
}

func TestProgramChecksTheConfigurationBeforeNodeStarts(t *testing.T) {
	t.Parallel()
	marker := filepath.Join(t.TempDir(), "node-was-started")
	stub := nodeStub(t, "touch "+marker+"\nexit 1\n")
	directory, result := execute(t, strings.Replace(project(), `"eu-central-1"`, `"eu-cental-1"`, 1), "PATH="+stub)
	assert.Equal(t, testkit.Result{Code: failure, Stderr: "securebaseline: the configuration has 1 problem:\n" +
		`  context.baseline.defaults.region = "eu-cental-1": must be one of 44 values, see the schema; ` +
		`did you mean "eu-central-1"?` + "\n"}, result)
	assert.NoDirExists(t, filepath.Join(directory, "cdktf.out"))
	assert.NoFileExists(t, marker)
}

// TestVendoredProgram builds the program from a vendor directory. It must find its pruned packages all the same.
func TestVendoredProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("copies and compiles all dependencies")
	}
	t.Parallel()
	directory := t.TempDir()
	testkit.CopyProject(t, directory)
	for _, arguments := range [][]string{{"mod", "vendor"}, {"build", "-mod=vendor", "-o", "vendored", "."}} {
		command := exec.Command("go", arguments...)
		command.Dir = directory
		result := testkit.Run(t, command)
		require.Zero(t, result.Code, "go %s: %s", strings.Join(arguments, " "), result.Stderr)
	}
	command := exec.Command(filepath.Join(directory, "vendored"))
	command.Dir = directory
	command.Env = append(os.Environ(), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1")
	result := testkit.Run(t, command)
	assert.Zero(t, result.Code)
	assert.Empty(t, result.Stderr)
	usual := copyOf(t, "dev")
	assertSameStack(t, usual, directory)
}
