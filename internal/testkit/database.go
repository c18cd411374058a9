package testkit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/provider"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/logging"
	"securebaseline/constructs/rds"
	"securebaseline/internal/awsbindings"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
	"securebaseline/internal/template"
	"securebaseline/internal/tf"
)

// DatabaseProps are complete props of a database with all defaults, to be changed one at a time.
func DatabaseProps(t testing.TB) rds.Props {
	t.Helper()
	env, err := awsenv.New(Region, Account)
	require.NoError(t, err)
	return rds.Props{
		Naming: naming.New("acme", "test", naming.Tags{Owner: "o", CostCenter: "c", Compliance: "c"}).Child("database"),
		Env:    env, Identifier: "acme-database-test", KeyARN: KeyARN("1"), Class: "db.t4g.medium",
		Network: rds.Network{
			VPCID: "vpc-1", SubnetIDs: []string{"subnet-1", "subnet-2"}, Clients: map[string]string{"workloads": "sg-1"},
		},
		LogGroups: make(tf.Deps, len(rds.LogExports())),
	}
}

// EmptyStack is a scope for constructs.
func EmptyStack(t testing.TB) cdktf.TerraformStack {
	t.Helper()
	return newStack(t, t.TempDir())
}

// newStack is called with the lock of jsii held, or by tests that do not run in parallel.
func newStack(t testing.TB, output string) cdktf.TerraformStack {
	t.Helper()
	require.NoError(t, awsbindings.Load())
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: &output, StackTraces: jsii.Bool(false)})
	return cdktf.NewTerraformStack(app, jsii.String("alone"))
}

// SynthesizeDatabase returns the Terraform JSON of a stack that holds a database and its log groups alone.
func SynthesizeDatabase(t testing.TB, props rds.Props) []byte {
	t.Helper()
	jsiiLock.Lock()
	defer jsiiLock.Unlock()
	output := t.TempDir()
	stack := newStack(t, output)
	stack.AddOverride(jsii.String("terraform.required_providers.aws"),
		map[string]string{"source": "hashicorp/aws", "version": "~> 5.99"})
	provider.NewAwsProvider(stack, jsii.String("aws"), &provider.AwsProviderConfig{Region: jsii.String(Region)})
	props.LogGroups = nil
	for i, name := range rds.LogGroupNames(props.Identifier) {
		group, err := logging.NewGroup(stack, rds.LogExports()[i],
			logging.GroupProps{Naming: props.Naming, Name: name, KeyARN: KeyARN("1")})
		require.NoError(t, err)
		props.LogGroups = tf.After(props.LogGroups, group.Ready())
	}
	_, err := rds.New(stack, "database", props)
	require.NoError(t, err)
	cdktf.App_Of(stack).Synth()
	data, err := os.ReadFile(filepath.Join(output, "stacks", "alone", template.File))
	require.NoError(t, err)
	return data
}
