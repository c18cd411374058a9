//go:build unix

package awsbindings

import (
	"encoding/json"
	"errors"
	"os"
	"syscall"
	"time"
)

// readingTime is how long the client gets to read the remaining output of the runtime: it stops reading when the
// launcher has exited.
const readingTime = 10 * time.Millisecond

// console is an output of the runtime, which the client expects in the launcher's error output, each chunk as a line
// of JSON under a tag.
type console struct {
	tag    string
	output *os.File
	done   chan struct{}
}

// newConsole returns a console and the end of it that the runtime writes to.
func newConsole(tag string) (*console, *os.File, error) {
	reading, writing, err := os.Pipe()
	return &console{tag: tag, output: reading, done: make(chan struct{})}, writing, err
}

// pass passes on what comes, until the runtime or finish ends it.
func (c *console) pass() {
	defer close(c.done)
	chunk := make([]byte, 64<<10)
	for {
		length, err := c.output.Read(chunk)
		c.write(chunk[:length])
		if err != nil {
			return
		}
	}
}

// finish passes on what the runtime has written by now, without waiting for more, and reports whether that was
// anything.
func (c *console) finish() (wrote bool) {
	c.output.SetReadDeadline(time.Unix(0, 0))
	<-c.done
	c.output.SetReadDeadline(time.Time{})
	descriptor, err := c.output.SyscallConn()
	if err != nil {
		return false
	}
	chunk := make([]byte, 64<<10)
	for {
		var length int
		descriptor.Read(func(number uintptr) bool {
			length, err = syscall.Read(int(number), chunk)
			return true
		})
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if length <= 0 {
			return wrote
		}
		c.write(chunk[:length])
		wrote = true
	}
}

func (c *console) write(chunk []byte) {
	if len(chunk) > 0 {
		json.NewEncoder(os.Stderr).Encode(map[string][]byte{c.tag: chunk})
	}
}
