package stacks

import (
	"fmt"
	"runtime"

	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/awsbindings"
	"securebaseline/internal/config"
	"securebaseline/internal/tf"
)

// Synthesize writes the Terraform JSON of one environment below outDir; an empty outDir leaves the choice to CDKTF,
// which takes CDKTF_OUTDIR or "cdktf.out". Nothing is written unless the whole stack could be built.
func Synthesize(cfg config.Config, outDir string) (err error) {
	defer recovered(&err)
	if err := awsbindings.Load(); err != nil {
		return fmt.Errorf("synthesis: %w", err)
	}
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: tf.OptString(outDir), StackTraces: jsii.Bool(false)})
	if _, err := New(app, cfg); err != nil {
		return err
	}
	app.Synth()
	return nil
}

// recovered turns a panic of the bindings into an error: it is their only way to report a mistake, and a user can do
// nothing with a stack of goroutines. A fault of this program itself keeps its stack.
func recovered(err *error) {
	fault := recover()
	if fault == nil {
		return
	}
	if bug, isBug := fault.(runtime.Error); isBug {
		panic(bug)
	}
	cause, isError := fault.(error)
	if !isError {
		cause = fmt.Errorf("%v", fault)
	}
	*err = fmt.Errorf("synthesis: %w", awsbindings.Explain(cause))
}
