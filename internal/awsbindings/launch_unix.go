//go:build unix

package awsbindings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// The client of jsii starts Node.js with a script that starts Node.js again with the runtime, and then passes on
// the messages between the two. Under JSII_NODE, the documented setting for the executable to start, this program takes
// the place of the first one: it starts in a fraction of the time, and carries each message faster.
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

// launch runs the runtime beside the given script, which was made to start it, until either end exits.
func launch(node, script string) (exitCode int, err error) {
	directory := filepath.Dir(filepath.Dir(script))
	ours, theirs, err := socketPair()
	if err != nil {
		return 1, err
	}
	// The first option is what the replaced script gives. The second keeps warnings away that only the makers of the
	// packages can do something about.
	runtime := exec.Command(node, "--preserve-symlinks", "--no-deprecation",
		filepath.Join(directory, "lib", "program.js"))
	runtime.Env = runtimeEnvironment()
	// The runtime speaks on descriptor 3. It holds the error output too, to keep it open longer than the launcher.
	runtime.ExtraFiles = []*os.File{theirs, os.Stderr}
	stdout, out, err := newConsole("stdout")
	if err != nil {
		return 1, err
	}
	stderr, errs, err := newConsole("stderr")
	if err != nil {
		return 1, err
	}
	runtime.Stdout, runtime.Stderr = out, errs
	if err := runtime.Start(); err != nil {
		return 1, fmt.Errorf("cannot start the runtime: %w", err)
	}
	for _, end := range []*os.File{theirs, out, errs} {
		end.Close()
	}
	go stdout.pass()
	go stderr.pass()

	// The terminal interrupts the whole group. The launcher still has to tidy up; it ends with its input.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGHUP)
	go func() {
		passRequests(ours, os.Stdin)
		end(directory, stdout, stderr)
	}()
	answers := make(chan struct{})
	go func() {
		defer close(answers)
		io.Copy(os.Stdout, ours)
	}()
	err = runtime.Wait()
	<-answers
	<-stdout.done
	<-stderr.done
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return exit.ExitCode(), fmt.Errorf("the runtime has ended: %w", err)
	}
	return 0, err
}

// end ends the launcher, when the program has ended or has closed its client. One that was killed has not removed the
// directory.
func end(directory string, consoles ...*console) {
	if strings.HasPrefix(filepath.Base(directory), "jsii-runtime.") {
		os.RemoveAll(directory)
	}
	wrote := false
	for _, console := range consoles {
		wrote = console.finish() || wrote
	}
	if wrote {
		time.Sleep(readingTime)
	}
	os.Exit(0)
}

func runtimeEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		// Node.js reads and parses a file of extra certificates whenever it starts. The runtime talks to nobody.
		return slices.Contains([]string{launchVariable, "JSII_NODE", "JSII_RUNTIME", "NODE_EXTRA_CA_CERTS"}, name)
	})
}

// exitRequest is the last request of the client. It comes alone, because the client waits for each answer.
const exitRequest = `{"exit":0}` + "\n"

// passRequests passes on the requests of the client, until it asks to exit or has gone. The runtime must not receive
// that request: it exits with the connection, and so after the launcher.
func passRequests(runtime io.Writer, client io.Reader) {
	chunk := make([]byte, 64<<10)
	for {
		length, err := client.Read(chunk)
		if err != nil || string(chunk[:length]) == exitRequest {
			return
		}
		if _, err := runtime.Write(chunk[:length]); err != nil {
			return
		}
	}
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
	if err := syscall.SetNonblock(pair[0], true); err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(pair[0]), "runtime"), os.NewFile(uintptr(pair[1]), "launcher"), nil
}
