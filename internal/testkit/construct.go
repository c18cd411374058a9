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
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/rdsrules"
	"securebaseline/internal/template"
	"securebaseline/internal/tf"
)

// DatabaseProps are complete props of a database with all defaults, to be changed one at a time.
func DatabaseProps(t testing.TB) rds.Props {
	t.Helper()
	env, err := awsenv.New(Region, Account)
	require.NoError(t, err)
	scope := naming.New("acme", "test", naming.Tags{Owner: "o", CostCenter: "c", Compliance: "c"})
	options := inventory.Options{Databases: []string{inventory.FirstDatabase}}
	names := inventory.New(scope, env, options).Databases[inventory.FirstDatabase]
	props := rds.Props{
		Naming: scope.Child("database"), Env: env, Names: names, Key: tf.Ref{ARN: KeyARN("1")}, Class: "db.t4g.medium",
		Network: rds.Network{
			VPCID: "vpc-1", SubnetIDs: []string{"subnet-1", "subnet-2"},
			Clients: map[string]string{"workloads": "sg-1"},
		},
	}
	for _, name := range rdsrules.LogGroupNames(names.Identifier) {
		props.LogGroups = append(props.LogGroups, tf.Ref{Name: name})
	}
	return props
}

// EmptyStack is a scope for constructs that must refuse to be built. Such tests must not run in parallel.
func EmptyStack(t testing.TB) cdktf.TerraformStack {
	t.Helper()
	return newStack(t, t.TempDir())
}

func newStack(t testing.TB, output string) cdktf.TerraformStack {
	t.Helper()
	require.NoError(t, awsbindings.Load())
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: &output, StackTraces: jsii.Bool(false)})
	return cdktf.NewTerraformStack(app, jsii.String("alone"))
}

// SynthesizeAlone returns the Terraform JSON of a stack that holds nothing but what a function adds.
func SynthesizeAlone(t testing.TB, add func(cdktf.TerraformStack) error) []byte {
	t.Helper()
	jsiiLock.Lock()
	defer jsiiLock.Unlock()
	output := t.TempDir()
	stack := newStack(t, output)
	stack.AddOverride(jsii.String("terraform.required_providers.aws"),
		map[string]string{"source": "hashicorp/aws", "version": "~> 5.99"})
	provider.NewAwsProvider(stack, jsii.String("aws"), &provider.AwsProviderConfig{Region: jsii.String(Region)})
	require.NoError(t, add(stack))
	cdktf.App_Of(stack).Synth()
	data, err := os.ReadFile(filepath.Join(output, "stacks", "alone", template.File))
	require.NoError(t, err)
	return data
}

// SynthesizeDatabase returns the Terraform JSON of a stack that holds a database and its log groups alone.
func SynthesizeDatabase(t testing.TB, props rds.Props) []byte {
	t.Helper()
	return SynthesizeAlone(t, func(stack cdktf.TerraformStack) error {
		props.LogGroups = nil
		for i, name := range rdsrules.LogGroupNames(props.Names.Identifier) {
			group, err := logging.NewGroup(stack, rdsrules.LogExports()[i],
				logging.GroupProps{Naming: props.Naming, Name: name, Key: props.Key})
			if err != nil {
				return err
			}
			props.LogGroups = append(props.LogGroups, group.Ref())
		}
		_, err := rds.New(stack, "database", props)
		return err
	})
}
