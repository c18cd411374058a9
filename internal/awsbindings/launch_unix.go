//go:build unix

package awsbindings

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"securebaseline/internal/awsbindings/javascript"
)

// The client of jsii starts Node.js with a script that starts Node.js again with the runtime, and then passes on
// the messages between the two. Under JSII_NODE, the documented setting for the executable to start, this program takes
// the place of the first one: it starts in a fraction of the time, and gives the runtime its own ends of the connection
// with the client, so that each message takes one way instead of two.
//
// It also ends better. The client waits twice at once for the process that it has started, and reports the wait that
// came second as an abnormal exit, unless the process is gone before its error output ends.

// launchVariable tells this program to be the launcher, and which executable is Node.js.
const launchVariable = "SECUREBASELINE_LAUNCH_NODE"

// launcher returns the settings that make the client start this program in place of node.
func launcher(node node) [][2]string {
	self, err := os.Executable()
	if err != nil || node.path == "" {
		return nil
	}
	return [][2]string{{"JSII_NODE", self}, {launchVariable, node.path}}
}

// In the launcher nothing else of the program must run, whichever program it is: tests need the runtime too.
func init() {
	node := os.Getenv(launchVariable)
	if node == "" || len(os.Args) != 2 || filepath.Base(os.Args[1]) != "jsii-runtime.js" {
		return
	}
	code, err := launch(node, os.Args[1])
	if err != nil {
		fmt.Fprintf(os.Stderr, "securebaseline: %v\n", err)
	}
	os.Exit(code)
}

// launch runs the runtime beside the given script, which was made to start it, until the runtime exits. That it does
// when the program ends or closes its client.
func launch(path, script string) (exitCode int, err error) {
	directory := filepath.Dir(filepath.Dir(script))
	launched := filepath.Join(directory, "launched.js")
	if err := os.WriteFile(launched, javascript.Launched, 0o600); err != nil {
		return 1, err
	}
	ours, theirs, err := socketPair()
	if err != nil {
		return 1, err
	}
	// The first option is what the replaced script gives. The second keeps warnings away that only the makers of the
	// packages can do something about.
	runtime := exec.Command(path, "--preserve-symlinks", "--no-deprecation", launched,
		filepath.Join(directory, "lib", "program.js"), keptCode())
	runtime.Env = runtimeEnvironment()
	runtime.Stdin, runtime.Stdout, runtime.Stderr = os.Stdin, os.Stdout, os.Stderr
	runtime.ExtraFiles = []*os.File{theirs}
	// The terminal interrupts the whole group. The launcher still has to tidy up; it ends with the runtime.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGHUP)
	if err := runtime.Start(); err != nil {
		return 1, fmt.Errorf("cannot start the runtime: %w", err)
	}
	theirs.Close()

	told := bufio.NewReader(ours)
	if version, err := told.ReadString('\n'); err == nil {
		node{path, func() string { return strings.TrimSpace(version) }}.warn()
	}
	code, err := told.ReadByte()
	if err != nil {
		// A runtime that was killed or has crashed has not said so.
		err = runtime.Wait()
	}
	// A program that was killed has not removed the directory.
	if strings.HasPrefix(filepath.Base(directory), "jsii-runtime.") {
		os.RemoveAll(directory)
	}
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return exit.ExitCode(), fmt.Errorf("the runtime has ended: %w", err)
	}
	return int(code), err
}

// keptCode is the directory that keeps what V8 has compiled of the runtime, if the user lets packages be kept.
func keptCode() string {
	if value := os.Getenv(cacheVariable); value != "" && value != "enabled" {
		return ""
	}
	return cacheRoot()
}

func runtimeEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		// Node.js reads and parses a file of extra certificates whenever it starts. The runtime talks to nobody.
		return slices.Contains([]string{launchVariable, "JSII_NODE", "JSII_RUNTIME", "NODE_EXTRA_CA_CERTS"}, name)
	})
}

// socketPair returns the two ends of a connection. The runtime blocks on its end.
func socketPair() (ours, theirs *os.File, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socketpair: %w", err)
	}
	for _, end := range pair {
		syscall.CloseOnExec(end)
	}
	return os.NewFile(uintptr(pair[0]), "runtime"), os.NewFile(uintptr(pair[1]), "launcher"), nil
}
