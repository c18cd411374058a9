package measure

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
)

// Machine describes where a measurement was taken, without a name or a path.
type Machine struct {
	Processor, Memory, System string
	Cores                     int
	Versions                  []string
}

// ThisMachine describes this machine and the versions in use. What the system does not tell is "unknown".
func ThisMachine() Machine {
	machine := Machine{
		Cores: runtime.NumCPU(), Processor: "unknown", Memory: "unknown", System: runtime.GOOS + "/" + runtime.GOARCH,
		Versions: []string{"Go " + strings.TrimPrefix(runtime.Version(), "go"),
			"Node.js " + output("node", "--version")},
	}
	switch runtime.GOOS {
	case "linux":
		machine.Processor = field("/proc/cpuinfo", "model name")
		machine.Memory = gigabytes(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 1024)
		if name := field("/etc/os-release", "PRETTY_NAME"); name != "unknown" {
			machine.System = strings.Trim(name, `"`) + ", " + machine.System
		}
	case "darwin":
		machine.Processor = output("sysctl", "-n", "machdep.cpu.brand_string")
		machine.Memory = gigabytes(output("sysctl", "-n", "hw.memsize"), 1)
		machine.System = "macOS " + output("sw_vers", "-productVersion") + ", " + machine.System
	}
	if build, known := debug.ReadBuildInfo(); known {
		for _, module := range build.Deps {
			switch module.Path {
			case "github.com/cdktf/cdktf-provider-aws-go/aws/v19", "github.com/hashicorp/terraform-cdk-go/cdktf",
				"github.com/aws/jsii-runtime-go":
				machine.Versions = append(machine.Versions, "`"+module.Path+"` "+module.Version)
			}
		}
	}
	return machine
}

// field returns the value of the first line that begins with a name and a colon or an equals sign.
func field(file, name string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(content)) {
		at := strings.IndexAny(line, ":=")
		if at > 0 && strings.TrimSpace(line[:at]) == name {
			return strings.TrimSpace(line[at+1:])
		}
	}
	return "unknown"
}

func output(name string, arguments ...string) string {
	text, err := exec.Command(name, arguments...).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(text))
}

func gigabytes(number string, unit float64) string {
	var amount float64
	if _, err := fmt.Sscan(number, &amount); err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%.0f GB", amount*unit/1e9)
}
