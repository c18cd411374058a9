// Command securebaseline synthesizes the Terraform JSON of one environment, which the variable ENVIRONMENT names. The
// CDKTF CLI runs it without arguments, as cdktf.json says; "securebaseline help" lists what else it can do.
package main

import (
	"os"

	"securebaseline/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.LookupEnv, os.Stdin, os.Stdout, os.Stderr))
}
