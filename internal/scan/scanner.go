package scan

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"securebaseline/internal/template"
	"securebaseline/internal/tfplan"
)

// Scanner is a program that checks Terraform by rules of its own.
type Scanner struct {
	// Name is that of the program, which must be on the PATH.
	Name string
	// Get says where the program comes from.
	Get string

	arguments func(file string, plan bool) []string
	read      func(output []byte) (Look, error)
}

func scanners() []Scanner { return []Scanner{checkov()} }

// blocks are the parts of Terraform JSON that scanners are shown: all in which resources stand, or values of them.
//
// checkov stops at a block that is no object, and passes without having looked at anything. So it must not see
// terraform, with required_version (https://github.com/bridgecrewio/checkov/issues/7454), nor the lists removed, moved
// and import, which hold addresses alone.
var blocks = []string{"data", "locals", "module", "output", "provider", "resource", "variable"}

// Stack lets the scanner look at the JSON in the directory of a stack. It fails where the scanner is missing or
// crashes, and where the JSON cannot be read.
func (s Scanner) Stack(directory string) (Look, error) {
	stack, err := template.Read(directory)
	if err != nil {
		return Look{}, err
	}
	source := filepath.Join(directory, template.File)
	data, err := os.ReadFile(source)
	if err != nil {
		return Look{}, err
	}
	var shown map[string]json.RawMessage
	if err := json.Unmarshal(data, &shown); err != nil {
		return Look{}, fmt.Errorf("%s: %w", source, err)
	}
	for name := range shown {
		if !slices.Contains(blocks, name) {
			delete(shown, name)
		}
	}
	if data, err = json.MarshalIndent(shown, "", "  "); err != nil {
		return Look{}, err
	}
	addresses := map[string]string{}
	// Of Terraform JSON checkov tells no type: resource.NAME or data.NAME. CDKTF gives no name twice.
	for _, r := range stack.Resources() {
		addresses[r.Address], addresses["resource."+r.Name] = r.Address, r.Address
	}
	for _, r := range stack.DataSources() {
		addresses[r.Address], addresses["data."+r.Name] = r.Address, r.Address
	}
	look, err := s.look(template.File, data, false)
	look.Source = source
	look.resolve(addresses)
	return look, err
}

// Plan lets the scanner look at a plan, as "terraform show -json" prints it. It fails where the scanner is missing or
// crashes, and on a plan that Terraform could not finish: what it lacks would pass.
func (s Scanner) Plan(file string) (Look, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Look{}, err
	}
	plan, err := tfplan.Parse(bytes.NewReader(data))
	if err == nil && plan.Errored {
		err = errors.New("must be a plan that Terraform could finish")
	}
	if err != nil {
		return Look{}, fmt.Errorf("PLAN = %q: %w", file, err)
	}
	addresses := map[string]string{}
	for _, r := range plan.Resources {
		addresses[r.Address] = r.Address
	}
	look, err := s.look("plan.json", data, true)
	look.Source = file
	look.resolve(addresses)
	return look, err
}

// look runs the scanner on a file of its own, in a directory in which nothing else lies: neither lists of rules to
// ignore nor settings, which the scanners would read in silence, there as in the home directory.
func (s Scanner) look(name string, data []byte, plan bool) (Look, error) {
	program, err := exec.LookPath(s.Name)
	if err != nil {
		return Look{}, fmt.Errorf("%s is asked for by SCANNERS, and not on the PATH: %s", s.Name, s.Get)
	}
	directory, err := os.MkdirTemp("", "securebaseline-scan-")
	if err != nil {
		return Look{}, err
	}
	defer os.RemoveAll(directory)
	// The copy of a plan holds what Terraform hides as sensitive, so it is for the owner alone.
	if err := os.WriteFile(filepath.Join(directory, name), data, 0o600); err != nil {
		return Look{}, err
	}
	var output, complaint bytes.Buffer
	command := exec.Command(program, s.arguments(name, plan)...)
	command.Dir, command.Env = directory, plainEnvironment(directory)
	command.Stdout, command.Stderr = &output, &complaint
	if err := command.Run(); err != nil {
		return Look{}, fmt.Errorf("%s crashed: %w\n%s", s.Name, err, lastLines(complaint.String()))
	}
	look, err := s.read(output.Bytes())
	if err != nil {
		return Look{}, fmt.Errorf("%s: %w\n%s", s.Name, err, lastLines(complaint.String()))
	}
	return look, nil
}

// plainEnvironment is the environment without what changes the rules of a scanner.
func plainEnvironment(home string) []string {
	kept := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return slices.ContainsFunc([]string{"CKV_", "CHECKOV_", "BC_", "PRISMA_", "TRIVY_", "LOG_LEVEL="},
			func(prefix string) bool { return strings.HasPrefix(variable, prefix) })
	})
	return append(kept, "HOME="+home, "LOG_LEVEL=ERROR")
}

// lastLines are the lines of a complaint that say what went wrong.
func lastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// saw notes that a check was about a resource.
func (l *Look) saw(address string) {
	if !slices.Contains(l.Resources, address) {
		l.Resources = append(l.Resources, address)
	}
}

// resolve takes the addresses that a scanner has told for those that the resources have. What has none is no resource,
// such as the provider, of which all scanners know something.
func (l *Look) resolve(addresses map[string]string) {
	told, all := l.Resources, map[string]bool{}
	l.Resources = nil
	for _, name := range told {
		if address, isResource := addresses[name]; isResource {
			l.saw(address)
		}
	}
	for i, f := range l.Findings {
		l.Findings[i].Address = cmp.Or(addresses[f.Address], f.Address)
	}
	for _, address := range addresses {
		all[address] = true
	}
	l.Of = len(all)
}
