package tests

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "securebaseline"

// bindings are the modules that a Go program needs for talking to Node.js.
var bindings = []string{
	"github.com/aws/jsii-runtime-go", "github.com/aws/constructs-go/", "github.com/cdktf/",
	"github.com/hashicorp/terraform-cdk-go/",
	module + "/internal/awsbindings", module + "/internal/tf",
}

// writers are what writes the JSON of a stack.
var writers = append([]string{module + "/constructs/", module + "/stacks", module + "/internal/config"}, bindings...)

// readers read the JSON of a stack, or a plan of it.
var readers = []string{
	"template", "access", "adopt/", "deploypolicy", "diff", "evidence/", "hcl/", "picture/", "provider6", "review",
	"scan/", "tfplan",
}

// importLaw says what packages must not import, directly or through others. A path that ends in / stands for
// everything below it.
type importLaw struct {
	name      string
	packages  string
	forbidden []string
}

func importLaws() []importLaw {
	laws := slices.Clone(otherLaws)
	for _, reader := range readers {
		laws = append(laws, importLaw{"a reader knows nothing of what wrote the stack: " + reader,
			module + "/internal/" + reader, writers})
	}
	return laws
}

var otherLaws = []importLaw{
	{"constructs know neither each other nor who uses them", module + "/constructs/",
		[]string{module + "/constructs/", module + "/stacks", module + "/internal/config",
			module + "/internal/template"}},
	{"the configuration is checked before Node.js starts", module + "/internal/config",
		append([]string{module + "/constructs/", module + "/stacks"}, bindings...)},
	{"the program holds neither tests nor tools", module,
		[]string{"testing", module + "/internal/testkit/", module + "/internal/bench",
			module + "/internal/adopt", module + "/internal/hcl", module + "/internal/github",
			module + "/internal/provider6", module + "/internal/forkbindings", module + "/internal/scan",
			module + "/internal/picture", "oss.terrastruct.com/",
			"github.com/google/go-github/", "github.com/aws/aws-sdk-go-v2/config"}},
}

func TestImportLaws(t *testing.T) {
	imports := imports(t)
	for _, law := range importLaws() {
		t.Run(law.name, func(t *testing.T) {
			looked := 0
			for name, dependencies := range imports {
				if !covers(law.packages, name) {
					continue
				}
				looked++
				for _, dependency := range dependencies {
					for _, path := range law.forbidden {
						assert.False(t, covers(path, dependency), "%s imports %s", name, dependency)
					}
				}
			}
			assert.NotZero(t, looked)
		})
	}
}

// covers reports whether a path of a law stands for a package.
func covers(path, name string) bool {
	return name == path || strings.HasSuffix(path, "/") && strings.HasPrefix(name+"/", path)
}

// imports lists what each package of the project imports, directly or through others.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	const line = `{{.ImportPath}}{{range .Deps}} {{.}}{{end}}`
	output, err := exec.Command("go", "list", "-f", line, module+"/...").Output()
	require.NoError(t, err)
	all := map[string][]string{}
	for line := range strings.Lines(string(output)) {
		names := strings.Fields(line)
		all[names[0]] = names[1:]
	}
	return all
}
