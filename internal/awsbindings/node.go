package awsbindings

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"securebaseline/internal/awsbindings/lazy"
)

// oldestSupportedNode is the oldest major version of Node.js that still gets fixes and that jsii supports.
const oldestSupportedNode = 22

// endOfLifeBanner is jsii's variable that turns its banner off for the major versions that it lists.
const endOfLifeBanner = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"

// node is the Node.js that the client of jsii would start. Its path is empty when the user brings a runtime of their
// own.
type node struct {
	path    string
	version func() string // v22.1.0, or empty when it cannot be known
}

// findNode finds Node.js.
func findNode() (node, error) {
	lazy.Done()
	if os.Getenv("JSII_RUNTIME") != "" {
		return node{version: func() string { return "" }}, nil
	}
	name := cmp.Or(os.Getenv("JSII_NODE"), "node")
	path, err := exec.LookPath(name)
	if err != nil {
		return node{}, fmt.Errorf("%s is not installed or not on the PATH; CDKTF needs Node.js 20.9 or newer", name)
	}
	return node{path, sync.OnceValue(func() string {
		version, _ := exec.Command(path, "--version").Output()
		return strings.TrimSpace(string(version))
	})}, nil
}

// major is the major version, zero when it is not known.
func (n node) major() int {
	digits, _, _ := strings.Cut(strings.TrimPrefix(n.version(), "v"), ".")
	major, _ := strconv.Atoi(digits)
	return major
}

// warn says that Node.js is too old.
func (n node) warn() {
	if warning := n.warning(); warning != "" {
		fmt.Fprintln(os.Stderr, "securebaseline: "+warning)
	}
}

// warning says that Node.js is too old, in a line. The CDKTF CLI would print the line as an error, and whoever has
// silenced the banner of jsii knows already.
func (n node) warning() string {
	_, silenced := os.LookupEnv(endOfLifeBanner)
	if n.major() == 0 || n.major() >= oldestSupportedNode || silenced || os.Getenv("CDKTF_CONTEXT_JSON") != "" {
		return ""
	}
	return fmt.Sprintf("Node.js %s gets no more fixes; use version %d or newer", n.version(), oldestSupportedNode)
}

// quiet turns off the banners of jsii about the version of Node.js, unless the user has decided about them.
func (n node) quiet() [][2]string {
	var settings [][2]string
	for _, banner := range [][2]string{
		{endOfLifeBanner, strconv.Itoa(n.major())},
		{"JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "1"},
		{"JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1"},
	} {
		if _, decided := os.LookupEnv(banner[0]); !decided {
			settings = append(settings, banner)
		}
	}
	return settings
}
