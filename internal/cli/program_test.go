package cli

import (
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

// binary is the path of the program, which is the binary of the tests: with asProgram set it does what main does, and
// nothing has to be linked a second time.
var binary string

const asProgram = "SECUREBASELINE_TEST_AS_PROGRAM"

// shared is a directory for what several tests look at.
var shared string

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(Run(os.Args[1:], os.LookupEnv, os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) (code int) {
	var err error
	if binary, err = os.Executable(); err != nil {
		panic(err)
	}
	if shared, err = os.MkdirTemp("", "securebaseline-"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(shared)
	os.Setenv(asProgram, "yes")
	return m.Run()
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
	return directory, runIn(t, directory, variables)
}

// configured returns a new directory that holds a cdktf.json.
func configured(t *testing.T, cdktf string) (directory string) {
	t.Helper()
	directory = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, config.File), []byte(cdktf), 0o600))
	return directory
}

// ask runs a command on the stack of an environment that a run before has written.
func ask(t *testing.T, directory, environment string, arguments ...string) testkit.Result {
	t.Helper()
	return runIn(t, directory, []string{"ENVIRONMENT=" + environment}, arguments...)
}

// runIn runs the program in a directory, with the given variables added or replaced.
func runIn(t *testing.T, directory string, variables []string, arguments ...string) testkit.Result {
	t.Helper()
	command := exec.Command(binary, arguments...)
	command.Dir = directory
	command.Env = append(os.Environ(), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1")
	command.Env = append(command.Env, variables...)
	return testkit.Run(t, command)
}

// written is what the program wrote of an environment, and said of it.
type written struct {
	directory string
	result    testkit.Result
}

var synthesized sync.Map // of functions that return what was written, by environment

// runOf runs the program for an environment, once for all tests that ask for nothing else.
func runOf(t *testing.T, environment string) written {
	t.Helper()
	once, _ := synthesized.LoadOrStore(environment, sync.OnceValue(func() written {
		directory := filepath.Join(shared, environment)
		require.NoError(t, os.Mkdir(directory, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(directory, config.File), []byte(project()), 0o600))
		return written{directory, runIn(t, directory, []string{"ENVIRONMENT=" + environment})}
	}))
	of := once.(func() written)()
	require.Zero(t, of.result.Code, of.result.Stderr)
	return of
}

// copyOf returns a directory with a copy of what the program writes of an environment.
func copyOf(t *testing.T, environment string) string {
	t.Helper()
	directory := t.TempDir()
	require.NoError(t, os.CopyFS(directory, os.DirFS(runOf(t, environment).directory)))
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
	result := runOf(t, "dev").result
	assert.NotContains(t, result.Stderr, "Node")
	assert.NotContains(t, result.Stderr, "exited abnormally")
	assert.Regexp(t, `^`+stackFile+`: [0-9]+ resources\n( +[0-9]+ [a-z0-9_]+\n)+`+
		`environment dev, profile ephemeral, region eu-central-1, `+
		`account of the credentials \(set accountId to guard against the wrong one\)\n`+
		`quotas by default: VPCs 1 of 5, Elastic IP addresses 1 of 5, trails 1 of 5, .*\n`+
		`WARNING: NOBODY IS TOLD: [0-9]+ alarms, event subscriptions and topics reach nobody; .*\n`+
		`next: make validate ENVIRONMENT=dev; make report says which rules it keeps\n$`, result.Stdout)
	assert.Contains(t, result.Stdout, "\n     3 aws_kms_key\n")
}

// contextOf is the configuration as the CDKTF CLI passes it on.
func contextOf(cdktf string) string {
	const start = `"context":`
	return config.ContextVar + "=" + cdktf[strings.Index(cdktf, start)+len(start):strings.LastIndex(cdktf, "}")]
}

func TestProgramUnderTheCLI(t *testing.T) {
	t.Parallel()
	alone := runOf(t, "dev").directory
	underCLI, result := execute(t, "{}", contextOf(project()))
	require.Zero(t, result.Code)
	assert.Empty(t, result.Stdout)
	assertSameStack(t, alone, underCLI)
}

func TestProgramWarnsOfAConfigurationFromElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program twice, which make test does")
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
		t.Skip("the stock bindings take seconds, which make test has")
	}
	t.Parallel()
	for _, environment := range testkit.Environments() {
		name := "cdktf.out/stacks/" + stacks.Name(environment) + "/cdk.tf.json"
		pruned := runOf(t, environment).directory
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

// nodeAlone returns a directory that holds Node.js and nothing else.
func nodeAlone(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	require.NoError(t, err)
	directory := t.TempDir()
	require.NoError(t, os.Symlink(node, filepath.Join(directory, "node")))
	return directory
}

func TestProgramNeedsNode(t *testing.T) {
	t.Parallel()
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
		t.Skip("copies and compiles all dependencies, which make test does")
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
	assertSameStack(t, runOf(t, "dev").directory, directory)
}
