package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawscalleridentity"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/provider"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
	"securebaseline/internal/providerlock"
	"securebaseline/internal/tf"
)

const (
	// requiredVersion starts where Terraform and OpenTofu can lock state in S3 without DynamoDB.
	requiredVersion = ">= 1.10.0, < 2.0.0"
	providerSource  = "hashicorp/aws"
)

// Provider is what the stacks of an environment require of the AWS provider.
func Provider(cfg config.Config) providerlock.Requirement {
	return providerlock.Requirement{
		Source: providerSource, Version: cfg.ProviderVersion, Environment: cfg.Environment,
	}
}

// addProvider configures the AWS provider and tells where it deploys. An account that the configuration names is the
// only one that the provider accepts, and then nothing has to ask AWS which account this is.
func (b *baseline) addProvider() (err error) {
	stack, cfg := b.stack, b.cfg
	stack.AddOverride(jsii.String("terraform.required_version"), requiredVersion)
	stack.AddOverride(jsii.String("terraform.required_providers.aws"), map[string]string{
		"source": providerSource, "version": cfg.ProviderVersion,
	})
	account := cfg.AccountID
	settings := provider.AwsProviderConfig{Region: jsii.String(string(cfg.Region))}
	if account != "" {
		settings.AllowedAccountIds = jsii.Strings(account)
	}
	provider.NewAwsProvider(stack, jsii.String("aws"), &settings)
	if account == "" {
		account = *dataawscalleridentity.NewDataAwsCallerIdentity(stack, jsii.String("current"), nil).AccountId()
	}
	b.env, err = awsenv.New(string(cfg.Region), account)
	return err
}

// LocalState is the name of the file that holds the local state of an environment's stack.
func LocalState(environment string) string { return localState(Name(environment)) }

func localState(stack string) string { return "terraform." + stack + ".tfstate" }

// addBackend tells Terraform where its state is.
func (b baseline) addBackend() {
	stack, cfg := b.stack, b.cfg
	if cfg.Backend.Type == config.CloudBackend {
		cdktf.NewCloudBackend(stack, &cdktf.CloudBackendConfig{
			Organization: &cfg.Backend.Organization,
			Hostname:     tf.OptString(cfg.Backend.Hostname),
			Workspaces: cdktf.NewNamedCloudWorkspace(
				jsii.String(cfg.Backend.WorkspaceName(cfg.Project, cfg.Environment)), nil),
		})
		return
	}
	if cfg.Backend.Type != config.S3Backend {
		// Terraform runs in the directory of the stack. A relative path is the same on every machine, and one out of
		// the output directory survives its removal. The default would be the absolute path of this checkout.
		path := b.stateDir + "/" + LocalState(cfg.Environment)
		cdktf.NewLocalBackend(stack, &cdktf.LocalBackendConfig{Path: &path})
		return
	}
	backend := &cdktf.S3BackendConfig{
		Bucket:   &cfg.Backend.Bucket,
		Key:      jsii.String(cfg.Backend.StateKey(cfg.Project, cfg.Environment)),
		Region:   jsii.String(string(cfg.Backend.Region)),
		KmsKeyId: tf.OptString(cfg.Backend.KMSKeyARN),
	}
	// Without a key it asks for S3's own, which the bucket of the bootstrap stack refuses: its default is the right
	// one.
	if cfg.Backend.KMSKeyARN != "" || cfg.Backend.Bucket != b.pipelineNames().StateBucket {
		backend.Encrypt = jsii.Bool(true)
	}
	if cfg.AccountID != "" {
		backend.AllowedAccountIds = jsii.Strings(cfg.AccountID)
	}
	if role := cfg.Backend.AssumeRole; role != "" {
		backend.AssumeRole = &cdktf.S3BackendAssumeRoleConfig{
			RoleArn: &role, SessionName: jsii.String("terraform-" + Name(cfg.Environment)),
		}
		// The state's account is another one than that of the deployment, and guarded by itself.
		backend.AllowedAccountIds = jsii.Strings(cfg.Backend.StateAccount())
	}
	if !awsenv.BackendsKnow(string(cfg.Backend.Region)) {
		backend.SkipRegionValidation = jsii.Bool(true)
	}
	cdktf.NewS3Backend(stack, backend)
	// The bindings know only locking in DynamoDB, which Terraform has deprecated.
	stack.AddOverride(jsii.String("terraform.backend.s3.use_lockfile"), true)
}
