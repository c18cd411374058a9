package stacks

import (
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/awsbindings"
	"securebaseline/internal/config"
	"securebaseline/internal/writable"
)

// OutputVariable is the environment variable of CDKTF that names the output directory, and DefaultOutput its default.
const (
	OutputVariable = "CDKTF_OUTDIR"
	DefaultOutput  = "cdktf.out"
)

// besideOutput is the directory that holds the output directory, as seen from that of a stack.
const besideOutput = "../../.."

// Output is where a stack is written.
type Output struct {
	// Dir is the output directory. Required.
	Dir string
	// Project is the directory of the project, where a local state lies whatever Dir is. Default: the directory that
	// holds Dir.
	Project string
}

// Stack is the directory of an environment's stack, which Terraform runs in.
func (o Output) Stack(environment string) string { return o.stack(Name(environment)) }

// Bootstrap is the directory of an environment's bootstrap stack.
func (o Output) Bootstrap(environment string) string { return o.stack(BootstrapName(environment)) }

func (o Output) stack(name string) string { return filepath.Join(o.Dir, "stacks", name) }

// stateDir is the directory of a local state, as seen from that of a stack.
func (o Output) stateDir(name string) (string, error) {
	if o.Project == "" {
		return besideOutput, nil
	}
	stack, err := filepath.Abs(o.stack(name))
	if err != nil {
		return "", err
	}
	project, err := filepath.Abs(o.Project)
	if err != nil {
		return "", err
	}
	relative, err := filepath.Rel(stack, project)
	return filepath.ToSlash(relative), err
}

// Synthesize writes the Terraform JSON of one environment. Nothing is written unless the whole stack could be built.
func Synthesize(cfg config.Config, output Output) error {
	return SynthesizeAll([]config.Config{cfg}, output)
}

// SynthesizeAll writes the Terraform JSON of several environments, each a stack of its own. Nothing is written unless
// all could be built.
func SynthesizeAll(environments []config.Config, output Output) error {
	return output.write(Name(environments[0].Environment), func(app constructs.Construct, stateDir string) error {
		for _, cfg := range environments {
			if _, err := newBaseline(app, cfg, stateDir); err != nil {
				return fmt.Errorf("%s: %w", cfg.Environment, err)
			}
		}
		return nil
	})
}

// write writes the Terraform JSON of the stacks that build adds to the app. A stack is named, as an example: all lie
// side by side.
func (o Output) write(name string, build func(app constructs.Construct, stateDir string) error) (err error) {
	defer recovered(&err)
	stateDir, err := o.stateDir(name)
	if err != nil {
		return err
	}
	if err := awsbindings.Load(); err != nil {
		return fmt.Errorf("synthesis: %w", err)
	}
	// CDKTF makes the directory now. It would report one that it cannot make or write without saying what to do.
	if err := writable.Directory(o.Dir); err != nil {
		return fmt.Errorf("cannot write to %s: %w; set %s to a directory that can be written", o.Dir, err,
			OutputVariable)
	}
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: &o.Dir, StackTraces: jsii.Bool(false)})
	if err := build(app, stateDir); err != nil {
		return err
	}
	app.Synth()
	return nil
}

// recovered turns a panic of the bindings into an error: it is their only way to report a mistake, and a user can do
// nothing with a stack of goroutines. A bug of this program itself keeps its stack.
func recovered(err *error) {
	cause := recover()
	if cause == nil {
		return
	}
	if bug, isBug := cause.(runtime.Error); isBug {
		panic(bug)
	}
	reported, isError := cause.(error)
	if !isError {
		reported = fmt.Errorf("%v", cause)
	}
	*err = fmt.Errorf("synthesis: %w", awsbindings.Explain(reported))
}
