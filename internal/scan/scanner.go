package scan

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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

	readsHCL  bool // and neither JSON nor plans
	arguments func(file string, plan bool) []string
	read      func(output []byte) (Look, error)
}

func scanners() []Scanner { return []Scanner{checkov(), trivy()} }

// blocks are the parts of Terraform JSON that scanners are shown: all in which resources stand, or values of them.
//
// checkov stops at a block that is no object, and passes without having looked at anything. So it must not see
// terraform, with required_version (https://github.com/bridgecrewio/checkov/issues/7454), nor the lists removed, moved
// and import, which hold addresses alone.
var blocks = []string{"data", "locals", "module", "output", "provider", "resource", "variable"}

// Stack lets the scanner look at the stack in a directory. Of one that reads Terraform's own syntax alone, hcl is the
// directory that holds the same stack in it. It fails where the scanner is missing or crashes, and where the stack
// cannot be read.
func (s Scanner) Stack(directory, hcl string) (Look, error) {
	stack, err := template.Read(directory)
	if err != nil {
		return Look{}, err
	}
	files, source := map[string][]byte(nil), filepath.Join(directory, template.File)
	if s.readsHCL {
		source = hcl
		files, err = probedHCL(hcl)
	} else {
		files, err = resourcesOf(source)
	}
	if err != nil {
		return Look{}, err
	}
	look, err := s.look(files, s.arguments(template.File, false))
	if err != nil {
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
	look.Source = source
	look.takeProbe()
	look.resolve(addresses)
	return look, nil
}

// resourcesOf is the JSON of a stack without the blocks that hold no resources.
func resourcesOf(source string) (map[string][]byte, error) {
	data, err := os.ReadFile(source)
	if err != nil {
		return nil, err
	}
	var shown map[string]json.RawMessage
	if err := json.Unmarshal(data, &shown); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	maps.DeleteFunc(shown, func(name string, _ json.RawMessage) bool { return !slices.Contains(blocks, name) })
	data, err = json.MarshalIndent(shown, "", "  ")
	return map[string][]byte{template.File: data}, err
}

// probe is a bucket without any protection, which stands beside the stack. A scanner that tells nothing of what passes,
// and says nothing about the probe, has read nothing.
const probe = "securebaseline-probe"

// probedHCL are the files of a stack in Terraform's own syntax, with the probe.
func probedHCL(directory string) (map[string][]byte, error) {
	names, err := filepath.Glob(filepath.Join(directory, "*.tf"))
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s holds no stack in Terraform's own syntax; write it by make hcl", directory)
	}
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	files[probe+".tf"] = []byte(`resource "aws_s3_bucket" "` + probe + `" {` + "\n  bucket = \"" + probe + "\"\n}\n")
	return files, nil
}

// takeProbe removes what was found about the probe, and notes whether there was anything.
func (l *Look) takeProbe() {
	found := len(l.Findings)
	l.Findings = slices.DeleteFunc(l.Findings, func(f Finding) bool { return f.Address == "aws_s3_bucket."+probe })
	l.Probed = len(l.Findings) < found
}

// Plan lets the scanner look at a plan, as "terraform show -json" prints it. It fails where the scanner is missing or
// crashes, and on a plan that Terraform could not finish: what it lacks would pass.
func (s Scanner) Plan(file string) (Look, error) {
	if s.readsHCL {
		return Look{}, fmt.Errorf("PLAN = %q: %s cannot read plans, see docs/exceptions.md; leave it out of SCANNERS",
			file, s.Name)
	}
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
	const name = "plan.json"
	look, err := s.look(map[string][]byte{name: data}, s.arguments(name, true))
	look.Source = file
	look.resolve(addresses)
	return look, err
}

// look runs the scanner on copies of files, in a directory in which nothing else lies: neither lists of rules to ignore
// nor settings, which the scanners would read in silence, there as in the home directory.
func (s Scanner) look(files map[string][]byte, arguments []string) (Look, error) {
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
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(directory, name), content, 0o600); err != nil {
			return Look{}, err
		}
	}
	var output, complaint bytes.Buffer
	command := exec.Command(program, arguments...)
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
	told := l.Resources
	l.Resources = nil
	for _, name := range told {
		if address, isResource := addresses[name]; isResource {
			l.saw(address)
		}
	}
	for i, f := range l.Findings {
		l.Findings[i].Address = cmp.Or(addresses[f.Address], f.Address)
	}
	l.Of = len(slices.Compact(slices.Sorted(maps.Values(addresses))))
}
