package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/constructs/kms"
)

// addOutputs publishes what other stacks and people need: ids and ARNs, never a secret.
func addOutputs(stack cdktf.TerraformStack, keys keys) {
	for _, key := range []struct {
		purpose string
		key     *kms.Key
	}{
		{"logs", keys.logs}, {"data", keys.data}, {"database", keys.database},
	} {
		output(stack, key.purpose+"_key_arn", "ARN of the "+key.purpose+" key", key.key.ARN())
		output(stack, key.purpose+"_key_alias", "Alias of the "+key.purpose+" key", key.key.AliasName())
	}
}

func output(stack cdktf.TerraformStack, id, description, value string) {
	cdktf.NewTerraformOutput(stack, jsii.String(id), &cdktf.TerraformOutputConfig{
		Description: &description,
		Value:       &value,
	})
}
