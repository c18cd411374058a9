package main

import (
	"fmt"
	"os"

	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/awsbindings"
	"securebaseline/internal/config"
	"securebaseline/stacks"
)

// synthesize does what the program does: read the configuration, build and write. Copies are further environments in
// the same app, each a whole stack.
func synthesize(environment string, copies int, directory string) error {
	cfg, err := config.Load(".", func(name string) (string, bool) {
		if name == config.EnvironmentVar {
			return environment, true
		}
		return os.LookupEnv(name)
	})
	if err != nil {
		return err
	}
	if copies == 1 {
		return stacks.Synthesize(cfg, stacks.Output{Dir: directory})
	}
	if err := awsbindings.Load(); err != nil {
		return err
	}
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: &directory, StackTraces: jsii.Bool(false)})
	for copy := range copies {
		cfg.Environment = fmt.Sprintf("%s%d", environment, copy+1)
		if _, err := stacks.New(app, cfg); err != nil {
			return err
		}
	}
	app.Synth()
	return nil
}
